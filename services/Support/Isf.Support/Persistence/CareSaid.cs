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
    public static async Task RecordAsync(
        Session session, string cause, IReadOnlyList<Taken> taken, IReadOnlyDictionary<string, KnownFund> plans)
    {
        var recorded = Visits(taken, TakenAs.New).ToList();
        var corrected = Visits(taken, TakenAs.Updated).ToList();
        await new VisitRows(session).WriteAsync([.. recorded, .. corrected]);
        foreach (var (visits, number) in recorded.Chunk(Most).Select((visits, number) => (visits, number)))
        {
            session.Say(new VisitsRecorded { HolderId = session.HolderId, Visits = Array.ConvertAll(visits, Recorded) },
                $"{cause}/{number}", FundsOf(visits));
        }
        foreach (var (visits, number) in corrected.Chunk(Most).Select((visits, number) => (visits, number)))
        {
            session.Say(new VisitCorrected { HolderId = session.HolderId, Visits = Array.ConvertAll(visits, Recorded) },
                $"{cause}/{number}", FundsOf(visits));
        }
        foreach (var given in taken.Where(one => one.GivenBack is not null).GroupBy(one => one.Visit!.Words.FundId))
        {
            var days = given.Select(one => one.GivenBack!.Value).ToList();
            await SayDaysAsync(session, $"{cause}/{given.Key}", given.Key, plans[given.Key].Plans,
                new CarePeriod(CarePeriod.MondayOf(days.Min(day => day.From)), days.Max(day => day.To)),
                onlySaid: true);
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
    };

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

    private static IEnumerable<Answered> Visits(IReadOnlyList<Taken> taken, TakenAs kind) =>
        taken.Where(one => one.As == kind).Select(one => one.Visit!);

    private static string[] FundsOf(Answered[] visits) =>
        [.. visits.Select(visit => visit.Words.FundId).Distinct(StringComparer.Ordinal)];
}
