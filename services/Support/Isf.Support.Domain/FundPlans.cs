using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>A visit that a plan expects. Its line and wall time identify it within its fund.</summary>
public sealed record Occurrence
{
    public required string LineId { get; init; }
    public required string AllocationId { get; init; }
    public required string Service { get; init; }
    public required string Purpose { get; init; }
    /// <summary>The planned wall time; its day is the day on which its minutes are planned.</summary>
    public required LocalDateTime Wall { get; init; }
    /// <summary>The moment that the wall time means, even on the nights when the clocks change.</summary>
    public required OffsetDateTime Start { get; init; }
    /// <summary>The person's minutes; zero if the line's price has a unit without minutes.</summary>
    public required int Minutes { get; init; }
    public required int Carers { get; init; }

    /// <summary>The minutes as the time book counts them: minutes × carers.</summary>
    public Minutes CarerMinutes => new Minutes(Minutes) * Carers;
}

/// <summary>
/// Minutes that a line may spend on any day of a week. They are planned on the Monday, or on the first day of a plan
/// that starts later in the week. A part of a week gets a seventh of the minutes for each of its days, rounded half up.
/// </summary>
public sealed record WeeklyPool
{
    public required string LineId { get; init; }
    public required LocalDate Monday { get; init; }
    /// <summary>The day on which the minutes are planned: the first of the pool's days.</summary>
    public required LocalDate On { get; init; }
    /// <summary>The last of the pool's days.</summary>
    public required LocalDate To { get; init; }
    public required PlanLine Line { get; init; }
    public required Minutes CarerMinutes { get; init; }

    /// <summary>
    /// The carer-minutes of one of the pool's days if the pool is spread evenly over its days; each carer's part is a
    /// whole number of minutes.
    /// </summary>
    public Minutes OfDay(LocalDate day)
    {
        var (number, days) = (Period.DaysBetween(On, day), Period.DaysBetween(On, To) + 1);
        var person = CarerMinutes.Count / Line.Carers;
        return new Minutes((person * (number + 1) / days) - (person * number / days)) * Line.Carers;
    }
}

/// <summary>A line in one version of a plan, and the days on which it is in force.</summary>
public sealed record LineInForce(string PlanId, PlanVersion Version, PlanLine Line, CarePeriod Days);

/// <summary>All plans of one fund, and the visits that they expect in any range of days (api.md, expected).</summary>
public sealed class FundPlans
{
    private readonly ILookup<string, LineInForce> lines;
    private readonly ILookup<string, LineInForce> written;
    private readonly IReadOnlyDictionary<string, Allocation>? allocations;
    private readonly IReadOnlyCollection<Plan> plans;

    /// <summary>
    /// Starts from all of the fund's plans, in any order, and its allocations. A line of a plan without an end lasts as
    /// long as its allocation. A line has no minutes on days on which its price is in a unit without minutes. A line
    /// plans nothing on days that its allocation does not cover, and nothing after the last day of a closed fund.
    /// </summary>
    public FundPlans(IEnumerable<Plan> plans, IReadOnlyDictionary<string, Allocation>? allocations = null,
        LocalDate? lastDay = null)
    {
        LastDay = lastDay;
        (this.allocations, this.plans) = (allocations, [.. plans]);
        LocalDate? Allocated(PlanVersion version, PlanLine line, LocalDate? to) =>
            version.To is null && allocations?.TryGetValue(line.AllocationId, out var paid) == true
            && !(to < paid.To) ? paid.To : to;
        LocalDate? Until(PlanVersion version, PlanLine line, LocalDate? to) =>
            Allocated(version, line, to) is { } until && !(until > lastDay) ? until : lastDay;
        var all = this.plans.SelectMany(plan => plan.InForce().SelectMany(at => at.Version.Lines
                .Select(line => (Line: line, To: Until(at.Version, line, at.To)))
                .Where(entry => !(entry.To < at.From))
                .Select(entry => new LineInForce(plan.Id, at.Version, entry.Line, new CarePeriod(at.From, entry.To)))))
            .OrderBy(line => line.Days.From).ThenBy(line => line.PlanId, StringComparer.Ordinal).ToList();
        written = all.ToLookup(line => line.Line.LineId, StringComparer.Ordinal);
        lines = all.Select(Paid).OfType<LineInForce>().ToLookup(line => line.Line.LineId, StringComparer.Ordinal);
    }

    // The line, limited to the days that its allocation covers; null if there are no such days. A line whose allocation
    // is not known keeps all its days.
    private LineInForce? Paid(LineInForce line) =>
        allocations?.GetValueOrDefault(line.Line.AllocationId) is not { } paid ? line
            : line.Days.Overlap(paid.Days()) is { } days ? line with { Days = days } : null;

    /// <summary>Whether an allocation is known; always true if the plans were given no allocations.</summary>
    public bool HasAllocation(string allocationId) => allocations?.ContainsKey(allocationId) != false;

    /// <summary>Whether an allocation covers these days; an unknown allocation covers all days.</summary>
    public bool Covers(string allocationId, LocalDate first, LocalDate last) =>
        allocations?.GetValueOrDefault(allocationId)?.Days() is not { } days
            || (days.Covers(first) && days.Covers(last));

    /// <summary>
    /// Whether an allocation covers the day on which a visit begins and, for a stay, each of its days. A night belongs
    /// to the day on which it begins.
    /// </summary>
    public bool Covers(string allocationId, string service, VisitRecord record)
    {
        var first = London.DayOf(record.Moment!.Value);
        return Covers(allocationId, first, UntimedOn(allocationId, service, first)?.IsStay == true
            && record.LastMoment is { } last ? London.DayOf(last) : first);
    }

    /// <summary>The same plans with different allocations.</summary>
    public FundPlans With(IReadOnlyDictionary<string, Allocation> others) => new(plans, others, LastDay);

    /// <summary>The last day of a closed fund; null while the fund is open.</summary>
    public LocalDate? LastDay { get; }

    /// <summary>The lines that any plan of the fund has or had.</summary>
    public IEnumerable<string> LineIds => written.Select(line => line.Key).Order(StringComparer.Ordinal);

    /// <summary>Whether any plan of the fund has or had the line.</summary>
    public bool HasLine(string lineId) => written.Contains(lineId);

    /// <summary>The line if it is in force on the day and its allocation covers the day; otherwise null.</summary>
    public PlanLine? LineOn(string lineId, LocalDate day) =>
        lines[lineId].FirstOrDefault(line => line.Days.Covers(day))?.Line;

    /// <summary>
    /// The line on the given day; null if no plan has ever had the line. On a day that no plan covers, the line has its
    /// last form before that day, or else its first form after it; care given on that day is extra.
    /// </summary>
    public PlanLine? LineAbout(string lineId, LocalDate day) =>
        (written[lineId].FirstOrDefault(line => line.Days.Covers(day))
            ?? written[lineId].LastOrDefault(line => line.Days.From <= day) ?? written[lineId].FirstOrDefault())?.Line;

    /// <summary>Whether some version of a plan, in force or not, has visits of the line at both wall times.</summary>
    public bool EverPlannedBoth(string lineId, LocalDateTime one, LocalDateTime other) => plans
        .SelectMany(plan => plan.Versions)
        .Any(version => version.Lines.Any(line => line.LineId == lineId && line.Schedule is { } slots
            && IsIn(version, slots, one) && IsIn(version, slots, other)));

    private static bool IsIn(PlanVersion version, IReadOnlyList<PlannedSlot> slots, LocalDateTime wall) =>
        slots.Any(slot => slot.Start == wall.TimeOfDay && slot.Falls(wall.Date, WeeksInto(version, wall.Date)));

    private static int WeeksInto(PlanVersion version, LocalDate day) =>
        Period.DaysBetween(CarePeriod.MondayOf(version.From), CarePeriod.MondayOf(day)) / 7;

    /// <summary>
    /// The allocation's entry in Untimed for a service and a day; null if the service has minutes on that day.
    /// </summary>
    public UntimedService? UntimedOn(string allocationId, string service, LocalDate day) =>
        allocations?.GetValueOrDefault(allocationId)?.UntimedOn(service, day);

    private bool IsUntimed(PlanLine line, LocalDate day) =>
        UntimedOn(line.AllocationId, line.Service, day) is not null;

    /// <summary>Every expected visit of the range, of one line or of all, in order of line and time.</summary>
    public IEnumerable<Occurrence> Occurrences(CarePeriod range, string? lineId = null) =>
        from line in lineId is null ? LineIds.SelectMany(id => lines[id]) : lines[lineId]
        let days = line.Days.Overlap(range)
        where days is not null && line.Line.Schedule is not null
        from occurrence in Occurrences(line, days.Value)
        select occurrence;

    /// <summary>The weekly minutes whose planned day lies in the range, of one line or of all.</summary>
    public IEnumerable<WeeklyPool> Pools(CarePeriod range, string? lineId = null) =>
        from line in lineId is null ? LineIds.SelectMany(id => lines[id]) : lines[lineId]
        where line.Line.WeeklyMinutes is not null
        from pool in Pools(line, range)
        where range.Covers(pool.On)
        select pool;

    private IEnumerable<Occurrence> Occurrences(LineInForce line, CarePeriod days)
    {
        for (var day = days.From; day <= days.To; day = day.PlusDays(1))
        {
            var weeks = WeeksInto(line.Version, day);
            var today = line.Line.Schedule!
                .Where(slot => slot.Falls(day, weeks))
                .OrderBy(slot => slot.Start);
            foreach (var slot in today)
            {
                yield return new Occurrence
                {
                    LineId = line.Line.LineId,
                    AllocationId = line.Line.AllocationId,
                    Service = line.Line.Service,
                    Purpose = line.Line.Purpose,
                    Wall = day + slot.Start,
                    Start = PlannedTimes.MomentOf(day + slot.Start),
                    Minutes = IsUntimed(line.Line, day) ? 0 : slot.Minutes,
                    Carers = line.Line.Carers,
                };
            }
        }
    }

    private IEnumerable<WeeklyPool> Pools(LineInForce line, CarePeriod range)
    {
        if (line.Days.Overlap(new CarePeriod(CarePeriod.MondayOf(range.From), range.To)) is not { } days)
            yield break;
        for (var monday = CarePeriod.MondayOf(days.From); monday <= days.To; monday = monday.PlusWeeks(1))
        {
            var covered = line.Days.Overlap(CarePeriod.WeekOf(monday))!.Value;
            var minutes = IsUntimed(line.Line, covered.From) ? 0 : line.Line.WeeklyMinutes!.Value;
            var weekly = new Minutes(minutes) * covered.Days;
            yield return new WeeklyPool
            {
                LineId = line.Line.LineId,
                Monday = monday,
                On = covered.From,
                To = covered.To!.Value,
                Line = line.Line,
                CarerMinutes = new Minutes(((weekly.Count * 2) + 7) / 14) * line.Line.Carers,
            };
        }
    }
}
