using System.Text.Json.Nodes;

namespace Isf.Tests.Invoicing;

/// <summary>
/// Tests PriceVisits and ApplyTerms on a real database: prices, order of arrival, redelivery and revisions.
/// </summary>
public sealed class Visits_are_priced(PricingHost pricing) : IClassFixture<PricingHost>
{
    [Fact]
    public async Task Easter_Monday_costs_96_00_in_England_and_48_00_in_Scotland()
    {
        var scene = pricing.Scene();
        foreach (var (fund, nation) in new[] { ("F-E", "england"), ("F-S", "scotland") })
        {
            await scene.OpenAsync(fund, nation);
            await scene.AllocateAsync(fund, "A-" + fund, PricingScene.List(PricingScene.Weekday, PricingScene.Holiday));
        }
        await scene.RecordAsync("both",
            PricingScene.Visit("V-E", "F-E", "2026-04-06T09:00:00+01:00", 120),
            PricingScene.Visit("V-S", "F-S", "2026-04-06T09:00:00+01:00", 120));
        await scene.UntilIdleAsync();
        var england = Assert.Single(await scene.PricesAsync("V-E"));
        var scotland = Assert.Single(await scene.PricesAsync("V-S"));
        Assert.Equal(9600, england.Pence);
        Assert.Equal("2 hours on Easter Monday at £48.00 an hour (bank holiday rate)", england.Because);
        Assert.Equal(4800, scotland.Pence);
        Assert.Equal("2 hours on Monday 6 April 2026 at £24.00 an hour", scotland.Because);
    }

    [Fact]
    public async Task One_message_of_visits_becomes_one_of_prices_with_the_same_visits_in_order()
    {
        var scene = pricing.Scene();
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday with { Pence = 2213 }));
        var visits = Enumerable.Range(1, 500).Select(i => PricingScene.Visit(
            $"V-{i}", "F-1", "2026-04-08T09:00:00+01:00", 40, carers: 1 + (i % 2),
            outcome: i % 5 == 0 ? "missed-by-provider" : "delivered")).ToArray();
        await scene.RecordAsync("file", visits);
        await scene.UntilIdleAsync();
        var (urn, message) = Assert.Single(await scene.PublishedAsync());
        Assert.Equal("isf:invoicing:visits-priced:v1", urn);
        var priced = message["visits"]!.AsArray();
        Assert.Equal(visits.Select(visit => visit.VisitId), priced.Select(visit => (string)visit!["visitId"]!));
        var (first, second, fifth) = (priced[0]!, priced[1]!, priced[4]!);
        Assert.Equal((2951, 40, 80), Figures(first));
        Assert.Equal(1475, (long)second["pence"]!);
        Assert.Equal((0, 0, 80), Figures(fifth));
        Assert.Equal("[]", fifth["parts"]!.ToJsonString());
        Assert.Equal("""[{"rateCode":"weekday","minutes":40,"pence":1475}]""", second["parts"]!.ToJsonString());
        Assert.All(priced, visit => IsFirstPrice(visit!));
    }

    private static void IsFirstPrice(JsonNode visit)
    {
        Assert.Equal(1, (int)visit["version"]!);
        Assert.Equal(("V-1", "on-delivery", "exempt"),
            ((string)visit["providerId"]!, (string)visit["claim"]!, (string)visit["vatCode"]!));
        Assert.Equal((long)visit["pence"]!, (long)visit["netPence"]! + (long)visit["vatPence"]!);
        Assert.Equal((long)visit["pence"]!, visit["parts"]!.AsArray().Sum(part => (long)part!["pence"]!));
    }

    [Fact]
    public async Task A_message_that_comes_three_times_has_one_effect()
    {
        var scene = pricing.Scene();
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday));
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 60));
        await scene.CorrectAsync("again", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 45, 2));
        await scene.UntilIdleAsync();
        for (var time = 0; time < 2; time++)
        {
            await scene.RepublishAllAsync();
            await scene.UntilIdleAsync();
        }
        Assert.Equal([2400, 1800], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        Assert.Equal(
            ["isf:invoicing:visits-priced:v1", "isf:invoicing:visit-repriced:v1"],
            (await scene.PublishedAsync()).Select(message => message.Urn));
    }

    [Fact]
    public async Task Visits_wait_for_their_fund_and_their_allocation()
    {
        var scene = pricing.Scene();
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 60));
        await scene.UntilDeferredAsync();
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday));
        await Task.Delay(300);
        Assert.Empty(await scene.PricesAsync("V-1"));
        await scene.OpenAsync("F-1");
        await scene.UntilIdleAsync();
        Assert.Equal(2400, Assert.Single(await scene.PricesAsync("V-1")).Pence);
    }

    [Fact]
    public async Task A_correction_waits_for_what_it_corrects()
    {
        var scene = pricing.Scene();
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday));
        await scene.CorrectAsync("third", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 30, 3));
        await scene.CorrectAsync("second", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 45, 2));
        await scene.UntilDeferredAsync();
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 60));
        await scene.UntilIdleAsync();
        Assert.Equal(
            [(1, 1, 2400), (2, 2, 1800), (3, 3, 1200)],
            (await scene.PricesAsync("V-1")).Select(price => (price.Version, price.VisitVersion, (int)price.Pence)));
    }

    [Fact]
    public async Task Two_corrections_of_a_visit_in_one_message_are_two_prices()
    {
        var scene = pricing.Scene();
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday));
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 60));
        await scene.CorrectAsync("both",
            PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 45, version: 2),
            PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 30, version: 3));
        await scene.UntilIdleAsync();
        Assert.Equal([2400, 1800, 1200], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
    }

    [Theory]
    [InlineData("2026-04-14", 2400)]
    [InlineData("2026-04-15", 2520)]
    public async Task A_visit_is_priced_at_the_terms_in_force_on_its_day(string day, long pence)
    {
        var scene = pricing.Scene();
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday), setOn: "2026-04-10");
        await scene.AllocateAsync(
            "F-1", "A-F-1", PricingScene.List(PricingScene.Weekday with { Pence = 2520 }), 2, "2026-04-15");
        await scene.UntilIdleAsync();
        await scene.RecordAsync("file",
            PricingScene.Visit("V-1", "F-1", $"{day}T09:00:00+01:00", 60),
            PricingScene.Visit("V-0", "F-1", "2026-04-07T09:00:00+01:00", 60));
        await scene.UntilIdleAsync();
        Assert.Equal(pence, Assert.Single(await scene.PricesAsync("V-1")).Pence);
        // Care given before the allocation was recorded is priced by the first terms of the allocation.
        Assert.Equal(2400, Assert.Single(await scene.PricesAsync("V-0")).Pence);
    }

    [Fact]
    public async Task Terms_that_come_late_price_again_what_they_change_and_nothing_else()
    {
        var scene = pricing.Scene();
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday));
        await scene.RecordAsync("file",
            PricingScene.Visit("V-before", "F-1", "2026-04-14T09:00:00+01:00", 60),
            PricingScene.Visit("V-after", "F-1", "2026-04-15T09:00:00+01:00", 60),
            PricingScene.Visit("V-missed", "F-1", "2026-04-16T09:00:00+01:00", 60, outcome: "no-access"));
        await scene.UntilIdleAsync();
        await scene.AllocateAsync(
            "F-1", "A-F-1", PricingScene.List(PricingScene.Weekday with { Pence = 2520 }), 2, "2026-04-15");
        await scene.UntilIdleAsync();
        await scene.CorrectAsync("longer", PricingScene.Visit("V-after", "F-1", "2026-04-15T09:00:00+01:00", 90, 2));
        await scene.UntilIdleAsync();
        Assert.Equal([2400], (await scene.PricesAsync("V-before")).Select(price => price.Pence));
        Assert.Equal([0], (await scene.PricesAsync("V-missed")).Select(price => price.Pence));
        Assert.Equal(
            [(1, 1, 1, 2400), (2, 1, 2, 2520), (3, 2, 2, 3780)],
            (await scene.PricesAsync("V-after")).Select(price =>
                (price.Version, price.VisitVersion, price.Terms, (int)price.Pence)));
        await OnlyThisWasRepricedAsync(scene, "V-after", 2520);
    }

    // The first message has the prices, the second the new terms and the third the correction.
    private static async Task OnlyThisWasRepricedAsync(PricingScene scene, string visitId, int pence)
    {
        var published = await scene.PublishedAsync();
        Assert.Equal(3, published.Count);
        var repriced = Assert.Single(published[1].Message["visits"]!.AsArray())!;
        Assert.Equal((visitId, 2, pence),
            ((string)repriced["visitId"]!, (int)repriced["version"]!, (int)repriced["pence"]!));
    }

    [Fact]
    public async Task Facts_in_any_order_end_at_the_same_prices()
    {
        var scene = pricing.Scene();
        var orders = Orders([0, 1, 2, 3, 4]).Where((_, i) => i % 5 == 0).ToList();
        var publishing = orders.Select((order, i) => PublishAsync(scene, $"F-{i}", order));
        foreach (var order in publishing)
            await order;
        await scene.UntilIdleAsync();
        for (var i = 0; i < orders.Count; i++)
        {
            var last = new[] { $"V-F-{i}-1", $"V-F-{i}-2" }.Select(async id => (await scene.PricesAsync(id))[^1]);
            var prices = await Task.WhenAll(last);
            Assert.Equal([(2, 2, 3780), (1, 1, 2400)],
                prices.Select(price => (price.VisitVersion, price.Terms, (int)price.Pence)));
        }
    }

    private static async Task PublishAsync(PricingScene scene, string fund, IReadOnlyList<int> order)
    {
        Func<Task>[] facts =
        [
            () => scene.OpenAsync(fund),
            () => scene.AllocateAsync(fund, "A-" + fund, PricingScene.List(PricingScene.Weekday)),
            () => scene.AllocateAsync(fund, "A-" + fund,
                PricingScene.List(PricingScene.Weekday with { Pence = 2520 }), 2, "2026-04-15"),
            () => scene.RecordAsync("file " + fund,
                PricingScene.Visit($"V-{fund}-1", fund, "2026-04-15T09:00:00+01:00", 60),
                PricingScene.Visit($"V-{fund}-2", fund, "2026-04-14T09:00:00+01:00", 60)),
            () => scene.CorrectAsync("longer " + fund,
                PricingScene.Visit($"V-{fund}-1", fund, "2026-04-15T09:00:00+01:00", 90, version: 2)),
        ];
        foreach (var fact in order)
            await facts[fact]();
    }

    private static IEnumerable<int[]> Orders(int[] facts) => facts.Length < 2
        ? [facts]
        : facts.SelectMany(first =>
            Orders([.. facts.Where(fact => fact != first)]).Select(rest => (int[])[first, .. rest]));

    private static (long Pence, long Charged, long Fulfilled) Figures(System.Text.Json.Nodes.JsonNode visit) =>
        ((long)visit["pence"]!, (long)visit["chargedMinutes"]!, (long)visit["answersMinutes"]!);
}
