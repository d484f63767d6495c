using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The moves for each fact, with figures, in tables by which an accountant would check PostingRules.</summary>
public sealed class PostingRulesTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);

    private static readonly PricedCare Visit = new()
    {
        VisitId = "V-1", Version = 1, FundId = "F-1", LineId = "L-1", AllocationId = "A-1", ProviderId = "P-1",
        CareOn = Monday, Fulfilled = new Minutes(60), Extra = Minutes.Zero, Carers = 1, Price = Money.OfPence(2400),
        FundedBy = [], ClaimedOnInvoice = false,
    };

    [Fact]
    public void Money_received_comes_from_outside_and_is_held_on_its_day()
    {
        var entry = PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(144_000), Monday);
        Assert.Equal(["money outside/council → held/council 144000"], Written(entry));
        Assert.Equal((Monday, "money-received", "R-1"), (entry.EffectiveOn, entry.Kind, entry.Cause.Id));
        Assert.Null(entry.CareOn);
    }

    [Fact]
    public void A_voided_receipt_is_its_journal_the_other_way_on_the_same_day()
    {
        var receipt = Books.Posted(PostingRules.MoneyReceived("F-1", "R-1", "person", Money.OfPence(24_000), Monday));
        var entry = PostingRules.ReceiptVoided(receipt);
        Assert.Equal(["money held/person → outside/person 24000"], Written(entry));
        Assert.Equal((receipt.JournalId, "receipt-voided", "R-1", Monday),
            (entry.Reverses!.Value, entry.Kind, entry.Cause.Id, entry.EffectiveOn));
    }

    [Fact]
    public void Money_returned_leaves_what_is_held_and_a_voided_return_comes_back()
    {
        var returned = PostingRules.MoneyReturned("F-1", "X-1", "nhs", Money.OfPence(5_000), Monday);
        Assert.Equal(["money held/nhs → outside/nhs 5000"], Written(returned));
        var voided = PostingRules.ReturnVoided(Books.Posted(returned));
        Assert.Equal(["money outside/nhs → held/nhs 5000"], Written(voided));
        Assert.Equal("return-voided", voided.Kind);
    }

    [Fact]
    public void A_day_planned_moves_each_line_and_unplanned_moves_it_back()
    {
        LineMinutes[] lines = [new("L-1", new Minutes(90)), new("L-2", new Minutes(45))];
        var planned = PostingRules.DayPlanned("F-1", Monday, 1, lines);
        Assert.Equal(["time agreed/L-1 → planned/L-1 90", "time agreed/L-2 → planned/L-2 45"], Written(planned));
        Assert.Equal(("day-planned", "2026-04-06/r1", Monday), (planned.Kind, planned.Cause.Id, planned.EffectiveOn));
        var unplanned = PostingRules.DayUnplanned("F-1", Monday, 2, lines);
        Assert.Equal(["time planned/L-1 → agreed/L-1 90", "time planned/L-2 → agreed/L-2 45"], Written(unplanned));
        Assert.Equal("2026-04-06/r2", unplanned.Cause.Id);
    }

    [Fact]
    public void A_visit_as_planned_moves_time_promise_and_money() => Assert.Equal(
        [
            "time planned/L-1 → delivered/L-1 60",
            "promise promised/A-1 → used/A-1 2400",
            "money held/drawn → accrued/P-1 2400",
        ],
        Written(PostingRules.VisitPriced(Visit)));

    [Fact]
    public void A_visit_longer_than_planned_takes_the_rest_from_extra() => Assert.Equal(
        ["time planned/L-1 → delivered/L-1 60", "time extra/L-1 → delivered/L-1 15"],
        Written(PostingRules.VisitPriced(Visit with { Extra = new Minutes(15), Price = Money.Zero })));

    [Fact]
    public void What_is_charged_though_not_given_is_neither_delivered_nor_missed()
    {
        var entry = PostingRules.VisitPriced(Visit with { Fulfilled = Minutes.Zero, Charged = new Minutes(60) });
        Assert.Equal(
            [
                "time planned/L-1 → charged/L-1 60",
                "promise promised/A-1 → used/A-1 2400",
                "money held/drawn → accrued/P-1 2400",
            ],
            Written(entry));
        Assert.Null(entry.PersonMinutes);
    }

    [Fact]
    public void A_short_visit_may_be_charged_whole() => Assert.Equal(
        ["time planned/L-1 → delivered/L-1 40", "time planned/L-1 → charged/L-1 20"],
        Written(PostingRules.VisitPriced(Visit with
        {
            Fulfilled = new Minutes(40),
            Charged = new Minutes(20),
            Price = Money.Zero,
        })));

    [Fact]
    public void A_visit_without_an_allocation_uses_none() => Assert.Contains(
        "promise promised/none → used/none 2400", Written(PostingRules.VisitPriced(Visit with { AllocationId = "" })));

    [Fact]
    public void A_visit_of_no_time_and_no_cost_is_on_the_books_without_moves()
    {
        var entry = PostingRules.VisitPriced(Visit with { Fulfilled = Minutes.Zero, Price = Money.Zero });
        Assert.Empty(entry.Moves);
        Assert.Equal("V-1/v1", entry.Cause.Id);
        Assert.Null(entry.PersonMinutes);
    }

    [Fact]
    public void A_visit_claimed_on_invoice_moves_time_alone() => Assert.Equal(
        ["time planned/L-1 → delivered/L-1 60"],
        Written(PostingRules.VisitPriced(Visit with { ClaimedOnInvoice = true })));

    [Theory]
    [InlineData(2400, new[] { "nhs 100" }, new[] { "held/nhs 2400" })]
    [InlineData(10_000, new[] { "nhs 34", "council 66" }, new[] { "held/nhs 3400", "held/council 6600" })]
    [InlineData(1_475, new[] { "nhs 50", "council 50" }, new[] { "held/nhs 738", "held/council 737" })]
    [InlineData(1, new[] { "nhs 50", "council 50" }, new[] { "held/nhs 1" })]
    [InlineData(1_000, new[] { "nhs 30" }, new[] { "held/nhs 300", "held/drawn 700" })]
    public void Sources_that_an_allocation_names_bear_their_percentage(int pence, string[] shares, string[] borne)
    {
        var named = shares.Select(share => share.Split(' '))
            .Select(share => new SourcePercent(share[0], int.Parse(share[1], null)));
        var entry = PostingRules.VisitPriced(Visit with { Price = Money.OfPence(pence), FundedBy = [.. named] });
        Assert.Equal(borne, entry.Moves.Where(move => move.Book == Book.Money)
            .Select(move => $"{move.From} {move.Amount}"));
    }

    [Fact]
    public void More_than_all_of_a_cost_cannot_be_named() => Assert.Throws<ArgumentException>(() =>
        PostingRules.VisitPriced(Visit with { FundedBy = [new("nhs", 60), new("council", 60)] }));

    [Theory]
    [InlineData(90, 2, 45L)]
    [InlineData(45, 1, 45L)]
    [InlineData(0, 2, null)]
    public void The_persons_own_minutes_are_carer_minutes_by_carers(int given, int carers, long? own) => Assert.Equal(
        own, PostingRules.VisitPriced(Visit with { Fulfilled = new Minutes(given), Carers = carers }).PersonMinutes);

    private static readonly Journal Priced = Books.Posted(PostingRules.VisitPriced(Visit));

    private static readonly (Entry Reversal, Entry Posting) PricedAgain = PostingRules.VisitRepriced(
        Visit with
        {
            Version = 2,
            Fulfilled = new Minutes(45),
            Price = Money.OfPence(1800),
            CareOn = Monday.PlusDays(1),
        }, Priced);

    [Fact]
    public void A_visit_priced_again_is_taken_back_whole_on_its_first_day()
    {
        Assert.Equal(
            [
                "time delivered/L-1 → planned/L-1 60",
                "promise used/A-1 → promised/A-1 2400",
                "money accrued/P-1 → held/drawn 2400",
            ],
            Written(PricedAgain.Reversal));
        Assert.Equal(
            (Priced.JournalId, "visit-reversed", Monday, -60L),
            (PricedAgain.Reversal.Reverses!.Value, PricedAgain.Reversal.Kind, PricedAgain.Reversal.EffectiveOn,
                PricedAgain.Reversal.PersonMinutes!.Value));
    }

    [Fact]
    public void A_visit_priced_again_is_posted_anew_on_its_new_day()
    {
        Assert.Equal(["time 45", "promise 1800", "money 1800"],
            PricedAgain.Posting.Moves.Select(move => $"{move.Book.WireName()} {move.Amount}"));
        Assert.Equal(
            ("visit-repriced", Monday.PlusDays(1)), (PricedAgain.Posting.Kind, PricedAgain.Posting.EffectiveOn));
    }

    [Fact]
    public void Both_journals_of_a_visit_priced_again_have_its_new_version_as_their_cause() =>
        Assert.Equal(("V-1/v2", PricedAgain.Posting.Cause), (PricedAgain.Posting.Cause.Id, PricedAgain.Reversal.Cause));

    [Theory]
    [InlineData(1, "visit-priced")]
    [InlineData(2, "visit-repriced")]
    public void A_visits_journal_is_known_from_its_id_and_version(int version, string kind) => Assert.Equal(
        JournalId.From("sunrise", "F-1", kind, new PostingCause(kind, $"V-1/v{version}")),
        PostingRules.VisitJournal("sunrise", "F-1", "V-1", version));

    [Fact]
    public void Another_order_of_spending_takes_a_position_and_moves_nothing()
    {
        var entry = PostingRules.SpendOrderSet("F-1", 2, Monday);
        Assert.Empty(entry.Moves);
        Assert.Equal(("spend-order-set", "agreement/v2"), (entry.Kind, entry.Cause.Id));
    }

    internal static IEnumerable<string> Written(Entry entry) =>
        entry.Moves.Select(move => $"{move.Book.WireName()} {move.From} → {move.To} {move.Amount}");
}
