using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>
/// Every Tuesday morning, flags workers whose visits of a closed week are all exactly as planned, to the minute,
/// because real times seldom are (domain.md §6). A second run for the same week finds the same flags. Consumes
/// SupportRunAsked.
/// </summary>
public static class CheckWeeks
{
    /// <summary>The schedule's name (api.md, schedules).</summary>
    public const string Schedule = "check-weeks";

    /// <summary>The time of the run: Tuesdays at 04:00, London time, after weeks have closed.</summary>
    public const string Cron = "0 0 4 ? * TUE";

    /// <summary>
    /// The Mondays of the weeks that a run checks: the last closed week and three before it, whose visits may have come
    /// late or whose run may have been missed.
    /// </summary>
    public static IEnumerable<LocalDate> WeeksToCheck(LocalDate upTo) =>
        Enumerable.Range(2, 4).Select(back => CarePeriod.MondayOf(upTo).PlusWeeks(-back));
}

/// <summary>Consumes the request for a run that checks weeks; other schedules are ignored.</summary>
internal sealed class CheckWeeksConsumer(IClock clock, ScheduledRuns runs) : IConsume<SupportRunAsked>
{
    public async Task<ConsumeResult> ConsumeAsync(SupportRunAsked message, Session session, CancellationToken stop) =>
        message.Schedule != CheckWeeks.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy, () => MakeAsync(message, session));

    internal async Task<RunOutcome> MakeAsync(SupportRunAsked message, Session session)
    {
        await FlagTable.WaitAsync(session);
        var terms = await FlagTable.TermsAsync(session);
        var (weeks, flags) = (0, 0);
        foreach (var monday in CheckWeeks.WeeksToCheck(message.UpTo))
        {
            var open = await FlagTable.ListAsync(session, new FlagQuery("open", null, null,
                CareChecks.NameOf(FlagKind.EqualTimes), monday, monday), Guid.Empty, int.MaxValue);
            var found = await FlagTable.EqualTimesAsync(session, monday, terms.EqualTimesFewest);
            await FlagTable.SaveFlagsAsync(session, open, found, clock.GetCurrentInstant());
            (weeks, flags) = (weeks + 1, flags + found.Count);
        }
        return new(weeks, flags);
    }
}
