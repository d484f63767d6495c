using Isf.Invoicing;

namespace Isf.Tests.Invoicing;

/// <summary>Each migration of Invoicing upgrades prices left by the one before it.</summary>
public sealed class Older_prices_are_brought_up_to_date
{
    [Fact]
    public async Task A_price_of_the_first_migration_is_priced_again_by_new_terms()
    {
        await using var older = await OlderDatabase.AsOfAsync(InvoicingService.Describe(), 1);
        await older.RunAsync("""
            insert into invoicing.fund_nations values ('sunrise', 'F-1', 'england');
            insert into invoicing.allocation_terms values ('sunrise', 'A-F-1', 1, '2026-03-30', 'F-1', 'V-1', null,
              'on-delivery', 'hash', '{"rates":[{"code":"weekday","unit":"hour","pence":2400}]}');
            insert into invoicing.priced_visits values ('sunrise', 'V-1', 1, 1, 'F-1', 'L-1', 'A-F-1', 1, 'support',
              '2026-04-15', '2026-04-15T08:00:00Z', '2026-04-15T09:00:00Z', 1, 'delivered', 60, 0, 60, 2400,
              '[{"rateCode":"weekday","minutes":60,"pence":2400}]', '1 hour')
            """);
        await using var host = await UpgradeAsync(older);
        var scene = new PricingScene(host, "sunrise");
        await scene.AllocateAsync(
            "F-1", "A-F-1", PricingScene.List(PricingScene.Weekday with { Pence = 2520 }), 2, "2026-04-10");
        await scene.UntilIdleAsync();
        Assert.Equal([(1, 1, 2400), (2, 2, 2520)],
            (await scene.PricesAsync("V-1")).Select(price => (price.Version, price.Terms, (int)price.Pence)));
    }

    [Fact]
    public async Task A_price_of_the_second_migration_is_priced_again_by_new_terms()
    {
        await using var older = await OlderDatabase.AsOfAsync(InvoicingService.Describe(), 2);
        await older.RunAsync("""
            insert into invoicing.fund_nations values ('sunrise', 'F-1', 'england');
            insert into invoicing.allocation_terms (holder_id, allocation_id, version, set_on, fund_id, provider_id,
              claim, list_hash, price_list) values ('sunrise', 'A-F-1', 1, '2026-03-30', 'F-1', 'V-1', 'on-delivery',
              'hash', '{"rates":[{"code":"weekday","unit":"hour","pence":2400}],
                "outcomes":[{"outcome":"no-access","percent":100}]}');
            insert into invoicing.priced_visits (holder_id, visit_id, version, visit_version, fund_id, line_id,
              allocation_id, terms_version, service, care_on, planned_start, carers, outcome, answers_minutes,
              extra_minutes, charged_minutes, charged_not_given, pence, parts, because, disturbances, miles_before)
            values ('sunrise', 'V-1', 1, 1, 'F-1', 'L-1', 'A-F-1', 1, 'support', '2026-04-15', '2026-04-15T08:00:00Z',
              1, 'no-access', 0, 0, 60, 60, 2400, '[]', '1 hour', '[]', 0)
            """);
        await using var host = await UpgradeAsync(older);
        var scene = new PricingScene(host, "sunrise");
        var risen = PricingScene.List(PricingScene.Weekday with { Pence = 2520 });
        await scene.AllocateAsync(
            "F-1", "A-F-1", risen with { Outcomes = [new("no-access", 100)] }, 2, "2026-04-10");
        await scene.UntilIdleAsync();
        Assert.Equal([(1, 2400), (2, 2520)],
            (await scene.PricesAsync("V-1")).Select(price => (price.Version, (int)price.Pence)));
    }

    [Fact]
    public async Task A_week_closed_before_the_fourth_migration_is_bound_by_its_visits_until_it_closes_again()
    {
        await using var older = await OlderDatabase.AsOfAsync(InvoicingService.Describe(), 3);
        await older.RunAsync("""
            insert into invoicing.fund_nations values ('sunrise', 'F-1', 'england');
            insert into invoicing.allocation_terms (holder_id, allocation_id, version, set_on, fund_id, provider_id,
              claim, list_hash, price_list) values ('sunrise', 'A-F-1', 1, '2026-03-30', 'F-1', 'V-1', 'on-delivery',
              'older-set-off', '{"weeklySetOff":true,"rates":[{"code":"weekday","unit":"hour","pence":2400}]}');
            insert into invoicing.closed_weeks (holder_id, fund_id, week_from) values ('sunrise', 'F-1', '2026-04-13')
            """);
        await older.UpgradeAsync();
        Assert.Equal("0 []", await older.RunAsync(
            "select concat_ws(' ', version, planned::text) from invoicing.closed_weeks"));
        await using var host = await TestHost.StartAsync(
            new() { Services = "funds,support,invoicing", Database = older.Owner });
        var scene = new PricingScene(host, "sunrise");
        await scene.RecordAsync("late",
            PricingScene.Visit("V-1", "F-1", "2026-04-13T09:00:00+01:00", 180) with { PlannedMinutes = 60 });
        await scene.UntilIdleAsync();
        await scene.CloseAsync("F-1", "2026-04-13", 2, 120);
        Assert.Equal("-4800 -2400", await older.RunAsync(
            "select string_agg(pence::text, ' ' order by version) from invoicing.price_adjustments"));
    }

    private static async Task<TestHost> UpgradeAsync(OlderDatabase older)
    {
        await older.UpgradeAsync();
        return await TestHost.StartAsync(new() { Services = "funds,support,invoicing", Database = older.Owner });
    }
}
