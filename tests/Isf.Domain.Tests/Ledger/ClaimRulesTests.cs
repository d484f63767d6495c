using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Ledger.PostingRulesTests;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The moves for claims, payments, fees and adjusted prices, with figures.</summary>
public sealed class ClaimRulesTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);
    private static readonly LocalDate Sunday = new(2026, 4, 12);
    private static readonly LocalDate Accepted = new(2026, 4, 20);

    internal static readonly ClaimPart Part = new()
    {
        AllocationId = "A-1", Delivered = Money.Zero, AgreedExtra = Money.Zero, Bought = Money.Zero,
        Unclaimed = Money.Zero, FundedBy = [],
    };

    internal static readonly MatchedClaim Claim = new()
    {
        FundId = "F-1", InvoiceId = "I-1", Version = 1, ProviderId = "P-1", CareTo = Sunday, AcceptedOn = Accepted,
        Parts = [],
    };

    internal static readonly AdjustedPrice Price = new()
    {
        FundId = "F-1", AllocationId = "A-1", ProviderId = "P-1", Kind = "set-off", From = Monday, To = Sunday,
        Version = 1, Amount = Money.Zero, FundedBy = [],
    };

    [Fact]
    public void A_claim_accepted_as_delivered_is_owed_on_the_day_accepted_and_about_its_last_day()
    {
        var entry = First(PostingRules.InvoiceMatched(Claim with { Parts = [Part with { Delivered = new(48_000) }] }));
        Assert.Equal(["money accrued/P-1 → owed/P-1 48000"], Written(entry));
        Assert.Equal(("invoice-matched", "I-1/v1", Accepted, Sunday),
            (entry.Kind, entry.Cause.Id, entry.EffectiveOn, entry.CareOn!.Value));
    }

    [Fact]
    public void Of_a_final_claim_for_less_the_rest_goes_back() => Assert.Equal(
        [
            "promise used/A-1 → promised/A-1 2400",
            "money accrued/P-1 → owed/P-1 45600",
            "money accrued/P-1 → held/drawn 2400",
        ],
        Written(First(PostingRules.InvoiceMatched(
            Claim with { Parts = [Part with { Delivered = new(45_600), Unclaimed = new(2_400) }] }))));

    [Fact]
    public void Agreed_for_more_is_first_charged_and_then_owed() => Assert.Equal(
        [
            "promise promised/A-1 → used/A-1 1200",
            "money held/drawn → accrued/P-1 1200",
            "money accrued/P-1 → owed/P-1 49200",
        ],
        Written(First(PostingRules.InvoiceMatched(
            Claim with { Parts = [Part with { Delivered = new(48_000), AgreedExtra = new(1_200) }] }))));

    [Fact]
    public void What_is_bought_on_invoice_is_charged_and_owed_at_once() => Assert.Equal(
        [
            "promise promised/A-2 → used/A-2 8500",
            "money held/nhs → accrued/P-1 4250",
            "money held/council → accrued/P-1 4250",
            "money accrued/P-1 → owed/P-1 8500",
        ],
        Written(First(PostingRules.InvoiceMatched(Claim with
        {
            Parts =
            [
                Part with
                {
                    AllocationId = "A-2", Bought = new(8_500), FundedBy = [new("nhs", 50), new("council", 50)],
                },
            ],
        }))));

    [Fact]
    public void A_claim_without_an_allocation_uses_none() => Assert.Contains(
        "promise promised/none → used/none 500",
        Written(First(PostingRules.InvoiceMatched(
            Claim with { Parts = [Part with { AllocationId = "", Bought = new(500) }] }))));

    [Fact]
    public void More_of_an_invoice_accepted_later_posts_the_difference_on_its_own_day()
    {
        var first = PostingRules.InvoiceMatched(Claim with { Parts = [Part with { Delivered = new(40_000) }] });
        var second = PostingRules.InvoiceMatched(Claim with
        {
            Version = 2,
            AcceptedOn = Accepted.PlusDays(7),
            Parts = [Part with { Delivered = new(45_600), Unclaimed = new(2_400) }],
        });
        var entry = second.DifferenceFrom(Books.Posted([First(first)]));
        Assert.Equal(
            [
                "promise used/A-1 → promised/A-1 2400",
                "money accrued/P-1 → owed/P-1 5600",
                "money accrued/P-1 → held/drawn 2400",
            ],
            Written(entry));
        Assert.Equal(("I-1/v2", Accepted.PlusDays(7)), (entry.Cause.Id, entry.EffectiveOn));
    }

    [Fact]
    public void A_credit_note_goes_back_to_where_the_charge_came_from()
    {
        var entry = PostingRules.CreditNoteAccepted(new AcceptedCredit
        {
            FundId = "F-1", CreditNoteId = "C-1", ProviderId = "P-1", CareOn = Sunday, AcceptedOn = Accepted,
            Parts = [new("A-1", new(1_200), []), new("A-2", new(300), [new("nhs", 100)])],
        });
        Assert.Equal(
            [
                "promise used/A-1 → promised/A-1 1200",
                "promise used/A-2 → promised/A-2 300",
                "money owed/P-1 → held/drawn 1200",
                "money owed/P-1 → held/nhs 300",
            ],
            Written(entry));
        Assert.Equal(("credit-note-accepted", "C-1", Accepted, Sunday),
            (entry.Kind, entry.Cause.Id, entry.EffectiveOn, entry.CareOn!.Value));
    }

    [Fact]
    public void A_payment_leaves_what_is_owed_and_the_bank_brings_it_back_on_its_own_day()
    {
        var payment = PostingRules.PaymentMade("F-1", "M-1", "P-1", new(45_600), Accepted);
        Assert.Equal(["money owed/P-1 → paid/P-1 45600"], Written(payment));
        var journal = Books.Posted(payment);
        var returned = PostingRules.PaymentReturned(journal, Accepted.PlusDays(3));
        Assert.Equal(["money paid/P-1 → owed/P-1 45600"], Written(returned));
        Assert.Equal(("payment-returned", "M-1", Accepted.PlusDays(3), journal.JournalId),
            (returned.Kind, returned.Cause.Id, returned.EffectiveOn, returned.Reverses!.Value));
    }

    [Fact]
    public void What_a_provider_repays_is_owed_until_its_credit_note_settles_it() => Assert.Equal(
        ["money paid/P-1 → owed/P-1 1200"],
        Written(PostingRules.ProviderRepaid("F-1", "Q-1", "P-1", new(1_200), Accepted)));

    [Theory]
    [InlineData(new string[0], new[] { "held/drawn 1001" })]
    [InlineData(new[] { "nhs 50", "council 50" }, new[] { "held/nhs 501", "held/council 500" })]
    public void Recovered_vat_goes_to_those_who_bore_it(string[] shares, string[] borne)
    {
        var named = shares.Select(share => share.Split(' '))
            .Select(share => new SourcePercent(share[0], int.Parse(share[1], null)));
        var entry = PostingRules.VatRecovered("F-1", "T-1", new(1_001), [.. named], Accepted);
        Assert.Equal(borne, entry.Moves.Select(move => $"{move.To} {move.Amount}"));
        Assert.All(entry.Moves, move => Assert.Equal(Account.Outside("holder"), move.From));
    }

    [Fact]
    public void Recovered_vat_lowers_what_was_paid_and_is_no_money_that_came_in()
    {
        var money = MoneyBalance.From(Books.Sum(Books.Posted(
        [
            PostingRules.MoneyReceived("F-1", "R-1", "council", new(50_000), Monday),
            First(PostingRules.InvoiceMatched(Claim with { Parts = [Part with { Bought = new(12_000) }] })),
            PostingRules.PaymentMade("F-1", "M-1", "P-1", new(12_000), Accepted),
            PostingRules.VatRecovered("F-1", "T-1", new(2_000), [], Accepted),
        ])), new FundingSplit([], Money.Zero));
        Assert.Equal((50_000, 10_000, 40_000, 40_000),
            (money.ReceivedPence, money.PaidPence, money.HeldPence, money.CashPence));
    }

    [Fact]
    public void A_fee_of_four_weeks_of_june_at_twelve_pounds_fifty_costs_fifty_pounds()
    {
        var june = new CarePeriod(new LocalDate(2026, 6, 1), new LocalDate(2026, 6, 28));
        var cost = Rate.OfWeeklyForDays(Money.OfPence(1_250), june.Days);
        var within = PostingRules.FeeCharged("F-1", "E-1", cost, onTop: false, june.To!.Value);
        Assert.Equal(
            [
                "promise free → promised/fee 5000",
                "promise promised/fee → used/fee 5000",
                "money held/drawn → owed/holder 5000",
            ],
            Written(within));
        Assert.Equal(("fee-charged", "E-1", june.To.Value), (within.Kind, within.Cause.Id, within.EffectiveOn));
        Assert.Equal(
            [
                "promise budget/council → free 5000",
                "promise free → promised/fee 5000",
                "promise promised/fee → used/fee 5000",
                "money held/council → owed/holder 5000",
            ],
            Written(PostingRules.FeeCharged("F-1", "E-1", cost, onTop: true, june.To.Value)));
    }

    [Theory]
    [InlineData(600, new[] { "promise promised/A-1 → used/A-1 600", "money held/drawn → accrued/P-1 600" })]
    [InlineData(-2400, new[] { "promise used/A-1 → promised/A-1 2400", "money accrued/P-1 → held/drawn 2400" })]
    [InlineData(0, new string[0])]
    public void A_price_adjusted_moves_what_a_visit_does_or_its_reverse(long pence, string[] moves)
    {
        var entry = First(PostingRules.PriceAdjusted(Price with { Amount = Money.OfPence(pence) }));
        Assert.Equal(moves, Written(entry));
        Assert.Equal(("price-adjusted", "A-1/set-off/2026-04-06/2026-04-12/v1", Sunday),
            (entry.Kind, entry.Cause.Id, entry.EffectiveOn));
    }

    [Theory]
    [InlineData(-2400, -1000, new[] { "promise promised/A-1 → used/A-1 1400", "money held/drawn → accrued/P-1 1400" })]
    [InlineData(-1000, -2400, new[] { "promise used/A-1 → promised/A-1 1400", "money accrued/P-1 → held/drawn 1400" })]
    [InlineData(600, -600, new[] { "promise used/A-1 → promised/A-1 1200", "money accrued/P-1 → held/drawn 1200" })]
    [InlineData(600, 0, new[] { "promise used/A-1 → promised/A-1 600", "money accrued/P-1 → held/drawn 600" })]
    [InlineData(600, 600, new string[0])]
    public void A_price_adjusted_again_posts_the_difference(long before, long now, string[] moves)
    {
        var first = PostingRules.PriceAdjusted(Price with { Amount = Money.OfPence(before) });
        var second = PostingRules.PriceAdjusted(Price with { Version = 2, Amount = Money.OfPence(now) });
        Assert.Equal(moves, Written(second.DifferenceFrom(Books.Posted([First(first)]))));
    }

    [Fact]
    public void A_rounding_shared_by_two_sources_is_borne_by_both() => Assert.Equal(
        ["promise promised/A-1 → used/A-1 7", "money held/nhs → accrued/P-1 4", "money held/council → accrued/P-1 3"],
        Written(First(PostingRules.PriceAdjusted(
            Price with { Amount = new(7), FundedBy = [new("nhs", 50), new("council", 50)] }))));

    internal static Entry First(CumulativePosting target) => target.DifferenceFrom([]);
}
