using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;
using StoredVisit = Isf.Support.Domain.Visit;

namespace Isf.Support.Delivery;

/// <summary>Publishes changes of care: visits and planned days, at most 500 in a message.</summary>
internal static class CareAnnouncements
{
    /// <summary>The largest number of items in one message (design §5).</summary>
    public const int Max = 500;

    /// <summary>
    /// Writes the accepted visits and publishes them. Refused and unchanged visits are neither written nor published.
    /// </summary>
    /// <param name="session">The session, with the funds of all visits locked.</param>
    /// <param name="cause">The cause, the same on every retry.</param>
    /// <param name="results">The results of recording, no visit id twice.</param>
    /// <param name="plans">The funds of the visits, with their plans.</param>
    /// <returns>
    /// The visits as written, including visits of the same groups whose share of the person's time changed.
    /// </returns>
    public static async Task<IReadOnlyList<StoredVisit>> RecordAsync(
        Session session, string cause, IReadOnlyList<RecordResult> results, IReadOnlyDictionary<string, FundCare> plans)
    {
        var visits = await InGroupsAsync(session, results);
        await WriteAsync(session, cause, visits);
        foreach (var given in results.Where(recordResult => recordResult.ReleasedDays is not null)
            .GroupBy(recordResult => recordResult.Visit!.Record.FundId))
        {
            var days = given.Select(recordResult => recordResult.ReleasedDays!.Value).ToList();
            await AnnounceDaysAsync(session, $"{cause}/{given.Key}", given.Key, plans[given.Key].Plans,
                new CarePeriod(CarePeriod.MondayOf(days.Min(day => day.From)), days.Max(day => day.To)),
                onlyAnnounced: true);
        }
        await AnnounceTouchedAsync(session, cause, results.SelectMany(Touched));
        return visits;
    }

    /// <summary>
    /// Matches visits of a fund with the plan again after the fund's plans or allocations have changed, because another
    /// allocation may now pay for them. Writes and publishes the visits that change. The caller publishes the planned
    /// days, once.
    /// </summary>
    /// <param name="session">The session, with the fund locked.</param>
    /// <param name="cause">The cause, the same on every retry.</param>
    /// <param name="fund">The fund as it is now, with its terms about care that is not given.</param>
    /// <param name="visits">The fund's visits that another allocation may pay for, in order of time.</param>
    /// <param name="pools">
    /// The lines and Mondays of further weekly minutes that visits may draw on differently, although the same
    /// allocation pays for them.
    /// </param>
    /// <returns>The first day that a changed visit touches; null if no visit has changed.</returns>
    public static async Task<LocalDate?> PayAgainAsync(Session session, string cause, FundCare fund,
        IReadOnlyList<StoredVisit> visits, IReadOnlyCollection<(string LineId, LocalDate Monday)> pools)
    {
        var rows = new VisitTable(session);
        var weeks = VisitRecorder.PoolsPaidElsewhere(fund.Plans, visits).Concat(pools).Select(pool => pool.Monday)
            .Distinct().Select(monday => (fund.FundId, CarePeriod.WeekOf(monday))).ToList();
        var ofWeeks = weeks.Count == 0 ? [] : await rows.OfWeeksAsync(weeks);
        var all = visits.Concat(ofWeeks.Where(visit => !visit.ForAbsence)).DistinctBy(visit => visit.Record.VisitId)
            .OrderBy(visit => visit.CareOn).ThenBy(visit => visit.Record.Moment!.Value.ToInstant())
            .ThenBy(visit => visit.Record.VisitId, StringComparer.Ordinal).ToList();
        var fulfilling = await rows.FulfillingAsync(
            [.. all.SelectMany(visit => VisitRecorder.DaysToFulfil(visit.Record)).Distinct()]);
        var recording = new VisitRecorder(new Dictionary<string, FundCare> { [fund.FundId] = fund }, all, fulfilling);
        var results = recording.RecordAgain(fund.Plans, all, pools);
        if (results.Count == 0)
            return null;
        await WriteAsync(session, cause, await InGroupsAsync(session, results));
        var days = results.SelectMany(Touched).ToList();
        await AnnounceTouchedAsync(session, cause, days);
        return days.Min(day => day.On);
    }

    // Returns the new and updated visits. If carers came together, each visit has a share of the person's time, so a
    // visit of the same group whose share changes is returned as corrected too.
    private static async Task<List<StoredVisit>> InGroupsAsync(Session session, IReadOnlyList<RecordResult> results)
    {
        var changed = results.Where(recordResult => recordResult.Outcome is RecordOutcome.New or RecordOutcome.Updated)
            .ToList();
        var visits = changed.ConvertAll(recordResult => recordResult.Visit!);
        var groups = visits.Concat(changed.Select(recordResult => recordResult.Before).OfType<StoredVisit>())
            .Where(visit => visit.Record.VisitGroup is not null)
            .Select(visit => (visit.Record.FundId, visit.Record.VisitGroup!)).Distinct().ToList();
        if (groups.Count == 0)
            return visits;
        var all = (await new VisitTable(session).OfGroupsAsync(groups))
            .ToDictionary(visit => visit.Record.VisitId, StringComparer.Ordinal);
        var places = visits.Select((visit, place) => (visit.Record.VisitId, place)).ToDictionary();
        foreach (var visit in visits)
            all[visit.Record.VisitId] = visit;
        foreach (var group in all.Values.Where(visit => visit.Record.VisitGroup is not null)
            .GroupBy(visit => (visit.Record.FundId, visit.Record.VisitGroup)))
        {
            var shares = CareGroup.PersonMinutes(group);
            foreach (var visit in group.Where(visit => visit.PersonMinutes != shares[visit.Record.VisitId]))
            {
                var shared = visit with { PersonMinutes = shares[visit.Record.VisitId] };
                if (places.TryGetValue(visit.Record.VisitId, out var place))
                    visits[place] = shared;
                else
                    visits.Add(shared with { Version = visit.Version + 1 });
            }
        }
        return visits;
    }

    /// <summary>
    /// Writes visits in their new version, and publishes them: version 1 as recorded, a later version as corrected.
    /// </summary>
    public static async Task WriteAsync(Session session, string cause, IReadOnlyList<StoredVisit> visits)
    {
        await new VisitTable(session).WriteAsync(visits);
        var recorded = InMessages(visits.Where(visit => visit.Version == 1));
        foreach (var (some, number) in recorded.Select((some, number) => (some, number)))
        {
            session.Publish(
                new VisitsRecorded { Visits = Array.ConvertAll(some, Recorded) },
                $"{cause}/{number}", FundsOf(some));
        }
        var corrected = InMessages(visits.Where(visit => visit.Version > 1));
        foreach (var (some, number) in corrected.Select((some, number) => (some, number)))
        {
            session.Publish(
                new VisitCorrected { Visits = Array.ConvertAll(some, Recorded) },
                $"{cause}/{number}", FundsOf(some));
        }
    }

    // A fund's visits stay in one message where they fit, so that two messages consumed at once do not wait for one
    // fund's lock.
    private static IEnumerable<StoredVisit[]> InMessages(IEnumerable<StoredVisit> visits)
    {
        var message = new List<StoredVisit>();
        foreach (var fund in visits.GroupBy(visit => visit.Record.FundId, StringComparer.Ordinal))
        {
            foreach (var some in fund.Chunk(Max))
            {
                if (message.Count + some.Length > Max)
                {
                    yield return [.. message];
                    message.Clear();
                }
                message.AddRange(some);
            }
        }
        if (message.Count > 0)
            yield return [.. message];
    }

    /// <summary>
    /// Publishes WeeksTouched for each fund with a change in a closed week, so that the first such week and the closed
    /// weeks after it are closed again.
    /// </summary>
    /// <param name="session">The session, with the funds locked, so that no week is closed meanwhile.</param>
    /// <param name="cause">The cause, the same on every retry.</param>
    /// <param name="days">The days that changed.</param>
    public static async Task AnnounceTouchedAsync(
        Session session, string cause, IEnumerable<(string FundId, LocalDate On)> days)
    {
        var from = days.GroupBy(day => day.FundId, StringComparer.Ordinal)
            .Select(fund => new TouchedWeek(fund.Key, CarePeriod.MondayOf(fund.Min(day => day.On)))).ToList();
        if (from.Count == 0)
            return;
        var closed = await ClosedWeekTable.ClosedToAsync(session, [.. from.Select(week => week.FundId)]);
        var touched = from.Where(week => closed.TryGetValue(week.FundId, out var to) && to >= week.WeekFrom);
        foreach (var (weeks, number) in touched.Chunk(Max).Select((weeks, number) => (weeks, number)))
        {
            session.Publish(new WeeksTouched { Weeks = weeks }, $"{cause}/{number}",
                [.. weeks.Select(week => week.FundId)]);
        }
    }

    /// <summary>
    /// Publishes the difference between a fund's planned minutes and the minutes published before, and saves the
    /// planned minutes as published.
    /// </summary>
    /// <param name="session">The session, with the fund locked.</param>
    /// <param name="cause">The cause, the same on every retry.</param>
    /// <param name="fundId">The fund.</param>
    /// <param name="plans">The fund's current plans.</param>
    /// <param name="range">The days to publish, from a Monday so that weekly minutes are whole.</param>
    /// <param name="onlyAnnounced">Whether days not yet published are left to the nightly run.</param>
    public static async Task AnnounceDaysAsync(
        Session session, string cause, string fundId, FundPlans plans, CarePeriod range, bool onlyAnnounced = false)
    {
        if (onlyAnnounced)
        {
            var plannedTo = await FundTable.PlannedToAsync(session, fundId);
            if (plannedTo is null || plannedTo < range.From)
                return;
            range = range with { To = LocalDate.Min(plannedTo.Value, range.To!.Value) };
        }
        // Days after the last day of a closed fund are left out, because the Ledger takes their planned care back
        // itself.
        if (plans.LastDay is { } last && last < range.To)
            range = range with { To = last };
        if (range.To < range.From)
            return;
        var visits = await new VisitTable(session).FulfillingAsync(fundId, range.From, range.To!.Value);
        var announced = await FundTable.AnnouncedAsync(session, fundId, range);
        var difference = PlannedDays.Difference(PlannedDays.MinutesByDay(plans, range, visits), announced);
        Publish(session, cause, fundId, difference);
        FundTable.SaveAnnounced(session, fundId, difference.After);
        await AnnounceTouchedAsync(session, $"{cause}/days", difference.After.Select(day => (fundId, day.On)));
    }

    /// <summary>A visit as published to the other services.</summary>
    public static RecordedVisit Recorded(StoredVisit visit) => new()
    {
        VisitId = visit.Record.VisitId,
        Version = visit.Version,
        FundId = visit.Record.FundId,
        LineId = visit.Record.LineId,
        AllocationId = visit.AllocationId,
        Service = visit.Service,
        CareOn = visit.CareOn,
        WorkerId = visit.Record.WorkerId,
        PlannedStart = visit.Record.PlannedStart,
        // A price can depend on the planned minutes, so a visit that names none is published with the minutes of its
        // occurrence.
        PlannedMinutes = visit.Record.PlannedMinutes
            ?? (visit.Fulfilment.Occurrence is null ? null : visit.Fulfilment.OccurrenceMinutes),
        Start = visit.Record.Start,
        End = visit.Record.End,
        Carers = visit.Record.Carers,
        Outcome = VisitInput.NameOf(visit.Record.Outcome),
        NoticeHours = visit.Record.NoticeHours,
        Miles = visit.Record.Miles,
        Quantity = visit.Record.Quantity,
        Disturbances = visit.Record.Disturbances?.Select(woken => new Disturbance(woken.Start, woken.End)).ToList(),
        AnswersMinutes = visit.Fulfilment.Fulfilled.Count,
        ExtraMinutes = visit.Fulfilment.Extra.Count,
        ChargedNotGivenMinutes =
            visit.Record.Outcome == VisitOutcome.Delivered ? null : visit.Fulfilment.Charged.Count,
        ChargedNotGiven = visit.Fulfilment.UntimedCharged ? true : null,
        PersonMinutes = visit.PersonMinutes?.Count,
        NotCovered = visit.NotCovered ? true : null,
    };

    // The days that a recorded or corrected visit touches: its day of care, and the planned day or the Monday of the
    // week that it fulfils. Those of the visit before its correction are included.
    private static IEnumerable<(string FundId, LocalDate On)> Touched(RecordResult result) =>
        from visit in new[] { result.Visit, result.Before }
        where visit is not null && result.Outcome is RecordOutcome.New or RecordOutcome.Updated
        from day in new LocalDate?[] { visit.CareOn, visit.Fulfilment.Occurrence?.Date, visit.Fulfilment.Week }
        where day is not null
        select (visit.Record.FundId, day.Value);

    private static void Publish(Session session, string cause, string fundId, DayChanges difference)
    {
        PlannedDay DayOf(DayChange day) => new(fundId, day.On, day.Revision,
            [.. day.Lines.Select(line => new PlannedMinutes(line.Key, line.Value))]);
        foreach (var (days, number) in difference.Unplanned.Chunk(Max).Select((days, number) => (days, number)))
        {
            session.Publish(new DaysUnplanned { Days = Array.ConvertAll(days, DayOf) },
                $"{cause}/{number}", fundId);
        }
        foreach (var (days, number) in difference.Planned.Chunk(Max).Select((days, number) => (days, number)))
        {
            session.Publish(new DaysPlanned { Days = Array.ConvertAll(days, DayOf) },
                $"{cause}/{number}", fundId);
        }
    }

    private static string[] FundsOf(StoredVisit[] visits) =>
        [.. visits.Select(visit => visit.Record.FundId).Distinct(StringComparer.Ordinal)];
}
