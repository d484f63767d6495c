using System.Text;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Statements.Statements;
using NodaTime;

namespace Isf.Tests.Statements;

public sealed class Statements_are_shown(HostWithAStatement shared) : IClassFixture<HostWithAStatement>
{
    private readonly TestHost host = shared.Host;

    [Theory]
    [InlineData("", null, "application/json")]
    [InlineData("", "*/*", "application/json")]
    [InlineData("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("", "text/plain;q=0.9, text/html;q=0.1", "text/plain")]
    [InlineData("", "text/*;q=0.5, text/plain;q=0.2", "text/html")]
    [InlineData("", "application/pdf", "406 no-format-you-take")]
    [InlineData("?format=txt", "text/html", "text/plain")]
    [InlineData("?format=html&style=plain&lang=en", null, "text/html")]
    [InlineData("?format=pdf", null, "400 unknown-format")]
    [InlineData("?style=easy-read", null, "400 unknown-style")]
    [InlineData("?lang=cy", null, "400 unknown-language")]
    public async Task In_the_format_that_is_asked_for(string query, string? accept, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{StatementSample.Of}/S-1{query}");
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        var response = await shared.Finance.SendAsync(request);
        Assert.Equal(expected, response.IsSuccessStatusCode
            ? response.Content.Headers.ContentType!.MediaType!
            : $"{(int)response.StatusCode} {await response.CodeAsync()}");
    }

    [Fact]
    public async Task Only_once_issued()
    {
        var missing = await shared.Finance.GetAsync($"{StatementSample.Of}/S-9");
        Assert.Equal(ProblemException.CodeOf(ShowStatement.Refusal.UnknownStatement), await missing.CodeAsync());
    }

    [Fact]
    public async Task With_the_names_of_person_and_provider_and_whom_to_call()
    {
        var page = Encoding.UTF8.GetString(await shared.Finance.BytesAsync($"{StatementSample.Of}/S-1?format=html"));
        Assert.Contains("Ada Example", page, StringComparison.Ordinal);
        Assert.Contains("Brook Care", page, StringComparison.Ordinal);
        Assert.Contains("01632 960001", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_to_those_who_may_see_the_fund()
    {
        Assert.Equal(200, await SeesAsync(host.As(Role.Person, person: "P-1")));
        Assert.Equal(404, await SeesAsync(host.As(Role.Person, person: "P-2")));
        Assert.Equal(200, await SeesAsync(host.As(Role.Council, council: "E10000009"), "?holder=sunrise"));
        Assert.Equal(404, await SeesAsync(host.As(Role.Council, council: "E10000016"), "?holder=sunrise"));
        Assert.Equal(404, await SeesAsync(host.As(Role.HolderAdmin, "sunset")));
        Assert.Equal(401, await SeesAsync(host.Http));
    }

    [Fact]
    public async Task To_a_supporter_while_there_is_a_consent()
    {
        var (admin, supporter) = (host.As(Role.HolderAdmin), host.As(Role.Supporter, user: "sam"));
        Assert.Equal(404, await SeesAsync(supporter));
        await (await admin.PutAsync("/v1/funds/F-1/consents/K-1",
            new { supporter = "sam", sees = new[] { "statements" }, to = "2026-06-30" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal(200, await SeesAsync(supporter));
        Assert.Equal(404, await SeesAsync(host.As(Role.Supporter, user: "alex")));
        host.Clock.Reset(Instant.FromUtc(2026, 7, 1, 9, 0));
        Assert.Equal(404, await SeesAsync(supporter));
        host.Clock.Reset(HostWithAStatement.Now);
        await (await admin.PostAsync("/v1/funds/F-1/consents/K-1/withdraw", new { })).NeedsAsync(200, 204);
        await host.UntilIdleAsync();
        Assert.Equal(404, await SeesAsync(supporter));
    }

    private static async Task<int> SeesAsync(HttpClient client, string query = "") =>
        (int)(await client.GetAsync($"{StatementSample.Of}/S-1{query}")).StatusCode;
}
