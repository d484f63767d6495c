using System.Net;
using System.Net.Http.Headers;
using Isf.Hosting.Http;
using Isf.Tests.Reconciliation;

namespace Isf.Tests.Schedules;

/// <summary>
/// Hangfire's dashboard at /admin/jobs is read-only and for operators alone. It exists only if it is enabled.
/// </summary>
public sealed class The_jobs_are_shown_to_operators(The_jobs_are_shown_to_operators.Shown shared)
    : IClassFixture<The_jobs_are_shown_to_operators.Shown>
{
    private const string Jobs = "/admin/jobs", Recurring = "/admin/jobs/ledger/recurring";
    private readonly TestHost host = shared.Host;

    [Fact]
    public async Task Where_it_is_not_switched_on_there_is_nothing()
    {
        await using var plain = await TestHost.StartAsync();
        foreach (var path in new[] { Jobs, Recurring, "/admin/jobs/sign-in" })
            await (await plain.As(Role.Operator).GetAsync(path)).NeedsAsync(404);
    }

    [Fact]
    public async Task To_nobody_else()
    {
        foreach (var path in new[] { Jobs, Recurring })
        {
            await (await host.Http.GetAsync(path)).NeedsAsync(401);
            foreach (var role in Role.All.Where(role => role != Role.Operator))
            {
                await (await host.As(role, person: "P-1", council: "E10000009").GetAsync(path + "?holder=sunrise"))
                    .NeedsAsync(403, 400);
            }
            await (await host.As(Role.Operator).GetAsync(path)).NeedsAsync(200);
        }
    }

    [Fact]
    public async Task By_a_browser_after_it_signed_in_and_until_it_signs_out()
    {
        using var browser = Browser();
        Assert.Contains("<h1>Sign in</h1>", await PageAsync(browser, Jobs), StringComparison.Ordinal);
        foreach (var token in new[] { "none", host.TokenOf(Role.HolderAdmin, "sunrise"),
            host.TokenOf(Role.Operator, "sunrise") })
        {
            await (await SignInAsync(browser, token)).NeedsAsync(403);
        }
        Assert.Contains("<h1>Sign in</h1>", await PageAsync(browser, Recurring), StringComparison.Ordinal);
        await (await SignInAsync(browser, host.TokenOf(Role.Operator, null!))).NeedsAsync(200);
        Assert.Contains("reconcile-books", await PageAsync(browser, Jobs), StringComparison.Ordinal);
        var page = await PageAsync(browser, Recurring);
        Assert.Contains("Recurring", page, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page, StringComparison.Ordinal);
        // The cookie authorizes these pages and no other path.
        await (await browser.GetAsync("/v1/operator/backlog")).NeedsAsync(401);
        await (await browser.PostAsync("/admin/jobs/sign-out", null)).NeedsAsync(200);
        Assert.Contains("<h1>Sign in</h1>", await PageAsync(browser, Recurring), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_a_cookie_that_no_script_and_no_other_site_has_and_pages_that_none_can_frame()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        { BaseAddress = host.Address };
        foreach (var (at, secure) in new[] { ("127.0.0.1", false), ("isf.example", true) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/jobs/sign-in")
            {
                Content = Form(
                host.TokenOf(Role.Operator, null!))
            };
            request.Headers.Host = at;
            var response = await (await client.SendAsync(request)).NeedsAsync(302);
            var cookie = response.Headers.GetValues("Set-Cookie").Single();
            foreach (var part in new[] { "path=/admin/jobs", "samesite=strict", "httponly" })
                Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(secure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
            Assert.Equal(["DENY", "nosniff"],
                new[] { "X-Frame-Options", "X-Content-Type-Options" }
                    .Select(name => response.Headers.GetValues(name).Single()));
            Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    [Fact]
    public async Task To_look_at_only()
    {
        const string jobs = "select count(*) from ledger_jobs.job";
        var all = host.As(Role.Operator);
        var before = await host.ValueAsync<long>(jobs);
        foreach (var act in new[] { "recurring/trigger", "recurring/remove" })
        {
            var response = await all.PostAsync("/admin/jobs/ledger/" + act, new FormUrlEncodedContent(
                [new("jobs[]", "state-books")]));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        Assert.Equal(before, await host.ValueAsync<long>(jobs));
    }

    private HttpClient Browser()
    {
        var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new() }) { BaseAddress = host.Address };
        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return browser;
    }

    private static async Task<string> PageAsync(HttpClient browser, string path) =>
        await (await (await browser.GetAsync(path)).NeedsAsync(200)).Content.ReadAsStringAsync();

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string token) =>
        browser.PostAsync("/admin/jobs/sign-in", Form(token));

    private static FormUrlEncodedContent Form(string token) => new([new("token", token)]);

    /// <summary>One host with the dashboard enabled.</summary>
    public sealed class Shown : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await TestHost.StartAsync(
            new() { Settings = settings => settings with { ShowsJobs = true } });

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
