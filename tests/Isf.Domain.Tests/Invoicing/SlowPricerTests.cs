using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The pricer agrees with the slow pricer, and bills agree with sums of exact fractions.</summary>
public sealed class SlowPricerTests
{
    private const int Lists = 2_000;
    private const int VisitsOfAList = 50;

    [Fact]
    public void A_slow_pricer_in_exact_fractions_agrees_on_100_000_visits() => Parallel.For(0, Lists, seed =>
    {
        var random = new RandomPrices(seed);
        var nation = random.Pick(Enum.GetValues<HolidayCalendar>());
        var terms = random.List();
        Assert.Empty(PriceListCheck.Faults(terms));
        var (fast, slow) = (CompiledPriceList.Compile(terms, nation), new SlowPricer(terms, nation));
        for (var i = 0; i < VisitsOfAList; i++)
        {
            var visit = random.Visit();
            var price = VisitPricing.Price(fast, visit);
            var (pence, charged) = slow.Price(visit);
            if ((pence.HalfUp, charged) != (price.Amount.Pence, price.Charged.Count))
                Assert.Fail($"list {seed}, visit {i}: slow {(pence.HalfUp, charged)}, fast {price}, {visit}");
            Assert.Equal(price.Amount.Pence, price.PartAmounts(fast, ExactPence.Zero).Sum(part => part.Pence));
            if (price.Rate?.Unit == PriceUnit.Hour && fast.UnitOf(visit) == PriceUnit.Hour)
            {
                var less = visit with { MinutesMax = random.Pick(0, 1, 59, 60, 200) };
                var (setOff, left) = (VisitPricing.Price(fast, less), slow.Price(less));
                Assert.Equal((left.Pence.HalfUp, left.Charged), (setOff.Amount.Pence, setOff.Charged.Count));
            }
        }
    });

    [Fact]
    public void Bills_rounded_by_invoice_are_the_exact_sum_rounded_once() => Parallel.For(0, 500, seed =>
    {
        var random = new RandomPrices(seed);
        var terms = random.List() with { Round = new(RoundAt.Invoice), WeeklySetOff = null, Minimum = null };
        var (fast, slow) = (CompiledPriceList.Compile(terms, default), new SlowPricer(terms, default));
        var visits = Enumerable.Range(0, 40).Select(_ => random.Visit()).ToArray();
        var exact = visits.Aggregate(SlowPricer.Fraction.Of(0), (sum, visit) => sum + slow.Price(visit).Pence);
        var bill = Bill.Build([.. visits.Select(visit => new BillLine(fast, visit))]);
        Assert.Equal(exact.HalfUp, bill.Total.Pence);
        Assert.Equal(bill.Total, Money.Sum(bill.Visits.Select(visit => visit.Amount)));
        Assert.All(bill.Visits, visit =>
        {
            Assert.InRange(visit.Amount.Pence, visit.Price.Amount.Pence - 1, visit.Price.Amount.Pence + 1);
            Assert.Equal(visit.Price.PartCount, visit.Parts.Count);
        });
    });
}
