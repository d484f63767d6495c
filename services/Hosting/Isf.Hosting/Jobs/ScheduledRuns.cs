using System.Globalization;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using NodaTime;

namespace Isf.Hosting.Jobs;

/// <summary>The state of a scheduled run.</summary>
public enum RunState
{
    /// <summary>The run was requested, and has not started.</summary>
    Asked = 1,
    /// <summary>The run has started, and has not ended.</summary>
    Running = 2,
    /// <summary>The run has ended, and its effect is committed.</summary>
    Done = 3,
    /// <summary>The run's message failed for good after several tries, or an operator discarded it.</summary>
    Failed = 4,
}

/// <summary>The result of a run.</summary>
/// <param name="Checked">How many items the run checked; null if it counts none.</param>
/// <param name="Differences">How many of these items differ; null if the run compares nothing.</param>
public sealed record RunOutcome(long? Checked = null, long? Differences = null)
{
    /// <summary>The key that must be released before the run can be made; null if the run was made.</summary>
    public string? WaitsFor { get; init; }
}

/// <summary>A requested run, from its row and its message.</summary>
internal sealed record ScheduledRun
{
    /// <summary>Its id among the holder's runs of the schedule.</summary>
    public required string Id { get; init; }

    /// <summary>The London day to which it belongs, or on which it was requested by hand.</summary>
    public required LocalDate Night { get; init; }

    /// <summary>The last day that it covers.</summary>
    public required LocalDate UpTo { get; init; }

    /// <summary>When it was requested.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>The user who requested it by hand; null if the schedule did.</summary>
    public required string? RequestedBy { get; init; }

    /// <summary>Whether its progress is recorded, which an earlier release did not do.</summary>
    public required bool IsFollowed { get; init; }

    /// <summary>When it first started; null if it has not.</summary>
    public required Instant? StartedAt { get; init; }

    /// <summary>When it ended; null if it has not.</summary>
    public required Instant? EndedAt { get; init; }

    /// <summary>How many items it checked; null if it counts none.</summary>
    public required long? Checked { get; init; }

    /// <summary>How many of these items differ; null if it compares nothing.</summary>
    public required long? Differences { get; init; }

    /// <summary>When its message failed for good or was discarded; null if neither happened.</summary>
    public required Instant? GivenUpAt { get; init; }

    /// <summary>The key that its message waits for; null if it waits for none.</summary>
    public required string? WaitsFor { get; init; }

    /// <summary>
    /// The run's state. Without recorded progress, a run counts as done unless its message failed for good.
    /// </summary>
    public RunState State =>
        EndedAt is not null ? RunState.Done
        : GivenUpAt is not null ? RunState.Failed
        : !IsFollowed ? RunState.Done
        : StartedAt is not null ? RunState.Running : RunState.Asked;

    /// <summary>The state in words for a care manager.</summary>
    public string PlainWords => State switch
    {
        RunState.Asked => "It was asked for, and has not begun.",
        RunState.Running when WaitsFor is not null => "It has begun, and waits for facts that are on their way.",
        RunState.Running => "It has begun.",
        RunState.Failed => "It could not be made. Whoever runs the platform has to put right why, and try it again.",
        _ when EndedAt is null => "An earlier release made it, and did not keep when it ended.",
        _ when Checked is null => "It was made.",
        _ when Checked == 0 => "It was made: there was nothing to look at.",
        _ when Differences is null => $"It was made: {Count(Checked)} looked at.",
        _ when Differences == 0 => $"It was made: {Count(Checked)} looked at, and all is as it should be.",
        _ => $"It was made: {Count(Checked)} looked at, {Count(Differences)} of them not as they should be.",
    };

    private static string Count(long? number) => string.Create(CultureInfo.InvariantCulture, $"{number:N0}");
}

/// <summary>Records when a scheduled run starts and, in the commit of the run's effect, when it ends.</summary>
public sealed class ScheduledRuns(Sessions sessions, IClock clock)
{
    /// <summary>
    /// Makes a requested run, or defers it if its outcome names a key. The start has a commit of its own, so that it
    /// is visible at once; the end is committed with the changes of the consumer's session.
    /// </summary>
    public async Task<ConsumeResult> RunAsync(Session session, string schedule, string runId,
        Func<Task<RunOutcome>> make)
    {
        await using (var begun = sessions.Open(session.Service, session.HolderId, session.Fact))
        {
            await begun.ExecuteAsync("""
                update schedule_runs set started_at = $4
                where holder_id = $1 and schedule = $2 and asked_by = $3 and started_at is null
                """, session.HolderId, schedule, runId, clock.GetCurrentInstant());
            await begun.SaveChangesAsync();
        }
        var outcome = await make();
        if (outcome.WaitsFor is { } key)
            return ConsumeResult.DeferUntil(key);
        session.Queue("""
            update schedule_runs set ended_at = $4, checked = $5, differences = $6
            where holder_id = $1 and schedule = $2 and asked_by = $3
            """, session.HolderId, schedule, runId, clock.GetCurrentInstant(), outcome.Checked, outcome.Differences);
        return ConsumeResult.Done;
    }
}
