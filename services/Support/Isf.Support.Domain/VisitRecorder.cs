using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>The result of sending a visit.</summary>
public enum RecordOutcome
{
    /// <summary>The visit is new.</summary>
    New = 1,

    /// <summary>The visit's id was known with other content, and the visit is corrected.</summary>
    Updated,

    /// <summary>The visit was known with the same content.</summary>
    Unchanged,

    /// <summary>The visit is refused.</summary>
    Rejected,
}

/// <summary>
/// The result for one visit: the visit as now stored, the visit as stored before, or the reason of its refusal.
/// </summary>
public sealed record RecordResult(RecordOutcome Outcome, Visit? Visit, Visit? Before, VisitCheck.Fault? Fault)
{
    /// <summary>Whether a known visit now has another day of care or another line.</summary>
    public bool IsMoved => Outcome == RecordOutcome.Updated && Before is { } before && Visit is { } now
        && (before.CareOn != now.CareOn || before.Record.LineId != now.Record.LineId);

    /// <summary>
    /// The days of the planned care that a visit fulfilled before it was corrected; null if there is no such care, or
    /// if the visit still fulfils the same planned visit. The planned minutes of these days may have to be published
    /// again, because the plan may have changed since.
    /// </summary>
    public CarePeriod? ReleasedDays => Outcome != RecordOutcome.Updated || Before is null ? null
        : Before.Fulfilment.Occurrence is { } wall && Visit!.Fulfilment is var now && (wall != now.Occurrence
            || (Before.Fulfilment.OccurrenceMinutes, Before.Fulfilment.OccurrenceCarers)
                != (now.OccurrenceMinutes, now.OccurrenceCarers)) ? new CarePeriod(wall.Date, wall.Date)
        : Before.Fulfilment.Week is { } monday ? CarePeriod.WeekOf(monday) : null;
}

/// <summary>
/// Records visits as they arrive, one after another, from the known facts of their funds, plans and other visits. Each
/// visit takes account of those before it, so a batch of a thousand gives the same result as a thousand single visits.
/// </summary>
public sealed class VisitRecorder
{
    private readonly IReadOnlyDictionary<string, FundCare> funds;
    private readonly Dictionary<string, Visit> stored;
    private readonly Dictionary<(string FundId, LocalDate? On), Dictionary<string, Visit>> fulfilling = [];

    /// <summary>Starts from the known facts.</summary>
    /// <param name="funds">The known funds among those that the visits name.</param>
    /// <param name="stored">The known visits whose ids are sent again.</param>
    /// <param name="fulfilling">The visits that fulfil care planned on the days in question, and the stays that reach
    /// into those days.</param>
    public VisitRecorder(
        IReadOnlyDictionary<string, FundCare> funds, IEnumerable<Visit> stored, IEnumerable<Visit> fulfilling)
    {
        this.funds = funds;
        this.stored = stored.ToDictionary(visit => visit.Record.VisitId, StringComparer.Ordinal);
        foreach (var visit in fulfilling)
            Track(visit);
    }

    /// <summary>
    /// The days under which visits that fulfil the same planned care are looked up: the planned day of a visit, and the
    /// Monday of its week. Empty for a record without any time.
    /// </summary>
    public static IEnumerable<(string FundId, LocalDate On)> DaysToFulfil(VisitRecord record)
    {
        if ((record.PlannedStart ?? record.Start) is not { } moment)
            yield break;
        var day = London.DayOf(moment);
        yield return (record.FundId, day);
        if (CarePeriod.MondayOf(day) is var monday && monday != day)
            yield return (record.FundId, monday);
    }

    /// <summary>Checks and records one visit.</summary>
    public RecordResult Record(VisitRecord record, Instant now)
    {
        var before = stored.GetValueOrDefault(record.VisitId);
        if (before is not null && before.Record.SameAs(record))
            return new RecordResult(RecordOutcome.Unchanged, before, before, null);
        var (checkedVisit, fault) = VisitCheck.Decide(record, funds.GetValueOrDefault(record.FundId), before?.Record,
            now);
        if (checkedVisit is null)
            return new RecordResult(RecordOutcome.Rejected, null, before, fault);
        if (before is not null && fulfilling.TryGetValue(KeyOf(before), out var visitsThere))
            visitsThere.Remove(record.VisitId);
        var paid = PaidFrom.By(funds[record.FundId].Plans, record)!;
        var visit = Fulfilled(new Visit
        {
            Record = record,
            Version = (before?.Version ?? 0) + 1,
            AllocationId = paid.AllocationId,
            Service = paid.Service,
            CareOn = checkedVisit.CareOn,
            Fulfilment = new Fulfilment(),
        }, paid);
        return new RecordResult(before is null ? RecordOutcome.New : RecordOutcome.Updated, visit, before, null);
    }

    /// <summary>
    /// The line and week of the pool of minutes that a visit may draw on; null if its line has a schedule of visits.
    /// </summary>
    public static (string LineId, LocalDate Monday)? PoolOf(FundPlans plans, Visit visit)
    {
        var day = London.DayOf(visit.Record.Planned!.Value);
        return visit.Fulfilment.Week is not null || plans.LineAbout(visit.Record.LineId, day)?.WeeklyMinutes is not null
            ? (visit.Record.LineId, CarePeriod.MondayOf(day)) : null;
    }

    /// <summary>The pools of the visits whose payer has changed, or has begun or ceased to cover them.</summary>
    public static IEnumerable<(string LineId, LocalDate Monday)> PoolsPaidElsewhere(
        FundPlans plans, IEnumerable<Visit> visits)
    {
        return visits.Where(visit => PaidFrom.Find(plans, visit) != PaidFrom.From(visit))
            .Select(visit => PoolOf(plans, visit)).OfType<(string, LocalDate)>().Distinct();
    }

    /// <summary>
    /// Records visits again after a fund's plans or allocations have changed. It records the visits whose payer has
    /// changed, or has begun or ceased to cover them, and all visits that draw on the pools of these visits. Each visit
    /// takes account of those before it in the given order. Visits whose result is the same are left out.
    /// </summary>
    /// <param name="plans">The fund's plans.</param>
    /// <param name="visits">The visits, in order of time; they include all visits of each pool.</param>
    /// <param name="pools">Further pools whose visits are recorded again although their payer is the same.</param>
    public List<RecordResult> RecordAgain(FundPlans plans, IReadOnlyCollection<Visit> visits,
        params IEnumerable<(string LineId, LocalDate Monday)> pools)
    {
        var others = PoolsPaidElsewhere(plans, visits).Concat(pools).ToHashSet();
        var outdated = visits.Select(visit => (Before: visit, Paid: PaidFrom.Find(plans, visit)))
            .Where(visit => visit.Paid != PaidFrom.From(visit.Before)
                || (PoolOf(plans, visit.Before) is { } pool && others.Contains(pool))).ToList();
        foreach (var (visit, _) in outdated)
        {
            if (fulfilling.TryGetValue(KeyOf(visit), out var visitsThere))
                visitsThere.Remove(visit.Record.VisitId);
        }
        return outdated.ConvertAll(visit => new RecordResult(RecordOutcome.Updated, Fulfilled(visit.Before with
        {
            Version = visit.Before.Version + 1,
            AllocationId = visit.Paid.AllocationId,
            Service = visit.Paid.Service,
        }, visit.Paid), visit.Before, null)).FindAll(result =>
            result.Visit! with { Version = result.Before!.Version } != result.Before);
    }

    private Visit Fulfilled(Visit visit, PaidFrom paid)
    {
        var (about, record) = (funds[visit.Record.FundId], visit.Record);
        var charge = about.Terms.ChargeOf(record, paid.AllocationId, paid.Service);
        visit = visit with
        {
            Fulfilment = Matching.MatchPlanned(about.Plans, record, Others(record), charge.Percent > 0, paid),
            NotCovered = paid.NotCovered,
        };
        stored[record.VisitId] = visit;
        if (visit.Fulfilment.Occurrence is not null || visit.Fulfilment.Week is not null)
            Track(visit);
        return visit;
    }

    /// <summary>
    /// Records all of the visits; if one is refused, records none of them and returns the reason.
    /// </summary>
    public (IReadOnlyList<RecordResult> Results, VisitCheck.Fault? Fault) RecordAll(
        IReadOnlyList<VisitRecord> visits, Instant now)
    {
        foreach (var record in visits.Count > 1 ? visits : [])
        {
            var before = stored.GetValueOrDefault(record.VisitId)?.Record;
            if (before?.SameAs(record) != true
                && VisitCheck.Decide(record, funds.GetValueOrDefault(record.FundId), before, now).Fault is { } fault)
            {
                return ([], fault);
            }
        }
        var results = visits.Select(record => Record(record, now)).ToList();
        return results is [{ Fault: { } refused }] ? ([], refused) : (results, null);
    }

    /// <summary>The current visit of an id, if it is among those sent again or recorded here; otherwise null.</summary>
    public Visit? Find(string visitId) => stored.GetValueOrDefault(visitId);

    private List<Visit> Others(VisitRecord record)
    {
        var others = new List<Visit>();
        foreach (var (fundId, on) in DaysToFulfil(record).Select(day => (day.FundId, (LocalDate?)day.On))
            .Append((record.FundId, null)))
        {
            if (fulfilling.TryGetValue((fundId, on), out var visits))
                others.AddRange(visits.Values);
        }
        return others;
    }

    private void Track(Visit visit)
    {
        var key = KeyOf(visit);
        if (!fulfilling.TryGetValue(key, out var visits))
            fulfilling[key] = visits = new(StringComparer.Ordinal);
        visits[visit.Record.VisitId] = visit;
    }

    // A stay may fulfil care planned on any of its days, so its day is null.
    private static (string FundId, LocalDate? On) KeyOf(Visit visit) => (visit.Record.FundId,
        visit.Record.IsStay ? null : visit.Fulfilment.Occurrence?.Date ?? visit.Fulfilment.Week);
}
