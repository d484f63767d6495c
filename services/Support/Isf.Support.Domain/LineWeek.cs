using System.Security.Cryptography;
using System.Text;
using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Planned carer-minutes of a day that were neither given nor charged, with their reason and whether they may be
/// banked.
/// </summary>
public sealed record MinutesNotGiven(LocalDate On, string Reason, Minutes Length, bool Banks);

/// <summary>
/// Planned care on a paid day of a hospital stay. It is charged although it was not given and nobody sent a visit for
/// it.
/// </summary>
public sealed record PaidAbsence(PlanLineOf Line, LocalDateTime Wall, int Minutes, int Carers)
{
    /// <summary>
    /// The paid day's care as a visit that nobody sent. Its id follows from fund, line and wall time, so that closing
    /// the week again gives the same visit.
    /// </summary>
    public Visit AsVisit(string fundId, int version) => new()
    {
        Record = new VisitRecord
        {
            VisitId = "absence-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
                $"{fundId}/{Line.LineId}/{Wall:uuuu-MM-dd'T'HH:mm}")))[..32],
            FundId = fundId,
            LineId = Line.LineId,
            PlannedStart = PlannedTimes.MomentOf(Wall),
            PlannedMinutes = Minutes,
            Carers = Carers,
            Outcome = VisitOutcome.Hospital,
        },
        Version = version,
        AllocationId = Line.AllocationId,
        Service = Line.Service,
        CareOn = Wall.Date,
        Fulfilment = new Fulfilment
        {
            Charged = new Minutes(Minutes) * Carers,
            UntimedCharged = Minutes == 0,
        },
        ForAbsence = true,
    };
}

/// <summary>A line, with the allocation that pays for it and the kind of support.</summary>
public sealed record PlanLineOf(string LineId, string AllocationId, string Service);

/// <summary>
/// The outcome of a line's planned minutes of one week, Monday to Sunday. Visits account for the minutes that they
/// fulfil or that are charged. All other minutes are listed here with their reason, so that no minute is unexplained. A
/// planned minute belongs to the week in which it is planned, even if a visit of another week fulfils it.
/// </summary>
public sealed class LineWeek
{
    /// <summary>The reason of the minutes by which a visit was shorter than planned.</summary>
    public const string Short = "short";

    /// <summary>The reason of minutes that no visit accounts for.</summary>
    public const string NoRecord = "no-record";

    private readonly CareTerms terms;
    private readonly SortedDictionary<string, Minutes> planned = new(StringComparer.Ordinal);
    private readonly List<MinutesNotGiven> notGiven = [];
    private readonly List<PaidAbsence> paid = [];

    private LineWeek(CareTerms terms) => this.terms = terms;

    /// <summary>
    /// The planned carer-minutes, by the allocation that pays for them. A change of plan does not alter minutes that
    /// visits have fulfilled.
    /// </summary>
    public IReadOnlyList<PlannedSum> Planned => [.. planned.Select(sum => new PlannedSum(sum.Key, sum.Value.Count))];

    /// <summary>The planned minutes that were neither given nor charged.</summary>
    public IReadOnlyList<MinutesNotGiven> NotGiven => notGiven;

    /// <summary>Planned care that is charged although nobody sent a visit for it.</summary>
    public IReadOnlyList<PaidAbsence> Paid => paid;

    /// <summary>
    /// The carer-minutes given in the week beyond the plan, on days that the line's allocation covers. Care on other
    /// days draws nothing from the bank, so it is left out.
    /// </summary>
    public Minutes Extra { get; private set; }

    /// <summary>Whether anything was planned or recorded for the week.</summary>
    public bool HasCare { get; private set; }

    /// <summary>Calculates the outcome of a line's week.</summary>
    /// <param name="plans">The fund's plans.</param>
    /// <param name="terms">The terms for care that is not given.</param>
    /// <param name="lineId">The line.</param>
    /// <param name="monday">The first day of the week.</param>
    /// <param name="visits">
    /// The line's visits that somebody sent: those of the week, and all that fulfil care planned in the week.
    /// </param>
    public static LineWeek Build(
        FundPlans plans, CareTerms terms, string lineId, LocalDate monday, IReadOnlyCollection<Visit> visits)
    {
        var week = new LineWeek(terms);
        var days = CarePeriod.WeekOf(monday);
        foreach (var expected in Matching.Expected(plans, lineId, days, visits))
            week.Count(expected);
        week.Count(Matching.Week(plans, lineId, monday, visits));
        var given = visits.Where(visit => visit.Record.LineId == lineId && days.Covers(visit.CareOn)).ToList();
        week.Extra = Minutes.Sum(given.Where(visit => !visit.NotCovered).Select(visit => visit.Fulfilment.Extra));
        week.HasCare |= given.Count > 0;
        return week;
    }

    private void Count(ExpectedVisit expected)
    {
        HasCare = true;
        var due = expected.Planned;
        Plan(expected.FulfilledBy.Count > 0 ? expected.FulfilledBy[0].AllocationId : due.AllocationId,
            due.CarerMinutes);
        var rest = Minutes.Max(Minutes.Zero, expected.FreeMinutes);
        Minutes ShortfallOf(Visit visit) =>
            (new Minutes(due.Minutes) * visit.Fulfilment.CarerSlots) - visit.Fulfilment.Settled;
        foreach (var visit in InOrder(expected.FulfilledBy, given: false))
            rest -= AddNotGiven(visit, due.Wall.Date, Minutes.Min(rest, ShortfallOf(visit)));
        foreach (var visit in InOrder(expected.FulfilledBy, given: true))
            rest -= Add(due.Wall.Date, Short, Minutes.Min(rest, ShortfallOf(visit)), banks: true);
        var line = new PlanLineOf(due.LineId, due.AllocationId, due.Service);
        if (expected.FreeSlots > 0)
            rest -= AddAbsence(line, due.Wall, expected.FreeSlots, rest, isUntimed: due.Minutes == 0);
        Add(due.Wall.Date, NoRecord, rest, banks: true);
    }

    private void Count(ExpectedWeek week)
    {
        var rest = Minutes.Max(Minutes.Zero, week.CarerMinutes - week.SettledMinutes);
        HasCare |= week.CarerMinutes > Minutes.Zero;
        foreach (var pool in week.Planned)
            Plan(pool.Line.AllocationId, pool.CarerMinutes);
        if (week.FulfilledBy.Count > 0)
            Plan(week.FulfilledBy[0].AllocationId, week.CarerMinutes - week.PlannedMinutes);
        // The minutes of each day that visits account for, given or not. An absence accounts only for the rest of its
        // day.
        var accounted = week.FulfilledBy.GroupBy(visit => visit.CareOn)
            .ToDictionary(day => day.Key, Matching.SettledBy);
        void CountOff(Visit visit, Minutes length) => (rest, accounted[visit.CareOn]) =
            (rest - length, accounted[visit.CareOn] + length);
        foreach (var visit in InOrder(week.FulfilledBy, given: false))
        {
            var shortfall = visit.Record.PlannedCarerMinutes - visit.Fulfilment.Charged;
            CountOff(visit, AddNotGiven(visit, visit.CareOn, Minutes.Min(rest, shortfall)));
        }
        foreach (var visit in InOrder(week.FulfilledBy, given: true))
        {
            var shorter = visit.Record.PlannedMinutes is null ? Minutes.Zero
                : visit.Record.PlannedCarerMinutes - visit.Record.Given;
            CountOff(visit, Add(visit.CareOn, Short, Minutes.Min(rest, shorter), banks: true));
        }
        foreach (var pool in week.Planned)
        {
            var line = new PlanLineOf(pool.Line.LineId, pool.Line.AllocationId, pool.Line.Service);
            for (var day = pool.On; day <= pool.To; day = day.PlusDays(1))
            {
                var unaccounted = pool.OfDay(day) - accounted.GetValueOrDefault(day);
                rest -= AddAbsence(line, day + LocalTime.Noon, pool.Line.Carers, Minutes.Min(rest, unaccounted));
            }
        }
        Add(week.Planned.Count > 0 ? week.Planned[0].On : week.Monday, NoRecord, rest, banks: true);
    }

    private void Plan(string allocationId, Minutes length)
    {
        if (length > Minutes.Zero)
            planned[allocationId] = planned.GetValueOrDefault(allocationId) + length;
    }

    private static IEnumerable<Visit> InOrder(IEnumerable<Visit> visits, bool given) =>
        visits.Where(visit => visit.Record.Outcome == VisitOutcome.Delivered == given)
            .OrderBy(visit => visit.Record.VisitId, StringComparer.Ordinal);

    // Lists the minutes of an undelivered visit as not given, with the visit's outcome as their reason. Returns the
    // minutes listed.
    private Minutes AddNotGiven(Visit visit, LocalDate on, Minutes length) => Add(
        on, VisitInput.NameOf(visit.Record.Outcome), length,
        terms.ChargeOf(visit.Record, visit.AllocationId, visit.Service).Banks);

    // If an absence covers the day, it explains the minutes that no visit accounts for. On a paid hospital day they are
    // charged, in whole minutes for each carer; the rest are listed as not given. Returns the minutes explained, or 0
    // without an absence.
    private Minutes AddAbsence(PlanLineOf line, LocalDateTime wall, int carers, Minutes length, bool isUntimed = false)
    {
        if ((length <= Minutes.Zero && !isUntimed) || terms.AbsenceOn(wall.Date) is not { } absence)
            return Minutes.Zero;
        if (absence.Kind != AbsenceKind.Hospital)
            return Add(wall.Date, NameOf(absence.Kind), length, banks: true);
        var charge = terms.ChargeOf(VisitOutcome.Hospital, null, line.AllocationId, line.Service, wall.Date);
        var each = charge.Percent > 0 ? (int)(length.Count / carers) : 0;
        if (each > 0 || (isUntimed && charge.Percent > 0))
            paid.Add(new PaidAbsence(line, wall, each, carers));
        var charged = new Minutes(each) * carers;
        return charged + Add(wall.Date, NameOf(absence.Kind), length - charged, false);
    }

    private Minutes Add(LocalDate on, string reason, Minutes length, bool banks)
    {
        if (length <= Minutes.Zero)
            return Minutes.Zero;
        notGiven.Add(new MinutesNotGiven(on, reason, length, banks));
        return length;
    }

    /// <summary>The word of api.md for an absence, as the reason of minutes not given.</summary>
    public static string NameOf(AbsenceKind kind) => kind switch
    {
        AbsenceKind.Hospital => VisitInput.NameOf(VisitOutcome.Hospital),
        AbsenceKind.Respite => "respite",
        AbsenceKind.Holiday => "holiday",
        _ => "other",
    };
}
