using System.Collections.Concurrent;
using System.Diagnostics;
using Isf.Hosting.Http;
using Microsoft.Extensions.Logging;

namespace Isf.Tests.Hosting;

public sealed class A_trace_runs_from_the_request_to_the_journal
{
    [Fact]
    public async Task Through_outbox_and_bus()
    {
        var seen = new ConcurrentBag<(ActivityTraceId Trace, string Name)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Isf" or "MassTransit" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => seen.Add((activity.TraceId, activity.DisplayName)),
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        var trace = ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c");
        using var traced = host.As(Role.HolderAdmin);
        traced.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        await (await traced.PutAsync("/v1/funds/F-1/receipts/R-77",
            new { source = "council", pence = 1, receivedOn = "2026-04-06" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        var names = seen.Where(entry => entry.Trace == trace).Select(entry => entry.Name).ToHashSet();
        Assert.Contains("publish isf:funds:money-received:v1", names);
        Assert.True(names.Contains("publish isf:ledger:journals-posted:v1"), string.Join(", ", names));
    }

    [Fact]
    public async Task And_no_log_holds_a_persons_words()
    {
        var lines = new ConcurrentBag<string>();
        await using var host = await TestHost.StartAsync(new()
        {
            Adjust = builder => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Everything(lines)),
        });
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/people/P-8", new
        {
            name = "Zebedee Quillfeather", nhsNumber = "9434765919", nation = "england", format = "plain",
            language = "en",
        })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/people/P-8", new { name = "Zebedee Quillfeather", oops = 1 })).NeedsAsync(400);
        await (await admin.PutAsync("/v1/providers/V-8", new
        {
            name = "Brook", kind = "agency", vat = new { registered = false },
            bank = new { sortCode = "123456", accountNumber = "87654321", accountName = "BROOK" },
        })).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Contains("Quillfeather", StringComparison.Ordinal)
            || line.Contains("9434765919", StringComparison.Ordinal)
            || line.Contains("87654321", StringComparison.Ordinal));
    }

    private sealed class Everything(ConcurrentBag<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            lines.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
