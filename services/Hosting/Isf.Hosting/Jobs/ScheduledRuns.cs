using System.Globalization;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using NodaTime;

namespace Isf.Hosting.Jobs;

/// <summary>How far a scheduled run is (api.md, schedules).</summary>
public enum RunState
{
    /// <summary>Its message has not been taken up yet.</summary>
    Asked = 1,
    /// <summary>It has begun.</summary>
    Running = 2,
    /// <summary>It has ended, and its effect is committed.</summary>
    Done = 3,
    /// <summary>It was given up after several tries, or set aside by somebody's decision.</summary>
    Failed = 4,
}

/// <summary>What a run came to.</summary>
/// <param name="Checked">How many things it looked at, where it counts them.</param>
/// <param name="Differences">How many of them were not as they should be, where it compares.</param>
public sealed record RunOutcome(long? Checked = null, long? Differences = null)
{
    /// <summary>The key of what it needs before it can be made; nothing where it was made.</summary>
    public string? WaitsFor { get; init; }
}

/// <summary>A run that was asked for, as its row and its message say it.</summary>
/// <param name="Id">Its name among the holder's runs of the schedule.</param>
/// <param name="Night">The London day that it stands for, or on which it was asked for by hand.</param>
/// <param name="UpTo">The last day that it is about.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="RequestedBy">The user who asked for it by hand.</param>
/// <param name="IsFollowed">Whether it is noted how it goes: an earlier release did not.</param>
/// <param name="StartedAt">When it was taken up first.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Checked">How many things it looked at.</param>
/// <param name="Differences">How many of them differ.</param>
/// <param name="GivenUpAt">When its message failed for good, or was set aside.</param>
/// <param name="WaitsFor">What its message waits for.</param>
internal sealed record AskedRun(
    string Id, LocalDate Night, LocalDate UpTo, Instant AskedAt, string? RequestedBy, bool IsFollowed,
    Instant? StartedAt, Instant? EndedAt, long? Checked, long? Differences, Instant? GivenUpAt, string? WaitsFor)
{
    /// <summary>How far it is.</summary>
    public RunState State =>
        EndedAt is not null ? RunState.Done
        : GivenUpAt is not null ? RunState.Failed
        : !IsFollowed ? RunState.Done
        : StartedAt is not null ? RunState.Running : RunState.Asked;

    /// <summary>The same in words for a care manager.</summary>
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

/// <summary>
/// Notes how a scheduled run goes: when its consumer begins it, and, in the commit of its effect, its end.
/// </summary>
public sealed class ScheduledRuns(Sessions sessions, IClock clock)
{
    /// <summary>
    /// Makes a run that was asked for. What is on its way to begin is seen at once, so it has a commit of its own; the
    /// end is true only with what the consumer's session holds.
    /// </summary>
    public async Task<ConsumeResult> RunAsync(Session session, string schedule, string askedBy,
        Func<Task<RunOutcome>> make)
    {
        await using (var begun = sessions.Open(session.Service, session.HolderId, session.Fact))
        {
            await begun.ExecuteAsync("""
                update schedule_runs set started_at = $4
                where holder_id = $1 and schedule = $2 and asked_by = $3 and started_at is null
                """, session.HolderId, schedule, askedBy, clock.GetCurrentInstant());
            await begun.SaveChangesAsync();
        }
        var outcome = await make();
        if (outcome.WaitsFor is { } key)
            return ConsumeResult.DeferUntil(key);
        session.Queue("""
            update schedule_runs set ended_at = $4, checked = $5, differences = $6
            where holder_id = $1 and schedule = $2 and asked_by = $3
            """, session.HolderId, schedule, askedBy, clock.GetCurrentInstant(), outcome.Checked, outcome.Differences);
        return ConsumeResult.Done;
    }
}
