using System.Text;
using Isf.Contracts.Invoicing;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Statements.Statements;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Statements;

public sealed class Statements_are_given_once_and_stay
{
    [Fact]
    public async Task The_first_four_weeks_have_the_issues_figures()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();

        var april = await host.IssueAsync("S-1", StatementSample.April);

        Assert.Equal(30000, (long)april["openingPence"]!);
        Assert.Equal(162000, (long)april["moneyInPence"]!);
        Assert.Equal((144000, 4), ((long)april["moneyIn"]![0]!["pence"]!, (int)april["moneyIn"]![0]!["count"]!));
        Assert.Equal(151200, (long)april["moneyOutPence"]!);
        var row = Assert.Single(april["moneyOut"]!.AsArray())!;
        Assert.Equal(("V-1", "support", 151200L, 3780L),
            ((string)row["providerId"]!, (string)row["category"]!, (long)row["pence"]!, (long)row["minutes"]!));
        Assert.Equal(40800, (long)april["closingPence"]!);
        Assert.Equal(40800, (long)april["freeToUsePence"]!);
        Assert.Equal((24000L, 18000L, 6000L), ((long)april["contribution"]!["duePence"]!,
            (long)april["contribution"]!["paidPence"]!, (long)april["contribution"]!["owedPence"]!));
        Assert.Equal(3780, (long)april["hours"]!["deliveredMinutes"]!);
        Assert.Equal(63, april["lines"]!.AsArray().Count);
        Assert.Equal("60 minutes at £24.00 an hour.", (string)april["lines"]![0]!["because"]!);
        var balance = await host.As(Role.HolderFinance).GetJsonAsync("/v1/funds/F-1/balance?effectiveOn=2026-05-03");
        Assert.Equal(40800, (long)balance["money"]!["heldPence"]!);
        Assert.Equal((long)balance["position"]!, (long)april["position"]!);
    }

    [Fact]
    public async Task A_correction_leaves_its_bytes_alone_and_is_a_line_of_the_next()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        var finance = host.As(Role.HolderFinance);
        await host.IssueAsync("S-1", StatementSample.April);
        string[] formats = ["json", "html", "txt"];
        var before = new List<byte[]>();
        foreach (var format in formats)
            before.Add(await finance.BytesAsync($"{StatementSample.Of}/S-1?format={format}"));

        await host.CorrectAsync("W-2", new LocalDate(2026, 4, 8));
        host.Clock.Reset(Instant.FromUtc(2026, 7, 1, 9, 0));
        var may = await host.IssueAsync("S-2", StatementSample.May);

        for (var i = 0; i < formats.Length; i++)
            Assert.Equal(before[i], await finance.BytesAsync($"{StatementSample.Of}/S-1?format={formats[i]}"));
        Assert.Equal(40800, (long)may["openingPence"]!);
        Assert.Equal(-600, (long)may["moneyOutPence"]!);
        Assert.Equal(41400, (long)may["closingPence"]!);
        Assert.Equal([("2026-04-08", -2400L, -60L), ("2026-04-08", 1800L, 45L)], may["corrections"]!.AsArray()
            .Select(line => ((string)line!["careOn"]!, (long)line["pence"]!, (long)line["minutes"]!)));
        Assert.Contains("It was 1 h and £24.00, and is now 45 min and £18.00.",
            Encoding.UTF8.GetString(await finance.BytesAsync($"{StatementSample.Of}/S-2?format=html")),
            StringComparison.Ordinal);

        var since = await finance.GetJsonAsync($"{StatementSample.Of}/S-1/since");
        Assert.Equal((40800L, 41400L, 600L), ((long)since["closingPence"]!, (long)since["closingNowPence"]!,
            (long)since["differencePence"]!));
        Assert.Equal(-600, since["changes"]!.AsArray().Sum(line => (long)line!["pence"]!));
        var unknown = await finance.GetAsync($"{StatementSample.Of}/S-9/since");
        Assert.Equal("unknown-statement", await unknown.CodeAsync());
        var list = await finance.GetJsonAsync($"{StatementSample.Of}?limit=1");
        Assert.Equal("S-1", (string)list["next"]!);
        var rest = await finance.GetJsonAsync($"{StatementSample.Of}?limit=1&after=S-1");
        Assert.Equal("S-2", (string)Assert.Single(rest["items"]!.AsArray())!["statementId"]!);
    }

    [Fact]
    public async Task The_same_content_is_done_already_and_other_content_is_refused()
    {
        await using var host = await TestHost.StartAsync(new() { Now = Instant.FromUtc(2026, 5, 31, 9, 0) });
        await host.LiveAprilAsync();
        var finance = host.As(Role.HolderFinance);
        async Task<(int, string)> Refused(string id, object period)
        {
            var response = await finance.PutAsync($"{StatementSample.Of}/{id}", period);
            return ((int)response.StatusCode, await response.CodeAsync());
        }
        Assert.Equal((422, "ends-before-it-starts"), await Refused("S-1", Days("2026-05-04", "2026-05-03")));
        Assert.Equal((422, "to-is-not-past"), await Refused("S-1", Days("2026-05-04", "2026-05-31")));
        Assert.Equal((400, "unknown-field"),
            await Refused("S-1", new { from = "2026-05-04", to = "2026-05-05", on = 1 }));

        var first = await finance.PutAsync($"{StatementSample.Of}/S-1", StatementSample.April);
        Assert.Equal(201, (int)first.StatusCode);
        var repeated = await finance.PutAsync($"{StatementSample.Of}/S-1", StatementSample.April);
        Assert.Equal(200, (int)repeated.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await repeated.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        var shown = await finance.BytesAsync($"{StatementSample.Of}/S-1");
        Assert.Equal(await first.Content.ReadAsStringAsync(), Encoding.UTF8.GetString(shown));

        Assert.Equal((409, "id-used-for-something-else"), await Refused("S-1", Days("2026-05-04", "2026-05-05")));
        Assert.Equal((422, "not-the-day-after-the-last"), await Refused("S-2", Days("2026-05-05", "2026-05-06")));
        Assert.Equal((422, "not-the-day-after-the-last"), await Refused("S-2", StatementSample.April));
        var unknown = await finance.PutAsync("/v1/funds/F-9/statements/S-9", StatementSample.April);
        Assert.Equal((404, "unknown-fund"), ((int)unknown.StatusCode, await unknown.CodeAsync()));
        var carer = await host.As(Role.HolderCare).PutAsync($"{StatementSample.Of}/S-3", StatementSample.May);
        Assert.Equal(403, (int)carer.StatusCode);
    }

    private static object Days(string from, string to) => new { from, to };

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
        Assert.Empty((await host.As(Role.HolderFinance).GetJsonAsync(StatementSample.Of))["items"]!.AsArray());
    }

    [Fact]
    public async Task It_is_shown_in_the_format_that_is_asked_for()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        await host.IssueAsync("S-1", StatementSample.April);
        var finance = host.As(Role.HolderFinance);
        async Task<string> Type(string query, string? accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{StatementSample.Of}/S-1{query}");
            if (accept is not null)
                request.Headers.Accept.ParseAdd(accept);
            var response = await finance.SendAsync(request);
            return response.IsSuccessStatusCode
                ? response.Content.Headers.ContentType!.MediaType!
                : $"{(int)response.StatusCode} {await response.CodeAsync()}";
        }
        Assert.Equal("application/json", await Type("", null));
        Assert.Equal("application/json", await Type("", "*/*"));
        Assert.Equal("text/html", await Type("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        Assert.Equal("text/plain", await Type("", "text/plain;q=0.9, text/html;q=0.1"));
        Assert.Equal("text/html", await Type("", "text/*;q=0.5, text/plain;q=0.2"));
        Assert.Equal("406 no-format-you-take", await Type("", "application/pdf"));
        Assert.Equal("text/plain", await Type("?format=txt", "text/html"));
        Assert.Equal("text/html", await Type("?format=html&style=plain&lang=en", null));
        Assert.Equal("400 unknown-format", await Type("?format=pdf", null));
        Assert.Equal("400 unknown-style", await Type("?style=easy-read", null));
        Assert.Equal("400 unknown-language", await Type("?lang=cy", null));
        var missing = await finance.GetAsync($"{StatementSample.Of}/S-9");
        Assert.Equal(ProblemException.CodeOf(ShowStatement.Refusal.UnknownStatement), await missing.CodeAsync());
        var page = Encoding.UTF8.GetString(await finance.BytesAsync($"{StatementSample.Of}/S-1?format=html"));
        Assert.Contains("Ada Example", page, StringComparison.Ordinal);
        Assert.Contains("Brook Care", page, StringComparison.Ordinal);
        Assert.Contains("01632 960001", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_those_who_may_see_the_fund_can_read_it()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        await host.IssueAsync("S-1", StatementSample.April);
        async Task<int> Sees(HttpClient client, string query = "") =>
            (int)(await client.GetAsync($"{StatementSample.Of}/S-1{query}")).StatusCode;

        Assert.Equal(200, await Sees(host.As(Role.Person, person: "P-1")));
        Assert.Equal(404, await Sees(host.As(Role.Person, person: "P-2")));
        Assert.Equal(200, await Sees(host.As(Role.Council, council: "E10000009"), "?holder=sunrise"));
        Assert.Equal(404, await Sees(host.As(Role.Council, council: "E10000016"), "?holder=sunrise"));
        Assert.Equal(404, await Sees(host.As(Role.HolderAdmin, "sunset")));
        Assert.Equal(401, await Sees(host.Http));

        var supporter = host.As(Role.Supporter, user: "sam");
        Assert.Equal(404, await Sees(supporter));
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/funds/F-1/consents/K-1",
            new { supporter = "sam", sees = new[] { "statements" }, to = "2026-06-30" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal(200, await Sees(supporter));
        Assert.Equal(404, await Sees(host.As(Role.Supporter, user: "alex")));
        host.Clock.Reset(Instant.FromUtc(2026, 7, 1, 9, 0));
        Assert.Equal(404, await Sees(supporter));
        host.Clock.Reset(Instant.FromUtc(2026, 6, 2, 9, 0));
        await (await admin.PostAsync("/v1/funds/F-1/consents/K-1/withdraw", new { })).NeedsAsync(200, 204);
        await host.UntilIdleAsync();
        Assert.Equal(404, await Sees(supporter));
    }

    [Fact]
    public async Task A_forecast_asks_what_if()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        var finance = host.As(Role.HolderFinance);
        const string forecast = "/v1/funds/F-1/forecast?effectiveOn=2026-05-03";
        var plain = await finance.GetJsonAsync(forecast);
        Assert.Equal((40800L, 37800L, 243000L), ((long)plain["freeToUsePence"]!, (long)plain["weeklyOutPence"]!,
            (long)plain["leftAtEndPence"]!));
        Assert.True((bool)plain["onTrack"]!);
        // Two hours a week more at £24, and then 10 % on everything, give (£378 + £48) × 1.1 = £468.60 going out a
        // week, against £420 coming in.
        var dearer = await finance.GetJsonAsync(forecast + "&extraWeeklyMinutes=120&ratePercent=10");
        Assert.Equal(46860, (long)dearer["weeklyOutPence"]!);
        // £408.00 lasts £408.00 ÷ (£48.60 ÷ 7) = 58.8 days, so the balance is below zero on the 59th day.
        Assert.Equal("2026-07-01", (string)dearer["runsOutOn"]!);
        foreach (var (query, code) in new[]
        {
            ("&ratePercent=1.5", "bad-rate-percent"), ("&extraWeeklyMinutes=x", "bad-extra-weekly-minutes"),
        })
        {
            var response = await finance.GetAsync(forecast + query);
            Assert.Equal((400, code), ((int)response.StatusCode, await response.CodeAsync()));
        }
        var day = await finance.GetAsync("/v1/funds/F-1/forecast?effectiveOn=soon");
        Assert.Equal("bad-effective-on", await day.CodeAsync());
        await (await host.As(Role.HolderAdmin).PutAsync(
            "/v1/funds/F-1/closure", new { on = "2026-05-31", reason = "died" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        var closed = await finance.GetAsync("/v1/funds/F-1/forecast?effectiveOn=2026-06-01");
        Assert.Equal("fund-closed", await closed.CodeAsync());
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
            Assert.Equal(((long)first["position"]!, (long)first["position"]!), Assert.Single(rows));
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
