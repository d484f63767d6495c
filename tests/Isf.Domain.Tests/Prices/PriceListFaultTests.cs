using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Prices.PriceListCheckTests;

namespace Isf.Domain.Tests.Prices;

/// <summary>Each fault that would make a price ambiguous, with the pointer and code of its refusal.</summary>
public sealed class PriceListFaultTests
{
    internal static readonly PriceRate Mile = new()
    {
        Code = "mile", Service = "mileage", Unit = PriceUnit.Mile, Pence = 55, YearlyMiles = 10_000, ThenPence = 25,
    };

    internal static readonly PriceRate Night = new()
    {
        Code = "sleep-in", Service = "sleep-in", Unit = PriceUnit.Night, Pence = 8000,
        Disturbances = new(2, "weekday", 4, 30),
    };

    internal static RateWhen Window(int from, int to, params DayWord[] days) => new()
    {
        Days = days.Length == 0 ? null : days, From = new LocalTime(from, 0), To = new LocalTime(to, 0),
    };

    public static TheoryData<string, PriceList> Faulty => new()
    {
        { "/band no-band", List(Plain) with { Basis = PriceBasis.Banded } },
        { "/band band-not-used", List(Plain) with { Band = new(15, BandTo.Up) } },
        { "/band/minutes absurd-band", List(Plain) with { Basis = PriceBasis.Banded, Band = new(0, BandTo.Up) } },
        { "/band/minutes absurd-band", List(Plain) with { Basis = PriceBasis.Banded, Band = new(1_501, BandTo.Up) } },
        { "/minimum/pence absurd-minimum", List(Plain) with { Minimum = new(MinimumPer.Day, -1) } },
        { "/cancellation/0 no-step", List(Plain) with { Cancellation = [null!] } },
        { "/cancellation/0/noticeHoursUnder absurd-notice", List(Plain) with { Cancellation = [new(0, 100)] } },
        { "/cancellation/0/percent absurd-percent", List(Plain) with { Cancellation = [new(24, 101)] } },
        { "/cancellation/1 step-twice", List(Plain) with { Cancellation = [new(24, 100), new(24, 50)] } },
        { "/outcomes/0 no-outcome", List(Plain) with { Outcomes = [null!] } },
        { "/outcomes/0/outcome unknown-outcome", List(Plain) with { Outcomes = [new("delivered", 50)] } },
        { "/outcomes/0/percent absurd-percent", List(Plain) with { Outcomes = [new("hospital", -1)] } },
        { "/outcomes/0/banks charged-and-banked", List(Plain) with { Outcomes = [new("no-access", 1, true)] } },
        { "/outcomes/1 outcome-twice", List(Plain) with { Outcomes = [new("hospital", 1), new("hospital", 1)] } },
        { "/vat/percent no-percent", List(Plain) with { Vat = new(VatCode.Standard) } },
        { "/vat/percent no-percent", List(Plain) with { Vat = new(VatCode.Standard, 101) } },
        { "/vat/percent absurd-percent", List(Plain) with { Vat = new(VatCode.Zero, 5) } },
        { "/rates/0/fixed fixed-not-by-the-hour", List(Plain with { Unit = PriceUnit.Visit, Fixed = [new(30, 1)] }) },
        { "/rates/0/fixed/0 no-duration", List(Plain with { Fixed = [null!] }) },
        { "/rates/0/fixed/0/minutes absurd-duration", List(Plain with { Fixed = [new(0, 1)] }) },
        { "/rates/0/fixed/0/pence absurd-rate", List(Plain with { Fixed = [new(30, -1)] }) },
        { "/rates/0/fixed/1 duration-twice", List(Plain with { Fixed = [new(30, 1), new(30, 2)] }) },
        { "/rates/0/yearlyMiles not-by-the-mile", List(Plain with { YearlyMiles = 1, ThenPence = 1 }) },
        { "/rates/0/yearlyMiles absurd-miles", List(Mile with { YearlyMiles = -1 }) },
        { "/rates/0/thenPence half-an-allowance", List(Mile with { ThenPence = null }) },
        { "/rates/0/thenPence half-an-allowance", List(Mile with { YearlyMiles = null }) },
        { "/rates/0/thenPence absurd-rate", List(Mile with { ThenPence = PriceListCheck.PenceMax + 1 }) },
        { "/rates/1/when/dates no-dates", List(Plain, Plain with { When = new() { Dates = [] } }) },
        { "/rates/1/when two-conditions",
            List(Plain, Plain with { When = new() { Dates = [April], PublicHoliday = true } }) },
        { "/rates/1/when two-conditions",
            List(Plain, Plain with { When = new() { Dates = [April], Days = [DayWord.Mon] } }) },
        { "/rates/1/when/to empty-window", List(Plain, Plain with { When = Window(18, 18) }) },
        { "/rates/1/when/from not-a-whole-minute",
            List(Plain, Plain with { When = new() { From = new LocalTime(18, 0, 1) } }) },
        { "/rates/1/when/to not-a-whole-minute",
            List(Plain, Plain with { When = new() { To = new LocalTime(18, 0, 1) } }) },
        { "/rates/0/when times-on-whole-days", List(Plain with { Unit = PriceUnit.Day, When = Window(8, 18) }) },
        { "/rates/1/unit units-mixed", List(Plain, Weekend with { Unit = PriceUnit.Week }) },
        { "/rates/1/unit units-mixed", List(Plain, Weekend with { Unit = PriceUnit.Session }) },
        { "/rates/1/unit units-mixed", List(Plain, Weekend with { Unit = PriceUnit.Mile }) },
        { "/rates/1/unit units-mixed", List(Plain, Weekend with { Unit = PriceUnit.Item }) },
        { "/rates/1/unit units-mixed",
            List(Plain, Weekend with { Unit = PriceUnit.Visit }) with { Crossing = Crossing.Split } },
        { "/rates/0/disturbances not-by-the-night", List(Plain with { Disturbances = new(0, "weekday") }) },
        { "/rates/1/disturbances/free absurd-disturbances",
            List(Plain, Night with { Disturbances = new(-1, "weekday") }) },
        { "/rates/1/disturbances/wholeNightFrom absurd-disturbances",
            List(Plain, Night with { Disturbances = new(2, "weekday", 2) }) },
        { "/rates/1/disturbances/freeMinutes absurd-disturbances",
            List(Plain, Night with { Disturbances = new(2, "weekday", 3, -1) }) },
        { "/rates/1/disturbances/then no-such-rate", List(Plain, Night with { Disturbances = new(2, "waking") }) },
        { "/rates/1/disturbances/then no-such-rate", List(Plain with { To = April }, Night) },
        { "/rates/2/disturbances/then no-such-rate", List(Plain, Plain with { Service = "other" }, Night) },
        { "/rates rates-leave-a-gap", List(Plain with { When = Window(8, 18) }) },
        { "/rates rates-leave-a-gap", List(Plain with { When = Window(6, 22) }, Plain with { When = Window(22, 5) }) },
        { "/rates/1 rates-overlap", List(Plain with { When = Window(6, 22) }, Plain with { When = Window(21, 6) }) },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void What_would_leave_a_price_in_doubt_is_refused_where_it_stands(string fault, PriceList list) =>
        Refused(list, fault);

    [Fact]
    public void Days_that_stand_for_no_end_are_left_out_instead()
    {
        Refused(List(Plain with { To = new(9999, 12, 31) }), "/rates/0/to absurd-day");
        Refused(List(Plain with { From = new(1999, 12, 31) }), "/rates/0/from absurd-day");
    }
}
