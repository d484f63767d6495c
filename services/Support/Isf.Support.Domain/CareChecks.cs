using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// What a recorded visit may be asked about. The care stays recorded, priced and posted (domain.md §6).
/// </summary>
public enum FlagKind
{
    /// <summary>One worker with two people at once.</summary>
    WorkerOverlap = 1,
    /// <summary>More carers of a line at once than were planned.</summary>
    MoreCarersThanPlanned,
    /// <summary>More than 24 hours of one worker that began on one day.</summary>
    WorkerOverADay,
    /// <summary>A worker's visit begins sooner after the one before, with another person, than a way takes.</summary>
    NoTravelGap,
    /// <summary>Care given while the person was away.</summary>
    InsideAbsence,
    /// <summary>Care that answers nothing planned.</summary>
    OutsidePlan,
    /// <summary>The same worker, person, line, start and end under two ids.</summary>
    ExactRepeat,
    /// <summary>Every visit of a worker's week is exactly as planned, to the minute.</summary>
    EqualTimes,
    /// <summary>Care recorded before it was known that the fund had ended, or its person died, by then.</summary>
    AfterEnd,
}

/// <summary>
/// Something about one visit, or about a few, that someone who knows the people should look at. It accuses nobody.
/// </summary>
/// <param name="Kind">Which check.</param>
/// <param name="FundId">The fund of the first visit.</param>
/// <param name="WorkerId">The worker, where it is about one.</param>
/// <param name="CareOn">The day that it is about.</param>
/// <param name="Visits">The visits that show it, the one that it is about first.</param>
/// <param name="Evidence">What was found, with its figures.</param>
public sealed record CareFlag(
    FlagKind Kind, string FundId, string? WorkerId, LocalDate CareOn, IReadOnlyList<string> Visits, string Evidence)
{
    /// <summary>What tells it from every other, whenever and however often it is found.</summary>
    public string Key => Kind switch
    {
        FlagKind.WorkerOverADay or FlagKind.EqualTimes => $"{Kind}/{WorkerId}/{CareOn:uuuu-MM-dd}",
        FlagKind.WorkerOverlap or FlagKind.NoTravelGap or FlagKind.ExactRepeat => $"{Kind}/{Visits[0]}/{Visits[1]}",
        _ => KeyOf(Kind, Visits[0]),
    };

    /// <summary>The key of what is asked about one visit.</summary>
    public static string KeyOf(FlagKind kind, string visitId) => $"{kind}/{visitId}";
}

/// <summary>A worker's visits that began on one day, and their elapsed minutes together.</summary>
public sealed record WorkerDay(
    string WorkerId, LocalDate On, long Minutes, IReadOnlyList<string> Visits, string FundId);

/// <summary>The checks on arrival (issue: checks on arrival; domain.md §6), each a pure function of visits.</summary>
public static class CareChecks
{
    /// <summary>What is asked, and which harmless readings there are, check by check.</summary>
    public static readonly IReadOnlyDictionary<FlagKind, (string Asks, IReadOnlyList<string> InnocentReadings)> Table =
        new Dictionary<FlagKind, (string, IReadOnlyList<string>)>
        {
            [FlagKind.WorkerOverlap] = ("Was this worker really with both people at once?",
                ["a shared or pooled session", "a handover or shadowing", "one of the two times was keyed late"]),
            [FlagKind.MoreCarersThanPlanned] = ("Who agreed to more carers than planned?",
                ["a handover or shadowing", "two carers were needed that day", "one visit was sent twice"]),
            [FlagKind.WorkerOverADay] = ("How can this worker have given more than 24 hours?",
                ["live-in care beside other visits", "sleep-in nights", "two workers share one id"]),
            [FlagKind.NoTravelGap] = ("How did the worker get from one person to the other?",
                ["both live in the same building", "planned times were sent in place of real ones"]),
            [FlagKind.InsideAbsence] = ("Was care given although the person was away?",
                ["support in hospital that was agreed", "the absence was keyed with a wrong day",
                    "it was the day of leaving or of coming home"]),
            [FlagKind.OutsidePlan] = ("Who authorised this care, which no plan has?",
                ["an extra visit that was agreed", "a planned visit moved from another day", "the plan is late"]),
            [FlagKind.ExactRepeat] = ("Is this one visit that was sent twice?",
                ["two carers, sent under one worker's id or under none", "a file exported twice under new ids"]),
            [FlagKind.EqualTimes] = ("Are these the real times, or copies of the planned ones?",
                ["planned times are used by agreement", "the system rounds to the plan"]),
            [FlagKind.AfterEnd] = ("Was this care given after the fund had ended, or the person had died?",
                ["the end was keyed with a wrong day or time", "the visit's day or time was keyed wrong",
                    "care of the last hours, which the time of death cuts in two"]),
        };

    /// <summary>A check's name, as addresses and answers write it.</summary>
    public static string Word(FlagKind kind) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>Care given after the end of its fund, stays that go on behind it too: one flag each.</summary>
    public static IEnumerable<CareFlag> AfterEnd(IEnumerable<Visit> visits, FundEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return from visit in visits
            where IsGiven(visit)
            let at = visit.Words.IsStay ? visit.Words.LastMoment!.Value : visit.Words.Start!.Value.ToInstant()
            where end.IsBefore(visit.Words.IsStay ? LondonTime.At(at).Date : visit.CareOn, at)
            select new CareFlag(FlagKind.AfterEnd, visit.Words.FundId, visit.Words.WorkerId, visit.CareOn,
                [visit.Words.VisitId], $"Care was given ({Say(visit)}) after the end of its fund, "
                    + $"{Say(end.On)}{(end.At is { } time ? $" at {time.ToString("HH:mm", null)}" : "")}.");
    }

    /// <summary>What is found about visits.</summary>
    /// <param name="asked">The visits in question.</param>
    /// <param name="around">
    /// Others that meet one of them in time, by worker or by line; more do no harm. A visit that came before may have
    /// more carers than planned through one that came after.
    /// </param>
    /// <param name="days">The days of their workers that may come to too many hours.</param>
    /// <param name="away">When their people were away.</param>
    /// <param name="terms">From where on the holder wants to be asked.</param>
    public static IReadOnlyList<CareFlag> Find(IReadOnlyCollection<Visit> asked, IReadOnlyCollection<Visit> around,
        IEnumerable<WorkerDay> days, IReadOnlyCollection<Absence> away, CheckTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(around);
        var given = asked.Where(IsGiven).ToList();
        var all = given.Concat(around.Where(IsGiven)).DistinctBy(visit => visit.Words.VisitId).ToList();
        var byWorker = all.Where(visit => visit.Words.WorkerId is not null)
            .ToLookup(visit => visit.Words.WorkerId!, StringComparer.Ordinal);
        var byLine = all.ToLookup(visit => (visit.Words.FundId, visit.Words.LineId));
        var flags = new Dictionary<string, CareFlag>(StringComparer.Ordinal);
        foreach (var visit in given)
        {
            var others = visit.Words.WorkerId is { } worker ? byWorker[worker] : [];
            var found = others.Where(other => other.Words.FundId != visit.Words.FundId)
                .Select(other => Between(visit, other, byWorker[visit.Words.WorkerId!], terms))
                .Concat(byLine[(visit.Words.FundId, visit.Words.LineId)].Select(other => Repeated(visit, other)))
                .Append(Unplanned(visit)).Append(Absent(visit, away));
            foreach (var flag in found.OfType<CareFlag>())
                flags[flag.Key] = flag;
        }
        var among = given.ToHashSet();
        foreach (var visit in all)
        {
            var ofLine = byLine[(visit.Words.FundId, visit.Words.LineId)];
            if ((among.Contains(visit) || ofLine.Any(other => among.Contains(other) && Meet(visit, other)))
                && Carers(visit, ofLine) is { } flag)
                flags[flag.Key] = flag;
        }
        foreach (var day in days.Where(day => day.Minutes > terms.WorkerHoursADay * 60L))
        {
            var flag = new CareFlag(FlagKind.WorkerOverADay, day.FundId, day.WorkerId, day.On, day.Visits,
                $"{day.Visits.Count} visits of worker {day.WorkerId} that began on {Say(day.On)} come to "
                + $"{new Minutes(day.Minutes)}.");
            flags[flag.Key] = flag;
        }
        return [.. flags.Values];
    }

    // A worker with two people.
    private static CareFlag? Between(Visit one, Visit two, IEnumerable<Visit> ofWorker, CheckTerms terms)
    {
        var (late, early) = ComesAfter(one, two) ? (one, two) : (two, one);
        var (start, end) = (late.Words.Start!.Value.ToInstant(), early.Words.End!.Value.ToInstant());
        if (start < end)
        {
            var both = Instant.Min(end, late.Words.End!.Value.ToInstant()) - start;
            return Flag(FlagKind.WorkerOverlap, late, early,
                $"Worker {late.Words.WorkerId} is with fund {late.Words.FundId} ({Say(late)}) and with fund "
                + $"{early.Words.FundId} ({Say(early)}) for {Math.Max(1, (long)both.TotalMinutes)} of the "
                + "same minutes.");
        }
        var way = start - end;
        // Who went somewhere else in between did not go from the one to the other.
        bool IsBetween(Visit other) => other.Words.Start!.Value.ToInstant() is var began && began >= end
            && began < start && other != early;
        if (way >= Duration.FromMinutes(terms.GapMinutes) || ofWorker.Any(IsBetween))
            return null;
        return Flag(FlagKind.NoTravelGap, late, early,
            $"Worker {late.Words.WorkerId} leaves fund {early.Words.FundId} at {LondonTime.At(end):HH:mm} "
            + $"and begins with fund {late.Words.FundId} " + (way < Duration.FromMinutes(1) ? "in the same minute."
                : $"{new Minutes((long)way.TotalMinutes)} later; {new Minutes(terms.TravelMinutes)} are expected."));
    }

    // The same care under two ids. Two carers whose ids were not sent are no repeat where two are planned or grouped.
    private static CareFlag? Repeated(Visit one, Visit two)
    {
        if (one == two || one.Words.WorkerId != two.Words.WorkerId
            || one.Words.Start!.Value.ToInstant() != two.Words.Start!.Value.ToInstant()
            || one.Words.End!.Value.ToInstant() != two.Words.End!.Value.ToInstant())
            return null;
        if (one.Words.WorkerId is null && ((one.Answer.Places > 0 && two.Answer.Places > 0)
            || (one.Words.VisitGroup is { } group && group == two.Words.VisitGroup)))
            return null;
        var (late, early) = ComesAfter(one, two) ? (one, two) : (two, one);
        return Flag(FlagKind.ExactRepeat, late, early,
            $"Visits {late.Words.VisitId} and {early.Words.VisitId} are of the same line, start and end ({Say(late)}), "
            + (late.Words.WorkerId is { } worker ? $"by worker {worker}." : "and neither names a worker."));
    }

    private static CareFlag Flag(FlagKind kind, Visit late, Visit early, string evidence) => new(kind,
        late.Words.FundId, late.Words.WorkerId, late.CareOn, [late.Words.VisitId, early.Words.VisitId], evidence);

    private static CareFlag? Carers(Visit visit, IEnumerable<Visit> ofLine)
    {
        if (visit.Answer.OccurrenceCarers is not (> 0 and var planned))
            return null;
        var there = ofLine.Where(other => Meet(visit, other)).Append(visit).Distinct()
            .OrderBy(other => other != visit).ThenBy(other => other.Words.VisitId, StringComparer.Ordinal).ToList();
        var carers = there.Sum(other => other.Words.Carers);
        return carers <= planned ? null : new CareFlag(FlagKind.MoreCarersThanPlanned, visit.Words.FundId,
            visit.Words.WorkerId, visit.CareOn, [.. there.Select(other => other.Words.VisitId)],
            $"{carers} carers of line {visit.Words.LineId} at once ({Say(visit)}); the plan has {planned}.");
    }

    private static bool Meet(Visit one, Visit two) =>
        one.Words.Start!.Value.ToInstant() < two.Words.End!.Value.ToInstant()
        && one.Words.End!.Value.ToInstant() > two.Words.Start!.Value.ToInstant();

    private static CareFlag? Unplanned(Visit visit) => visit.IsUnplanned
        ? new(FlagKind.OutsidePlan, visit.Words.FundId, visit.Words.WorkerId, visit.CareOn, [visit.Words.VisitId],
            $"{new Minutes(visit.Answer.ExtraMinutes)} of line {visit.Words.LineId} ({Say(visit)}) answer nothing that "
            + "was planned for that day.")
        : null;

    private static CareFlag? Absent(Visit visit, IReadOnlyCollection<Absence> away) =>
        Absence.Around(visit.Words, away.Where(absence => absence.FundId == visit.Words.FundId)) is { } absence
            ? new(FlagKind.InsideAbsence, visit.Words.FundId, visit.Words.WorkerId, visit.CareOn,
                [visit.Words.VisitId], $"Care was given ({Say(visit)}) on a day of an absence: "
                + $"{LineWeek.Word(absence.Kind)}, from {Say(absence.From)}"
                + $"{(absence.To is { } to ? $" to {Say(to)}" : " on")}.")
            : null;

    private static bool IsGiven(Visit visit) =>
        visit.Words is { Outcome: VisitOutcome.Delivered, Start: not null, End: not null };

    private static bool ComesAfter(Visit one, Visit two) =>
        one.Words.Start!.Value.ToInstant().CompareTo(two.Words.Start!.Value.ToInstant()) is var order && order != 0
            ? order > 0
            : string.CompareOrdinal(one.Words.VisitId, two.Words.VisitId) > 0;

    private static string Say(LocalDate day) => day.ToString("d MMMM uuuu", null);

    private static string Say(Visit visit) =>
        $"{LondonTime.At(visit.Words.Start!.Value.ToInstant()).ToString("d MMMM uuuu HH:mm", null)}"
        + $"–{LondonTime.At(visit.Words.End!.Value.ToInstant()).ToString("HH:mm", null)}";
}
