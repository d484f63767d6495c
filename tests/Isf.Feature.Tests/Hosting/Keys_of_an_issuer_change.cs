using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Isf.Host;
using Isf.Tests.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>The issuer's keys change, and the issuer does not answer at times. The test sets the clock.</summary>
public sealed class Keys_of_an_issuer_change : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private TestHost host = null!;

    public async Task InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync("k-1");
        host = await TestHost.StartAsync(Terms());
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_new_key_counts_at_once()
    {
        Assert.Equal(200, await StatusAsync("k-1"));
        issuer.Add("k-2");
        Assert.Equal(200, await StatusAsync("k-2"));
        Assert.Equal((200, 2), (await StatusAsync("k-1"), issuer.Requests));
    }

    [Fact]
    public async Task Unknown_keys_have_the_set_requested_once_in_ten_seconds()
    {
        issuer.Add("k-9");
        var unknown = issuer.Token(host.Clock.GetCurrentInstant(), "k-9");
        issuer.Remove("k-9").Dispose();
        var requests = issuer.Requests;
        for (var i = 0; i < 5; i++)
            Assert.Equal(401, await StatusOfAsync(unknown));
        Assert.Equal(requests + 1, issuer.Requests);
        issuer.Add("k-2");
        host.Clock.Advance(Duration.FromSeconds(9));
        Assert.Equal((401, requests + 1), (await StatusAsync("k-2"), issuer.Requests));
        host.Clock.Advance(Duration.FromSeconds(1));
        Assert.Equal((200, requests + 2), (await StatusAsync("k-2"), issuer.Requests));
    }

    [Fact]
    public async Task A_key_that_was_taken_back_is_refused_from_the_next_look_on()
    {
        using var old = issuer.Remove("k-1");
        issuer.Add("k-2");
        string Old() => TestIssuer.Signed(TestIssuer.Header("k-1").ToJsonString(),
            issuer.Claims(host.Clock.GetCurrentInstant()).ToJsonString(), old);
        Assert.Equal(200, await StatusOfAsync(Old()));
        host.Clock.Advance(Duration.FromSeconds(299));
        Assert.Equal(200, await StatusOfAsync(Old()));
        host.Clock.Advance(Duration.FromSeconds(1));
        Assert.Equal(401, await StatusOfAsync(Old()));
        issuer.Add("k-3");
        using var second = issuer.Remove("k-2");
        Assert.Equal(200, await StatusAsync("k-3"));
        Assert.Equal(401, await StatusOfAsync(TestIssuer.Signed(TestIssuer.Header("k-2").ToJsonString(),
            issuer.Claims(host.Clock.GetCurrentInstant()).ToJsonString(), second)));
    }

    [Fact]
    public async Task An_issuer_that_is_unavailable_is_logged_and_nobody_is_turned_away()
    {
        await issuer.StopAsync();
        using var log = new LogLines();
        await using var late = await TestHost.StartAsync(
            Terms() with { Adjust = builder => builder.Logging.AddProvider(log) });
        var token = issuer.Token(late.Clock.GetCurrentInstant(), "k-1");
        var response = await late.Sending(token).GetAsync("/v1/funds");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not-available"),
            (response.StatusCode, await response.CodeAsync()));
        Assert.NotNull(response.Headers.RetryAfter);
        await (await late.Sending(token).GetAsync("/health/live")).NeedsAsync(200);
        Assert.Equal(HttpStatusCode.Unauthorized, (await late.Http.GetAsync("/v1/funds")).StatusCode);
        Assert.Contains(log.Lines, line => line.Contains("issuer of tokens cannot be asked", StringComparison.Ordinal));
        await issuer.StartAsync();
        late.Clock.Advance(Duration.FromSeconds(2));
        var second = issuer.Token(late.Clock.GetCurrentInstant(), "k-1");
        await (await late.Sending(second).GetAsync("/v1/funds")).NeedsAsync(200);
        Assert.Equal(200, await StatusAsync("k-1"));
    }

    [Fact]
    public async Task One_that_hangs_is_requested_once_for_all_who_wait()
    {
        host.Clock.Advance(Duration.FromMinutes(5));
        var (hangs, requests) = (new TaskCompletionSource(), 0);
        issuer.Instead = () =>
        {
            Interlocked.Increment(ref requests);
            hangs.Task.Wait();
            return Results.NotFound();
        };
        var waiting = Enumerable.Range(0, 4).Select(_ => StatusAsync("k-1")).ToList();
        await Until.HoldsAsync(() => Task.FromResult(Volatile.Read(ref requests) > 0));
        // The fetch of the keys takes longer than the time for which a failure is remembered. That time begins when
        // the fetch ends.
        host.Clock.Advance(Duration.FromSeconds(3));
        hangs.SetResult();
        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(503, status));
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task A_wrong_address_ends_the_start()
    {
        var database = await TestServers.NewDatabaseAsync();
        foreach (var instead in new Func<IResult>[] { () => Results.NotFound(), () => Results.Text("<html>"),
            () => Results.Json(new { issuer = "https://other.example", jwks_uri = issuer.Address + "/jwks" }),
            () => Results.Json(new { issuer = issuer.Address }) })
        {
            issuer.Instead = instead;
            var wrong = await Assert.ThrowsAsync<InvalidOperationException>(
                () => TestHost.StartAsync(Terms() with { Database = database }));
            Assert.Contains("ISF_AUTH_AUTHORITY", wrong.Message, StringComparison.Ordinal);
        }
        Assert.Contains("is not the address of an OpenID Connect issuer",
            await EndsAsync(("ISF_AUTH_AUTHORITY", issuer.Address), ("ISF_AUTH_AUDIENCE", "a"),
                ("ISF_DATABASE", database)), StringComparison.Ordinal);
        await TestServers.DropAsync(database);
    }

    [Fact]
    public async Task Settings_that_cannot_be_meant_end_the_start()
    {
        (string, string) authority = ("ISF_AUTH_AUTHORITY", issuer.Address), audience = ("ISF_AUTH_AUDIENCE", "a");
        foreach (var (error, settings) in new (string, (string, string)[])[]
        {
            ("needs ISF_AUTH_AUDIENCE", [authority]),
            ("Say the https address", [("ISF_AUTH_AUTHORITY", "http://issuer.example"), audience]),
            ("Say the https address", [("ISF_AUTH_AUTHORITY", "issuer.example"), audience]),
            ("holds “Finance=treasurer”", [authority, audience, ("ISF_AUTH_ROLES", "Finance=treasurer")]),
        })
        {
            Assert.Contains(error, await EndsAsync([.. settings, ("ISF_DATABASE", "Host=127.0.0.1;Port=1")]),
                StringComparison.Ordinal);
        }
    }

    // Runs the host as a separate process, which must end with an exit code other than 0, and returns its output.
    private static async Task<string> EndsAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(IsfHost).Assembly.Location, "serve"])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in settings.Append(("ISF_PORT", "0")))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        Assert.NotEqual(0, process.ExitCode);
        return await errors + await output;
    }

    private Task<int> StatusAsync(string kid) => StatusOfAsync(issuer.Token(host.Clock.GetCurrentInstant(), kid));

    private async Task<int> StatusOfAsync(string token) =>
        (int)(await host.Sending(token).GetAsync("/v1/funds")).StatusCode;

    private TestHostTerms Terms() => new()
    {
        Settings = settings => settings with
        {
            AuthAuthority = issuer.Address,
            AuthAudience = TestIssuer.Audience,
            AuthAnswersWithin = TimeSpan.FromMinutes(2),
        },
    };

    /// <summary>Collects the log of one host only, because other hosts run in the same process.</summary>
    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
