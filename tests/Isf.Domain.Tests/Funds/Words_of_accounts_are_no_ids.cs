using Isf.Funds.Allocations;
using Isf.Funds.Domain;
using Isf.Funds.Providers;
using Isf.Ledger.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>
/// A word that the books use in place of an id is refused as an id. Otherwise the account with this word would also
/// hold the moves of whatever has that id.
/// </summary>
public sealed class Words_of_accounts_are_no_ids
{
    private static readonly LocalDate Day = new(2026, 4, 6);

    private static readonly Fund Fund = new("F-1", new()
    {
        PersonId = "P-1", CouncilId = "E1", Kind = FundKind.Isf, OpensOn = new(2026, 3, 30),
        Agreement = new()
        {
            SignedOn = new(2026, 3, 30), Parties = ["person"], Payment = new(PaymentEvery.FourWeeks, Day),
            Contribution = Contribution.ToHolder, SpendOrder = Isf.Funds.Domain.SpendOrder.PersonFirst,
        },
    }, Nation.England);

    private static readonly ProviderDetails Provider =
        new() { Name = "Brook", Kind = ProviderKind.Agency, Vat = new(false) };

    /// <summary>Every word that the books reserve in the names of accounts, read from ReservedNames.</summary>
    public static TheoryData<string> Words =>
        [.. typeof(ReservedNames).GetFields().Where(constant => constant.IsLiteral)
            .Select(constant => (string)constant.GetRawConstantValue()!)];

    private static Isf.Measures.Decision<Allocation, AllocateToProvider.Refusal> Allocated(string id, bool isKnown)
    {
        var request = new Allocation(id, "F-1", Day, new()
        {
            ProviderId = "V-1", Kind = AllocationKind.Regular, From = Day, WeeklyPence = 100, Claim = Claim.OnDelivery,
            PriceList = new() { Rates = [new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 }] },
        });
        var budget = new Budget("B-1", "F-1", Day, new()
        {
            From = Day, WeeklyPence = 100, Sources = [new(Source.Council, 100)],
            Deployment = [new(DeployedAs.Isf, 100)],
        });
        return AllocateToProvider.Decide(
            Fund, new("V-1", Provider), isKnown ? request : null, [budget], [], request);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_of_an_account_is_no_new_id_and_one_stored_before_can_still_be_put_right(string word)
    {
        Assert.True(ReservedNames.Allocations.ContainsKey(word) || ReservedNames.Providers.ContainsKey(word));
        var (ofAllocations, ofProviders) = (Allocated(word, isKnown: false), RegisterProvider.Decide(word, Provider));
        Assert.Equal((ReservedNames.Allocations.ContainsKey(word), ReservedNames.Providers.ContainsKey(word)),
            (ofAllocations.Refusal == AllocateToProvider.Refusal.ReservedId,
                ofProviders.Refusal == RegisterProvider.Refusal.ReservedId));
        Assert.Contains($"“{word}” stands for ", ofAllocations.Detail + ofProviders.Detail, StringComparison.Ordinal);
        Assert.Null(Allocated(word, isKnown: true).Refusal);
        Assert.Null(RegisterProvider.Decide(word, Provider, new(word, Provider)).Refusal);
        Assert.Null(Allocated(word + "-1", isKnown: false).Refusal);
    }

    [Fact]
    public void What_the_rules_write_without_an_id_is_one_of_these_words()
    {
        Account[] accounts =
        [
            Account.Promised(null), Account.Used(""),
            .. PostingRules.FeeCharged("F-1", "FEE-1", Money.OfPence(1), onTop: false, Day).Moves
                .SelectMany(move => new[] { move.From, move.To }),
        ];
        Assert.All(accounts.Where(account => account.Kind is "promised" or "used"),
            account => Assert.Contains(account.About, ReservedNames.Allocations.Keys));
        Assert.All(accounts.Where(account => account.Kind is "accrued" or "owed" or "paid"),
            account => Assert.Contains(account.About, ReservedNames.Providers.Keys));
    }
}
