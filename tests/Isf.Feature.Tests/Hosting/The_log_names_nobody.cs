using System.Collections.Concurrent;
using Isf.Host;
using Isf.Hosting.Http;
using Microsoft.Extensions.Logging;

namespace Isf.Tests.Hosting;

/// <summary>
/// A host's log has one line for each request, and nothing that a caller wrote or that concerns a person.
/// </summary>
public sealed class The_log_names_nobody
{
    private static readonly string[] Secrets =
        ["Ada", "Example", "Brook", "P-1", "F-1", "V-1", "A-1", "sunrise", "ada.lovelace", "1815", "E10000009"];

    [Fact]
    public async Task But_has_every_request_with_its_route_status_and_caller()
    {
        using var log = new RecordedLog();
        await using var host = await TestHost.StartAsync(
            new() { Adjust = builder => builder.Logging.AddProvider(log) });
        var admin = host.As(Role.HolderAdmin, user: "ada.lovelace@example.org");
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        await SendWhatIsRefusedAsync(host, admin);
        await host.Http.GetAsync("/health/ready");

        log.Has("PUT /v1/people/{id} 201 - ");
        log.Has("GET /v1/funds/{fundId}/balance 400 ");
        log.Has("GET /v1/people/{id} 404 unknown-person ");
        log.Has("GET no route 404 no-such-address ");
        log.Has("PUT /v1/funds/{fundId}/budgets/{id} 403 not-your-role ");
        log.Has("GET /v1/funds/{fundId} 401 no-token ", "for nobody");
        Assert.DoesNotContain(log.Lines, line => line.Contains("/health/", StringComparison.Ordinal));
        foreach (var secret in Secrets)
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task SendWhatIsRefusedAsync(TestHost host, HttpClient admin)
    {
        await (await admin.GetAsync("/v1/funds/F-1/balance?effectiveOn=1815-12-10")).NeedsAsync(400);
        await (await admin.GetAsync("/v1/people/Ada-Lovelace-1815")).NeedsAsync(404);
        await (await admin.GetAsync("/v1/persons/Ada")).NeedsAsync(404);
        await (await host.As(Role.HolderCare, user: "brook").PutAsync("/v1/funds/F-1/budgets/B-2", Sample.Budget))
            .NeedsAsync(403);
        await (await host.Sending("Ada.Example.1815").GetAsync("/v1/funds/F-1")).NeedsAsync(401);
        await host.Http.SendAsync(new HttpRequestMessage(new("ADA"), "/v1/funds/F-1"));
    }

    [Fact]
    public async Task And_knows_the_same_caller_again_by_a_key_that_only_its_owner_reads()
    {
        using var log = new RecordedLog();
        await using var host = await TestHost.StartAsync(
            new() { Services = "funds", Adjust = builder => builder.Logging.AddProvider(log) });
        foreach (var (user, holder) in new[] { ("u-1", "rise"), ("u-1", "rise"), ("u-2", "rise"), ("u-1", "moon") })
            await host.As(Role.HolderAdmin, holder, user).GetAsync("/v1/backlog");

        var callers = log.Lines.Where(line => line.StartsWith("GET /v1/backlog", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[^1]).ToList();
        Assert.Equal(4, callers.Count);
        Assert.Equal(callers[0], callers[1]);
        Assert.Equal(3, callers.Distinct().Count());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(host.Home, ".isf", "log.key")));
        }
    }

    // Keeps the real content of the log: each line's text, its arguments, and errors in full.
    private sealed class RecordedLog : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => new Of(categoryName, lines);

        public void Has(string start, string end = "") => Assert.Contains(lines, line =>
            line.StartsWith(start, StringComparison.Ordinal) && line.EndsWith(end, StringComparison.Ordinal));

        public void Dispose()
        {
        }

        private sealed class Of(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => Configuration.IsLogged(category, logLevel);

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                    lines.Enqueue($"{formatter(state, exception)}{exception}");
            }
        }
    }
}
