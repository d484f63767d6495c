using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Plans;
using NodaTime;

namespace Isf.Support.Visits;

/// <summary>
/// Shows the visits that a fund's plans expect in a range of days, with the outcome of each; the weekly minutes and how
/// much of them was used; and the visits that fulfil no planned care.
/// </summary>
public static class ShowExpected
{
    private const int DaysMax = 366;

    /// <summary>Why a range is refused, in order.</summary>
    public enum Refusal
    {
        [Problem(400, "The range of days cannot be read.")] BadRange = 1,
        [Problem(400, "The range of days is too long.")] RangeTooLong = 2,
    }

    /// <summary>The visits that a fund's plans expect, the weekly minutes, and the visits beyond the plans.</summary>
    /// <param name="FundId">The fund.</param>
    /// <param name="From">The first day.</param>
    /// <param name="To">The last day.</param>
    /// <param name="Items">The visits that the plans expect, in order of time.</param>
    /// <param name="Weeks">The lines with weekly minutes, week by week.</param>
    /// <param name="Unplanned">The visits that fulfil no planned care.</param>
    public sealed record Response(string FundId, LocalDate From, LocalDate To, IReadOnlyList<Item> Items,
        IReadOnlyList<Week> Weeks, IReadOnlyList<UnplannedVisit> Unplanned);

    /// <summary>A visit that a plan expects.</summary>
    public sealed record Item
    {
        /// <summary>The line of the plan.</summary>
        public required string LineId { get; init; }

        /// <summary>The allocation that pays for it.</summary>
        public required string AllocationId { get; init; }

        /// <summary>The kind of support.</summary>
        public required string Service { get; init; }

        /// <summary>What the care is for, in the person's words.</summary>
        public required string Purpose { get; init; }

        /// <summary>When it begins.</summary>
        public required OffsetDateTime PlannedStart { get; init; }

        /// <summary>How long it lasts.</summary>
        public required int PlannedMinutes { get; init; }

        /// <summary>The number of carers at a time.</summary>
        public required int Carers { get; init; }

        /// <summary>The minutes × carers.</summary>
        public required long CarerMinutes { get; init; }

        /// <summary>
        /// The outcome of the visit that fulfils it; else the kind of the absence on its day; else no-record once its
        /// week is closed, to-come before its start, or outstanding.
        /// </summary>
        public required string Became { get; init; }

        /// <summary>The carer-minutes that visits fulfil or are charged for.</summary>
        public required long AnsweredMinutes { get; init; }

        /// <summary>The visits that fulfil it.</summary>
        public required IReadOnlyList<FulfillingVisit> Visits { get; init; }
    }

    /// <summary>A line's minutes of one week.</summary>
    /// <param name="LineId">The line of the plan.</param>
    /// <param name="WeekFrom">The Monday.</param>
    /// <param name="CarerMinutes">The planned minutes × carers.</param>
    /// <param name="AnsweredMinutes">The carer-minutes that visits fulfil or are charged for.</param>
    /// <param name="Visits">The visits that use them.</param>
    public sealed record Week(string LineId, LocalDate WeekFrom, long CarerMinutes, long AnsweredMinutes,
        IReadOnlyList<FulfillingVisit> Visits);

    /// <summary>A visit that fulfils planned care.</summary>
    public sealed record FulfillingVisit
    {
        /// <summary>The id of the visit.</summary>
        public required string VisitId { get; init; }

        /// <summary>The line of the plan.</summary>
        public required string LineId { get; init; }

        /// <summary>What became of it.</summary>
        public required VisitOutcome Outcome { get; init; }

        /// <summary>When it began; null if it was not said.</summary>
        public required OffsetDateTime? Start { get; init; }

        /// <summary>When it ended; null if it was not said.</summary>
        public required OffsetDateTime? End { get; init; }

        /// <summary>The number of carers at a time.</summary>
        public required int Carers { get; init; }

        /// <summary>The day in London on which it counts.</summary>
        public required LocalDate CareOn { get; init; }

        /// <summary>The planned carer-minutes that it fulfils.</summary>
        public required long AnswersMinutes { get; init; }

        /// <summary>The carer-minutes given beyond the plan.</summary>
        public required long ExtraMinutes { get; init; }
    }

    /// <summary>A visit that fulfils no planned care.</summary>
    public sealed record UnplannedVisit
    {
        /// <summary>The id of the visit.</summary>
        public required string VisitId { get; init; }

        /// <summary>The line of the plan.</summary>
        public required string LineId { get; init; }

        /// <summary>What became of it.</summary>
        public required VisitOutcome Outcome { get; init; }

        /// <summary>When it began; null if it was not said.</summary>
        public required OffsetDateTime? Start { get; init; }

        /// <summary>When it ended; null if it was not said.</summary>
        public required OffsetDateTime? End { get; init; }

        /// <summary>The number of carers at a time.</summary>
        public required int Carers { get; init; }

        /// <summary>The day in London on which it counts.</summary>
        public required LocalDate CareOn { get; init; }

        /// <summary>The carer-minutes given beyond the plan.</summary>
        public required long ExtraMinutes { get; init; }

        /// <summary>Whether its allocation does not cover its day, so that no promise pays for it.</summary>
        public required bool NotCovered { get; init; }

        /// <summary>Whether somebody authorised it; null if nobody was asked or nobody has answered.</summary>
        public required bool? Authorised { get; init; }
    }

    /// <summary>The days requested, or the refusal.</summary>
    public static Decision<CarePeriod, Refusal> Decide(string? from, string? to)
    {
        if (London.Day(from) is not { } first || London.Day(to) is not { } last || last < first)
        {
            return (Refusal.BadRange,
                "Ask with ?from= and ?to=, both days such as 2026-04-06, the first not after the last.");
        }
        var range = new CarePeriod(first, last);
        return range.Days > DaysMax
            ? (Refusal.RangeTooLong, $"Ask for at most {DaysMax} days at a time.")
            : range;
    }

    /// <summary>
    /// Shows the visits that a fund's plans expect, with the outcome of each, and the visits beyond the plans.
    /// </summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="from">The first day; needed.</param>
    /// <param name="to">The last day; needed, at most 366 days in all.</param>
    public static async Task<Response> GetAsync(
        string fundId, string? from, string? to, Session session, Caller caller, IClock clock)
    {
        var range = Decide(from, to).OrRefuse();
        await ShowPlans.FundOfAsync(session, fundId, caller);
        var fund = (await FundTable.CareAsync(session, [fundId], [fundId]))[fundId];
        var closed = await ClosedWeekTable.ClosedToAsync(session, [fundId]);
        var rows = new VisitTable(session);
        var fulfilling = await rows.FulfillingAsync(fundId, CarePeriod.MondayOf(range.From), range.To!.Value);
        var unplanned = await rows.UnplannedAsync(fundId, range.From, range.To.Value);
        unplanned.RemoveAll(visit => visit.Record.Outcome == VisitOutcome.Delivered && !visit.IsUnplanned);
        var authorised = await ShowVisit.AuthorisedAsync(session, unplanned);
        return ToJson(fund, range, fulfilling, unplanned.ConvertAll(visit => Beyond(visit,
                authorised.TryGetValue(visit.Record.VisitId, out var answer) ? answer : null)),
            clock.GetCurrentInstant(), closed.TryGetValue(fundId, out var sunday) ? sunday : null);
    }

    private static Response ToJson(FundCare fund, CarePeriod range, List<Visit> fulfilling,
        List<UnplannedVisit> unplanned, Instant now, LocalDate? closedTo)
    {
        var plans = fund.Plans;
        var lines = plans.LineIds.Union(fulfilling.Select(visit => visit.Record.LineId),
            StringComparer.Ordinal).ToList();
        var expected = lines.SelectMany(lineId => Matching.Expected(plans, lineId, range, fulfilling))
            .OrderBy(expectedVisit => expectedVisit.Planned.Start.ToInstant())
                .ThenBy(expectedVisit => expectedVisit.Planned.LineId, StringComparer.Ordinal);
        var mondays = Enumerable.Range(0, (range.Days + 12) / 7)
            .Select(week => CarePeriod.MondayOf(range.From).PlusWeeks(week))
            .Where(monday => monday <= range.To).ToList();
        var weeks = mondays
            .SelectMany(monday => lines.Select(lineId => Matching.Week(plans, lineId, monday, fulfilling)))
            .Where(week => week.CarerMinutes > Minutes.Zero);
        return new(fund.FundId, range.From, range.To!.Value,
            [.. expected.Select(one => ToItem(one, fund.Terms, now, closedTo))],
            [.. weeks.Select(week => new Week(week.LineId, week.Monday, week.CarerMinutes.Count,
                week.SettledMinutes.Count, [.. week.FulfilledBy.Select(Brief)]))],
            unplanned);
    }

    private static Item ToItem(ExpectedVisit one, CareTerms terms, Instant now, LocalDate? closedTo) => new()
    {
        LineId = one.Planned.LineId,
        AllocationId = one.Planned.AllocationId,
        Service = one.Planned.Service,
        Purpose = one.Planned.Purpose,
        PlannedStart = one.Planned.Start,
        PlannedMinutes = one.Planned.Minutes,
        Carers = one.Planned.Carers,
        CarerMinutes = one.Planned.CarerMinutes.Count,
        Became = Became(one, terms, now, closedTo),
        AnsweredMinutes = (one.Planned.CarerMinutes - one.FreeMinutes).Count,
        Visits = [.. one.FulfilledBy.Select(Brief)],
    };

    // Returns the outcome of the visit that fulfils the expected visit (delivered before the others), or else the
    // reason of an absence on its day. Without either, the result is no-record once its week is closed, to-come before
    // its start, and outstanding after it.
    private static string Became(ExpectedVisit one, CareTerms terms, Instant now, LocalDate? closedTo) =>
        one.FulfilledBy.Count > 0 ? VisitInput.NameOf(one.FulfilledBy.Min(visit => visit.Record.Outcome))
        : terms.AbsenceOn(one.Planned.Wall.Date) is { } absence ? LineWeek.NameOf(absence.Kind)
        : one.Planned.Wall.Date <= closedTo ? LineWeek.NoRecord
        : one.Planned.Start.ToInstant() > now ? "to-come" : "outstanding";

    private static FulfillingVisit Brief(Visit visit) => new()
    {
        VisitId = visit.Record.VisitId,
        LineId = visit.Record.LineId,
        Outcome = visit.Record.Outcome,
        Start = visit.Record.Start,
        End = visit.Record.End,
        Carers = visit.Record.Carers,
        CareOn = visit.CareOn,
        AnswersMinutes = visit.Fulfilment.Fulfilled.Count,
        ExtraMinutes = visit.Fulfilment.Extra.Count,
    };

    private static UnplannedVisit Beyond(Visit visit, bool? authorised) => new()
    {
        VisitId = visit.Record.VisitId,
        LineId = visit.Record.LineId,
        Outcome = visit.Record.Outcome,
        Start = visit.Record.Start,
        End = visit.Record.End,
        Carers = visit.Record.Carers,
        CareOn = visit.CareOn,
        ExtraMinutes = visit.Fulfilment.Extra.Count,
        NotCovered = visit.NotCovered,
        Authorised = authorised,
    };
}
