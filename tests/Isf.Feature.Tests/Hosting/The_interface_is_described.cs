using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Tests.Servers;

namespace Isf.Tests.Hosting;

public sealed class The_interface_is_described(HostWithAFund shared) : IClassFixture<HostWithAFund>
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
}
