using System.Diagnostics;

namespace Isf.Tests.Hosting;

/// <summary>
/// Counts the commands sent to PostgreSQL within activities of one name, from the creation of the counter on. Opening a
/// connection is not a command.
/// </summary>
internal sealed class CommandCount : IDisposable
{
    private readonly ActivityListener listener;
    private int count;

    public CommandCount(string activity)
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Isf",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = started => Interlocked.Add(ref count, IsCommandOf(activity, started) ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public int Count => count;

    public void Dispose() => listener.Dispose();

    private static bool IsCommandOf(string activity, Activity started) => started.Source.Name == "Npgsql"
        && started.Parent?.OperationName == activity
        && !started.DisplayName.StartsWith("CONNECT ", StringComparison.Ordinal);
}
