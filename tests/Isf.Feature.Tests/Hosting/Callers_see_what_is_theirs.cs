using System.Net;
using Isf.Hosting;

namespace Isf.Tests.Hosting;

public sealed class Callers_see_what_is_theirs(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private readonly TestHost host = shared.Host;

    [Fact]
    public async Task Without_a_token_nothing_is_told()
    {
        var answer = await host.Http.GetAsync("/v1/funds/F-1");
        Assert.Equal((HttpStatusCode.Unauthorized, "no-token"), (answer.StatusCode, await answer.CodeAsync()));
        using var forged = host.As(Role.HolderAdmin);
        forged.DefaultRequestHeaders.Authorization =
            new("Bearer", "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiaG9sZGVyLWFkbWluIn0.");
        Assert.Equal(HttpStatusCode.Unauthorized, (await forged.GetAsync("/v1/funds/F-1")).StatusCode);
    }

    [Fact]
    public async Task A_role_that_may_not_is_told_so()
    {
        var answer = await host.As(Role.HolderCare).PutAsync("/v1/funds/F-2", Sample.Fund);
        Assert.Equal((HttpStatusCode.Forbidden, "not-your-role"), (answer.StatusCode, await answer.CodeAsync()));
    }

    [Fact]
    public async Task Another_holder_sees_nothing_and_may_use_the_same_ids()
    {
        var other = host.As(Role.HolderAdmin, holder: "moonrise");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/v1/funds/F-1")).StatusCode);
        Assert.Empty((await other.GetJsonAsync("/v1/funds"))["items"]!.AsArray());
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
        Assert.Single((await council.GetJsonAsync("/v1/funds?holder=sunrise"))["items"]!.AsArray());
        var other = host.As(Role.Council, holder: null!, council: "E10000014");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/v1/funds/F-1?holder=sunrise")).StatusCode);
        Assert.Empty((await other.GetJsonAsync("/v1/funds?holder=sunrise"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Health_needs_no_token_and_an_unknown_address_is_a_problem()
    {
        await (await host.Http.GetAsync("/health/live")).NeedsAsync(200);
        await (await host.Http.GetAsync("/health/ready")).NeedsAsync(200);
        Assert.Equal("no-such-address", await (await host.As(Role.HolderAdmin).GetAsync("/v2/funds")).CodeAsync());
    }
}
