using System.Text;
using Isf.Client;
using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Statements;

public sealed class Statements_are_given_once_and_stay(HostWithAStatement shared) : IClassFixture<HostWithAStatement>
{
    [Fact]
    public async Task The_first_four_weeks_have_the_issues_figures()
    {
        var april = await shared.Issued.ReadAsync<StatementBody>();

        Assert.Equal((30000, 162000, 151200, 40800, 40800), (april.OpeningPence, april.MoneyInPence,
            april.MoneyOutPence, april.ClosingPence, april.FreeToUsePence));
        Assert.Equal((144000, 4), (april.MoneyIn[0].Pence, april.MoneyIn[0].Count));
        var row = Assert.Single(april.MoneyOut);
        Assert.Equal(("V-1", "support", 151200, 3780), (row.ProviderId, row.Category, row.Pence, row.Minutes));
        Assert.Equal((24000, 18000, 6000),
            (april.Contribution.DuePence, april.Contribution.PaidPence, april.Contribution.OwedPence));
        Assert.Equal(3780, april.Hours.DeliveredMinutes);
        Assert.Equal(63, april.Lines.Count);
        Assert.Equal("60 minutes at £24.00 an hour.", april.Lines[0].Because);
        var balance = await shared.Client.ShowBalanceGetAsync("F-1", effectiveOn: new LocalDate(2026, 5, 3));
        Assert.Equal((40800, april.Position), (balance.Money.HeldPence, balance.Position));
    }

    [Fact]
    public async Task The_same_content_is_done_already()
    {
        var first = shared.Issued;
        var repeated = await shared.Finance.PutAsync($"{StatementSample.Of}/S-1", StatementSample.April);
        Assert.Equal(200, (int)repeated.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await repeated.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        var shown = await shared.Finance.BytesAsync($"{StatementSample.Of}/S-1");
        Assert.Equal(await first.Content.ReadAsStringAsync(), Encoding.UTF8.GetString(shown));
    }

    [Theory]
    [InlineData("F-1", "S-2", "2026-05-04", "2026-05-03", 422, "ends-before-it-starts")]
    [InlineData("F-1", "S-2", "2026-05-04", "2026-05-31", 422, "to-is-not-past")]
    [InlineData("F-1", "S-1", "2026-05-04", "2026-05-05", 409, "id-used-for-something-else")]
    [InlineData("F-1", "S-2", "2026-05-05", "2026-05-06", 422, "not-the-day-after-the-last")]
    [InlineData("F-1", "S-2", "2026-04-06", "2026-05-03", 422, "not-the-day-after-the-last")]
    [InlineData("F-9", "S-9", "2026-04-06", "2026-05-03", 404, "unknown-fund")]
    public async Task Other_days_are_refused(string fund, string id, string from, string to, int status, string code)
    {
        var response = await shared.Finance.PutAsync($"/v1/funds/{fund}/statements/{id}", new { from, to });
        Assert.Equal((status, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task A_field_that_it_does_not_have_is_refused()
    {
        var response = await shared.Finance.PutAsync(
            $"{StatementSample.Of}/S-2", new { from = "2026-05-04", to = "2026-05-05", on = 1 });
        Assert.Equal((400, "unknown-field"), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Those_who_record_care_issue_none()
    {
        var carer = await shared.Host.As(Role.HolderCare).PutAsync($"{StatementSample.Of}/S-3", StatementSample.May);
        Assert.Equal(403, (int)carer.StatusCode);
    }

    [Fact]
    public async Task Two_who_ask_at_once_get_one_statement_after_the_other()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            host.As(Role.HolderFinance).PutAsync($"{StatementSample.Of}/S-{i % 2}", StatementSample.April)));
        var statuses = responses.Select(response => (int)response.StatusCode).Order().ToList();
        Assert.Equal([200, 200, 201, 422, 422, 422], statuses);
    }

    [Fact]
    public async Task While_a_fact_is_on_its_way_nothing_is_issued()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        await host.PublishAsync("invoicing", "sunrise", new VisitRepriced
        {
            HolderId = "sunrise", Visits = [StatementSample.Priced("W-100", 2, StatementSample.Start, 45, 1800)],
        }, "W-100/2", "F-1");

        var response = await host.As(Role.HolderFinance).PutAsync($"{StatementSample.Of}/S-1", StatementSample.April);

        Assert.Equal((503, "facts-on-their-way"), ((int)response.StatusCode, await response.CodeAsync()));
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty((await host.As(Role.HolderFinance).Typed().ListStatementsGetAsync("F-1")).Items);
    }

    [Fact]
    public async Task Journals_that_come_twice_and_in_any_order_are_stored_once()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        var first = await host.IssueAsync("S-1", StatementSample.April);
        await using (var session = host.Services.GetService<Sessions>()!.Open("statements", "sunrise"))
        {
            var rows = await session.RowsAsync("select count(*), max(position) from journals where fund_id = 'F-1'",
                reader => (reader.GetInt64(0), reader.GetInt64(1)));
            Assert.Equal((first.Position, first.Position), Assert.Single(rows));
        }
        var other = host.Services.GetService<Sessions>()!.Open("statements", "sunset");
        await using (other)
        {
            string[] tables = ["journals", "reasons", "kept", "pages", "mt_doc_keptfund", "mt_doc_issuedstatement"];
            foreach (var table in tables)
            {
                var counts = await other.RowsAsync($"select count(*) from {table}", reader => reader.GetInt64(0));
                Assert.Equal([0L], counts);
            }
        }
    }
}
