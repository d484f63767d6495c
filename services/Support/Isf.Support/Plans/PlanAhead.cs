using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Plans;

/// <summary>
/// Every night, publishes the days that enter the 12 weeks ahead, fund by fund. A fund whose days are published is no
/// longer due, so an interrupted run resumes where it stopped, and a repeated run does nothing. Consumes
/// SupportRunAsked.
/// </summary>
public static class PlanAhead
{
    /// <summary>The schedule's name (api.md, schedules).</summary>
    public const string Schedule = "plan-ahead";

    private const int FundsAtATime = 100;

    /// <summary>
    /// The days of a fund whose planned minutes are still to be published, from a Monday on; null if there are none.
    /// </summary>
    public static CarePeriod? DaysToPlan(LocalDate plannedTo, LocalDate runUpTo)
    {
        var until = runUpTo.PlusDays(ApprovePlan.DaysAhead);
        return plannedTo >= until ? null : new CarePeriod(CarePeriod.MondayOf(plannedTo.PlusDays(1)), until);
    }

    /// <summary>The message that any schedule of Support publishes when it is due.</summary>
    public static object ToMessage(RunRequest request)
    {
        return new SupportRunAsked
        {
            Schedule = request.Schedule, UpTo = request.UpTo, AskedBy = request.RunId,
        };
    }

    internal static async Task<RunOutcome> RunAsync(
        Sessions sessions, SupportRunAsked message, Guid? fact, CancellationToken stop)
    {
        for (var funds = 0; ;)
        {
            await using var session = sessions.Open("support", message.HolderId, fact, stop);
            var until = message.UpTo.PlusDays(ApprovePlan.DaysAhead);
            var due = await FundTable.DueAsync(session, until, FundsAtATime);
            if (due.Count == 0)
                return new(funds);
            await session.LockFoundAsync([.. due.Select(FundTable.Lock)]);
            var careOfFunds = await FundTable.CareAsync(session, [.. due]);
            foreach (var fundId in due)
            {
                // Another run may have published this fund's days while this run waited for the lock.
                if (await FundTable.PlannedToAsync(session, fundId) is not { } plannedTo
                    || DaysToPlan(plannedTo, message.UpTo) is not { } range)
                {
                    continue;
                }
                var plans = careOfFunds.TryGetValue(fundId, out var fund) ? fund.Plans : new FundPlans([]);
                await CareAnnouncements.AnnounceDaysAsync(session, $"{Schedule}/{message.AskedBy}/{fundId}", fundId,
                    plans, range);
                FundTable.SavePlannedTo(session, fundId, until);
            }
            await session.SaveChangesAsync();
            funds += due.Count;
        }
    }
}

/// <summary>Consumes the request for a run that plans ahead; other schedules are ignored.</summary>
internal sealed class PlanAheadConsumer(Sessions sessions, ScheduledRuns runs) : IConsume<SupportRunAsked>
{
    public async Task<ConsumeResult> ConsumeAsync(SupportRunAsked message, Session session, CancellationToken stop) =>
        message.Schedule != PlanAhead.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy,
                () => PlanAhead.RunAsync(sessions, message, session.Fact, stop));
}
