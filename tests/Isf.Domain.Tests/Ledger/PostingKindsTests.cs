using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The kinds, days and minutes that entries state beside their moves.</summary>
public sealed class PostingKindsTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);
    private static readonly Money Pound = new(100);

    private static readonly PricedCare Visit = new()
    {
        VisitId = "V-1", Version = 1, FundId = "F-1", LineId = "L-1", AllocationId = "A-1", ProviderId = "P-1",
        CareOn = Monday, Fulfilled = new(60), Extra = new(30), Carers = 2, Price = new(2_400), FundedBy = [],
        ClaimedOnInvoice = false,
    };

    private static readonly PromiseTerms Allocation = new()
    {
        Kind = PromiseKind.Allocation, Id = "A-1", Version = 1, SetOn = Monday, From = Monday, Weekly = Pound,
        Shares = [], OneOff = [],
    };

    public static TheoryData<string, string> Kinds => new()
    {
        { "money-returned", PostingRules.MoneyReturned("F-1", "1", "nhs", Pound, Monday).Kind },
        { "day-unplanned", PostingRules.DayUnplanned("F-1", Monday, 1, []).Kind },
        { "visit-priced", PostingRules.VisitPriced(Visit).Kind },
        { "payment-made", PostingRules.PaymentMade("F-1", "1", "P-1", Pound, Monday).Kind },
        { "provider-repaid", PostingRules.ProviderRepaid("F-1", "1", "P-1", Pound, Monday).Kind },
        { "vat-recovered", PostingRules.VatRecovered("F-1", "1", Pound, [], Monday).Kind },
        { "fee-charged", PostingRules.FeeCharged("F-1", "1", Pound, onTop: false, Monday).Kind },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_fact_has_its_kind_of_journal(string kind, string posted) => Assert.Equal(kind, posted);

    [Theory]
    [InlineData(PromiseKind.Budget, 1, false, 0, "budget-set")]
    [InlineData(PromiseKind.Budget, 2, false, 0, "budget-revised")]
    [InlineData(PromiseKind.Budget, 1, false, 365, "budget-year")]
    [InlineData(PromiseKind.Allocation, 1, false, 0, "allocation-made")]
    [InlineData(PromiseKind.Allocation, 2, false, 0, "allocation-revised")]
    [InlineData(PromiseKind.Allocation, 2, true, 0, "allocation-ended")]
    [InlineData(PromiseKind.Allocation, 2, true, 365, "allocation-year")]
    public void A_promise_is_made_revised_ended_or_goes_on(
        PromiseKind promise, int version, bool ended, int days, string kind)
    {
        var terms = Allocation with { Kind = promise, Version = version, Ended = ended };
        var step = new PromiseStep(Monday.PlusDays(days), new Dictionary<string, Money>());
        Assert.Equal(kind, PostingRules.Promise("F-1", terms, step).Kind);
    }

    [Theory]
    [InlineData(null, 45)] // the minutes given, planned and beyond the plan, by two carers
    [InlineData(50L, 50)]
    public void The_persons_minutes_are_those_stated_or_all_minutes_given_by_carers(long? stated, long minutes) =>
        Assert.Equal(minutes, PostingRules.VisitPriced(Visit with { PersonMinutes = stated }).PersonMinutes);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_claim_a_credit_and_a_reversal_name_the_day_of_care_only_where_it_is_another(int days, bool named)
    {
        var accepted = Monday.PlusDays(days);
        var credit = new AcceptedCredit
        {
            FundId = "F-1", CreditNoteId = "C-1", ProviderId = "P-1", CareOn = Monday, AcceptedOn = accepted,
            Parts = [],
        };
        var claim = ClaimRulesTests.Claim with { CareTo = Monday, AcceptedOn = accepted };
        var adjusted = Books.Posted(PostingRules.Adjusted("F-1", "J-1", Monday, [], "00"));
        LocalDate? day = named ? Monday : null;
        Assert.Equal((day, day, day),
            (PostingRules.InvoiceMatched(claim).DifferenceFrom([]).CareOn,
                PostingRules.CreditNoteAccepted(credit).CareOn,
                PostingRules.AdjustmentReversed(adjusted, "X-1", accepted, "00").CareOn));
    }
}
