using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// Figures worked by hand by an accountant, to the penny. The figures of closures are in
/// <see cref="SourceAttributionTests"/>, those of shares by day in <see cref="FundingSplitTests"/>, those of fees in
/// <see cref="ClaimRulesTests"/>.
/// </summary>
public sealed class WorkedFiguresTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    [Theory]
    // £333.33 is shared 60 : 40.
    [InlineData(33_333, new[] { "council 60", "person 40" }, new[] { "held/council 20000", "held/person 13333" })]
    [InlineData(33_333, new[] { "council 60" }, new[] { "held/council 20000", "held/drawn 13333" })]
    public void A_visit_is_borne_by_the_sources_that_its_allocation_names(int pence, string[] shares, string[] borne)
    {
        var visit = new PricedCare
        {
            VisitId = "V-1", Version = 1, FundId = "F-1", LineId = "L-1", AllocationId = "A-1", ProviderId = "V-1",
            CareOn = April, Fulfilled = new(60), Extra = new(0), Carers = 1, Price = Money.OfPence(pence),
            FundedBy = [.. shares.Select(share => share.Split(' '))
                .Select(share => new SourcePercent(share[0], int.Parse(share[1], null)))],
            ClaimedOnInvoice = false,
        };
        Assert.Equal(borne, PostingRules.VisitPriced(visit).Moves.Where(move => move.Book == Book.Money)
            .Select(move => $"{move.From} {move.Amount}"));
    }

    [Theory]
    // £100 is shared in three equal parts, and £1,200 a week is paid for 31 days (weekly × days ÷ 7).
    [InlineData(10_000, 7, new[] { "council", "nhs", "person" }, new long[] { 3_334, 3_333, 3_333 })]
    [InlineData(120_000, 31, new[] { "council" }, new long[] { 531_429 })]
    [InlineData(33_333, 7, new[] { "council", "council", "council", "person", "person" },
        new long[] { 20_000, 13_333 })]
    public void A_budget_is_split_over_its_sources_and_loses_nothing(
        int weekly, int days, string[] weights, long[] parts)
    {
        var terms = new PromiseTerms
        {
            Kind = PromiseKind.Budget, Id = "B-1", Version = 1, SetOn = April, From = April,
            To = April.PlusDays(days - 1), Weekly = Money.OfPence(weekly), OneOff = [],
            Shares = [.. weights.GroupBy(source => source)
                .Select(item => new PromiseShare(item.Key, Money.OfPence(item.Count())))],
        };
        var step = Assert.Single(PromiseSchedule.Due([], null, [terms], April));
        Assert.Equal(parts, PostingRules.Promise("F-1", terms, step).Moves.Select(move => move.Amount));
    }

    [Theory]
    // £1,680.00 is paid for the four weeks from 23 March to 19 April 2026. The first year has 9 of their days, the
    // second 19.
    [InlineData("2025-04-01", "2026-03-31", 54_000)]
    [InlineData("2026-04-01", "2027-03-31", 114_000)]
    public void A_payment_belongs_to_each_year_by_its_days(string from, string to, long pence)
    {
        static LocalDate Day(string iso) => NodaTime.Text.LocalDatePattern.Iso.Parse(iso).Value;
        var paidFor = new CarePeriod(new LocalDate(2026, 3, 23), new LocalDate(2026, 4, 19));
        var within = paidFor.Overlap(new CarePeriod(Day(from), Day(to)))!.Value;
        Assert.Equal(pence, Rate.ShareRoundedHalfUp(Money.OfPence(168_000), within.Days, paidFor.Days).Pence);
    }
}
