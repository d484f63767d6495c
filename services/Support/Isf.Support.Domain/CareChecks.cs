using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The questions that may be asked about a recorded visit. The care stays recorded, priced and posted.
/// </summary>
public enum FlagKind
{
    /// <summary>A worker was with two people at once.</summary>
    WorkerOverlap = 1,
    /// <summary>More carers of a line were there at once than were planned.</summary>
    MoreCarersThanPlanned,
    /// <summary>
    /// One worker's visits that began on one day have more hours than the holder's limit, 24 by default.
    /// </summary>
    WorkerOverADay,
    /// <summary>
    /// A worker's visit begins sooner after a visit to another person than the holder's travel time allows.
    /// </summary>
    NoTravelGap,
    /// <summary>Care was given while the person was away.</summary>
    InsideAbsence,
    /// <summary>Care was given that fulfils no planned care.</summary>
    OutsidePlan,
    /// <summary>Two visits with different ids have the same worker, person, line, start and end.</summary>
    ExactRepeat,
    /// <summary>Every visit of a worker's week took place exactly as planned, to the minute.</summary>
    EqualTimes,
    /// <summary>Care was given after the fund had ended, and was recorded before that end was known.</summary>
    AfterEnd,
    /// <summary>The care begins and ends in the same minute.</summary>
    NoLength,
    /// <summary>The price list has no rate for the service on the day of care, so the care costs nothing.</summary>
    ServiceNotPriced,
    /// <summary>A row of a file moved a known visit to another day or line, or named another fund for it.</summary>
    VisitMoved,
    /// <summary>Care was given on a day that its allocation does not cover.</summary>
    DayNotCovered,
    /// <summary>
    /// Care was given on a day that its allocation does not cover. The allocation has no price list either, so that the
    /// care costs nothing.
    /// </summary>
    NoPriceList,
    /// <summary>A line's week has more minutes than its allocation allows a week.</summary>
    BeyondWeeklyMinutes,
    /// <summary>More visits of one worker, or for one fund, began on one day than can be checked one by one.</summary>
    CrowdedDay,
}

/// <summary>
/// A question about one visit, or about a few, for a person who knows the people concerned. It accuses nobody.
/// </summary>
/// <param name="Kind">The check that asks.</param>
/// <param name="FundId">The fund of the first visit.</param>
/// <param name="WorkerId">The worker; null if the flag is not about a worker.</param>
/// <param name="CareOn">The day that the flag is about.</param>
/// <param name="Visits">The visits concerned, the visit in question first; at most <see cref="VisitsMax"/>.</param>
/// <param name="Evidence">The finding, with its figures.</param>
public sealed record CareFlag(
    FlagKind Kind, string FundId, string? WorkerId, LocalDate CareOn, IReadOnlyList<string> Visits, string Evidence)
{
    /// <summary>The maximum number of visits that a flag names (api.md, visits); its Count may be larger.</summary>
    public const int VisitsMax = 10;

    /// <summary>The number of visits that the flag is about.</summary>
    public long Count { get; init; } = Visits.Count;

    /// <summary>The identity of the flag, which is the same each time the same thing is found.</summary>
    public string Key => Kind switch
    {
        FlagKind.WorkerOverADay or FlagKind.EqualTimes => $"{Kind}/{WorkerId}/{CareOn:uuuu-MM-dd}",
        // A visit can be moved more than once, and each move is a separate question.
        FlagKind.VisitMoved => $"{Kind}/{Visits[0]}/{Evidence}",
        FlagKind.CrowdedDay => CrowdedDays.KeyOf(FundId, WorkerId, CareOn),
        FlagKind.BeyondWeeklyMinutes => $"{Kind}/{FundId}/{LineId}/{CareOn:uuuu-MM-dd}",
        _ => KeyOf(Kind, Visits[0]),
    };

    /// <summary>The line, if the flag is about a line's week; otherwise null.</summary>
    public string? LineId { get; init; }

    /// <summary>The key of a flag about one visit.</summary>
    public static string KeyOf(FlagKind kind, string visitId) => $"{kind}/{visitId}";
}

/// <summary>Checks recorded care (domain.md §6); each check is a pure function of visits.</summary>
public static class CareChecks
{
    /// <summary>The question of each check, and its innocent explanations.</summary>
    public static readonly IReadOnlyDictionary<FlagKind, (string Question, IReadOnlyList<string> InnocentReadings)>
        Table = new Dictionary<FlagKind, (string, IReadOnlyList<string>)>
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
            [FlagKind.NoLength] = ("How long was this visit, which begins and ends in the same minute?",
                ["the worker tapped in and out at once", "a call at the door that was agreed",
                    "the end was not recorded"]),
            [FlagKind.ServiceNotPriced] = ("What was agreed for this service, for which the price list has no rate?",
                ["the service's name was keyed otherwise than in the price list",
                    "the price list is late, or its rates were not renewed",
                    "it was agreed to cost nothing"]),
            [FlagKind.VisitMoved] = ("Is this the same visit, or another that came under its id?",
                ["the visit was keyed with a wrong day or line at first", "the sender's system moves visits"]),
            [FlagKind.DayNotCovered] = ("Who agreed to this care, on a day that its allocation does not cover?",
                ["the allocation's days are to be changed", "the visit's day was keyed wrong",
                    "care that could not wait was given before it was agreed"]),
            [FlagKind.NoPriceList] = ("What is this care to cost, for which there is no price list?",
                ["the price list is late", "it was agreed to cost nothing"]),
            [FlagKind.BeyondWeeklyMinutes] = ("Who agreed to more time than the allocation has a week?",
                ["time of other weeks was made up for", "the allocation is to be raised",
                    "another allocation's line was named"]),
            [FlagKind.CrowdedDay] = ("Were all these visits given on one day?",
                ["several workers share one id", "a file was exported with one time in every row",
                    "visits were sent again under new ids"]),
        };

    /// <summary>A check's name in web addresses and in responses.</summary>
    public static string NameOf(FlagKind kind) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>
    /// One flag for each visit with care after the end of its fund, including a stay that continues after the end.
    /// </summary>
    public static IEnumerable<CareFlag> AfterEnd(IEnumerable<Visit> visits, FundEnd end)
    {
        return from visit in visits
               where IsGiven(visit)
               let at = visit.Record.IsStay ? visit.Record.LastMoment!.Value : visit.Record.Start!.Value.ToInstant()
               where end.IsBefore(visit.Record.IsStay ? London.At(at).Date : visit.CareOn, at)
               select new CareFlag(FlagKind.AfterEnd, visit.Record.FundId, visit.Record.WorkerId, visit.CareOn,
                   [visit.Record.VisitId], $"Care was given ({Format(visit)}) after the end of its fund, "
                       + $"{Format(end.On)}{(end.At is { } time ? $" at {time.ToString("HH:mm", null)}" : "")}.");
    }

    /// <summary>The flag of a known visit that a row of a file moved to another day or line.</summary>
    public static CareFlag Moved(RecordResult result, string reference, long line)
    {
        var (before, now) = (result.Before!, result.Visit!);
        return new(FlagKind.VisitMoved, now.Record.FundId, now.Record.WorkerId, now.CareOn, [now.Record.VisitId],
            $"Visit {now.Record.VisitId} was of {Format(before.CareOn)}, line {before.Record.LineId}; line {line} of "
            + $"file “{reference}” makes it one of {Format(now.CareOn)}, line {now.Record.LineId}.");
    }

    /// <summary>
    /// The flag of a known visit that a row of a file names for another fund. The row was rejected; the visit stays.
    /// </summary>
    public static CareFlag Elsewhere(Visit visit, string fundId, string reference, long line)
    {
        return new(FlagKind.VisitMoved, visit.Record.FundId, visit.Record.WorkerId, visit.CareOn,
            [visit.Record.VisitId],
            $"Visit {visit.Record.VisitId} is of fund {visit.Record.FundId}, {Format(visit.CareOn)}, line "
            + $"{visit.Record.LineId}; line {line} of file “{reference}” has it for fund {fundId}, and was rejected.");
    }

    /// <summary>Checks visits, and returns the flags about them.</summary>
    /// <param name="visits">The visits in question.</param>
    /// <param name="around">
    /// Other visits of the same workers or lines, near the visits in question in time; more visits than these do no
    /// harm. These other visits may be flagged too, because a visit in question may be one carer too many for them.
    /// </param>
    /// <param name="days">The workers' days whose hours are compared with the holder's limit.</param>
    /// <param name="absences">The absences of the visits' people.</param>
    /// <param name="terms">The holder's limits beyond which the checks raise flags.</param>
    /// <param name="crowded">The days whose visits are not compared with others; null for no days.</param>
    public static IReadOnlyList<CareFlag> Find(IReadOnlyCollection<Visit> visits, IReadOnlyCollection<Visit> around,
        IEnumerable<WorkerDay> days, IReadOnlyCollection<Absence> absences, CheckTerms terms,
        CrowdedDays? crowded = null)
    {
        crowded ??= CrowdedDays.None;
        var among = visits.Select(visit => visit.Record.VisitId).ToHashSet(StringComparer.Ordinal);
        var all = visits.Concat(around).Where(IsGiven).DistinctBy(visit => visit.Record.VisitId)
            .OrderBy(visit => visit.Record.Start!.Value.ToInstant())
            .ThenBy(visit => visit.Record.VisitId, StringComparer.Ordinal)
            .Select((visit, rank) => new GivenCare(visit, rank, among.Contains(visit.Record.VisitId))).ToList();
        var found = all.Where(care => care.Visit.Record.WorkerId is { } worker
                && !crowded.HasWorker(worker, care.Visit.CareOn))
            .GroupBy(care => care.Visit.Record.WorkerId!, StringComparer.Ordinal)
            .SelectMany(worker => CareMeetings.OfWorker([.. worker], terms)).ToList();
        var singly = all.Where(care => !crowded.HasFund(care.Visit.Record.FundId, care.Visit.CareOn));
        foreach (var line in singly.GroupBy(care => (care.Visit.Record.FundId, care.Visit.Record.LineId)))
        {
            found.AddRange(CareMeetings.Carers([.. line]));
            found.AddRange(line.GroupBy(care => (care.Visit.Record.WorkerId, care.Start, care.End))
                .SelectMany(CareMeetings.Repeats));
        }
        var byFund = absences.ToLookup(absence => absence.FundId, StringComparer.Ordinal);
        found.AddRange(all.Where(care => care.IsInQuestion).Select(care => care.Visit).SelectMany(visit =>
            new[]
            {
                Unplanned(visit), Absent(visit, byFund[visit.Record.FundId]), WithoutLength(visit), NotCovered(visit),
            }).OfType<CareFlag>());
        var flags = found.ToDictionary(flag => flag.Key, StringComparer.Ordinal);
        foreach (var day in days.Where(day => day.Length() > terms.LongestDay()))
        {
            var flag = new CareFlag(FlagKind.WorkerOverADay, day.FundId, day.WorkerId, day.On, day.Visits,
                $"{day.Count} visits of worker {day.WorkerId} that began on {Format(day.On)} come to "
                + $"{day.Length()}.")
            { Count = day.Count };
            flags[flag.Key] = flag;
        }
        return [.. flags.Values];
    }

    /// <summary>
    /// The kind of flag whose answer tells whether a visit's care was authorised; null if the visit needs no
    /// authorisation.
    /// </summary>
    public static FlagKind? AuthorisedBy(Visit visit)
    {
        return visit.NotCovered && IsGiven(visit) ? FlagKind.DayNotCovered
            : visit.IsUnplanned ? FlagKind.OutsidePlan : null;
    }

    private static CareFlag? NotCovered(Visit visit) => visit.NotCovered
        ? new(FlagKind.DayNotCovered, visit.Record.FundId, visit.Record.WorkerId, visit.CareOn, [visit.Record.VisitId],
            $"Care of line {visit.Record.LineId} was given ({Format(visit)}) on a day that allocation "
            + $"{visit.AllocationId} "
            + "does not cover: no promise pays for it.")
        : null;

    private static CareFlag? Unplanned(Visit visit) => visit is { IsUnplanned: true, NotCovered: false }
        ? new(FlagKind.OutsidePlan, visit.Record.FundId, visit.Record.WorkerId, visit.CareOn, [visit.Record.VisitId],
            $"{visit.Fulfilment.Extra} of line {visit.Record.LineId} ({Format(visit)}) answer "
            + "nothing that "
            + "was planned for that day.")
        : null;

    // Miles and items are recorded without a length of their own, so they are not flagged.
    private static CareFlag? WithoutLength(Visit visit) =>
        Minutes.Elapsed(visit.Record.Start!.Value.ToInstant(), visit.Record.End!.Value.ToInstant()) == Minutes.Zero
            && (visit.Record.Miles ?? visit.Record.Quantity) is null
            ? new(FlagKind.NoLength, visit.Record.FundId, visit.Record.WorkerId, visit.CareOn, [visit.Record.VisitId],
                $"A visit of line {visit.Record.LineId} begins and ends in the same minute ({Format(visit)}).")
            : null;

    /// <summary>
    /// One flag for each visit whose care costs nothing. Either its allocation's price list has no rate for its service
    /// on one of its days, or its allocation has no price list and does not cover its day.
    /// </summary>
    public static IEnumerable<CareFlag> NotPriced(
        IEnumerable<Visit> visits, IReadOnlyDictionary<string, AgreedPrices> prices)
    {
        return from visit in visits
               let agreed = prices.GetValueOrDefault(visit.AllocationId)
               where IsGiven(visit) && agreed is not null
               let hasList = agreed.HasAny(visit.CareOn)
               let unpriced = hasList ? agreed.UnpricedOn(visit) : visit.NotCovered ? visit.CareOn : (LocalDate?)null
               where unpriced is not null
               select new CareFlag(hasList ? FlagKind.ServiceNotPriced : FlagKind.NoPriceList, visit.Record.FundId,
                   visit.Record.WorkerId, visit.CareOn, [visit.Record.VisitId],
                   $"Care was given ({Format(visit)}) of the service {visit.Service}, "
                       + NoPrice(visit, agreed, hasList, unpriced.Value));
    }

    private static string NoPrice(Visit visit, AgreedPrices agreed, bool hasList, LocalDate on) =>
        (!hasList ? $"and allocation {visit.AllocationId} has no price list"
            : !agreed.HasRateFor(visit.Service, on)
                ? $"which the price list of allocation {visit.AllocationId} does not know"
                : $"for which the price list of allocation {visit.AllocationId} has no rate on {Format(on)}")
        + (on == visit.CareOn ? ": it costs nothing." : ": from then on it costs nothing.");

    private static CareFlag? Absent(Visit visit, IEnumerable<Absence> absences) =>
        Absence.Around(visit.Record, absences) is { } absence
            ? new(FlagKind.InsideAbsence, visit.Record.FundId, visit.Record.WorkerId, visit.CareOn,
                [visit.Record.VisitId], $"Care was given ({Format(visit)}) on a day of an absence: "
                + $"{LineWeek.NameOf(absence.Kind)}, from {Format(absence.From)}"
                + $"{(absence.To is { } to ? $" to {Format(to)}" : " on")}.")
            : null;

    private static bool IsGiven(Visit visit) =>
        visit.Record is { Outcome: VisitOutcome.Delivered, Start: not null, End: not null };

    private static string Format(LocalDate day) => day.ToString("d MMMM uuuu", null);

    internal static string Format(Visit visit) =>
        $"{London.At(visit.Record.Start!.Value.ToInstant()).ToString("d MMMM uuuu HH:mm", null)}"
        + $"–{London.At(visit.Record.End!.Value.ToInstant()).ToString("HH:mm", null)}";
}
