using Microsoft.Extensions.Logging;

namespace Isf.Tests;

/// <summary>Keeps the warnings and errors that were logged last, to show some of them when a test fails.</summary>
public sealed class TestLog : ILoggerProvider, ILogger
{
    private static readonly System.Collections.Concurrent.ConcurrentQueue<string> Lines = new();

    /// <summary>The last five warnings and errors of this process.</summary>
    public static IEnumerable<string> Lately => Lines.TakeLast(5);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        Lines.Enqueue($"{formatter(state, exception)} {exception}");
        while (Lines.Count > 50)
            Lines.TryDequeue(out _);
    }

    public void Dispose()
    {
    }
}
