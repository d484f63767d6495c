using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using Isf.Support.Domain;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// Care without a price is flagged exactly when a quote warns of it and when the chain leaves part of it unpriced.
/// </summary>
public sealed class UnpricedCareTests
{
    private const string Unknown = "cooking, which the price list of allocation A-1 does not know: it costs nothing.";
    private const string Whole = "support, for which the price list of allocation A-1 has no rate on ";

    public static TheoryData<string, string, string, string, bool, string?> Rows => new()
    {
        { "hour to 30 April", "support", "2026-04-30 08:00", "2026-04-30 09:00", false, null },
        { "hour to 30 April", "support", "2026-05-01 08:00", "2026-05-01 09:00", false,
            Whole + "1 May 2026: it costs nothing." },
        { "hour to 30 April", "support", "2026-05-01 08:00", "2026-05-01 09:00", true, null },
        { "hour to 30 April", "cooking", "2026-04-30 08:00", "2026-04-30 09:00", false, Unknown },
        { "hour to 30 April", "cooking", "2026-05-01 08:00", "2026-05-01 09:00", true, Unknown },
        { "hour to 30 April", "support", "2026-04-30 23:00", "2026-05-01 01:00", false, null },
        { "split to 30 April", "support", "2026-04-30 23:00", "2026-05-01 00:00", false, null },
        { "split to 30 April", "support", "2026-04-30 23:00", "2026-05-01 01:00", false,
            Whole + "1 May 2026: from then on it costs nothing." },
        { "hour from 20 April", "support", "2026-04-20 08:00", "2026-04-20 09:00", false, null },
        { "hour from 20 April", "support", "2026-04-19 08:00", "2026-04-19 09:00", false,
            Whole + "19 April 2026: it costs nothing." },
        { "hour from 20 April", "support", "2026-04-19 08:00", "2026-04-19 09:00", true, null },
        { "day to 30 April", "support", "2026-04-28 08:00", "2026-05-01 00:00", false, null },
        { "day to 30 April", "support", "2026-04-28 08:00", "2026-05-03 08:00", false,
            Whole + "1 May 2026: from then on it costs nothing." },
        { "day to 30 April", "support", "2026-05-01 08:00", "2026-05-03 08:00", false,
            Whole + "1 May 2026: it costs nothing." },
        { "none", "support", "2026-05-01 08:00", "2026-05-01 09:00", false, null },
        { "none", "support", "2026-05-01 08:00", "2026-05-01 09:00", true,
            "support, and allocation A-1 has no price list: it costs nothing." },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Care_without_a_rate_on_its_day_is_asked_about(
        string list, string service, string start, string end, bool notCovered, string? expected)
    {
        var prices = new AgreedPrices("A-1", "F-1", [new(1, Monday, Lists[list])]);
        var record = Record(Offer(start.Replace(' ', 'T'), end.Replace(' ', 'T')));
        var visit = new Visit
        {
            Record = record, Version = 1, AllocationId = "A-1", Service = service, NotCovered = notCovered,
            CareOn = London.DayOf(record.Start!.Value), Fulfilment = new() { Extra = new(60) },
        };
        var flag = CareChecks.NotPriced([visit], new Dictionary<string, AgreedPrices> { ["A-1"] = prices })
            .SingleOrDefault();
        Assert.Equal(expected, flag?.Evidence[(flag.Evidence.IndexOf("service ", StringComparison.Ordinal) + 8)..]);
        if (notCovered || list == "none")
            return;
        var price = VisitPricing.Price(CompiledPriceList.Compile(Lists[list], HolidayCalendar.EnglandAndWales),
            new(service, visit.CareOn, record.Start!.Value.ToInstant(), record.End!.Value.ToInstant(), 1, "delivered"));
        Assert.Equal(expected is not null, price.Reason == PriceReason.NoRate || price.Unpriced > 0);
    }

    private static readonly Dictionary<string, PriceList> Lists = new()
    {
        ["hour to 30 April"] = WeekScene.List(WeekScene.Hour(2400, to: new(2026, 4, 30))),
        ["split to 30 April"] = WeekScene.List(WeekScene.Hour(2400, to: new(2026, 4, 30))) with
        {
            Crossing = Crossing.Split,
        },
        ["hour from 20 April"] = WeekScene.List(WeekScene.Hour(2400, new(2026, 4, 20))),
        ["day to 30 April"] = WeekScene.List(
            WeekScene.Hour(6000, to: new(2026, 4, 30)) with { Unit = PriceUnit.Day }),
        ["none"] = WeekScene.List(),
    };
}
