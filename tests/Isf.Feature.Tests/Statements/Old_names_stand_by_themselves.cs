using Isf.Hosting.Http;

namespace Isf.Tests.Statements;

/// <summary>
/// Names with bidirectional controls are refused today. A name that was stored earlier may reverse its own text on a
/// page, but no other text. JSON contains the name as it was stored, since programs compare it; CSV contains ids and
/// no names.
/// </summary>
public sealed class Old_names_stand_by_themselves
{
    private const string Hidden = "\u202E", Ends = "\u2069";

    [Theory]
    [InlineData(Hidden)]
    [InlineData(Ends + Hidden)]
    [InlineData("\u2067")]
    [InlineData("\u200F")]
    public async Task On_every_page_and_json_gives_them_as_they_were_stored(string control)
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        await PlantAsync(host, control);
        var finance = host.As(Role.HolderFinance);
        var client = finance.Typed();
        await host.IssueAsync("S-1", StatementSample.April);
        await (await host.As(Role.HolderAdmin).PutAsync(
            "/v1/funds/F-1/closure", new { on = "2026-05-31", reason = "died" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        await host.IssueAsync("S-2", StatementSample.May);
        foreach (var (id, format) in new[] { ("S-1", "html"), ("S-1", "txt"), ("S-2", "html"), ("S-2", "txt") })
        {
            var page = await finance.GetStringAsync($"{StatementSample.Of}/{id}?format={format}");
            Assert.True(page.Split("dlo").Length > 2, $"{id} {format} names nobody");
            Assert.All(page.Split('\n'), line => Assert.True(IsIsolated(line), line));
        }
        Assert.Equal($"Old {control}dlo", (await client.RegisterPersonGetAsync("P-1")).Name);
        Assert.Equal($"Old {control}dlo", (await client.RegisterProviderGetAsync("V-1")).Name);
    }

    /// <summary>Writes a name with the control where an earlier version of the platform would have stored it.</summary>
    private static async Task PlantAsync(TestHost host, string control)
    {
        var source = host.Owner;
        await using var command = source.CreateCommand("""
            with people as (update funds.mt_doc_person set data = jsonb_set(data, '{details,name}', to_jsonb($1))),
              providers as (update funds.mt_doc_provider set data = jsonb_set(data, '{details,name}', to_jsonb($1)))
            update statements.kept set data = jsonb_set(data, '{name}', to_jsonb($1))
            where kind in ('person', 'provider', 'holder')
            """);
        command.Parameters.Add(new() { Value = $"Old {control}dlo" });
        Assert.Equal(3, await command.ExecuteNonQueryAsync());
    }

    // Returns whether every bidirectional control of a line lies inside an isolate, and every isolate ends. The
    // controls of a line have no effect on other lines, so a line is checked by itself.
    private static bool IsIsolated(string line)
    {
        var open = 0;
        foreach (var character in line)
        {
            if (open == 0 && character is '\u202E' or '\u200F' or '\u2069')
                return open > 0;
            open += character is '\u2067' or '\u2068' ? 1 : character == '\u2069' ? -1 : 0;
        }
        return open == 0;
    }
}
