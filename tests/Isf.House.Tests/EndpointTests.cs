using Isf.Host;
using Isf.Hosting;
using Isf.Hosting.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using NodaTime.Testing;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// The rules of <see cref="RouteTests"/>, checked on the real host: the roles that every endpoint allows, and their
/// enforcement. The host is built and never started, so that no database is needed.
/// </summary>
public sealed class EndpointTests
{
    private static readonly string[] OpenToAll = ["/health/", "/openapi/", "/docs", "/admin/jobs/sign-"];
    private static readonly string[] Readers = [Role.Auditor, Role.Council];
    private static readonly string[] NothingStored = ["/v1/quotes"];

    /// <summary>
    /// Endpoints that name no role or an unknown one, and endpoints outside <see cref="OpenToAll"/> that allow
    /// everybody.
    /// </summary>
    public static IEnumerable<Finding> AdmitsUnclearly(IEnumerable<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var roles = endpoint.Metadata.GetMetadata<Admitted>()?.Roles ?? [];
            var open = OpenToAll.Any(start => Path(endpoint).StartsWith(start, StringComparison.Ordinal));
            if (roles.Count == 0)
                yield return Found(endpoint, "names no role");
            foreach (var role in roles.Where(role => !Role.All.Append("anyone").Contains(role)))
                yield return Found(endpoint, $"admits “{role}”, which api.md does not know");
            if (roles.Contains("anyone") && !open)
                yield return Found(endpoint, "admits anyone: only health, the description and the sign-in do");
        }
    }

    /// <summary>Endpoints that name roles without enforcing them.</summary>
    public static IEnumerable<Finding> NotHeldToIt(IEnumerable<Endpoint> endpoints) =>
        from endpoint in endpoints
        where endpoint.Metadata.GetMetadata<Admitted>()?.Roles.Contains("anyone") == false
        where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || (endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
                && endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null)
        select Found(endpoint, "names its roles, but nothing asks for them");

    /// <summary>
    /// Finds endpoints that let an auditor or a council write (api.md, “Who is calling”). Routes of NothingStored are
    /// left out, because they store nothing.
    /// </summary>
    public static IEnumerable<Finding> ReadersThatWrite(IEnumerable<Endpoint> endpoints) =>
        from endpoint in endpoints
        where !NothingStored.Contains(Path(endpoint))
        where endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(verb => verb != "GET") != false
        from role in endpoint.Metadata.GetMetadata<Admitted>()?.Roles ?? []
        where Readers.Contains(role)
        select Found(endpoint, $"lets {role} write");

    internal static string Path(Endpoint endpoint) =>
        "/" + (endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimStart('/');

    private static Finding Found(Endpoint endpoint, string what) =>
        new($"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0]} {Path(endpoint)}", 1, what);

    internal static List<Endpoint> RealEndpoints()
    {
        var home = Directory.CreateTempSubdirectory("isf-house-");
        try
        {
            var app = IsfHost.Build(
                new HostSettings
                {
                    Database = "Host=127.0.0.1;Port=1;Database=none;Username=none",
                    Home = home.FullName, ShowsJobs = true
                },
                FakeClock.FromUtc(2026, 6, 1));
            return ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).ToList();
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static RouteEndpoint Sample(string verb, params object[] metadata) => new(
        _ => Task.CompletedTask, RoutePatternFactory.Parse("/v1/things"), 0,
        new EndpointMetadataCollection([new HttpMethodMetadata([verb]), .. metadata]), null);

    [Fact]
    public void The_real_endpoints_admit_whom_they_say_and_readers_only_read()
    {
        var endpoints = RealEndpoints();
        Assert.Contains(endpoints, endpoint => Path(endpoint) == "/health/ready");
        Rule.Holds("every route names the roles it admits (issue 2)", AdmitsUnclearly(endpoints));
        Rule.Holds("every route is held to its roles (issue 2)", NotHeldToIt(endpoints));
        Rule.Holds("auditors and councils write nothing (api.md)", ReadersThatWrite(endpoints));
    }

    [Fact]
    public void An_endpoint_that_admits_nobody_everybody_or_a_stranger_is_found() =>
        Rule.Finds(
            AdmitsUnclearly(
            [
                Sample("GET"), Sample("PUT", new Admitted(["anyone"])), Sample("POST", new Admitted(["visitor"])),
                Sample("PATCH", new Admitted([Role.HolderCare])),
            ]),
            "GET /v1/things:1: names no role", "PUT /v1/things:1: admits anyone", "admits “visitor”");

    [Fact]
    public void An_endpoint_that_nothing_guards_is_found() =>
        Rule.Finds(
            NotHeldToIt(
            [
                Sample("GET", new Admitted([Role.Council])),
                Sample("PUT", new Admitted([Role.Council]), new AllowAnonymousAttribute(), new AuthorizeAttribute()),
                Sample("POST", new Admitted([Role.Council]), new AuthorizeAttribute()),
            ]),
            "GET /v1/things", "PUT /v1/things");

    [Fact]
    public void An_auditor_that_may_write_is_found() =>
        Rule.Finds(
            ReadersThatWrite(
            [
                Sample("GET", new Admitted([Role.Auditor])),
                Sample("PUT", new Admitted([Role.HolderAdmin, Role.Auditor])),
            ]),
            "PUT /v1/things:1: lets auditor write");
}
