using System.Text;
using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Statements;

/// <summary>
/// One host with a fund whose statement of April, S-1, was issued before a visit in April was corrected, and that of
/// May, S-2, afterwards.
/// </summary>
public sealed class HostWithACorrection : IAsyncLifetime
{
    public static readonly string[] Formats = ["json", "html", "txt"];

    public TestHost Host { get; private set; } = null!;

    public HttpClient Finance => Host.As(Role.HolderFinance);

    /// <summary>The statement of April in each format, from before the correction.</summary>
    public List<byte[]> AprilBefore { get; } = [];

    /// <summary>The statement of May.</summary>
    public JsonNode May { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync();
        await Host.LiveAprilAsync();
        await Host.IssueAsync("S-1", StatementSample.April);
        foreach (var format in Formats)
            AprilBefore.Add(await Finance.BytesAsync($"{StatementSample.Of}/S-1?format={format}"));
        await Host.CorrectAsync("W-2", new LocalDate(2026, 4, 8));
        Host.Clock.Reset(Instant.FromUtc(2026, 7, 1, 9, 0));
        May = await Host.IssueAsync("S-2", StatementSample.May);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class Corrections_are_in_the_next_statement(HostWithACorrection shared)
    : IClassFixture<HostWithACorrection>
{
    [Fact]
    public async Task The_issued_one_keeps_its_bytes()
    {
        for (var i = 0; i < HostWithACorrection.Formats.Length; i++)
        {
            Assert.Equal(shared.AprilBefore[i], await shared.Finance.BytesAsync(
                $"{StatementSample.Of}/S-1?format={HostWithACorrection.Formats[i]}"));
        }
    }

    [Fact]
    public async Task The_next_has_a_line_of_what_was_and_a_line_of_what_is()
    {
        var may = shared.May;
        Assert.Equal(40800, (long)may["openingPence"]!);
        Assert.Equal(-600, (long)may["moneyOutPence"]!);
        Assert.Equal(41400, (long)may["closingPence"]!);
        Assert.Equal([("2026-04-08", -2400L, -60L), ("2026-04-08", 1800L, 45L)], may["corrections"]!.AsArray()
            .Select(line => ((string)line!["careOn"]!, (long)line["pence"]!, (long)line["minutes"]!)));
        Assert.Contains("It was 1 h and £24.00, and is now 45 min and £18.00.",
            Encoding.UTF8.GetString(await shared.Finance.BytesAsync($"{StatementSample.Of}/S-2?format=html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_changed_since_one_was_issued_is_shown()
    {
        var since = await shared.Finance.GetJsonAsync($"{StatementSample.Of}/S-1/since");
        Assert.Equal((40800L, 41400L, 600L), ((long)since["closingPence"]!, (long)since["closingNowPence"]!,
            (long)since["differencePence"]!));
        Assert.Equal(-600, since["changes"]!.AsArray().Sum(line => (long)line!["pence"]!));
        var unknown = await shared.Finance.GetAsync($"{StatementSample.Of}/S-9/since");
        Assert.Equal("unknown-statement", await unknown.CodeAsync());
    }

    [Fact]
    public async Task Both_are_listed_page_by_page()
    {
        var list = await shared.Finance.GetJsonAsync($"{StatementSample.Of}?limit=1");
        Assert.Equal("S-1", (string)list["next"]!);
        var rest = await shared.Finance.GetJsonAsync($"{StatementSample.Of}?limit=1&after=S-1");
        Assert.Equal("S-2", (string)Assert.Single(rest["items"]!.AsArray())!["statementId"]!);
    }
}
