using System.Net;
using Isf.Hosting.Http;
using Isf.Tests.Support;

namespace Isf.Tests.Hosting;

public sealed class Callers_see_what_is_theirs(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private readonly TestHost host = shared.Host;

    [Fact]
    public async Task Without_a_token_nothing_is_told()
    {
        var response = await host.Http.GetAsync("/v1/funds/F-1");
        Assert.Equal((HttpStatusCode.Unauthorized, "no-token"), (response.StatusCode, await response.CodeAsync()));
        var forged = host.Sending("eyJhbGciOiJub25lIn0.eyJyb2xlIjoiaG9sZGVyLWFkbWluIn0.");
        Assert.Equal(HttpStatusCode.Unauthorized, (await forged.GetAsync("/v1/funds/F-1")).StatusCode);
    }

    [Fact]
    public async Task A_role_that_may_not_is_told_so()
    {
        var response = await host.As(Role.HolderCare).PutAsync("/v1/funds/F-2", Sample.Fund);
        Assert.Equal((HttpStatusCode.Forbidden, "not-your-role"), (response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Another_holder_sees_nothing_and_may_use_the_same_ids()
    {
        var other = host.As(Role.HolderAdmin, holder: "moonrise");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/v1/funds/F-1")).StatusCode);
        Assert.Empty((await other.Typed().OpenFundListAsync()).Items);
        await (await other.PutAsync("/v1/people/P-1", Sample.Person)).NeedsAsync(201);
    }

    [Fact]
    public async Task A_person_sees_their_own_fund_and_no_other()
    {
        await (await host.As(Role.Person, person: "P-1").GetAsync("/v1/funds/F-1")).NeedsAsync(200);
        Assert.Equal(HttpStatusCode.NotFound,
            (await host.As(Role.Person, person: "P-2").GetAsync("/v1/funds/F-1")).StatusCode);
    }

    [Fact]
    public async Task A_council_names_the_holder_and_sees_its_own_peoples_funds()
    {
        var council = host.As(Role.Council, holder: null!, council: "E10000009");
        Assert.Equal("no-holder", await (await council.GetAsync("/v1/funds/F-1")).CodeAsync());
        await (await council.GetAsync("/v1/funds/F-1?holder=sunrise")).NeedsAsync(200);
        Assert.Single((await council.Typed().OpenFundListAsync(holder: "sunrise")).Items);
        var other = host.As(Role.Council, holder: null!, council: "E10000014");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/v1/funds/F-1?holder=sunrise")).StatusCode);
        Assert.Empty((await other.Typed().OpenFundListAsync(holder: "sunrise")).Items);
    }

    [Fact]
    public async Task Anothers_visit_is_answered_like_one_that_is_not_there()
    {
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(201, 200);
        await (await admin.PutAsync("/v1/visits/VI-1", Care.Visit())).NeedsAsync(201, 200);
        await (await host.As(Role.Person, person: "P-1").GetAsync("/v1/visits/VI-1")).NeedsAsync(200);
        var stranger = host.As(Role.Person, person: "P-8");
        Assert.Equal(await NotFoundTextAsync(stranger.GetAsync("/v1/visits/VI-2"), "VI-2"),
            await NotFoundTextAsync(stranger.GetAsync("/v1/visits/VI-1"), "VI-1"));
    }

    [Fact]
    public async Task Anothers_consents_are_answered_like_those_of_no_fund()
    {
        object Consent(string who) => new { supporter = who, sees = new[] { "statements" }, to = "2030-01-01" };
        var owner = host.As(Role.Person, person: "P-1");
        await (await owner.PutAsync("/v1/funds/F-1/consents/C-1", Consent("her-son"))).NeedsAsync(201, 200);
        var stranger = host.As(Role.Person, person: "P-8");
        foreach (var (id, who) in new[] { ("C-1", "her-son"), ("C-1", "a-guess"), ("C-2", "her-son") })
        {
            var put = (string fund) => NotFoundTextAsync(
                stranger.PutAsync($"/v1/funds/{fund}/consents/{id}", Consent(who)), fund);
            var withdraw = (string fund) => NotFoundTextAsync(
                stranger.PostAsync($"/v1/funds/{fund}/consents/{id}/withdraw", new { }), fund);
            Assert.Equal(await put("F-9"), await put("F-1"));
            Assert.Equal(await withdraw("F-9"), await withdraw("F-1"));
        }
    }

    [Fact]
    public async Task Health_needs_no_token_and_an_unknown_address_is_a_problem()
    {
        await (await host.Http.GetAsync("/health/live")).NeedsAsync(200);
        await (await host.Http.GetAsync("/health/ready")).NeedsAsync(200);
        Assert.Equal("no-such-address", await (await host.As(Role.HolderAdmin).GetAsync("/v2/funds")).CodeAsync());
    }

    // Returns the names of the headers, and the body without the requested id, of a response that must be 404.
    private static async Task<string> NotFoundTextAsync(Task<HttpResponseMessage> sending, string id)
    {
        var response = await sending;
        var headers = string.Join(';', response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Content-Length")).Select(header => header.Key).Order());
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        return $"{headers} {(await response.Content.ReadAsStringAsync()).Replace(id, "…", StringComparison.Ordinal)}";
    }
}
