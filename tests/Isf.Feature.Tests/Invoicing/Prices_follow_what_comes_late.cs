using Isf.Contracts.Support;
using Isf.Prices;
using NodaTime;

namespace Isf.Tests.Invoicing;

/// <summary>
/// Tests prices with back-dated rates, yearly miles, closed weeks and later proclaimed holidays, on a real database.
/// </summary>
public sealed class Prices_follow_what_comes_late(PricingHost pricing) : IClassFixture<PricingHost>
{
    private static readonly PriceRate Mile = new()
    {
        Code = "mileage", Service = "mileage", Unit = PriceUnit.Mile, Pence = 45, YearlyMiles = 100, ThenPence = 25,
    };

    private static readonly PriceList CappedAndSetOff = PricingScene.List(PricingScene.Weekday) with
    {
        Basis = PriceBasis.ActualCappedAtPlanned,
        WeeklySetOff = true,
    };

    private static RecordedVisit Miles(string id, string day, decimal miles, string worker = "W-1", int version = 1) =>
        PricingScene.Visit(id, "F-1", $"{day}T09:00:00+01:00", 60, version) with
        {
            Service = "mileage",
            Miles = miles,
            WorkerId = worker,
        };

    private static async Task<PricingScene> OpenedAsync(PricingScene scene, PriceList list)
    {
        await scene.OpenAsync("F-1");
        await scene.AllocateAsync("F-1", "A-F-1", list);
        return scene;
    }

    [Fact]
    public async Task A_rise_back_dated_to_6_April_is_one_adjusting_line_of_17_00()
    {
        var usual = Mile with { YearlyMiles = 10_000 };
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(PricingScene.Weekday, usual));
        await scene.RecordAsync("file", Miles("V-1", "2026-04-03", 30), Miles("V-2", "2026-04-20", 170));
        await scene.UntilIdleAsync();
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday,
            usual with { To = new LocalDate(2026, 4, 5) },
            usual with { Pence = 55, From = new LocalDate(2026, 4, 6) }), 2, "2026-05-21");
        await scene.UntilIdleAsync();
        Assert.Equal([1350], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        Assert.Equal([7650, 7650 + 1700], (await scene.PricesAsync("V-2")).Select(price => price.Pence));
        Assert.Equal("170 miles on Monday 20 April 2026 at £0.55 a mile (from 6 April 2026)",
            (await scene.PricesAsync("V-2"))[1].Because);
    }

    [Fact]
    public async Task Miles_are_counted_by_worker_and_tax_year_whatever_the_order_of_arrival()
    {
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(PricingScene.Weekday, Mile));
        await scene.RecordAsync("later", Miles("V-3", "2026-06-03", 60), Miles("V-4", "2026-06-04", 60, "W-2"));
        await scene.UntilIdleAsync();
        await scene.RecordAsync("earlier", Miles("V-1", "2026-04-03", 90), Miles("V-2", "2026-05-03", 70));
        await scene.UntilIdleAsync();
        await scene.CorrectAsync("shorter", Miles("V-2", "2026-05-03", 50, version: 2));
        await scene.UntilIdleAsync();
        Assert.Equal([4050], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        Assert.Equal([3150, 2250], (await scene.PricesAsync("V-2")).Select(price => price.Pence));
        Assert.Equal([2700, (30 * 45) + (30 * 25), (50 * 45) + (10 * 25)],
            (await scene.PricesAsync("V-3")).Select(price => price.Pence));
        Assert.Equal([2700], (await scene.PricesAsync("V-4")).Select(price => price.Pence));
    }

    [Fact]
    public async Task A_visit_for_which_another_allocation_pays_now_waits_for_its_price_list()
    {
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(PricingScene.Weekday));
        var visit = PricingScene.Visit("V-1", "F-1", "2026-06-01T09:00:00+01:00", 60);
        await scene.RecordAsync("file", visit with { NotCovered = true, AnswersMinutes = 0, ExtraMinutes = 60 });
        await scene.UntilIdleAsync();
        await scene.CorrectAsync("renewed", visit with { Version = 2, AllocationId = "A-2" });
        await scene.UntilDeferredAsync();
        Assert.Single(await scene.PricesAsync("V-1"));
        await scene.AllocateAsync("F-1", "A-2", PricingScene.List(PricingScene.Weekday with { Pence = 2500 }));
        await scene.UntilIdleAsync();
        Assert.Equal([2400, 2500], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        var (_, last) = (await scene.PublishedAsync())[^1];
        Assert.Equal(("A-2", 60, null), ((string)last["visits"]![0]!["allocationId"]!,
            (int)last["visits"]![0]!["answersMinutes"]!, last["visits"]![0]!["notCovered"]));
    }

    [Fact]
    public async Task A_correction_that_gives_the_miles_to_another_makes_room_for_the_first()
    {
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(PricingScene.Weekday, Mile));
        await scene.RecordAsync("file", Miles("V-1", "2026-05-03", 100), Miles("V-2", "2026-05-04", 10));
        await scene.CorrectAsync("other", Miles("V-1", "2026-05-03", 100, "W-2", 2));
        await scene.UntilIdleAsync();
        Assert.Equal([250, 450], (await scene.PricesAsync("V-2")).Select(price => price.Pence));
    }

    [Fact]
    public async Task A_week_that_closes_is_settled_and_again_when_something_late_reaches_it()
    {
        var scene = await OpenedAsync(pricing.Scene(), CappedAndSetOff);
        await scene.RecordAsync("file", Visit("V-1", "2026-04-06", 4), Visit("V-2", "2026-04-08", 7));
        await scene.UntilIdleAsync();
        Assert.Empty(await scene.AdjustedAsync());
        await scene.CloseAsync("F-1", "2026-04-06", "2026-04-13");
        await scene.UntilIdleAsync();
        await scene.RecordAsync("late", Visit("V-3", "2026-04-10", 6));
        await scene.UntilIdleAsync();
        await scene.CorrectAsync("moved", Visit("V-2", "2026-04-14", 7, 2));
        await scene.UntilIdleAsync();
        // In the first week 10 hours are planned, and visits of 4 and 7 hours are given. They cost 9 hours if each
        // visit is capped, and 10 if their sum is. With a late visit of 6 hours, the costs are 14 and 15 hours. The
        // visit of 7 hours then moves to the next week, which leaves costs of 9 and 10 hours. The difference, and so
        // the set-off, is one hour each time, £24.00.
        Assert.Equal([("set-off", "2026-04-06", 1, 2400)], await scene.AdjustedAsync());
        await scene.CorrectAsync("shorter", Visit("V-3", "2026-04-10", 5, 2));
        await scene.UntilIdleAsync();
        Assert.Equal([("set-off", "2026-04-06", 1, 2400), ("set-off", "2026-04-06", 2, 0)],
            await scene.AdjustedAsync());
    }

    // A visit for which five hours are planned.
    private static RecordedVisit Visit(string id, string day, int hours, int version = 1) =>
        PricingScene.Visit(id, "F-1", $"{day}T09:00:00+01:00", hours * 60, version) with { PlannedMinutes = 300 };

    [Fact]
    public async Task The_plan_of_a_week_is_that_of_its_last_closing_whatever_comes_first()
    {
        var scene = await OpenedAsync(
            pricing.Scene(), PricingScene.List(PricingScene.Weekday) with { WeeklySetOff = true });
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-06T09:00:00+01:00", 360));
        await scene.UntilIdleAsync();
        await scene.CloseAsync("F-1", "2026-04-06", 2, 300);
        await scene.CloseAsync("F-1", "2026-04-06", 1, 240);
        await scene.RecordAsync("late", PricingScene.Visit("V-2", "F-1", "2026-04-08T09:00:00+01:00", 60));
        await scene.UntilIdleAsync();
        await scene.CloseAsync("F-1", "2026-04-06", 3, 420);
        Assert.Equal([("set-off", "2026-04-06", 1, -2400), ("set-off", "2026-04-06", 2, -4800),
            ("set-off", "2026-04-06", 3, 0)], await scene.AdjustedAsync());
    }

    [Fact]
    public async Task A_least_charge_agreed_later_settles_the_weeks_that_it_reaches_and_is_taken_back_with_it()
    {
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(PricingScene.Weekday));
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-08T09:00:00+01:00", 60));
        await scene.UntilIdleAsync();
        await scene.CloseAsync("F-1", "2026-04-06");
        var least = PricingScene.List(PricingScene.Weekday) with { Minimum = new(MinimumPer.Week, 5_000) };
        await scene.AllocateAsync("F-1", "A-F-1", least, 2, "2026-04-06");
        await scene.UntilIdleAsync();
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(PricingScene.Weekday), 3, "2026-04-06");
        await scene.UntilIdleAsync();
        Assert.Equal([("minimum", "2026-04-06", 1, 2600), ("minimum", "2026-04-06", 2, 0)],
            await scene.AdjustedAsync());
        Assert.Equal([2400], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
    }

    [Fact]
    public async Task A_week_that_closes_before_its_fund_is_known_waits_for_it()
    {
        var scene = pricing.Scene();
        await scene.AllocateAsync("F-1", "A-F-1",
            PricingScene.List(PricingScene.Weekday) with { Minimum = new(MinimumPer.Week, 5_000) });
        await scene.UntilIdleAsync();
        Assert.Equal("fund/F-1", (await scene.CloseAsync("F-1", "2026-04-06")).AwaitedKey);
        await scene.OpenAsync("F-1");
        await scene.UntilIdleAsync();
        Assert.Null((await scene.CloseAsync("F-1", "2026-04-06")).AwaitedKey);
    }

    [Fact]
    public async Task A_stay_that_goes_on_over_a_rise_is_priced_day_by_day_whenever_the_rise_is_agreed()
    {
        var week = PricingScene.Weekday with { Unit = PriceUnit.Week, Pence = 42_000 };
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(week));
        var stay = PricingScene.Visit("V-1", "F-1", "2026-04-06T09:00:00+01:00", (28 * 1_440) - 540);
        await scene.RecordAsync("before", stay);
        await scene.UntilIdleAsync();
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(week with { Pence = 46_200 }), 2, "2026-04-16");
        await scene.UntilIdleAsync();
        await scene.RecordAsync("after", stay with { VisitId = "V-2" });
        await scene.UntilIdleAsync();
        Assert.Equal([168_000, 178_800], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        Assert.Equal([(2, 178_800)], (await scene.PricesAsync("V-2")).Select(price => (price.Terms, (int)price.Pence)));
        // The terms of 20 April raise the rate from 16 April on, so 18 of the 28 days cost the new rate.
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(week with { To = new(2026, 4, 15) },
            week with { Code = "risen", Pence = 48_000, From = new(2026, 4, 16) }), 3, "2026-04-20");
        await scene.UntilIdleAsync();
        Assert.Equal(60_000 + (18 * 48_000 / 7) + 1, (await scene.PricesAsync("V-1"))[^1].Pence);
    }

    [Fact]
    public async Task A_split_visit_over_midnight_meets_a_rise_back_dated_to_the_second_day()
    {
        var scene = await OpenedAsync(pricing.Scene(),
            PricingScene.List(PricingScene.Weekday) with { Crossing = Crossing.Split });
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-15T22:00:00+01:00", 240),
            PricingScene.Visit("V-2", "F-1", "2026-04-14T22:00:00+01:00", 240));
        await scene.UntilIdleAsync();
        await scene.AllocateAsync("F-1", "A-F-1", PricingScene.List(
            PricingScene.Weekday with { To = new(2026, 4, 15) },
            PricingScene.Weekday with { Code = "risen", Pence = 3000, From = new(2026, 4, 16) })
            with
        { Crossing = Crossing.Split }, 2, "2026-05-01");
        await scene.UntilIdleAsync();
        Assert.Equal([9_600, 10_800], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        Assert.Equal([9_600], (await scene.PricesAsync("V-2")).Select(price => price.Pence));
    }

    [Fact]
    public async Task A_holiday_proclaimed_later_prices_a_stay_that_reaches_it_again()
    {
        var day = PricingScene.Weekday with { Unit = PriceUnit.Day, Pence = 6_000 };
        var scene = await OpenedAsync(pricing.Scene(), PricingScene.List(
            day, day with { Code = "holiday", Pence = 12_000, When = new() { PublicHoliday = true } }));
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-01T09:00:00+01:00", 20 * 1_440));
        await scene.UntilIdleAsync();
        await scene.RunAsync("first", "2026-04-20");
        await scene.UntilIdleAsync();
        await PriceAsBeforeEasterMondayAsync("""
            update invoicing.priced_visits set pence = 1, because = 'as if it were none' where visit_id = 'V-1'
              and fund_id = 'F-1' and service = 'support' and ended_at - started_at > interval '19 days'
            """);
        await scene.RunAsync("second", "2026-04-21");
        await scene.UntilIdleAsync();
        Assert.Equal([1, (21 + 2) * 6_000], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
    }

    [Fact]
    public async Task A_holiday_proclaimed_later_prices_what_it_touches_again()
    {
        var scene = await OpenedAsync(
            pricing.Scene(), PricingScene.List(PricingScene.Weekday, PricingScene.Holiday));
        await scene.RecordAsync("file", PricingScene.Visit("V-1", "F-1", "2026-04-06T09:00:00+01:00", 60),
            PricingScene.Visit("V-2", "F-1", "2026-04-07T09:00:00+01:00", 60));
        await scene.UntilIdleAsync();
        await scene.RunAsync("first", "2026-04-20");
        await scene.UntilIdleAsync();
        Assert.Equal([4800], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        await PriceAsBeforeEasterMondayAsync("""
            update invoicing.priced_visits set pence = 2400, because = 'an ordinary Monday' where visit_id = 'V-1'
            """);
        await scene.RunAsync("second", "2026-04-21");
        await scene.RunAsync("third", "2026-04-22");
        await scene.UntilIdleAsync();
        Assert.Equal([2400, 4800], (await scene.PricesAsync("V-1")).Select(price => price.Pence));
        Assert.Equal([2400], (await scene.PricesAsync("V-2")).Select(price => price.Pence));
        var repriced = Assert.Single(
            await scene.PublishedAsync(), message => message.Urn == "isf:invoicing:visit-repriced:v1");
        Assert.Equal((2, 4800), ((int)repriced.Message["visits"]![0]!["version"]!,
            (int)repriced.Message["visits"]![0]!["pence"]!));
    }

    // Makes the stored price look as if Easter Monday had not been in the holiday data when the visit was priced.
    private async Task PriceAsBeforeEasterMondayAsync(string update)
    {
        var database = pricing.Host.Owner;
        await using var command = database.CreateCommand(
            update + "; delete from invoicing.holidays_counted where day = '2026-04-06'");
        await command.ExecuteNonQueryAsync();
    }
}
