using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;
using Answered = Isf.Support.Domain.Visit;

namespace Isf.Support.Persistence;

/// <summary>Publishes changes of care: visits and planned days, at most 500 in a message.</summary>
internal static class CareSaid
{
    /// <summary>The most items of one message (design §5).</summary>
    public const int Most = 500;

    /// <summary>
    /// Writes the accepted visits and publishes them. Refused and unchanged visits leave no trace here.
    /// </summary>
    /// <param name="session">The session, with the funds of all visits locked.</param>
    /// <param name="cause">The cause, the same on every retry.</param>
    /// <param name="taken">The visits, no id twice.</param>
    /// <param name="plans">The plans of their funds.</param>
    /// <returns>The visits as written, including those of a group that changed with them.</returns>
    public static async Task<IReadOnlyList<Answered>> RecordAsync(
        Session session, string cause, IReadOnlyList<Taken> taken, IReadOnlyDictionary<string, KnownFund> plans)
    {
        var visits = await InGroupsAsync(session, taken);
        await WriteAsync(session, cause, visits);
        foreach (var given in taken.Where(one => one.GivenBack is not null).GroupBy(one => one.Visit!.Words.FundId))
        {
            var days = given.Select(one => one.GivenBack!.Value).ToList();
            await SayDaysAsync(session, $"{cause}/{given.Key}", given.Key, plans[given.Key].Plans,
                new CarePeriod(CarePeriod.MondayOf(days.Min(day => day.From)), days.Max(day => day.To)),
                onlySaid: true);
        }
        await SayTouchedAsync(session, cause, taken.SelectMany(Touched));
        return visits;
    }

    /// <summary>
    /// Decides again the visits of a fund that may be paid from another allocation, now that its plans or allocations
    /// have changed; writes and publishes them. The caller publishes the planned days, once.
    /// </summary>
    /// <param name="session">The session, with the fund locked.</param>
    /// <param name="cause">What changed.</param>
    /// <param name="fund">The fund as it is now, with its terms about care that is not given.</param>
    /// <param name="visits">Its visits that another allocation may pay for, in order of time.</param>
    /// <param name="pools">
    /// Weekly minutes that may be shared out differently although the allocation stays the same.
    /// </param>
    /// <returns>The first day with a changed answer; null if there is none.</returns>
    public static async Task<LocalDate?> PayAgainAsync(Session session, string cause, KnownFund fund,
        IReadOnlyList<Answered> visits, IReadOnlyCollection<(string LineId, LocalDate Monday)> pools)
    {
        var rows = new VisitRows(session);
        var weeks = Recording.PoolsPaidElsewhere(fund.Plans, visits).Concat(pools).Select(pool => pool.Monday)
            .Distinct().Select(monday => (fund.FundId, CarePeriod.WeekOf(monday))).ToList();
        var ofWeeks = weeks.Count == 0 ? [] : await rows.OfWeeksAsync(weeks);
        var all = visits.Concat(ofWeeks.Where(visit => !visit.ForAbsence)).DistinctBy(visit => visit.Words.VisitId)
            .OrderBy(visit => visit.CareOn).ThenBy(visit => visit.Words.Moment!.Value.ToInstant())
            .ThenBy(visit => visit.Words.VisitId, StringComparer.Ordinal).ToList();
        var answering = await rows.AnsweringAsync(
            [.. all.SelectMany(visit => Recording.DaysAsked(visit.Words)).Distinct()]);
        var recording = new Recording(new Dictionary<string, KnownFund> { [fund.FundId] = fund }, all, answering);
        var taken = recording.TakeAgain(fund.Plans, all, pools);
        if (taken.Count == 0)
            return null;
        await WriteAsync(session, cause, await InGroupsAsync(session, taken));
        var days = taken.SelectMany(Touched).ToList();
        await SayTouchedAsync(session, cause, days);
        return days.Min(day => day.On);
    }

    // The new and updated visits. If carers came together, each visit stands for its share of the person's time: a
    // visit of the group whose share changes is corrected too.
    private static async Task<List<Answered>> InGroupsAsync(Session session, IReadOnlyList<Taken> taken)
    {
        var changed = taken.Where(one => one.As is TakenAs.New or TakenAs.Updated).ToList();
        var visits = changed.ConvertAll(one => one.Visit!);
        var groups = visits.Concat(changed.Select(one => one.Before).OfType<Answered>())
            .Where(visit => visit.Words.VisitGroup is not null)
            .Select(visit => (visit.Words.FundId, visit.Words.VisitGroup!)).Distinct().ToList();
        if (groups.Count == 0)
            return visits;
        var all = (await new VisitRows(session).OfGroupsAsync(groups))
            .ToDictionary(visit => visit.Words.VisitId, StringComparer.Ordinal);
        var places = visits.Select((visit, place) => (visit.Words.VisitId, place)).ToDictionary();
        foreach (var visit in visits)
            all[visit.Words.VisitId] = visit;
        foreach (var group in all.Values.Where(visit => visit.Words.VisitGroup is not null)
            .GroupBy(visit => (visit.Words.FundId, visit.Words.VisitGroup)))
        {
            var shares = CareGroup.PersonMinutes(group);
            foreach (var visit in group.Where(visit => visit.PersonMinutes != shares[visit.Words.VisitId]))
            {
                var shared = visit with { PersonMinutes = shares[visit.Words.VisitId] };
                if (places.TryGetValue(visit.Words.VisitId, out var place))
                    visits[place] = shared;
                else
                    visits.Add(shared with { Version = visit.Version + 1 });
            }
        }
        return visits;
    }

    /// <summary>
    /// Writes visits in their new version, and publishes them: version 1 as recorded, a later one as corrected.
    /// </summary>
    public static async Task WriteAsync(Session session, string cause, IReadOnlyList<Answered> visits)
    {
        await new VisitRows(session).WriteAsync(visits);
        var recorded = InMessages(visits.Where(visit => visit.Version == 1));
        foreach (var (some, number) in recorded.Select((some, number) => (some, number)))
        {
            session.Publish(new VisitsRecorded { HolderId = session.HolderId, Visits = Array.ConvertAll(some,
                Recorded) },
                $"{cause}/{number}", FundsOf(some));
        }
        var corrected = InMessages(visits.Where(visit => visit.Version > 1));
        foreach (var (some, number) in corrected.Select((some, number) => (some, number)))
        {
            session.Publish(new VisitCorrected { HolderId = session.HolderId, Visits = Array.ConvertAll(some,
                Recorded) },
                $"{cause}/{number}", FundsOf(some));
        }
    }

    // A fund's visits stay together, so that two messages consumed at once do not wait for one fund's books.
    private static IEnumerable<Answered[]> InMessages(IEnumerable<Answered> visits)
    {
        var message = new List<Answered>();
        foreach (var fund in visits.GroupBy(visit => visit.Words.FundId, StringComparer.Ordinal))
        {
            foreach (var some in fund.Chunk(Most))
            {
                if (message.Count + some.Length > Most)
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
    /// Publishes that something about these days changed: the closed weeks among them are to be closed again.
    /// </summary>
    /// <param name="session">The session, with the funds locked, so that no closing comes between.</param>
    /// <param name="cause">The change.</param>
    /// <param name="days">The days that changed.</param>
    public static async Task SayTouchedAsync(
        Session session, string cause, IEnumerable<(string FundId, LocalDate On)> days)
    {
        var from = days.GroupBy(day => day.FundId, StringComparer.Ordinal)
            .Select(fund => new TouchedWeek(fund.Key, CarePeriod.MondayOf(fund.Min(day => day.On)))).ToList();
        if (from.Count == 0)
            return;
        var closed = await ClosedRows.ClosedToAsync(session, [.. from.Select(week => week.FundId)]);
        var touched = from.Where(week => closed.TryGetValue(week.FundId, out var to) && to >= week.WeekFrom);
        foreach (var (weeks, number) in touched.Chunk(Most).Select((weeks, number) => (weeks, number)))
        {
            session.Publish(new WeeksTouched { HolderId = session.HolderId, Weeks = weeks }, $"{cause}/{number}",
                [.. weeks.Select(week => week.FundId)]);
        }
    }

    /// <summary>
    /// Publishes the difference between a fund's planned minutes and those published before, and keeps the new ones.
    /// </summary>
    /// <param name="session">The session, with the fund locked.</param>
    /// <param name="cause">The cause.</param>
    /// <param name="fundId">The fund.</param>
    /// <param name="plans">Its current plans.</param>
    /// <param name="range">The days to publish, from a Monday so that weekly minutes are whole.</param>
    /// <param name="onlySaid">Whether days not yet published are left to the nightly run.</param>
    public static async Task SayDaysAsync(
        Session session, string cause, string fundId, FundPlans plans, CarePeriod range, bool onlySaid = false)
    {
        if (onlySaid)
        {
            var plannedTo = await FundRows.PlannedToAsync(session, fundId);
            if (plannedTo is null || plannedTo < range.From)
                return;
            range = range with { To = LocalDate.Min(plannedTo.Value, range.To!.Value) };
        }
        // Planned care after the last day of a closed fund is taken back in the books.
        if (plans.LastDay is { } last && last < range.To)
            range = range with { To = last };
        if (range.To < range.From)
            return;
        var visits = await new VisitRows(session).AnsweringAsync(fundId, range.From, range.To!.Value);
        var said = await FundRows.SaidAsync(session, fundId, range);
        var difference = PlannedDays.Difference(PlannedDays.Of(plans, range, visits), said);
        Say(session, cause, fundId, difference);
        FundRows.KeepSaid(session, fundId, difference.After);
        await SayTouchedAsync(session, $"{cause}/days", difference.After.Select(day => (fundId, day.On)));
    }

    /// <summary>A visit as published to the other services.</summary>
    public static RecordedVisit Recorded(Answered visit) => new()
    {
        VisitId = visit.Words.VisitId,
        Version = visit.Version,
        FundId = visit.Words.FundId,
        LineId = visit.Words.LineId,
        AllocationId = visit.AllocationId,
        Service = visit.Service,
        CareOn = visit.CareOn,
        WorkerId = visit.Words.WorkerId,
        PlannedStart = visit.Words.PlannedStart,
        // A price can depend on the plan: a visit without planned minutes has those of the occurrence that it answers.
        PlannedMinutes = visit.Words.PlannedMinutes
            ?? (visit.Answer.Occurrence is null ? null : visit.Answer.OccurrenceMinutes),
        Start = visit.Words.Start,
        End = visit.Words.End,
        Carers = visit.Words.Carers,
        Outcome = VisitOffer.Word(visit.Words.Outcome),
        NoticeHours = visit.Words.NoticeHours,
        Miles = visit.Words.Miles,
        Quantity = visit.Words.Quantity,
        Disturbances = visit.Words.Disturbances?.Select(woken => new Disturbance(woken.Start, woken.End)).ToList(),
        AnswersMinutes = visit.Answer.AnswersMinutes,
        ExtraMinutes = visit.Answer.ExtraMinutes,
        ChargedNotGivenMinutes =
            visit.Words.Outcome == VisitOutcome.Delivered ? null : visit.Answer.ChargedMinutes,
        ChargedNotGiven = visit.Answer.UntimedCharged ? true : null,
        PersonMinutes = visit.PersonMinutes,
        NotCovered = visit.NotCovered ? true : null,
    };

    // The days of care, and the planned days answered, of a visit before and after its change.
    private static IEnumerable<(string FundId, LocalDate On)> Touched(Taken taken) =>
        from visit in new[] { taken.Visit, taken.Before }
        where visit is not null && taken.As is TakenAs.New or TakenAs.Updated
        from day in new LocalDate?[] { visit.CareOn, visit.Answer.Occurrence?.Date, visit.Answer.Week }
        where day is not null
        select (visit.Words.FundId, day.Value);

    private static void Say(Session session, string cause, string fundId, DaySayings difference)
    {
        PlannedDay Told(DaySaying day) => new(fundId, day.On, day.Revision,
            [.. day.Lines.Select(line => new PlannedMinutes(line.Key, line.Value))]);
        foreach (var (days, number) in difference.Unplanned.Chunk(Most).Select((days, number) => (days, number)))
        {
            session.Publish(new DaysUnplanned { HolderId = session.HolderId, Days = Array.ConvertAll(days, Told) },
                $"{cause}/{number}", fundId);
        }
        foreach (var (days, number) in difference.Planned.Chunk(Most).Select((days, number) => (days, number)))
        {
            session.Publish(new DaysPlanned { HolderId = session.HolderId, Days = Array.ConvertAll(days, Told) },
                $"{cause}/{number}", fundId);
        }
    }

    private static string[] FundsOf(Answered[] visits) =>
        [.. visits.Select(visit => visit.Words.FundId).Distinct(StringComparer.Ordinal)];
}
