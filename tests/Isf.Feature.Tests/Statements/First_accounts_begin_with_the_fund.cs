using Isf.Client;
using Isf.Hosting.Http;

namespace Isf.Tests.Statements;

/// <summary>
/// An issued statement or feed cannot be withdrawn. Therefore a fund's first statement, and a council's feed, must be
/// about days on which the fund has money or could have it. Money that came before the fund opened is in the statement
/// that covers the fund's first day.
/// </summary>
public sealed class First_accounts_begin_with_the_fund : IAsyncLifetime
{
    private TestHost host = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        admin = (host = await TestHost.StartAsync()).As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-0",
            new { source = "person", pence = 12345, receivedOn = "2026-03-20" })).NeedsAsync(201);
        await host.UntilIdleAsync();
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("/v1/funds/F-1/statements/SA", "1900-01-01", "1900-12-31", "/to")]
    [InlineData("/v1/funds/F-1/statements/SA", "2026-03-01", "2026-03-29", "/to")]
    [InlineData("/v1/funds/F-1/statements/SA", "2025-03-29", "2026-04-26", "/from")]
    [InlineData("/v1/councils/E10000009/feeds/FD", "1900-01-01", "1900-12-31", "/from")]
    [InlineData("/v1/councils/E10000009/feeds/FD", "2025-03-29", "2026-04-26", "/from")]
    public async Task Nothing_is_issued_of_days_before_there_could_be_money(
        string path, string from, string to, string pointer)
    {
        var response = await admin.PutAsync(path, new { from, to });
        var problem = await response.JsonAsync();
        Assert.Equal((422, "day-too-early", pointer), ((int)response.StatusCode, (string)problem["code"]!,
            (string)problem["errors"]![0]!["pointer"]!));
        Assert.Contains("30 March 2026", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-30")]
    [InlineData("2025-03-30")]
    public async Task Money_from_before_is_in_the_statement_of_the_first_day(string from)
    {
        const string path = "/v1/funds/F-1/statements/";
        var first = await GivenAsync(path + "S-1", from, "2026-04-26");
        Assert.Equal((0, 42345), (first.OpeningPence, first.ClosingPence));
        Assert.Equal([("council", 30000, 1), ("person", 12345, 1)],
            first.MoneyIn.Select(row => (row.Source, row.Pence, row.Count)));
        Assert.Empty(first.Corrections);
        Assert.Equal(12345, first.Contribution.PaidPence);
        var next = await GivenAsync(path + "S-2", "2026-04-27", "2026-05-24");
        Assert.Equal((42345, 0), (next.OpeningPence, next.MoneyInPence));
    }

    private async Task<StatementBody> GivenAsync(string path, string from, string to) =>
        await (await (await admin.PutAsync(path, new { from, to })).NeedsAsync(201)).ReadAsync<StatementBody>();
}
