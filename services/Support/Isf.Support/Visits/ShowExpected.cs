using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Plans;
using Microsoft.AspNetCore.Http;
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

    /// <summary>GET /v1/funds/{fundId}/expected?from=&amp;to=</summary>
    public static async Task<IResult> GetAsync(
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
        return Results.Json(
            ToJson(fund, range, fulfilling, unplanned.ConvertAll(visit => (visit,
                authorised.TryGetValue(visit.Record.VisitId, out var answer) ? (bool?)answer : null)),
                clock.GetCurrentInstant(), closed.TryGetValue(fundId, out var sunday) ? sunday : null),
            IsfJson.Options);
    }

    private static object ToJson(FundCare fund, CarePeriod range, List<Visit> fulfilling,
        List<(Visit Visit, bool? Authorised)> unplanned, Instant now, LocalDate? closedTo)
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
        return new
        {
            fund.FundId,
            range.From,
            range.To,
            items = expected.Select(expectedVisit => new
            {
                expectedVisit.Planned.LineId, expectedVisit.Planned.AllocationId, expectedVisit.Planned.Service,
                expectedVisit.Planned.Purpose,
                plannedStart = expectedVisit.Planned.Start, plannedMinutes =
                    expectedVisit.Planned.Minutes, expectedVisit.Planned.Carers,
                carerMinutes = expectedVisit.Planned.CarerMinutes.Count, became =
                    Became(expectedVisit, fund.Terms, now, closedTo),
                answeredMinutes = (expectedVisit.Planned.CarerMinutes - expectedVisit.FreeMinutes).Count,
                visits = expectedVisit.FulfilledBy.Select(Brief),
            }),
            weeks = weeks.Select(week => new
            {
                week.LineId, weekFrom = week.Monday, carerMinutes = week.CarerMinutes.Count,
                answeredMinutes = week.SettledMinutes.Count,
                visits = week.FulfilledBy.Select(Brief),
            }),
            unplanned = unplanned.Select(entry => Beyond(entry.Visit, entry.Authorised)),
        };
    }

    // Returns the outcome of the visit that fulfils the expected visit (delivered before the others), or else the
    // reason of an absence on its day. Without either, the result is no-record once its week is closed, to-come before
    // its start, and outstanding after it.
    private static string Became(ExpectedVisit one, CareTerms terms, Instant now, LocalDate? closedTo) =>
        one.FulfilledBy.Count > 0 ? VisitInput.NameOf(one.FulfilledBy.Min(visit => visit.Record.Outcome))
        : terms.AbsenceOn(one.Planned.Wall.Date) is { } absence ? LineWeek.NameOf(absence.Kind)
        : one.Planned.Wall.Date <= closedTo ? LineWeek.NoRecord
        : one.Planned.Start.ToInstant() > now ? "to-come" : "outstanding";

    private static object Brief(Visit visit) => new
    {
        visit.Record.VisitId, visit.Record.LineId, outcome = VisitInput.NameOf(visit.Record.Outcome),
        visit.Record.Start, visit.Record.End, visit.Record.Carers, visit.CareOn,
        AnswersMinutes = visit.Fulfilment.FulfilledMinutes,
        visit.Fulfilment.ExtraMinutes,
    };

    private static object Beyond(Visit visit, bool? authorised) => new
    {
        visit.Record.VisitId, visit.Record.LineId, outcome = VisitInput.NameOf(visit.Record.Outcome),
        visit.Record.Start, visit.Record.End, visit.Record.Carers, visit.CareOn, visit.Fulfilment.ExtraMinutes,
        visit.NotCovered, authorised,
    };
}
