using FsCheck;
using FsCheck.Fluent;
using Isf.Funds.Domain;
using Isf.Funds.Receipts;
using Isf.Hosting.Http;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>A source never gets back more than it has paid in, on the day of a return and on every later one.</summary>
public sealed class Returns_are_bounded
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static readonly Fund Fund = new("F-1", new()
    {
        PersonId = "P-1", CouncilId = "E1", Kind = FundKind.Isf, OpensOn = April,
        Agreement = new()
        {
            SignedOn = April, Parties = ["person"], Payment = new(PaymentEvery.FourWeeks, April),
            Contribution = Contribution.ToHolder, SpendOrder = SpendOrder.PersonFirst,
        },
    }, Nation.England);

    private static Receipt In(string id, long pence, int day, Source source = Source.Council) =>
        new(id, "F-1", new() { Source = source, Pence = pence, ReceivedOn = April.PlusDays(day) });

    private static MoneyReturn Return(
        string id, long pence, int day, Source source = Source.Council, string? beyondHeld = null) =>
        new(id, "F-1", new()
        {
            Source = source, Pence = pence, PaidOn = April.PlusDays(day), Reason = ReturnReason.Overpaid,
            BeyondHeld = beyondHeld,
        });

    private static ReturnMoney.Refusal? Why(MoneyReturn request, Receipt[] receipts, params MoneyReturn[] before) =>
        ReturnMoney.Decide(Fund, receipts, before, request, Role.HolderFinance).Refusal;

    public static TheoryData<long, int, Source, ReturnMoney.Refusal?> Boundaries => new()
    {
        // £1,000.00 came on day 0 and £500.00 on day 10; £300.00 went back on day 5, and £100.00 on day 20.
        { 1_100, 20, Source.Council, null },
        { 1_101, 20, Source.Council, ReturnMoney.Refusal.MoreThanReceived },
        { 1_100, 10, Source.Council, null },
        { 700, 9, Source.Council, null },
        { 701, 9, Source.Council, ReturnMoney.Refusal.MoreThanReceived },
        // A return on an earlier day must leave enough for the returns after it.
        { 700, 4, Source.Council, null },
        { 701, 4, Source.Council, ReturnMoney.Refusal.MoreThanReceived },
        { 1, -1, Source.Council, ReturnMoney.Refusal.MoreThanReceived },
        { 40, 20, Source.Person, null },
        { 41, 20, Source.Person, ReturnMoney.Refusal.MoreThanReceived },
        { 1, 20, Source.Nhs, ReturnMoney.Refusal.MoreThanReceived },
    };

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void A_return(long pence, int day, Source source, ReturnMoney.Refusal? why) => Assert.Equal(why, Why(
        Return("X-9", pence, day, source),
        [In("R-1", 1_000, 0), In("R-2", 500, 10), In("R-3", 40, 0, Source.Person),
            In("R-4", 9_000, 0) with { VoidedBecause = "keyed twice" }],
        Return("X-1", 300, 5), Return("X-2", 100, 20), Return("X-3", 700, 5) with { VoidedBecause = "never left" }));

    [Fact]
    public void The_refusal_says_both_sums_and_by_which_day() => Assert.StartsWith(
        "By 9 April 2026 council has paid in £10.00, and £10.01 would have gone back.",
        ReturnMoney.Decide(Fund, [In("R-1", 1_000, 0), In("R-2", 900, 9)], [Return("X-1", 300, 5)],
            Return("X-9", 1_001, 3), Role.HolderAdmin).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(Role.HolderAdmin, null)]
    [InlineData(Role.HolderFinance, ReturnMoney.Refusal.NotYourRole)]
    public void Only_a_holder_admin_lets_more_go_back(string role, ReturnMoney.Refusal? why)
    {
        var request = Return("X-1", 1_001, 0, beyondHeld: "The council asks for it all, and pays again next week.");
        Assert.Equal(why, ReturnMoney.Decide(Fund, [In("R-1", 1_000, 0)], [], request, role).Refusal);
        // A return of more than was received counts in full when later returns are checked.
        Assert.Equal(ReturnMoney.Refusal.MoreThanReceived,
            Why(Return("X-2", 1, 5), [In("R-1", 1_000, 0), In("R-2", 1, 5)], request));
    }

    [Theory]
    [InlineData("R-2", null, null)]
    [InlineData("R-1", null, VoidMoney.Refusal.MoreThanReceived)]
    [InlineData("R-1", Role.HolderFinance, VoidMoney.Refusal.NotYourRole)]
    [InlineData("R-1", Role.HolderAdmin, null)]
    public void A_receipt_of_which_more_went_back_is_not_made_void(
        string id, string? beyondHeldBy, VoidMoney.Refusal? why)
    {
        Receipt[] receipts = [In("R-1", 600, 0), In("R-2", 400, 6)];
        var request = new VoidMoney.ReceiptRequest
        {
            Why = "keyed twice", BeyondHeld = beyondHeldBy is null ? null : "the return was of another fund",
        };
        Assert.Equal(why, VoidMoney.Decide(receipts.Single(receipt => receipt.Id == id), receipts,
            [Return("X-1", 600, 5)], request, beyondHeldBy ?? Role.HolderFinance).Refusal);
    }

    /// <summary>Money that comes in, or that is asked back.</summary>
    private abstract record Step(int Day, int Pence, Source Source)
    {
        internal sealed record Received(int Day, int Pence, Source Source) : Step(Day, Pence, Source);

        internal sealed record AskedBack(int Day, int Pence, Source Source) : Step(Day, Pence, Source);
    }

    private static readonly Arbitrary<Step[]> Lives =
        (from day in Gen.Choose(0, 12)
         from pence in Gen.Choose(1, 60)
         from source in Gen.Elements(Source.Council, Source.Nhs)
         from step in Gen.Elements<Step>(
             new Step.Received(day, pence, source), new Step.AskedBack(day, pence, source))
         select step).ArrayOf().Resize(25).ToArbitrary();

    [Fact]
    public void A_return_is_accepted_when_no_later_day_is_short_and_only_then() => Prop.ForAll(Lives, life =>
    {
        var (receipts, returns) = (new List<Receipt>(), new List<MoneyReturn>());
        foreach (var step in life)
        {
            if (step is Step.Received)
            {
                receipts.Add(In($"R-{receipts.Count}", step.Pence, step.Day, step.Source));
                continue;
            }
            var next = Return($"X-{returns.Count}", step.Pence, step.Day, step.Source);
            var isAccepted = Why(next, [.. receipts], [.. returns]) is null;
            Assert.Equal(!IsShort(receipts, [.. returns, next], next), isAccepted);
            if (isAccepted)
                returns.Add(next);
        }
    }).QuickCheckThrowOnFailure();

    // Checks the return slowly, by adding up receipts and returns on every day to the end.
    private static bool IsShort(List<Receipt> receipts, List<MoneyReturn> returns, MoneyReturn of) =>
        Enumerable.Range(0, 30).Select(of.Details.PaidOn.PlusDays).Any(day =>
            receipts.Sum(receipt => receipt.Details.Source == of.Details.Source && receipt.Details.ReceivedOn <= day
                ? receipt.Details.Pence : 0)
            < returns.Sum(other => other.Details.Source == of.Details.Source && other.Details.PaidOn <= day
                ? other.Details.Pence : 0));
}
