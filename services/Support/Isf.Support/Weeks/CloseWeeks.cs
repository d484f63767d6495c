using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using NodaTime;
using Line = Isf.Contracts.Support.ClosedLine;

namespace Isf.Support.Weeks;

/// <summary>
/// Closes the weeks of every fund at 03:00 on the second Monday after they end. Outstanding care becomes missed, and is
/// banked or released. Paid days in hospital for which nobody sent visits are charged. After a later change to a closed
/// week, that week and those after it are closed again. A fund whose weeks are closed is no longer due, so an
/// interrupted run resumes where it stopped, a run after days of downtime catches up, and a repeated run does nothing.
/// Consumes SupportRunAsked and WeeksTouched; publishes WeekClosed, VisitsRecorded and VisitCorrected. Source: design
/// §4, Weeks.
/// </summary>
public static class CloseWeeks
{
    /// <summary>The schedule's name (api.md, schedules).</summary>
    public const string Schedule = "close-weeks";

    /// <summary>The time of the run: Mondays at 03:00, London time.</summary>
    public const string Cron = "0 0 3 ? * MON";

    private const int FundsAtATime = 100;

    /// <summary>
    /// The weeks of a fund that are still to be closed up to the given Sunday, and not before the week in which the
    /// fund opened; null if no week is left to close.
    /// </summary>
    public static CarePeriod? NextWeeks(LocalDate closedTo, LocalDate opensOn, LocalDate sunday)
    {
        var from = LocalDate.Max(closedTo.PlusDays(1), CarePeriod.MondayOf(opensOn));
        return from > sunday ? null : new CarePeriod(from, sunday);
    }

    internal static async Task<RunOutcome> RunAsync(
        Sessions sessions, SupportRunAsked message, LocalDate today, Guid? fact, CancellationToken stop)
    {
        var sunday = ClosedWeeks.LastDue(message.UpTo, today);
        for (var count = 0; ;)
        {
            await using var session = sessions.Open("support", message.HolderId, fact, stop);
            var due = await ClosedWeekTable.DueAsync(session, sunday, FundsAtATime);
            if (due.Count == 0)
                return new(count);
            await session.LockFoundAsync([.. due.Select(FundTable.Lock)]);
            // Another run may have closed some of these weeks while this run waited for the locks.
            var closed = await ClosedWeekTable.ClosedToAsync(session, due);
            var funds = await FundTable.CareAsync(session, [.. due], due);
            await PublishDaysAsync(session, $"{Schedule}/{message.AskedBy}", funds, sunday);
            var weeks = due.Where(funds.ContainsKey)
                .Select(fundId => (FundId: fundId, Days: NextWeeks(closed[fundId], funds[fundId].OpensOn, sunday)))
                .Where(fund => fund.Days is not null).Select(fund => (fund.FundId, fund.Days!.Value)).ToList();
            await CloseAsync(session, $"{Schedule}/{message.AskedBy}/{due[0]}", weeks, funds);
            ClosedWeekTable.SaveClosedTo(session, due, sunday);
            await session.SaveChangesAsync();
            count += due.Count;
        }
    }

    /// <summary>Closes again the closed weeks of these funds, for each fund from its first touched week on.</summary>
    internal static async Task AgainAsync(Session session, WeeksTouched touched)
    {
        var from = touched.Weeks.GroupBy(week => week.FundId, StringComparer.Ordinal)
            .ToDictionary(fund => fund.Key, fund => fund.Min(week => week.WeekFrom), StringComparer.Ordinal);
        await session.LockAsync([.. from.Keys.Select(FundTable.Lock)]);
        var closed = await ClosedWeekTable.ClosedToAsync(session, from.Keys);
        var funds = await FundTable.CareAsync(session, [.. from.Keys], from.Keys);
        var weeks = from.Where(fund => funds.ContainsKey(fund.Key) && closed.ContainsKey(fund.Key))
            .Select(fund => (FundId: fund.Key,
                Days: NextWeeks(fund.Value.PlusDays(-1), funds[fund.Key].OpensOn, closed[fund.Key])))
            .Where(fund => fund.Days is not null).Select(fund => (fund.FundId, fund.Days!.Value)).ToList();
        await CloseAsync(session, $"again/{session.MessageId}", weeks, funds);
    }

    // Publishes the planned days up to the Sunday before the weeks are closed, because a host that was down for weeks
    // may have missed some of these days.
    private static async Task PublishDaysAsync(
        Session session, string cause, Dictionary<string, FundCare> funds, LocalDate sunday)
    {
        foreach (var (fundId, fund) in funds)
        {
            if (await FundTable.PlannedToAsync(session, fundId) is not { } plannedTo || plannedTo >= sunday)
                continue;
            await CareAnnouncements.AnnounceDaysAsync(session, $"{cause}/{fundId}", fundId, fund.Plans,
                new CarePeriod(CarePeriod.MondayOf(plannedTo.PlusDays(1)), sunday));
            FundTable.SavePlannedTo(session, fundId, sunday);
        }
    }

    private static async Task CloseAsync(Session session, string cause,
        List<(string FundId, CarePeriod Days)> weeks, Dictionary<string, FundCare> funds)
    {
        if (weeks.Count == 0)
            return;
        var visits = (await new VisitTable(session).OfWeeksAsync(weeks)).ToLookup(visit => visit.Record.FundId);
        var stored = await ClosedWeekTable.FromAsync(session, [.. weeks.Select(week => (week.FundId, week.Days.From))]);
        var (changed, closed, published) =
            (new List<Visit>(), new List<(string, ClosedFundWeek)>(), new List<ClosedWeek>());
        foreach (var (fundId, days) in weeks)
        {
            var before = stored[fundId].LastOrDefault(week => week.Monday < days.From);
            var closing = new ClosedWeeks(funds[fundId].Plans, funds[fundId].Terms, [.. visits[fundId]]).Close(
                fundId, days.From, days.To!.Value, before?.Bank ?? [],
                [.. stored[fundId].Where(week => week.Monday >= days.From)]);
            changed.AddRange(closing.Visits);
            closed.AddRange(closing.Weeks.Select(week => (fundId, week.Week)));
            published.AddRange(
                closing.Weeks.Where(week => week.IsChanged).Select(week => ToMessage(fundId, week.Week)));
        }
        await CareAnnouncements.WriteAsync(session, cause, changed);
        ClosedWeekTable.Save(session, closed);
        foreach (var (some, number) in published.Chunk(CareAnnouncements.Max).Select((some, number) => (some, number)))
        {
            session.Publish(new WeekClosed { Weeks = some }, $"{cause}/{number}",
                [.. some.Select(week => week.FundId).Distinct(StringComparer.Ordinal)]);
        }
    }

    private static ClosedWeek ToMessage(string fundId, ClosedFundWeek week) => new(fundId, week.Monday, week.Version,
        [.. week.Lines.Select(line => new Line
        {
            LineId = line.LineId,
            Planned = [.. line.Planned.Select(sum => new PlannedOfAllocation(sum.AllocationId, sum.Minutes))],
            Missed =
            [
                .. line.Missed.Select(missed =>
                    new MissedMinutes(missed.Reason, missed.Minutes, missed.Banked, missed.Released)),
            ],
            DrawnMinutes = line.DrawnMinutes,
            ExpiredMinutes = line.ExpiredMinutes,
            RevaluedMinutes = line.RevaluedMinutes,
            BankedPence = line.BankedPence,
            DrawnPence = line.DrawnPence,
            ExpiredPence = line.ExpiredPence,
        })]);
}

/// <summary>Consumes the request to close weeks, and the notice that closed weeks have changed.</summary>
internal sealed class CloseWeeksConsumer(Sessions sessions, IClock clock, ScheduledRuns runs)
    : IConsume<SupportRunAsked>, IConsume<WeeksTouched>
{
    public async Task<ConsumeResult> ConsumeAsync(SupportRunAsked message, Session session, CancellationToken stop) =>
        message.Schedule != CloseWeeks.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy,
                () => CloseWeeks.RunAsync(sessions, message, London.Today(clock), session.Fact, stop));

    public async Task<ConsumeResult> ConsumeAsync(WeeksTouched message, Session session, CancellationToken stop)
    {
        await CloseWeeks.AgainAsync(session, message);
        return ConsumeResult.Done;
    }
}
