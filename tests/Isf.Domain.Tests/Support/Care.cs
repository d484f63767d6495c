using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Support;

/// <summary>Short ways to write plans and visits of one fund, F-1, with line L-1 on allocation A-1.</summary>
internal static class Care
{
    public static readonly LocalDate Monday = new(2026, 4, 6);
    public static readonly Instant Now = Instant.FromUtc(2026, 12, 1, 12, 0);

    public static PlannedSlot Slot(string days, string start, int minutes, int everyWeeks = 1) => new()
    {
        Days = [.. days.Split(' ').Select(Enum.Parse<PlanDay>)],
        Start = NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(start).Value,
        Minutes = minutes,
        EveryWeeks = everyWeeks,
    };

    public static PlannedSlot On(string start, int minutes, params LocalDate[] dates) =>
        Slot("Mon", start, minutes) with { Days = [], Dates = dates };

    public static PlanLine Line(string lineId, int carers, params PlannedSlot[] schedule) => new()
    {
        LineId = lineId, AllocationId = "A-1", Purpose = "a good start", Service = "support", Carers = carers,
        Schedule = schedule,
    };

    public static PlanLine Weekly(string lineId, int minutes, int carers = 1) =>
        Line(lineId, carers) with { Schedule = null, WeeklyMinutes = minutes };

    public static PlanVersion Version(int number, LocalDate from, LocalDate? to, params PlanLine[] lines) =>
        new() { Version = number, From = from, To = to, Lines = lines };

    public static Plan Plan(params PlanVersion[] versions) =>
        new() { Id = "PL-1", FundId = "F-1", Versions = versions };

    public static FundPlans Plans(params PlanLine[] lines) => new([Plan(Version(1, Monday, null, lines))]);

    public static VisitInput Offer(string start, string end, string id = "V-1") => new()
    {
        VisitId = id, FundId = "F-1", LineId = "L-1", Start = start, End = end, Outcome = "delivered",
    };

    public static VisitRecord Record(VisitInput offer)
    {
        var (record, fault) = offer.Read(offsetNeeded: false);
        return record ?? throw new InvalidOperationException(fault!.PlainWords);
    }

    public static VisitRecord Record(string start, string end, string id = "V-1", int carers = 1) =>
        Record(Offer(start, end, id) with { Carers = carers });

    public static FundCare Fund(FundPlans plans) => new("F-1", new LocalDate(2026, 3, 30), plans,
        new Dictionary<string, Allocation> { ["A-1"] = Paid() });

    /// <summary>Allocation A-1, with the services that carry no minutes because of the unit of their price.</summary>
    public static Allocation Paid(params UntimedService[] untimed) =>
        new("A-1", "F-1", 1, Monday, new LocalDate(2027, 4, 4)) { Untimed = untimed };

    public static VisitRecorder Book(FundPlans plans) =>
        new(new Dictionary<string, FundCare> { ["F-1"] = Fund(plans) }, [], []);

    public static CarePeriod Days(LocalDate from, LocalDate to) => new(from, to);
}
