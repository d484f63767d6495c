using System.Text.RegularExpressions;
using Isf.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Behind nginx every path goes to the service that answers it (ops/nginx.conf.template).</summary>
public sealed partial class ProxyTests
{
    /// <summary>Endpoints that the proxy's map sends to another service.</summary>
    public static IEnumerable<Finding> SentAstray(IEnumerable<Endpoint> endpoints, string map)
    {
        var ways = Way().Matches(map).Select(way => (Path: way.Groups[1].Value, Service: way.Groups[2].Value)).ToList();
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<AnsweredBy>()?.Service is not { } service)
                continue;
            var path = Place().Replace(EndpointTests.Path(endpoint), "X-1");
            var sent = ways.Find(way => Regex.IsMatch(path, way.Path)).Service ?? "funds";
            if (sent != service)
                yield return new Finding(path, 1, $"goes to {sent}, and {service} answers it");
        }
    }

    [GeneratedRegex("\"~(\\^\\S+)\" (\\w+);")]
    private static partial Regex Way();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    private static string Map =>
        Repository.Files.Single(file => file.Path == "ops/nginx.conf.template").Text;

    [Fact]
    public void Every_path_goes_to_the_service_that_answers_it() =>
        Rule.Holds("the proxy knows every path", SentAstray(EndpointTests.RealEndpoints(), Map));

    [Fact]
    public void A_path_that_the_map_has_lost_is_found() =>
        Rule.Finds(
            SentAstray(
                EndpointTests.RealEndpoints().Where(endpoint => EndpointTests.Path(endpoint) == "/v1/periods"),
                Map.Replace("/periods", "/seasons", StringComparison.Ordinal)),
            "/v1/periods:1: goes to funds, and ledger answers it");
}
