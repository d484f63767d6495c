using NodaTime;

namespace Isf.Story.Tests;

/// <summary>The machine's own clock, for tokens of hosts that run as processes: they live by it too.</summary>
internal static class RealTime
{
    public static IClock Clock { get; } = new SystemTime();

    private sealed class SystemTime : IClock
    {
        public Instant GetCurrentInstant() => Instant.FromDateTimeOffset(new DateTimeOffset(File.GetLastWriteTimeUtc("/proc/self")));
    }
}
