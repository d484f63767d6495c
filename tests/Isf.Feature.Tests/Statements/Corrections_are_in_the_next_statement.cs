using System.Text;
using Isf.Client;
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

    public IsfClient Client => Finance.Typed();

    /// <summary>The statement of April in each format, from before the correction.</summary>
    public List<byte[]> AprilBefore { get; } = [];

    /// <summary>The statement of May.</summary>
    public StatementBody May { get; private set; } = null!;

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
        var (may, day) = (shared.May, new LocalDate(2026, 4, 8));
        Assert.Equal((40800, -600, 41400), (may.OpeningPence, may.MoneyOutPence, may.ClosingPence));
        Assert.Equal([(day, -2400, -60), (day, 1800, 45)],
            may.Corrections.Select(line => (line.CareOn, line.Pence, line.Minutes)));
        Assert.Contains("It was 1 h and £24.00, and is now 45 min and £18.00.",
            Encoding.UTF8.GetString(await shared.Finance.BytesAsync($"{StatementSample.Of}/S-2?format=html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_changed_since_one_was_issued_is_shown()
    {
        var since = await shared.Client.ShowSinceGetAsync("F-1", "S-1");
        Assert.Equal((40800, 41400, 600), (since.ClosingPence, since.ClosingNowPence, since.DifferencePence));
        Assert.Equal(-600, since.Changes.Sum(line => line.Pence));
        var unknown = await shared.Finance.GetAsync($"{StatementSample.Of}/S-9/since");
        Assert.Equal("unknown-statement", await unknown.CodeAsync());
    }

    [Fact]
    public async Task Both_are_listed_page_by_page()
    {
        Assert.Equal("S-1", (await shared.Client.ListStatementsGetAsync("F-1", limit: 1)).Next);
        var rest = await shared.Client.ListStatementsGetAsync("F-1", limit: 1, after: "S-1");
        Assert.Equal("S-2", Assert.Single(rest.Items).StatementId);
    }
}
