using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;
using Answered = Isf.Support.Domain.Visit;

namespace Isf.Support.Persistence;

/// <summary>Says what has become true of care: visits and planned days, at most 500 in a message.</summary>
internal static class CareSaid
{
    /// <summary>The most items of one message (design §5).</summary>
    public const int Most = 500;

    /// <summary>Writes what was taken, and says it. Refused and unchanged visits leave no trace here.</summary>
    /// <param name="session">The session, with the funds of all visits locked.</param>
    /// <param name="cause">What made it true, the same whenever it is done over again.</param>
    /// <param name="taken">The visits, no id twice.</param>
    /// <param name="plans">The plans of their funds.</param>
    /// <returns>The visits as they were written, those that others of a group changed behind them.</returns>
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
    /// Decides anew those of a fund's visits for which something else pays, now that its plans or allocations have
    /// changed, writes them and says them. The days that are planned are for the caller to say, once.
    /// </summary>
    /// <param name="session">The session, with the fund locked.</param>
    /// <param name="cause">What changed.</param>
    /// <param name="fund">The fund as it now is, with what was agreed about care that is not given.</param>
    /// <param name="visits">Its visits for which something else may pay, in order of time.</param>
    /// <param name="pools">Minutes of a week that may be shared otherwise although the same pays.</param>
    /// <returns>The first day on which something may be answered otherwise; null where all stays as it was.</returns>
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

    // What was taken that is new; and, where carers came together, what of the person's time each of them now stands
    // for: a visit of the group that stands for more or less than before is corrected with it.
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
    /// Writes visits as they now stand, and says them: version 1 as recorded, a later one as corrected.
    /// </summary>
    public static async Task WriteAsync(Session session, string cause, IReadOnlyList<Answered> visits)
    {
        await new VisitRows(session).WriteAsync(visits);
        var recorded = InMessages(visits.Where(visit => visit.Version == 1));
        foreach (var (some, number) in recorded.Select((some, number) => (some, number)))
        {
            session.Say(new VisitsRecorded { HolderId = session.HolderId, Visits = Array.ConvertAll(some, Recorded) },
                $"{cause}/{number}", FundsOf(some));
        }
        var corrected = InMessages(visits.Where(visit => visit.Version > 1));
        foreach (var (some, number) in corrected.Select((some, number) => (some, number)))
        {
            session.Say(new VisitCorrected { HolderId = session.HolderId, Visits = Array.ConvertAll(some, Recorded) },
                $"{cause}/{number}", FundsOf(some));
        }
    }

    // A fund's visits stay together, so that two messages that are heard at once do not wait for one fund's books.
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
    /// Something arrived about these days of funds: those that lie in weeks which are closed are to be closed again.
    /// </summary>
    /// <param name="session">The session, with the funds locked, so that no closing comes between.</param>
    /// <param name="cause">What arrived.</param>
    /// <param name="days">The days that it is about.</param>
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
            session.Say(new WeeksTouched { HolderId = session.HolderId, Weeks = weeks }, $"{cause}/{number}",
                [.. weeks.Select(week => week.FundId)]);
        }
    }

    /// <summary>
    /// Says by how much the planned minutes of a fund's days differ from what was said of them, and keeps what is now
    /// said.
    /// </summary>
    /// <param name="session">The session, with the fund locked.</param>
    /// <param name="cause">What made it true.</param>
    /// <param name="fundId">The fund.</param>
    /// <param name="plans">Its plans as they now are.</param>
    /// <param name="range">The days in question, from a Monday so that weekly minutes are whole.</param>
    /// <param name="onlySaid">Whether days beyond those that have been said are left to the nightly run.</param>
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
        // What was planned beyond the last day of a closed fund is taken back in the books.
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

    /// <summary>A visit as the other services hear of it.</summary>
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
        // A price can depend on the plan: where the visit does not say it, the occurrence that it answers does.
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

    // The days of care, and those of what is or was answered, of a visit and of what it was before.
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
            session.Say(new DaysUnplanned { HolderId = session.HolderId, Days = Array.ConvertAll(days, Told) },
                $"{cause}/{number}", fundId);
        }
        foreach (var (days, number) in difference.Planned.Chunk(Most).Select((days, number) => (days, number)))
        {
            session.Say(new DaysPlanned { HolderId = session.HolderId, Days = Array.ConvertAll(days, Told) },
                $"{cause}/{number}", fundId);
        }
    }

    private static string[] FundsOf(Answered[] visits) =>
        [.. visits.Select(visit => visit.Words.FundId).Distinct(StringComparer.Ordinal)];
}
