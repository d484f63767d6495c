using Isf.Ledger.Adjustments;
using Isf.Ledger.Domain;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The postings and reversals that are allowed by hand, with a row on each side of every boundary.</summary>
public sealed class ByHandTests
{
    private static readonly LocalDate Day = new(2026, 5, 4);
    private static readonly RequestedMove Move = new()
    {
        Book = "money", From = "held/drawn", To = "owed/V-1",
        Amount = 5
    };

    private static readonly Journal Adjusted = Posted(
        PostingRules.Adjusted("F-1", "J-1", Day, PostingRequest.Parse([Move], "why").Moves, Commitment.Compute("salt",
            "why")));

    private static readonly Journal Reversed =
        Posted(PostingRules.AdjustmentReversed(Adjusted, "X-1", Day, Commitment.Compute("salt", "why")));

    private static readonly Journal Receipt =
        Posted(PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(1), Day));

    [Theory]
    [InlineData(true, "salt", null, null)]
    [InlineData(true, "salt", "2026-05-03", null)]
    [InlineData(true, "salt", "2026-05-04", AdjustFund.Refusal.PeriodClosed)]
    [InlineData(true, null, "2026-05-04", AdjustFund.Refusal.UnknownPerson)]
    [InlineData(false, null, null, AdjustFund.Refusal.UnknownFund)]
    public void An_adjustment_needs_a_known_fund_and_person_and_an_open_day(
        bool isKnown, string? salt, string? closedTo, AdjustFund.Refusal? why)
    {
        var request = new AdjustFund.Request { EffectiveOn = Day, Moves = [Move], Reason = "why" };
        var read = PostingRequest.Parse(request.Moves, request.Reason);
        var decided = AdjustFund.Decide("F-1", "J-1", request, read, isKnown, salt, On(closedTo), []);
        Assert.Equal(why, decided.Refusal);
        if (why is null)
            Assert.True(decided.Value!.HasSameContentAs(Adjusted.Entry));
    }

    [Fact]
    public void An_account_that_is_none_is_refused_before_all_else()
    {
        var request = new AdjustFund.Request { EffectiveOn = Day, Moves = [Move with { To = "free" }], Reason = "why" };
        var read = PostingRequest.Parse(request.Moves, request.Reason);
        Assert.Equal(AdjustFund.Refusal.BadPlace,
            AdjustFund.Decide("F-9", "J-1", request, read, false, null, Day, []).Refusal);
    }

    [Fact]
    public void An_account_that_the_fund_does_not_know_is_refused_with_its_place()
    {
        var request = new AdjustFund.Request { EffectiveOn = Day, Moves = [Move], Reason = "why" };
        var read = PostingRequest.Parse(request.Moves, request.Reason);
        var decided = AdjustFund.Decide("F-1", "J-1", request, read, true, "salt", null, [Account.Owed("V-1")]);
        Assert.Equal(AdjustFund.Refusal.UnknownAccount, decided.Refusal);
        Assert.Equal("/moves/0/to: The fund knows no owed/V-1: check the id, or record first what it is.",
            decided.Detail);
    }

    [Theory]
    [InlineData("F-1", "ann", false, null, null, ApproveAdjustment.Refusal.SamePerson)]
    [InlineData("F-1", "ben", false, null, null, null)]
    [InlineData("F-1", "ben", false, "2026-05-03", null, null)]
    [InlineData("F-1", "ben", false, "2026-05-04", null, ApproveAdjustment.Refusal.PeriodClosed)]
    [InlineData("F-1", "ben", true, "2026-05-04", null, null)]
    [InlineData("F-1", "ann", true, "2026-05-04", null, ApproveAdjustment.Refusal.SamePerson)]
    [InlineData("F-2", "ben", false, null, null, ApproveAdjustment.Refusal.UnknownAdjustment)]
    [InlineData("F-1", "ben", false, null, "2026-05-04", null)]
    [InlineData("F-1", "ben", false, null, "2026-05-03", ApproveAdjustment.Refusal.DayTooLate)]
    [InlineData("F-1", "ben", true, null, "2026-05-03", null)]
    public void An_adjustment_is_approved_by_another_on_an_open_day(
        string fund, string user, bool isPosted, string? closedTo, string? closedOn, ApproveAdjustment.Refusal? why)
    {
        var proposed = new AdjustFund.Adjustment(
            "J-1", "F-1", Adjusted.JournalId, null, Day, [Move], Commitment.Compute("salt", "why"), "ann");
        var decided = ApproveAdjustment.Decide(fund, "J-1", proposed, user, isPosted, On(closedTo), On(closedOn));
        Assert.Equal(why, decided.Refusal);
        if (why is null)
            Assert.True(decided.Value!.HasSameContentAs(Adjusted.Entry));
    }

    [Theory]
    [InlineData("F-1", "ann", false, null, null, ApproveReversal.Refusal.SamePerson)]
    [InlineData("F-1", "ben", false, "2026-05-03", null, null)]
    [InlineData("F-1", "ben", false, "2026-05-04", null, ApproveReversal.Refusal.PeriodClosed)]
    [InlineData("F-1", "ben", true, "2026-05-04", null, ApproveReversal.Refusal.AlreadyReversed)]
    [InlineData("F-2", "ben", false, null, null, ApproveReversal.Refusal.UnknownReversal)]
    [InlineData("F-1", "ben", false, null, "2026-05-04", null)]
    [InlineData("F-1", "ben", false, null, "2026-05-03", ApproveReversal.Refusal.DayTooLate)]
    public void A_reversal_is_approved_by_another_while_nothing_took_it_back(
        string fund, string user, bool isReversed, string? closedTo, string? closedOn, ApproveReversal.Refusal? why)
    {
        var proposed = new ReverseAdjustment.AdjustmentReversal(
            "X-1", "F-1", Reversed.JournalId, Adjusted.JournalId, null, Day, Commitment.Compute("salt", "why"), "ann");
        var decided = ApproveReversal.Decide(
            fund, "X-1", proposed, user, false, Adjusted, isReversed, On(closedTo), On(closedOn));
        Assert.Equal(why, decided.Refusal);
        if (why is null)
            Assert.True(decided.Value!.HasSameContentAs(Reversed.Entry));
    }

    [Fact]
    public void The_reasons_of_the_books_are_those_of_Support()
    {
        string[] reasons =
        [
            .. Enum.GetValues<VisitOutcome>().Where(outcome => outcome != VisitOutcome.Delivered)
                .Select(VisitInput.NameOf),
            .. Enum.GetValues<AbsenceKind>().Select(LineWeek.NameOf), LineWeek.Short, LineWeek.NoRecord,
        ];
        Assert.Equal(reasons.Distinct().Order(StringComparer.Ordinal),
            MissedReasons.All.Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, Journal?, bool, string, string?, ReverseAdjustment.Refusal?> Reversals => new()
    {
        { "in an open period", Adjusted, false, "2026-05-04", null, null },
        { "on the first open day", Adjusted, false, "2026-05-04", "2026-05-03", null },
        { "a day later", Adjusted, false, "2026-05-05", "2026-05-04", null },
        { "on the last closed day", Adjusted, false, "2026-05-04", "2026-05-04",
            ReverseAdjustment.Refusal.PeriodClosed },
        { "before the adjustment", Adjusted, false, "2026-05-03", "2026-05-04",
            ReverseAdjustment.Refusal.DatedBeforeTheOriginal },
        { "a second time", Adjusted, true, "2026-05-03", null, ReverseAdjustment.Refusal.AlreadyReversed },
        { "of a receipt", Receipt, false, "2026-05-04", null, ReverseAdjustment.Refusal.CorrectAtSource },
        { "of a reversal", Reversed, false, "2026-05-04", null, ReverseAdjustment.Refusal.ReversalOfAReversal },
        { "of nothing", null, false, "2026-05-04", null, ReverseAdjustment.Refusal.UnknownJournal },
    };

    [Theory]
    [MemberData(nameof(Reversals))]
    public void A_reversal_is_of_an_adjustment_once_only_and_not_before_it(
        string which, Journal? original, bool isReversed, string on, string? closedTo, ReverseAdjustment.Refusal? why)
    {
        var decided = ReverseAdjustment.Decide(
            "F-1", "X-1", Request(On(on)!.Value), true, original, isReversed, "salt", On(closedTo));
        Assert.Equal((which, why), (which, decided.Refusal));
        if (why is not null)
            return;
        var entry = decided.Value!;
        Assert.Equal((Adjusted.JournalId, Day, On(on)!.Value), (entry.Reverses, entry.AboutOn, entry.EffectiveOn));
        Assert.Equal(Adjusted.Entry.Moves.Select(move => move.Reversed()), entry.Moves);
    }

    [Fact]
    public void A_reversal_needs_a_known_fund_and_person()
    {
        Assert.Equal(ReverseAdjustment.Refusal.UnknownFund,
            ReverseAdjustment.Decide("F-9", "X-1", Request(Day), false, null, false, null, null).Refusal);
        Assert.Equal(ReverseAdjustment.Refusal.UnknownPerson,
            ReverseAdjustment.Decide("F-1", "X-1", Request(Day), true, Adjusted, false, null, Day).Refusal);
    }

    private static ReverseAdjustment.Request Request(LocalDate on) =>
        new() { JournalId = Adjusted.JournalId, EffectiveOn = on, Reason = "why" };

    private static Journal Posted(Entry entry) => HashChain.Append(Head.New(Books.Holder, "F-1"), entry, Books.Noon);

    private static LocalDate? On(string? iso) => iso is null ? null : LocalDatePattern.Iso.Parse(iso).Value;
}
