using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// An expected visit and the visits that fulfil it. A visit fulfils one expected visit only, unless it is a stay.
/// </summary>
public sealed record ExpectedVisit(Occurrence Planned, IReadOnlyList<Visit> FulfilledBy)
{
    /// <summary>The number of planned carers whose place no visit has taken.</summary>
    public int FreeSlots => Planned.Carers - FulfilledBy.Sum(visit => visit.Fulfilment.CarerSlots);

    /// <summary>Planned carer-minutes that no visit has fulfilled and that are not charged.</summary>
    public Minutes FreeMinutes => Planned.CarerMinutes - Matching.SettledBy(FulfilledBy);
}

/// <summary>A line's minutes of one week, and the visits that draw on them.</summary>
public sealed record ExpectedWeek(string LineId, LocalDate Monday, IReadOnlyList<WeeklyPool> Planned,
    IReadOnlyList<Visit> FulfilledBy)
{
    /// <summary>The planned carer-minutes, or the minutes already taken if a later plan has fewer.</summary>
    public Minutes CarerMinutes => Minutes.Max(PlannedMinutes, SettledMinutes);

    /// <summary>The carer-minutes that the plans have now.</summary>
    public Minutes PlannedMinutes => Minutes.Sum(Planned.Select(pool => pool.CarerMinutes));

    /// <summary>Carer-minutes that visits have fulfilled or that are charged.</summary>
    public Minutes SettledMinutes => Matching.SettledBy(FulfilledBy);
}

/// <summary>
/// Finds the planned visit that a visit fulfils. A visit replaces its planned occurrence exactly once, even if it is
/// late, early, moved to another day, or sent twice; care that fulfils nothing is extra (api.md, plannedStart).
/// </summary>
public static class Matching
{
    /// <summary>
    /// The visits that the current plans expect of a line in a range, each with the visits that fulfil it. A fulfilled
    /// visit stays as it was planned when it was fulfilled. If the plan has changed since, the fulfilled visit replaces
    /// the nearest expected visit of its day, unless some version of the plan had both of them. A stay also fulfils the
    /// visits without minutes that are expected during it.
    /// </summary>
    public static IReadOnlyList<ExpectedVisit> Expected(
        FundPlans plans, string lineId, CarePeriod range, IEnumerable<Visit> visits)
    {
        var ofLine = visits.Where(visit => visit.Record.LineId == lineId && visit.Fulfilment.Occurrence is not null)
            .ToList();
        var open = plans.Occurrences(range, lineId).ToList();
        if (ofLine.Count == 0)
            return open.ConvertAll(planned => new ExpectedVisit(planned, []));
        var fulfilledTimes = ofLine.Where(visit => range.Covers(visit.Fulfilment.Occurrence!.Value.Date))
            .GroupBy(visit => visit.Fulfilment.Occurrence!.Value).OrderBy(group => group.Key).ToList();
        var result = new List<ExpectedVisit>();
        foreach (var exact in fulfilledTimes.ToList())
        {
            if (open.Find(planned => planned.Wall == exact.Key) is not { } planned)
                continue;
            open.Remove(planned);
            fulfilledTimes.Remove(exact);
            result.Add(new ExpectedVisit(AsFulfilled(planned, exact.First()), [.. exact]));
        }
        foreach (var moved in fulfilledTimes)
        {
            var first = moved.First();
            var replaced = open.Where(planned => planned.Wall.Date == moved.Key.Date
                    && !plans.EverPlannedBoth(lineId, moved.Key, planned.Wall))
                .MinBy(planned => Distance(planned.Wall, moved.Key));
            if (replaced is not null)
                open.Remove(replaced);
            result.Add(new ExpectedVisit(AsFulfilled(replaced ?? Gone(plans, first), first), [.. moved]));
        }
        result.AddRange(open.Select(planned => new ExpectedVisit(planned, [.. ofLine.Where(visit =>
            planned.Minutes == 0 && visit.Record.IsStay && visit.Record.IsDuring(planned.Start.ToInstant()))])));
        return [.. result.OrderBy(expected => expected.Planned.Wall)];
    }

    /// <summary>A line's minutes of the week: the planned minutes and the visits that draw on them.</summary>
    public static ExpectedWeek Week(FundPlans plans, string lineId, LocalDate monday, IEnumerable<Visit> visits)
    {
        return new ExpectedWeek(lineId, monday, [.. plans.Pools(CarePeriod.WeekOf(monday), lineId)],
            [.. visits.Where(visit => visit.Record.LineId == lineId && visit.Fulfilment.Week == monday)]);
    }

    /// <summary>
    /// The part of the plan that a visit fulfils, and the minutes that are charged if the visit was not given.
    /// </summary>
    /// <param name="plans">The fund's plans.</param>
    /// <param name="record">The visit.</param>
    /// <param name="others">
    /// The fund's other visits that fulfil care of the same days, without the visit itself.
    /// </param>
    /// <param name="isCharged">Whether the visit is charged although it was not given.</param>
    /// <param name="paid">The payer of the visit; null to take the payer from the plans as they now are.</param>
    public static Fulfilment MatchPlanned(FundPlans plans, VisitRecord record, IReadOnlyCollection<Visit> others,
        bool isCharged = false, PaidFrom? paid = null)
    {
        var moment = record.PlannedStart ?? record.Start
            ?? throw new ArgumentException("A visit without any time has no day.", nameof(record));
        var day = London.DayOf(moment);
        var (isUntimed, fits) = UnitOf(plans, record, paid ?? PaidFrom.By(plans, record));
        var given = isUntimed ? Minutes.Zero : record.Given;
        if (!fits)
            return new Fulfilment { Extra = given };
        if (plans.LineOn(record.LineId, day) is { WeeklyMinutes: not null })
        {
            var monday = CarePeriod.MondayOf(day);
            var week = Week(plans, record.LineId, monday, others);
            var free = week.CarerMinutes - week.SettledMinutes;
            var drawn = Minutes.Min(given, free);
            return new Fulfilment
            {
                Week = monday, Fulfilled = drawn, Extra = given - drawn,
                Charged = isCharged ? Charged(record, record.PlannedCarerMinutes, free) : Minutes.Zero,
                UntimedCharged = isCharged && isUntimed,
            };
        }
        var expected = Expected(plans, record.LineId, new CarePeriod(day, day), others);
        if (FindFulfilled(expected, record) is not { } chosen)
            return new Fulfilment { Extra = given };
        var fulfilled = Minutes.Min(given, Minutes.Max(Minutes.Zero, chosen.FreeMinutes));
        var places = Math.Min(record.Carers, chosen.FreeSlots);
        return new Fulfilment
        {
            Occurrence = chosen.Planned.Wall,
            OccurrenceMinutes = chosen.Planned.Minutes,
            OccurrenceCarers = chosen.Planned.Carers,
            CarerSlots = places,
            Fulfilled = fulfilled,
            Extra = given - fulfilled,
            Charged = isCharged
                ? Charged(record, new Minutes(chosen.Planned.Minutes) * places, chosen.FreeMinutes) : Minutes.Zero,
            UntimedCharged = isCharged && isUntimed && places > 0,
        };
    }

    /// <summary>
    /// IsUntimed tells whether the unit of the visit's price has no minutes. Fits tells whether the visit can fulfil
    /// its line's plan. It can if its allocation covers its days and its service is the line's. A visit of another
    /// service also fits if both services have minutes; miles cannot replace a visit, an hour or a stay.
    /// </summary>
    private static (bool IsUntimed, bool Fits) UnitOf(FundPlans plans, VisitRecord record, PaidFrom? paid)
    {
        if (paid is null)
            return (false, true);
        var careOn = London.DayOf(record.Moment!.Value);
        var isUntimed = plans.UntimedOn(paid.AllocationId, paid.Service, careOn) is not null;
        if (paid.NotCovered || plans.LineAbout(record.LineId, careOn) is not { } line)
            return (isUntimed, !paid.NotCovered);
        return (isUntimed, paid.Service == line.Service
            || (!isUntimed && plans.UntimedOn(line.AllocationId, line.Service, careOn) is null));
    }

    /// <summary>
    /// The minutes charged for a visit that was not given: its planned minutes, but no more than are free, in whole
    /// minutes for each carer.
    /// </summary>
    public static Minutes Charged(VisitRecord record, Minutes planned, Minutes free)
    {
        var max = Minutes.Max(Minutes.Zero, Minutes.Min(planned, free));
        return new Minutes(max.Count / record.Carers) * record.Carers;
    }

    /// <summary>The planned carer-minutes that visits have fulfilled or are charged for.</summary>
    internal static Minutes SettledBy(IEnumerable<Visit> visits) =>
        Minutes.Sum(visits.Select(visit => visit.Fulfilment.Settled));

    // The planned start identifies the occurrence. If no place is free there, the visit fulfils nothing. A visit
    // without a planned start, or with one that no plan has, fulfils the nearest free occurrence of the day.
    private static ExpectedVisit? FindFulfilled(IReadOnlyList<ExpectedVisit> expected, VisitRecord record)
    {
        var open = expected.Where(planned => planned.FreeSlots > 0);
        if (record.PlannedStart is { } named)
        {
            var sought = named.ToInstant();
            var matches = expected.Where(planned => planned.Planned.Start.ToInstant() == sought).ToList();
            if (matches.Count > 0)
                return matches.Find(planned => planned.FreeSlots > 0);
        }
        var near = (record.PlannedStart ?? record.Start)!.Value.ToInstant();
        return open.MinBy(planned => (Distance(planned.Planned.Start.ToInstant(), near), planned.Planned.Wall));
    }

    private static Duration Distance(Instant one, Instant other) => one > other ? one - other : other - one;

    private static long Distance(LocalDateTime one, LocalDateTime other) =>
        Math.Abs(Period.Between(one, other, PeriodUnits.Seconds).Seconds);

    private static Occurrence AsFulfilled(Occurrence planned, Visit visit) => planned with
    {
        Wall = visit.Fulfilment.Occurrence!.Value,
        Start = PlannedTimes.MomentOf(visit.Fulfilment.Occurrence.Value),
        Minutes = visit.Fulfilment.OccurrenceMinutes,
        Carers = visit.Fulfilment.OccurrenceCarers,
    };

    // Builds the expected visit that a visit fulfilled and that the plan no longer has, so that it is still accounted
    // for.
    private static Occurrence Gone(FundPlans plans, Visit visit) => new()
    {
        LineId = visit.Record.LineId,
        AllocationId = visit.AllocationId,
        Service = visit.Service,
        Purpose = plans.LineAbout(visit.Record.LineId, visit.CareOn)?.Purpose ?? "",
        Wall = visit.Fulfilment.Occurrence!.Value,
        Start = PlannedTimes.MomentOf(visit.Fulfilment.Occurrence.Value),
        Minutes = visit.Fulfilment.OccurrenceMinutes,
        Carers = visit.Fulfilment.OccurrenceCarers,
    };
}
