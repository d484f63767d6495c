using System.Net;
using Isf.Hosting.Http;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

public sealed class A_token_has_one_role_and_one_tenant(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private readonly TestHost host = shared.Host;

    public static TheoryData<string, object, string> Doubled => new()
    {
        { "role", new[] { "council", "holder-admin" }, "one-role" },
        { "role", "[\"council\",\"holder-admin\"]", "one-role" },
        { "role", "council holder-admin", "one-role" },
        { "role", Array.Empty<string>(), "one-role" },
        { "role", new Dictionary<string, object> { ["is"] = "holder-admin" }, "one-role" },
        { "role", "visitor", "not-your-role" },
        { "role", "nobody", "not-your-role" },
        { "holder", new[] { "sunrise", "moonrise" }, "one-value" },
        { "holder", "[\"sunrise\"]", "one-value" },
        { "holder", "sunrise,moonrise", "one-value" },
        { "person", new[] { "P-1", "P-2" }, "one-value" },
        { "council", new[] { "E10000009", "E10000014" }, "one-value" },
    };

    [Fact]
    public async Task Two_roles_open_no_route_whichever_comes_first()
    {
        var routes = Routes().ToList();
        Assert.True(routes.Count > 60);
        foreach (var (first, second) in Pairs())
        {
            var both = host.With(("sub", "mallory"), ("role", new[] { first, second }), ("holder", "sunrise"),
                ("council", "E10000009"), ("person", "P-1"));
            foreach (var (method, path) in routes)
                Assert.Equal((403, "one-role"), await StatusAndCodeAsync(both, method, path + "?holder=sunrise"));
        }
    }

    [Fact]
    public async Task A_second_role_lets_nobody_write_anothers_settings()
    {
        var settings = new
        {
            name = "Gamma Care", payments = new
            { sortCode = "000000", accountNumber = "00000000", accountName = "GAMMA" }
        };
        foreach (var first in new[] { Role.Council, Role.Auditor })
        {
            var mallory = host.With(("sub", "mallory"), ("role", new[] { first, Role.HolderAdmin }),
                ("holder", "gamma"));
            var response = await mallory.PutAsync("/v1/holder?holder=sunrise", settings);
            Assert.Equal((HttpStatusCode.Forbidden, "one-role"), (response.StatusCode, await response.CodeAsync()));
            Assert.Equal("one-role",
                await (await mallory.PutAsync("/v1/people/P-9?holder=sunrise", Sample.Person)).CodeAsync());
        }
        var gamma = host.As(Role.HolderAdmin, holder: "gamma");
        var unknown = await gamma.PutAsync("/v1/holder?holder=sunrise", settings);
        Assert.Equal((HttpStatusCode.NotFound, "unknown-holder"), (unknown.StatusCode, await unknown.CodeAsync()));
    }

    [Theory]
    [MemberData(nameof(Doubled))]
    public async Task A_claim_that_is_not_one_word_is_refused(string name, object value, string code)
    {
        var claims = new Dictionary<string, object>
        { ["sub"] = "mallory", ["role"] = "holder-admin", ["holder"] = "sunrise", [name] = value };
        var client = host.With([.. claims.Select(claim => (claim.Key, claim.Value))]);
        foreach (var (method, path) in Routes())
            Assert.Equal((403, code), await StatusAndCodeAsync(client, method, path));
    }

    [Fact]
    public async Task An_auditor_has_a_holder_and_no_other()
    {
        var nobodys = host.As(Role.Auditor, holder: null!);
        Assert.Equal(
            (403, "no-holder-claim"), await StatusAndCodeAsync(nobodys, "GET", "/v1/funds/F-1?holder=sunrise"));
        var auditor = host.As(Role.Auditor);
        await (await auditor.GetAsync("/v1/funds/F-1")).NeedsAsync(200);
        await (await auditor.GetAsync("/v1/funds/F-1?holder=sunrise")).NeedsAsync(200);
        Assert.Equal((404, "unknown-holder"), await StatusAndCodeAsync(auditor, "GET", "/v1/funds/F-1?holder=gamma"));
    }

    [Fact]
    public async Task An_operator_is_let_in_nowhere_but_to_what_is_an_operators()
    {
        Assert.All(Routes(Role.Operator),
            route => Assert.Matches("^/(v1/operator|admin/jobs)(/|$)", route.Path));
        foreach (var (method, path) in Routes().Except(Routes(Role.Operator)))
            Assert.Equal((403, "not-your-role"), await StatusAndCodeAsync(host.With(Operator), method, path));
        await (await host.With(Operator).GetAsync("/health/ready")).NeedsAsync(200);
    }

    [Fact]
    public async Task An_operator_of_a_holder_is_let_in_nowhere()
    {
        var client = host.With(
            [.. Operator, ("holder", "sunrise"), ("person", "P-1"), ("council", "E10000009")]);
        foreach (var (method, path) in Routes())
            Assert.Equal((403, "not-your-role"), await StatusAndCodeAsync(client, method, path));
    }

    [Fact]
    public void A_role_that_is_not_known_sees_no_fund() => Assert.False(
        new Caller("mallory", "visitor", "sunrise", "E10000009", "P-1", default).MaySee("E10000009", "P-1"));

    private static IEnumerable<(string, string)> Pairs() =>
        from first in Role.All from second in Role.All where first != second select (first, second);

    private static (string, object)[] Operator => [("sub", "o"), ("role", Role.Operator)];

    private IEnumerable<(string Method, string Path)> Routes(string? role = null) =>
        from route in host.Routes
        let admitted = route.Metadata.GetMetadata<Admitted>()?.Roles
        where admitted?.Contains("anyone") == false && (role is null || admitted.Contains(role))
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, route.RoutePattern.Parameters.Aggregate(route.RoutePattern.RawText!,
            (path, part) => path.Replace($"{{{part.Name}}}", "F-1", StringComparison.Ordinal)));

    private static async Task<(int, string)> StatusAndCodeAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.CodeAsync());
    }
}
