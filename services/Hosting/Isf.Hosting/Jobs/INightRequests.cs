using NodaTime;

namespace Isf.Hosting.Jobs;

/// <summary>Requests the runs of schedules whose time has come.</summary>
internal interface INightRequests
{
    /// <summary>Requests the run for every holder that follows the installation's setting.</summary>
    Task AskForNightAsync(string name, Instant fired, CancellationToken stop);

    /// <summary>Requests the run of one holder with a setting of its own.</summary>
    Task AskForOwnNightAsync(string name, string holderId, Instant fired, CancellationToken stop);
}
