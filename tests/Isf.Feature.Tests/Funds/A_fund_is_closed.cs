using Isf.Client;
using Isf.Funds;
using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Fees;
using Isf.Hosting;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Funds;

/// <summary>
/// If a fund is closed over HTTP, every service that consumes the closure refuses what comes after the fund's end.
/// </summary>
public sealed class A_fund_is_closed
{
    private static object Visit(string start) => new
    {
        fundId = "F-1", lineId = "L-1", start = $"{start}+01:00", end = $"{start[..14]}45+01:00", outcome = "delivered",
    };

    private static object Notice(string providerId, long pence) => new { providerId, pence, why = "notice" };

    private static readonly object MorningsOfWednesdayAndThursday = new
    {
        from = "2026-08-03",
        lines = new[]
        {
            new
            {
                lineId = "L-1", allocationId = "A-1", purpose = "a good start",
                schedule = new[] { new { days = new[] { "wed", "thu" }, start = "09:00", minutes = 45 } },
            },
        },
    };

    private static readonly object Death = new
    {
        on = "2026-08-12", at = "2026-08-12T13:00:00Z", reason = "died",
        notice = new[] { new { providerId = "V-1", pence = 16_800, why = "seven days of notice" } },
    };

    [Fact]
    public async Task A_death_is_closed_once_and_no_later_care_budget_allocation_or_fee_is_accepted()
    {
        await using var host = await TestHost.StartAsync(new() { Now = Instant.FromUtc(2026, 8, 20, 9, 0) });
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1", MorningsOfWednesdayAndThursday)).NeedsAsync(201);
        await CloseOnceAsync(admin);
        await host.UntilIdleAsync();
        await CareIsRefusedAfterItAsync(admin);
        await PromisesAreRefusedAfterItAsync(admin);
        await host.UntilIdleAsync();
        var client = admin.Typed();
        var balance = await client.ShowBalanceGetAsync("F-1", effectiveOn: new LocalDate(2026, 12, 31));
        // £300.00 came in. The visit on the morning of the closure cost £18.00, and the notice £168.00.
        Assert.Equal((30_000 - 1_800 - 16_800, 16_800, 1_800),
            (balance.Money.HeldPence, balance.Money.OwedPence, balance.Money.AccruedPence));
        Assert.Equal(11_400, balance.Money.ToReturn[0].Pence);
        // The plan has 45 minutes on Wednesdays and Thursdays, so 5, 6 and 12 August are planned until the closure.
        Assert.Equal(135, balance.Time.PlannedMinutes);
        await (await admin.PutAsync("/v1/funds/F-1/returns/X-1",
            new { source = "council", pence = 11_400, paidOn = "2026-08-20", reason = "transfer" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Empty((await client.ShowBalanceGetAsync("F-1")).Money.ToReturn);
    }

    private static async Task CloseOnceAsync(HttpClient admin)
    {
        var open = await (await admin.GetAsync("/v1/funds/F-1/closure")).NeedsAsync(404);
        Assert.Equal("not-closed", await open.CodeAsync());
        var closed = await (await admin.PutAsync("/v1/funds/F-1/closure", Death)).NeedsAsync(201);
        Assert.Equal(new LocalTime(14, 0), (await closed.ReadAsync<CloseFundResponse>()).At);
        Assert.Equal("seven days of notice", (await admin.Typed().CloseFundGetAsync("F-1")).Notice[0].Why);
        await (await admin.PutAsync("/v1/funds/F-1/closure", Death)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/closure", new { on = "2026-08-11", reason = "died" }))
            .NeedsAsync(409);
    }

    private static async Task CareIsRefusedAfterItAsync(HttpClient admin)
    {
        await (await admin.PutAsync("/v1/visits/V-1", Visit("2026-08-12T09:00"))).NeedsAsync(201);
        foreach (var start in new[] { "2026-08-12T15:00", "2026-08-13T09:00" })
        {
            var refused = await (await admin.PutAsync("/v1/visits/V-9", Visit(start))).NeedsAsync(422);
            Assert.Equal("fund-closed", await refused.CodeAsync());
        }
        var expected = await admin.GetJsonAsync("/v1/funds/F-1/expected?from=2026-08-03&to=2026-08-31");
        Assert.DoesNotContain("2026-08-13", expected.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task PromisesAreRefusedAfterItAsync(HttpClient admin)
    {
        async Task RefusedAsync<T>(string path, object body, T why, int version = 0) where T : struct, Enum =>
            Assert.Equal(ProblemException.CodeOf(why), await (await (await admin.PutAsync(
                "/v1/funds/F-1/" + path, body, version == 0 ? null : version)).NeedsAsync(422)).CodeAsync());
        await RefusedAsync("budgets/B-1", new
        {
            from = "2026-04-06", to = "2027-04-04", weeklyPence = 42000,
            sources = new[] { new { source = "council", weeklyPence = 42000 } },
            deployment = new[] { new { @as = "isf", weeklyPence = 42000 } },
        }, SetBudget.Refusal.FundClosed, version: 1);
        await RefusedAsync("allocations/A-2", new
        {
            providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2026-08-13", weeklyPence = 100,
            claim = "on-delivery",
            priceList = new { rates = new object[] { new { code = "weekday", unit = "hour", pence = 2400 } } },
        }, AllocateToProvider.Refusal.FundClosed);
        await RefusedAsync(
            "fees/FE-1", new { from = "2026-08-01", to = "2026-08-13" }, ChargeFee.Refusal.OutsideClause);
    }

    [Fact]
    public async Task A_closure_that_cannot_be_read_is_refused_with_its_place()
    {
        await using var host = await TestHost.StartAsync(new() { Services = "funds" });
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        foreach (var (body, code) in new (object, string)[]
        {
            (new { on = "2026-08-12", at = "two o'clock", reason = "died" }, "bad-field"),
            (new { on = "2026-08-12", reason = "ended", notice = new[] { Notice("V-1", 0) } }, "bad-field"),
            (new { on = "2026-08-12", at = "2026-08-12T23:30:00Z", reason = "died" }, "moment-on-another-day"),
            (new { on = "2026-03-29", reason = "ended" }, "before-fund-opens"),
            (new { on = "2026-08-12", reason = "ended", notice = new[] { Notice("V-9", 1) } }, "unknown-provider"),
        })
        {
            Assert.Equal(code, await (await admin.PutAsync("/v1/funds/F-1/closure", body)).CodeAsync());
        }
        Assert.Equal("unknown-fund", await (await admin.PutAsync("/v1/funds/F-9/closure",
            new { on = "2026-08-12", reason = "ended" })).CodeAsync());
        await (await admin.PutAsync("/v1/funds/F-1/closure",
            new { on = "2026-08-12", at = "14:00", reason = "died" })).NeedsAsync(201);
    }

    internal const string FundOfBefore = """
        insert into funds.mt_doc_fund (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'F-1',
          '{"id":"F-1","nation":"england","details":{"personId":"P-1","councilId":"E1","kind":"isf",
            "opensOn":"2026-03-30","agreement":{"signedOn":"2026-03-30","parties":["person"],
            "payment":{"every":"4-weeks","firstOn":"2026-04-06"},"contribution":"to-holder",
            "spendOrder":"person-first",
            "managementFee":{"weeklyPence":1250,"from":"2026-06-01","mode":"within"}}}}',
          'Isf.Funds.Domain.Fund')
        """;

    [Fact]
    public async Task A_database_of_before_finds_the_fees_of_a_fund()
    {
        await using var older = await OlderDatabase.AsOfAsync(FundsService.Describe(), 2);
        await older.RunAsync(FundOfBefore);
        await older.RunAsync("""
            insert into funds.mt_doc_fee (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'FE-1',
              '{"id":"FE-1","fundId":"F-1","from":"2026-06-01","to":"2026-06-07","weeklyPence":1250,
                "pence":1250,"mode":"within"}', 'Fee')
            """);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "funds", Database = older.Owner });
        var twice = await host.As(Role.HolderAdmin).PutAsync("/v1/funds/F-1/fees/FE-2",
            new { from = "2026-06-07", to = "2026-06-14" });
        Assert.Equal(ProblemException.CodeOf(ChargeFee.Refusal.ChargedBefore), await twice.CodeAsync());
    }

    [Fact]
    public async Task A_database_of_before_takes_closures_and_fees()
    {
        await using var older = await OlderDatabase.AsOfAsync(FundsService.Describe(), 1);
        await older.RunAsync(FundOfBefore);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "funds", Database = older.Owner });
        var admin = host.As(Role.HolderAdmin);
        var fee = await (await admin.PutAsync("/v1/funds/F-1/fees/FE-1",
            new { from = "2026-06-01", to = "2026-06-28" })).NeedsAsync(201);
        Assert.Equal(5_000, (await fee.ReadAsync<ChargeFeeResponse>()).Pence);
        await (await admin.PutAsync("/v1/funds/F-1/closure", new { on = "2026-06-28", reason = "moved" }))
            .NeedsAsync(201);
        var later = await admin.PutAsync("/v1/funds/F-1/fees/FE-2", new { from = "2026-06-29", to = "2026-07-05" });
        Assert.Equal(ProblemException.CodeOf(ChargeFee.Refusal.FundClosed), await later.CodeAsync());
    }
}
