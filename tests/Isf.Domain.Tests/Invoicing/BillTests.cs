using Isf.Invoicing.Domain;
using Isf.Measures;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>What visits come to together: least charges, set-offs, one rounding of the whole.</summary>
public sealed class BillTests
{
    private static readonly PriceList ByDay = List(Weekday) with { Minimum = new(MinimumPer.Day, 5_000) };
    private static readonly PriceList ByWeek = List(Weekday) with { Minimum = new(MinimumPer.Week, 5_000) };

    private static VisitToPrice On(int day, int minutes) => Visit($"2026-04-{day:00}T09:00:00+01:00", minutes);

    [Theory]
    [InlineData(124, 40)] // £49.60
    [InlineData(125, 0)] // £50.00
    [InlineData(126, 0)]
    public void What_is_short_of_the_least_charge_is_made_up(int minutes, long shortfall)
    {
        foreach (var list in new[] { ByDay, ByWeek })
        {
            var bill = list.Together(On(8, minutes));
            Assert.Equal((shortfall, Math.Max(5_000, minutes * 40)), (bill.Shortfall.Pence, bill.Total.Pence));
        }
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
    public void A_least_charge_bears_VAT_like_the_visits_that_it_makes_up() =>
        Assert.Equal(6_000, (ByDay with { Vat = new(VatCode.Standard, 20) }).Together(On(8, 60)).Total.Pence);

    [Fact]
    public void A_least_charge_and_one_rounding_of_the_whole_go_together()
    {
        var list = ByWeek with { Rates = [Weekday with { Pence = 2_213 }], Round = new(RoundAt.Invoice) };
        var bill = list.Together(On(8, 20), On(9, 20), On(15, 200), On(16, 20)); // 14.7533 and 81.1433 pounds
        Assert.Equal(5_000 + 8_114, bill.Total.Pence);
        Assert.Equal(bill.Total, Money.Sum(bill.Visits.Select(visit => visit.Amount)));
    }

    [Fact]
    public void A_set_off_fills_a_line_s_week_in_order_of_time_and_no_other()
    {
        var ready = Ready(List(Weekday) with { WeeklySetOff = true });
        BillLine Line(int day, int minutes, string line) =>
            new(ready, On(day, minutes) with { PlannedMinutes = 60 }, line);
        var bill = Bill.Of(
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
    public void Each_of_them_says_why()
    {
        var bill = ByDay.Together(On(8, 60));
        Assert.Equal("1 hour on Wednesday 8 April 2026 at £24.00 an hour (weekday rate), and £26.00 to make up the "
            + "least charge of £50.00 a day",
            PriceWords.Because(new BillLine(Ready(ByDay), On(8, 60)), bill.Visits[0]));
        string Said(string kind, long pence) => PriceWords.Adjusted(
            kind, new(2026, 4, 6), new(2026, 4, 12), Money.OfPence(pence), ByWeek.Minimum);
        Assert.Equal("£24.00 more for 6 April 2026 to 12 April 2026: a short visit made room for a longer one in the "
            + "same week", Said("set-off", 2400));
        Assert.Equal("£48.00 less for 6 April 2026 to 12 April 2026: no more is charged than the week’s planned "
            + "minutes", Said("set-off", -4800));
        Assert.Equal("£26.00 for 6 April 2026 to 12 April 2026, to make up the least charge of £50.00 a week",
            Said("minimum", 2600));
        Assert.Equal("£0.07 less for 6 April 2026 to 12 April 2026: rounded once for the whole, not by visit",
            Said("rounding", -7));
        Assert.Equal("Nothing is short of a least charge for 6 April 2026 to 12 April 2026", PriceWords.Adjusted(
            "minimum", new(2026, 4, 6), new(2026, 4, 12), Money.Zero, null));
    }
}
