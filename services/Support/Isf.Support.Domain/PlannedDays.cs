using System.Collections.Immutable;
using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The published plan of one fund's day: planned carer-minutes by line, and the number of the day's latest
/// publication.
/// </summary>
public sealed record AnnouncedDay(LocalDate On, int Revision, ImmutableSortedDictionary<string, long> Lines);

/// <summary>The minutes, by line, that one publication adds to a day or takes from it.</summary>
public sealed record DayChange(LocalDate On, int Revision, ImmutableSortedDictionary<string, long> Lines);

/// <summary>
/// The difference to publish after a change of plan: the minutes taken from days and the minutes added to days. After
/// holds each changed day as it stands once the difference is published.
/// </summary>
public sealed record DayChanges(
    IReadOnlyList<DayChange> Unplanned, IReadOnlyList<DayChange> Planned, IReadOnlyList<AnnouncedDay> After);

/// <summary>
/// Calculates the minutes planned for each day. They are published once; after a change of plan, only the difference is
/// published. Minutes that visits have fulfilled stay planned (design §4, day planned and unplanned).
/// </summary>
public static class PlannedDays
{
    private static readonly ImmutableSortedDictionary<string, long> None =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>
    /// The planned carer-minutes of each day of the range, by line. Days without planned minutes are left out.
    /// </summary>
    public static SortedDictionary<LocalDate, ImmutableSortedDictionary<string, long>> MinutesByDay(
        FundPlans plans, CarePeriod range, IReadOnlyCollection<Visit> visits)
    {
        var days = new SortedDictionary<LocalDate, ImmutableSortedDictionary<string, long>>();
        void Add(LocalDate on, string lineId, Minutes length)
        {
            if (length == Minutes.Zero || !range.Covers(on))
                return;
            var day = days.GetValueOrDefault(on, None);
            days[on] = day.SetItem(lineId, day.GetValueOrDefault(lineId) + length.Count);
        }
        var byLine = visits.ToLookup(visit => visit.Record.LineId, StringComparer.Ordinal);
        foreach (var lineId in plans.LineIds.Union(byLine.Select(line => line.Key), StringComparer.Ordinal))
        {
            foreach (var expected in Matching.Expected(plans, lineId, range, byLine[lineId]))
                Add(expected.Planned.Wall.Date, lineId, expected.Planned.CarerMinutes);
            var drawnOn = byLine[lineId].Where(visit => visit.Fulfilment.Week is not null)
                .ToLookup(visit => visit.Fulfilment.Week);
            foreach (var pool in plans.Pools(range, lineId))
                Add(pool.On, lineId, pool.CarerMinutes);
            foreach (var drawn in drawnOn)
            {
                var week = Matching.Week(plans, lineId, drawn.Key!.Value, drawn);
                var on = week.Planned.Count > 0 ? week.Planned[0].On : week.Monday;
                Add(on, lineId, week.CarerMinutes - week.PlannedMinutes);
            }
        }
        return days;
    }

    /// <summary>The difference between the days as they are now planned and as they were published.</summary>
    public static DayChanges Difference(
        SortedDictionary<LocalDate, ImmutableSortedDictionary<string, long>> target,
        IEnumerable<AnnouncedDay> announced)
    {
        var before = announced.ToDictionary(day => day.On);
        var (unplanned, planned, after) = (new List<DayChange>(), new List<DayChange>(), new List<AnnouncedDay>());
        foreach (var on in target.Keys.Union(before.Keys).Order())
        {
            var day = before.GetValueOrDefault(on) ?? new AnnouncedDay(on, 0, None);
            var now = target.GetValueOrDefault(on, None);
            var less = Above(day.Lines, now);
            var more = Above(now, day.Lines);
            var revision = day.Revision;
            if (less.Count > 0)
                unplanned.Add(new DayChange(on, ++revision, less));
            if (more.Count > 0)
                planned.Add(new DayChange(on, ++revision, more));
            if (revision > day.Revision)
                after.Add(new AnnouncedDay(on, revision, now));
        }
        return new DayChanges(unplanned, planned, after);
    }

    private static ImmutableSortedDictionary<string, long> Above(
        ImmutableSortedDictionary<string, long> one, ImmutableSortedDictionary<string, long> other) =>
        one.Select(line => KeyValuePair.Create(line.Key, line.Value - other.GetValueOrDefault(line.Key)))
            .Where(line => line.Value > 0).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
