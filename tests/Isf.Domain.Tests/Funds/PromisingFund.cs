using Isf.Funds.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Funds;

/// <summary>The fund and the provider that the tests of budgets and allocations use.</summary>
internal static class PromisingFund
{
    /// <summary>The day on which the fund opens.</summary>
    public static readonly LocalDate April = new(2026, 4, 6);

    /// <summary>The provider that is paid.</summary>
    public static readonly Provider Provider =
        new("V-1", new() { Name = "Brook", Kind = ProviderKind.Agency, Vat = new(false) });

    /// <summary>The fund, of a given kind.</summary>
    public static Fund Of(FundKind kind) => new("F-1", new()
    {
        PersonId = "P-1", CouncilId = "E1", Kind = kind, OpensOn = April,
        Agreement = new()
        {
            SignedOn = April, Parties = ["person"], Payment = new(PaymentEvery.FourWeeks, April),
            Contribution = Contribution.ToCouncil, SpendOrder = SpendOrder.ProRata,
        },
    }, Nation.England);
}
