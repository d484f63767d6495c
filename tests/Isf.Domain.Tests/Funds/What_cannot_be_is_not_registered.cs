using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Holders;
using Isf.Funds.People;
using Isf.Funds.Providers;
using Isf.Funds.Receipts;
using Isf.Hosting.Http;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>
/// Every refusal of funds, people, providers, holders and receipts, each reached by one change to an acceptable
/// request.
/// </summary>
public sealed class What_cannot_be_is_not_registered
{
    private static readonly LocalDate Start = new(2026, 4, 6);
    private static readonly LocalDate Today = new(2026, 5, 1);

    private static readonly PersonDetails Ada =
        new() { Name = "Ada", Nation = Nation.England, Format = ReadingFormat.Plain, Language = Language.En };

    private static readonly Person Registered = new("P-1", Ada, "salt");

    private static readonly FundDetails Terms = new()
    {
        PersonId = "P-1", CouncilId = "E1", Kind = FundKind.Isf, OpensOn = new(2026, 3, 30),
        Agreement = new()
        {
            SignedOn = new(2026, 3, 30), Parties = ["person"], Payment = new(PaymentEvery.FourWeeks, Start),
            Contribution = Contribution.ToHolder, SpendOrder = SpendOrder.PersonFirst,
        },
    };

    private static readonly Fund Fund = new("F-1", Terms, Nation.England);

    private static FundDetails Agreeing(Func<Agreement, Agreement> change) =>
        Terms with { Agreement = change(Terms.Agreement) };

    public static TheoryData<string, OpenFund.Refusal?, FundDetails> NewFunds => new()
    {
        { "as it is", null, Terms },
        { "that ends before it opens", OpenFund.Refusal.EndsBeforeItOpens,
            Agreeing(agreement => agreement with { EndsOn = new(2026, 3, 29) }) },
        { "paid for from a year before", OpenFund.Refusal.PaymentsLongBefore,
            Agreeing(agreement => agreement with { Payment = new(PaymentEvery.Week, new(2025, 3, 29)) }) },
    };

    [Theory]
    [MemberData(nameof(NewFunds))]
    public void A_fund(string which, OpenFund.Refusal? why, FundDetails terms) =>
        Assert.Equal((which, why), (which, OpenFund.Decide(null, Registered, "F-1", terms).Refusal));

    [Fact]
    public void A_fund_needs_its_person() =>
        Assert.Equal(OpenFund.Refusal.UnknownPerson, OpenFund.Decide(null, null, "F-1", Terms).Refusal);

    [Fact]
    public void A_fund_stays_with_its_council() => Assert.Equal(
        OpenFund.Refusal.CannotChangeHands,
        OpenFund.Decide(Fund, Registered, "F-1", Terms with { CouncilId = "E2" }).Refusal);

    [Fact]
    public void The_order_of_spending_may_be_agreed_anew() => Assert.Null(OpenFund.Decide(
        Fund, Registered, "F-1", Agreeing(agreement => agreement with { SpendOrder = SpendOrder.ProRata })).Refusal);

    [Theory]
    [InlineData("9434765919", null)]
    [InlineData("9434765910", RegisterPerson.Refusal.NoSuchNhsNumber)]
    [InlineData("943476591", RegisterPerson.Refusal.NoSuchNhsNumber)]
    public void An_NHS_number_checks_itself(string number, RegisterPerson.Refusal? why) =>
        Assert.Equal(why, RegisterPerson.Decide(null, "P-1", Ada with { NhsNumber = number }, Today,
            () => "salt").Refusal);

    [Fact]
    public void A_person_is_born_before_today() => Assert.Equal(
        RegisterPerson.Refusal.BornInTheFuture,
        RegisterPerson.Decide(
            null, "P-1", Ada with { DateOfBirth = Today.PlusDays(1) }, Today, () => "salt").Refusal);

    [Fact]
    public void A_person_keeps_their_salt() => Assert.Equal(
        "salt", RegisterPerson.Decide(Registered, "P-1", Ada, Today, () => "second").Value!.Salt);

    private static readonly BankAccount Account = new("12-34-56", "12345678", "BROOK");

    private static readonly ProviderDetails Brook =
        new() { Name = "Brook", Kind = ProviderKind.Agency, Vat = new(false) };

    public static TheoryData<string, RegisterProvider.Refusal?, ProviderDetails> Providers => new()
    {
        { "with an account", null, Brook with { Bank = Account } },
        { "with a sort code of five digits", RegisterProvider.Refusal.NoSuchBankAccount,
            Brook with { Bank = Account with { SortCode = "12-34-5" } } },
        { "that is too small to be regulated", RegisterProvider.Refusal.CannotBeRegulated,
            Brook with { Kind = ProviderKind.MicroEnterprise, CqcLocationId = "1-1234567890" } },
    };

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_provider(string which, RegisterProvider.Refusal? why, ProviderDetails details) =>
        Assert.Equal((which, why), (which, RegisterProvider.Decide("V-1", details).Refusal));

    [Fact]
    public void A_holder_needs_an_account_that_can_exist()
    {
        var holder = new HolderDetails
        {
            Name = "Sunrise", Address = "1 Road", Phone = "0", Email = "a@b", Complaints = "write",
            Periods = new(PeriodEvery.FourWeeks, Start),
            Payments = new("123456", "1234567", "SUNRISE"), Tolerances = new(15, 100, 2),
        };
        Assert.Equal(SetHolder.Refusal.NoSuchBankAccount, SetHolder.Decide("sunrise", holder).Refusal);
    }

    private static readonly Receipt Receipt =
        new("R-1", "F-1", new() { Source = Source.Council, Pence = 1, ReceivedOn = Start });

    private static readonly MoneyReturn Back = new(
        "X-1", "F-1", new() { Source = Source.Council, Pence = 1, PaidOn = Start, Reason = ReturnReason.Surplus });

    [Fact]
    public void A_receipt_needs_its_fund() =>
        Assert.Equal(ReceiveMoney.Refusal.UnknownFund, ReceiveMoney.Decide(null, Receipt).Refusal);

    [Fact]
    public void A_receipt_is_for_days_in_order() => Assert.Equal(
        ReceiveMoney.Refusal.EndsBeforeItStarts,
        ReceiveMoney.Decide(Fund,
            Receipt with { Details = Receipt.Details with { ForFrom = Start, ForTo = Start.PlusDays(-1) } }).Refusal);

    [Fact]
    public void A_return_needs_its_fund()
    {
        Assert.Null(ReturnMoney.Decide(Fund, [Receipt], [], Back, Role.HolderFinance).Refusal);
        Assert.Equal(ReturnMoney.Refusal.UnknownFund,
            ReturnMoney.Decide(null, [Receipt], [], Back, Role.HolderFinance).Refusal);
    }
}
