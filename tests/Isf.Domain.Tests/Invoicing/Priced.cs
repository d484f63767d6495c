using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>
/// Short ways to write price lists and visits in tables of cases, and to price them. Every list must be valid.
/// </summary>
internal static class Priced
{
    public static readonly PriceRate Weekday = new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    public static readonly PriceRate Weekend = Weekday with
    {
        Code = "weekend",
        Pence = 3000,
        When = new() { Days = [DayWord.Sat, DayWord.Sun] },
    };

    public static readonly PriceRate Holiday = Weekday with
    {
        Code = "holiday",
        Pence = 4800,
        When = new() { PublicHoliday = true },
    };

    public static PriceList List(params PriceRate[] rates) => new() { Rates = rates };

    public static CompiledPriceList Ready(PriceList list)
    {
        Assert.Empty(PriceListCheck.Faults(list));
        return CompiledPriceList.Compile(list, HolidayCalendar.EnglandAndWales);
    }

    /// <summary>A visit by its start and its length in minutes.</summary>
    public static VisitToPrice Visit(string start, int minutes, int? planned = null) =>
        Visit(start, At(start) + Duration.FromMinutes(minutes)) with { PlannedMinutes = planned };

    public static VisitToPrice Visit(string start, string end) => Visit(start, At(end));

    /// <summary>A visit that was planned and not given.</summary>
    public static VisitToPrice Planned(string start, int minutes, string outcome) =>
        new("support", VisitPricing.DayOf(At(start)), null, null, 1, outcome)
        {
            PlannedStart = At(start), PlannedMinutes = minutes,
        };

    public static VisitPrice Price(this PriceList list, VisitToPrice visit) => VisitPricing.Price(Ready(list), visit);

    public static long Pence(this PriceList list, VisitToPrice visit) => list.Price(visit).Amount.Pence;

    public static Bill Together(this PriceList list, params VisitToPrice[] visits)
    {
        var ready = Ready(list);
        return Bill.Build(Bill.WithMilesBefore([.. visits.Select(visit => new BillLine(ready, visit))], (_, _) => 0));
    }

    public static string Because(this PriceList list, VisitToPrice visit) =>
        PriceReasonText.Because(Ready(list), visit, list.Price(visit));

    public static Instant At(string moment) => OffsetDateTimePattern.ExtendedIso.Parse(moment).Value.ToInstant();

    private static VisitToPrice Visit(string start, Instant end) =>
        new("support", VisitPricing.DayOf(At(start)), At(start), end, 1, "delivered");
}
