using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The joint price of several visits: minimum charges, set-offs, and one rounding of the total.</summary>
public sealed class BillTests
{
    private static readonly PriceList ByDay = List(Weekday) with { Minimum = new(MinimumPer.Day, 5_000) };
    private static readonly PriceList ByWeek = List(Weekday) with { Minimum = new(MinimumPer.Week, 5_000) };

    private static VisitToPrice On(int day, int minutes) => Visit($"2026-04-{day:00}T09:00:00+01:00", minutes);

    [Theory]
    [InlineData(MinimumPer.Day, 124, 40)] // £49.60
    [InlineData(MinimumPer.Day, 125, 0)] // £50.00
    [InlineData(MinimumPer.Day, 126, 0)]
    [InlineData(MinimumPer.Week, 124, 40)]
    [InlineData(MinimumPer.Week, 125, 0)]
    [InlineData(MinimumPer.Week, 126, 0)]
    public void What_is_short_of_the_least_charge_is_made_up(MinimumPer per, int minutes, long shortfall)
    {
        var bill = (per == MinimumPer.Day ? ByDay : ByWeek).Together(On(8, minutes));
        Assert.Equal((shortfall, Math.Max(5_000, minutes * 40)), (bill.Shortfall.Pence, bill.Total.Pence));
    }

    [Fact]
    public void It_stands_on_the_last_charged_visit_of_the_day_or_week()
    {
        VisitToPrice[] visits = [On(12, 30), On(8, 30), On(10, 60), On(13, 30)]; // Sunday, Wednesday, Friday, Monday
        Assert.Equal([5_000, 5_000, 5_000, 5_000],
            ByDay.Together(visits).Visits.Select(visit => visit.Amount.Pence));
        Assert.Equal([1_400, 1_200, 2_400, 5_000],
            ByWeek.Together(visits).Visits.Select(visit => visit.Amount.Pence));
    }

    [Fact]
    public void A_day_on_which_nothing_was_charged_has_no_least_charge() =>
        Assert.Equal(Money.Zero, ByDay.Together(Planned("2026-04-08T09:00:00+01:00", 60, "missed-by-provider")).Total);

    [Fact]
    public void A_least_charge_bears_VAT_like_the_visits_that_it_makes_up_and_says_so()
    {
        var list = ByDay with { Vat = new(VatCode.Standard, 20) };
        var bill = list.Together(On(8, 60));
        Assert.Equal(6_000, bill.Total.Pence);
        const string least = "to make up the least charge of £50.00 a day before VAT (£60.00 with it)";
        Assert.Equal("1 hour on Wednesday 8 April 2026 at £24.00 an hour, with VAT at 20%, and £31.20 "
            + least, PriceReasonText.Because(new BillLine(Ready(list), On(8, 60)), bill.Visits[0]));
        Assert.Equal($"£31.20 for 6 April 2026 to 12 April 2026, {least}", PriceReasonText.Adjusted("minimum",
            new(2026, 4, 6), new(2026, 4, 12), bill.Shortfall, [Ready(list)]));
        Assert.Equal(5_000, (list with { Vat = new(VatCode.Standard, 20, true) }).Together(On(8, 60)).Total.Pence);
    }

    [Theory]
    [InlineData(MinimumPer.Week, 10, 12_000)] // one week; Wednesday's list has £100, Friday's £120
    [InlineData(MinimumPer.Week, 15, 22_000)] // another week, with a minimum charge of its own
    [InlineData(MinimumPer.Day, 10, 22_000)]
    [InlineData(MinimumPer.Day, 8, 12_000)]
    public void A_day_or_week_has_one_least_charge_that_of_the_latest_list_of_its_charges(
        MinimumPer per, int day, long total)
    {
        BillLine Line(long pence, VisitToPrice visit) =>
            new(Ready(List(Weekday) with { Minimum = new(per, pence) }), visit);
        var later = On(day, 60) with
        {
            Start = At($"2026-04-{day:00}T12:00:00+01:00"),
            End = At($"2026-04-{day:00}T13:00:00+01:00")
        };
        Assert.Equal(total, Bill.Build([Line(12_000, later), Line(10_000, On(8, 60))]).Total.Pence);
    }

    [Fact]
    public void A_least_charge_a_week_counts_what_its_days_were_made_up_to_and_ends_with_the_list_that_had_it()
    {
        var (byDay, byWeek) = (Ready(ByDay), Ready(ByWeek with { Minimum = new(MinimumPer.Week, 10_000) }));
        var bill = Bill.Build([new(byDay, On(8, 60)), new(byWeek, On(10, 60))]);
        Assert.Equal([5_000, 5_000], bill.Visits.Select(visit => visit.Amount.Pence));
        Assert.Equal("£52.00 for 6 April 2026 to 12 April 2026, to make up the least charge of £50.00 a day and the "
            + "least charge of £100.00 a week", PriceReasonText.Adjusted("minimum", new(2026, 4, 6), new(2026, 4, 12),
            bill.Shortfall, [byDay, byWeek]));
        Assert.Equal(4_800, Bill.Build([new(byWeek, On(8, 60)), new(Ready(List(Weekday)), On(10, 60))]).Total.Pence);
    }

    [Fact]
    public void A_least_charge_and_one_rounding_of_the_whole_go_together()
    {
        var list = ByWeek with { Rates = [Weekday with { Pence = 2_213 }], Round = new(RoundAt.Invoice) };
        var bill = list.Together(On(8, 20), On(9, 20), On(15, 200), On(16, 20)); // 14.7533 and 81.1433 pounds
        Assert.Equal(5_000 + 8_114, bill.Total.Pence);
        Assert.Equal(bill.Total, Money.Sum(bill.Visits.Select(visit => visit.Amount)));
    }

    private static readonly PriceList SetsOff = List(Weekday) with { WeeklySetOff = true };

    private static Bill WithPlan(long minutes, PriceList list, params VisitToPrice[] visits)
    {
        var ready = Ready(list);
        return Bill.Build([.. visits.Select(visit => new BillLine(ready, visit, "L-1"))],
            (line, monday) => line == "L-1" && monday == new LocalDate(2026, 4, 6) ? minutes : null);
    }

    [Fact]
    public void The_plan_of_a_line_bounds_its_week_whatever_the_visits_say_themselves()
    {
        Assert.Equal(24_000, WithPlan(600, SetsOff, On(7, 360), On(8, 360)).Total.Pence);
        // Three visits of 5 hours are planned; two of them are delivered in 4 and 7 hours, and the third has no
        // record.
        Assert.Equal(26_400, WithPlan(900, SetsOff with { Basis = PriceBasis.ActualCappedAtPlanned },
            On(7, 240) with { PlannedMinutes = 300 }, On(9, 420) with { PlannedMinutes = 300 }).Total.Pence);
        // The plan of the following week is unknown, so the 60 planned minutes of that week's visit count.
        Assert.Equal(24_000 + 2_400, WithPlan(600, SetsOff, On(7, 600),
            On(14, 90) with { PlannedMinutes = 60 }).Total.Pence);
    }

    [Fact]
    public void Only_what_is_priced_by_the_hour_makes_room_whether_lines_are_known_or_not()
    {
        var list = SetsOff with
        {
            Rates = [Weekday, new() { Code = "sleep-in", Service = "sleep-in", Unit = PriceUnit.Night, Pence = 8_000 }],
        };
        var (hours, night) = (On(8, 120) with { PlannedMinutes = 60 },
            Visit("2026-04-08T22:00:00+01:00", 540, 540) with { Service = "sleep-in" });
        Assert.Equal(10_400, list.Together(hours, night).Total.Pence);
        Assert.Equal(10_400, Bill.Build([new(Ready(list), hours, "L-1"), new(Ready(list), night, "L-2")]).Total.Pence);
    }

    [Fact]
    public void One_service_makes_no_room_for_another_as_lines_do_not()
    {
        var cleaning = Weekday with { Code = "clean", Service = "clean", Pence = 1_200 };
        var list = SetsOff with { Rates = [Weekday, cleaning] };
        var (hours, clean) = (On(8, 120) with { PlannedMinutes = 60 },
            On(9, 30) with { PlannedMinutes = 60, Service = "clean" });
        Assert.Equal(2_400 + 600, list.Together(hours, clean).Total.Pence);
    }

    [Fact]
    public void A_set_off_counts_carer_minutes()
    {
        var two = On(9, 90) with { PlannedMinutes = 60, Carers = 2 };
        Assert.Equal(7_200, SetsOff.Together(On(8, 30) with { PlannedMinutes = 60 }, two).Total.Pence);
        // Both carers of a visit have the same whole minutes; the odd minute goes to the visit with a single carer.
        var bill = WithPlan(152, SetsOff, On(8, 31), two, On(10, 60));
        Assert.Equal([31, 60, 1], bill.Visits.Select(visit => (int)visit.Price.Charged.Count));
        Assert.Equal(152 * 40, bill.Total.Pence);
    }

    [Fact]
    public void A_visit_that_begins_before_the_first_rate_is_bound_too()
    {
        var list = SetsOff with { Crossing = Crossing.Split, Rates = [Weekday with { From = new(2026, 4, 6) }] };
        VisitToPrice night = Visit("2026-04-05T23:00:00+01:00", 180, 60), next = Visit("2026-04-04T09:00:00+01:00", 60);
        var bill = list.Together(night, next);
        // The first of three hours has no rate; the second is charged; the third is set off.
        Assert.Equal((60, 2_400), (bill.Visits[0].Price.Charged.Count, bill.Total.Pence));
        Assert.Equal("1 hour (3 hours given, set off within the week’s planned minutes) on Sunday 5 April 2026 at "
            + "£24.00 an hour (from 6 April 2026); the price list has no rate for another hour of the "
            + "visit",
            PriceReasonText.Because(new BillLine(Ready(list), night), bill.Visits[0]));
    }

    [Fact]
    public void A_visit_by_a_list_that_sets_nothing_off_takes_its_room_all_the_same()
    {
        var bill = Bill.Build([new(Ready(List(Weekday)), On(7, 90), "L-1"), new(Ready(SetsOff), On(9, 90), "L-1")],
            (_, _) => 120);
        Assert.Equal([90, 30], bill.Visits.Select(visit => (int)visit.Price.Charged.Count));
    }

    [Fact]
    public void A_set_off_fills_a_line_s_week_in_order_of_time_and_no_other()
    {
        var ready = Ready(List(Weekday) with { WeeklySetOff = true });
        BillLine Line(int day, int minutes, string line) =>
            new(ready, On(day, minutes) with { PlannedMinutes = 60 }, line);
        var bill = Bill.Build(
            [Line(10, 90, "A"), Line(8, 75, "A"), Line(9, 30, "A"), Line(9, 90, "B"), Line(13, 90, "A")]);
        Assert.Equal([75, 75, 30, 60, 60], bill.Visits.Select(visit => (int)visit.Price.Charged.Count));
        Assert.Equal(-(15 + 30 + 30) * 40, bill.SetOff.Pence);
    }

    [Fact]
    public void A_missed_visit_leaves_room_and_a_week_without_a_plan_has_no_bound()
    {
        var list = List(Weekday) with { WeeklySetOff = true };
        Assert.Equal(4_000, list.Together(On(8, 100) with { PlannedMinutes = 60 },
            Planned("2026-04-09T09:00:00+01:00", 60, "missed-by-provider")).Total.Pence);
        Assert.Equal(4_000, list.Together(On(8, 100)).Total.Pence);
    }

    [Fact]
    public void A_visit_says_what_makes_up_the_least_charge() => Assert.Equal(
        "1 hour on Wednesday 8 April 2026 at £24.00 an hour, and £26.00 to make up the "
            + "least charge of £50.00 a day",
        PriceReasonText.Because(new BillLine(Ready(ByDay), On(8, 60)), ByDay.Together(On(8, 60)).Visits[0]));

    [Theory]
    [InlineData("set-off", 2400, "£24.00 more for 6 April 2026 to 12 April 2026: a short visit made room for a longer "
        + "one in the same week")]
    [InlineData("set-off", -4800, "£48.00 less for 6 April 2026 to 12 April 2026: no more is charged than the week’s "
        + "planned minutes")]
    [InlineData("minimum", 2600, "£26.00 for 6 April 2026 to 12 April 2026, to make up the least charge of £50.00 a "
        + "week")]
    [InlineData("rounding", -7, "£0.07 less for 6 April 2026 to 12 April 2026: rounded once for the whole, not by "
        + "visit")]
    public void An_adjusted_price_says_why(string kind, long pence, string text) => Assert.Equal(
        text,
        PriceReasonText.Adjusted(kind, new(2026, 4, 6), new(2026, 4, 12), Money.OfPence(pence), [Ready(ByWeek)]));

    [Fact]
    public void A_price_that_is_adjusted_back_to_nothing_says_so() => Assert.Equal(
        "Nothing is short of a least charge for 6 April 2026 to 12 April 2026",
        PriceReasonText.Adjusted("minimum", new(2026, 4, 6), new(2026, 4, 12), Money.Zero, []));
}
