using Isf.Invoicing.Domain;
using Isf.Prices;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>A least charge beside roundings, and a set-off beside a list without one.</summary>
public sealed class BillRoundingTests
{
    private static VisitToPrice On(int day, int minutes) => Visit($"2026-04-{day:00}T09:00:00+01:00", minutes);

    [Theory]
    [InlineData(RoundAt.Visit, 3_524)] // each of the two is rounded up to £7.38 first
    [InlineData(RoundAt.Invoice, 3_525)] // £14.7533 together
    public void A_least_charge_makes_up_what_is_charged_and_not_a_penny_more(RoundAt at, long shortfall)
    {
        var list = List(Weekday with { Pence = 2_213 }) with
        {
            Minimum = new(MinimumPer.Day, 5_000),
            Round = new(at),
        };
        var bill = list.Together(On(8, 20), On(8, 20));
        Assert.Equal((5_000, shortfall), (bill.Total.Pence, bill.Shortfall.Pence));
    }

    [Fact]
    public void A_set_off_bounds_a_split_visit_across_its_rates()
    {
        var evening = Weekday with { Code = "evening", Pence = 3_000, When = new() { From = new(18, 0) } };
        var list = List(Weekday, evening) with { Crossing = Crossing.Split, WeeklySetOff = true };
        var bill = list.Together(Visit("2026-04-08T17:00:00+01:00", 120, planned: 90));
        Assert.Equal((90, 2_400 + 1_500), ((int)bill.Visits[0].Price.Charged.Count, bill.Total.Pence));
    }

    [Fact]
    public void A_visit_by_a_list_that_sets_nothing_off_is_charged_beyond_the_week_s_minutes()
    {
        var setsOff = Ready(List(Weekday) with { WeeklySetOff = true });
        var bill = Bill.Build([new(Ready(List(Weekday)), On(7, 150), "L-1"), new(setsOff, On(9, 90), "L-1")],
            (_, _) => 120);
        Assert.Equal([150, 0], bill.Visits.Select(visit => (int)visit.Price.Charged.Count));
        Assert.Equal([null, 0L], bill.Visits.Select(visit => visit.MinutesMax));
    }
}
