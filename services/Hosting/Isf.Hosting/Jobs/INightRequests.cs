using NodaTime;

namespace Isf.Hosting.Jobs;

/// <summary>Requests the runs of schedules whose time has come.</summary>
internal interface INightRequests
{
    /// <summary>Requests a night's run for every holder that has no setting of its own.</summary>
    Task RequestNightAsync(string name, Instant fired, CancellationToken stop);

    /// <summary>Requests a night's run for a holder with a setting of its own.</summary>
    Task RequestOwnNightAsync(string name, string holderId, Instant fired, CancellationToken stop);
}
