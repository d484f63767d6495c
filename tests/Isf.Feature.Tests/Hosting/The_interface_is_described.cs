using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Tests.Described;
using Isf.Tests.Servers;

namespace Isf.Tests.Hosting;

/// <summary>
/// A host without data. A request that makes some is compared with the golden copy, which may be about to be rewritten.
/// </summary>
public sealed class HostWithoutData : IAsyncLifetime
{
    /// <summary>The host.</summary>
    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await TestHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class The_interface_is_described(HostWithoutData shared) : IClassFixture<HostWithoutData>
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>ISF_APPROVE=1 writes the new copy, so that the commit shows the change for review.</summary>
    [Fact]
    public async Task As_the_golden_copy_says()
    {
        var golden = Path.Combine(TestServers.Root, "services", "Host", "Isf.Host", "openapi.v1.json");
        var text = await shared.Host.Http.GetStringAsync("/openapi/v1.json");
        var described = JsonNode.Parse(text)!.ToJsonString(Indented) + "\n";
        Assert.StartsWith("3.1", (string)JsonNode.Parse(text)!["openapi"]!, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("ISF_APPROVE") == "1")
            await File.WriteAllTextAsync(golden, described);
        Assert.Equal(await File.ReadAllTextAsync(golden), described);
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_and_a_summary()
    {
        Assert.NotEmpty(Interface.Operations);
        Assert.Equal([], Interface.Operations.Where(operation => operation.Described["operationId"] is null
            || operation.Described["summary"] is null).Select(operation => operation.Name));
        Assert.Equal([], Interface.Operations.Where(operation => operation.Described["operationId"] is not null)
            .GroupBy(operation => (string)operation.Described["operationId"]!).Where(same => same.Count() > 1)
            .Select(same => same.Key));
    }

    // A field with a single possible value says all by it.
    [Fact]
    public async Task Every_field_has_a_text()
    {
        var described = JsonNode.Parse(await shared.Host.Http.GetStringAsync("/openapi/v1.json"))!;
        Assert.Equal([],
            from schema in described["components"]!["schemas"]!.AsObject()
            from field in schema.Value!["properties"]?.AsObject() ?? []
            where field.Value!["description"] is null && field.Value["const"] is null
            select $"{schema.Key}.{field.Key}");
    }

    [Theory]
    [InlineData("/docs/")]
    [InlineData("/docs/index.html")]
    [InlineData("/docs/index.js")]
    [InlineData("/docs/swagger-ui.css")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    [InlineData("/docs/swagger-ui-standalone-preset.js")]
    public async Task The_page_shows_it_with_assets_of_this_host_alone(string path)
    {
        var response = await (await shared.Host.Http.GetAsync(path)).NeedsAsync(200);

        Assert.StartsWith("default-src 'none'; script-src 'self';",
            response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("""(src|href)="(https?:)?//|url\(["']?(https?:)?//|@import""", text);
        if (path.EndsWith("index.js", StringComparison.Ordinal))
            Assert.Contains("\"url\":\"/openapi/v1.json\"", text, StringComparison.Ordinal);
    }
}
