using System.Text.RegularExpressions;
using Isf.Hosting.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Behind nginx every path goes to the service that answers it. The map in ops/nginx.conf.template is generated from
/// the routes. With ISF_APPROVE=1 the test writes the map again, and the commit shows what has changed.
/// </summary>
public sealed partial class ProxyTests
{
    private const string Begin = "    # Made from the routes: see ProxyTests.\n";
    private const string End = "    # End of what is made.\n";

    private static string File { get; } = Path.Combine(Repository.Root, "ops", "nginx.conf.template");

    /// <summary>
    /// The lines of the map, one for each path of a service. A parameter's brace sorts after every letter, so a
    /// literal is tried before a parameter. Throws if two services answer the same path.
    /// </summary>
    public static string MapOf(IEnumerable<Endpoint> endpoints)
    {
        var ways = endpoints.SelectMany(WaysOf).Distinct().OrderBy(way => way.Path, StringComparer.Ordinal).ToList();
        if (ways.GroupBy(way => way.Path).FirstOrDefault(same => same.Count() > 1) is { } torn)
        {
            throw new InvalidOperationException($"{torn.Key} is answered by {string.Join(" and ", torn)}: a proxy "
                + "that goes by paths cannot send it to both.");
        }
        return string.Concat(ways.Select(way => $"    \"~*^{Expression(way.Path)}/?$\" {way.Service};\n"));
    }

    /// <summary>The paths of a route as written in a URL, with the service that answers each.</summary>
    private static IEnumerable<(string Path, string Service)> WaysOf(Endpoint endpoint)
    {
        var path = EndpointTests.Path(endpoint);
        if (endpoint.Metadata.GetMetadata<ServiceMetadata>() is { } metadata)
            yield return (path, metadata.Service);
        // A parameter that determines the service appears in the map with each of its values.
        foreach (var (value, service) in endpoint.Metadata.GetMetadata<OwnerServiceMetadata>() is { } owner
            ? owner.Services
                .Select(service => (Path: path.Replace($"{{{owner.Parameter}}}", service.Key), service.Value)) : [])
        {
            yield return (value, service);
        }
    }

    private static string Expression(string path) =>
        Placeholder().Replace(
            Rest().Replace(Regex.Escape(path).Replace("\\{", "{", StringComparison.Ordinal), "(/.*)?"),
            "[^/]+");

    // The escaped form of a parameter for the rest of the path.
    [GeneratedRegex(@"/\{\\\*\\\*\w+\}")]
    private static partial Regex Rest();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    private static (int From, int To) Made(string template) => (
        template.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length,
        template.IndexOf(End, StringComparison.Ordinal));

    [Fact]
    public void The_map_is_made_from_the_routes()
    {
        var (template, map) = (System.IO.File.ReadAllText(File), MapOf(EndpointTests.RealEndpoints()));
        var (from, to) = Made(template);
        if (Environment.GetEnvironmentVariable("ISF_APPROVE") == "1")
            System.IO.File.WriteAllText(File, template[..from] + map + template[to..]);
        (template, (from, to)) = (System.IO.File.ReadAllText(File), Made(System.IO.File.ReadAllText(File)));
        Assert.True(template[from..to] == map, "The map in ops/nginx.conf.template is not that of the routes: run this "
            + "test with ISF_APPROVE=1, and look at what it changes.");
    }

    [Fact]
    public void A_path_of_two_services_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        MapOf([Route("/v1/things", "funds"), Route("/v1/things", "ledger")]));

    [Fact]
    public void A_word_comes_before_what_stands_for_any() => Assert.Equal(
        "    \"~*^/v1/things/new/?$\" ledger;\n    \"~*^/v1/things/[^/]+/?$\" funds;\n",
        MapOf([Route("/v1/things/{id}", "funds"), Route("/v1/things/new", "ledger")]));

    [Fact]
    public void A_value_that_tells_whose_a_path_is_stands_by_itself_and_what_follows_goes_along() => Assert.Equal(
        "    \"~*^/v1/jobs(/.*)?/?$\" funds;\n    \"~*^/v1/things/a/run/?$\" ledger;\n",
        MapOf([Route("/v1/jobs/{**path}", "funds"), new RouteEndpoint(_ => Task.CompletedTask,
            RoutePatternFactory.Parse("/v1/things/{name}/run"), 0, new EndpointMetadataCollection(
                new OwnerServiceMetadata("name", new Dictionary<string, string> { ["a"] = "ledger" })), null)]));

    private static RouteEndpoint Route(string path, string service) => new(_ => Task.CompletedTask,
        RoutePatternFactory.Parse(path), 0, new EndpointMetadataCollection(new ServiceMetadata(service)), null);
}
