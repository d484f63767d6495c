using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Domain.Tests.Ledger;

/// <summary>A fund drawn at random, with all that decides whose money is left in it.</summary>
internal sealed record AttributedFund(
    IReadOnlyList<HeldFact> Facts, IReadOnlyList<AgreedTerms> Agreed, IReadOnlyList<PromiseTerms> Budgets,
    LocalDate? ClosedOn)
{
    /// <summary>The first day of facts and budgets.</summary>
    public static readonly LocalDate April = HeldFact.April;

    /// <summary>The last day of facts.</summary>
    public static readonly LocalDate LastDay = April.PlusDays(HeldFact.Days);

    private static readonly Gen<LocalDate> Days = Gen.Choose(0, HeldFact.Days).Select(April.PlusDays);

    private static readonly Gen<SpendOrder> Orders = Gen.Elements(Enum.GetValues<SpendOrder>());

    private static readonly Gen<IReadOnlyList<AgreedTerms>> Agreements =
        from first in Orders
        from others in (from since in Days
                        from order in Orders
                        from toHolder in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
                        select new AgreedTerms(0, since, since, order, toHolder)).ListOf(4)
        let signed = April.PlusDays(-7)
        select (IReadOnlyList<AgreedTerms>)
            [.. others.Prepend(new AgreedTerms(0, signed, signed, first, true))
                .Select((agreed, index) => agreed with { Version = index + 1 })];

    private static readonly Gen<IReadOnlyList<PromiseTerms>> OneBudget =
        from council in Gen.Choose(0, 40_000)
        from person in Gen.Choose(0, 9_000)
        select (IReadOnlyList<PromiseTerms>)
            [Budget("B-1", April, council + person, ("council", council), ("person", person))];

    private static readonly Gen<IReadOnlyList<PromiseTerms>> TwoBudgets =
        from budgets in (from start in Gen.Choose(0, 40).Select(April.PlusDays)
                         from weekly in Gen.Choose(0, 50_000)
                         from shares in Gen.Choose(0, 900).ListOf(HeldFact.Sources.Count)
                         select (start, weekly, shares)).ListOf(2)
        select (IReadOnlyList<PromiseTerms>)
            [.. budgets.Select((budget, index) => Budget(
                $"B-{index + 1}", budget.start, budget.weekly, [.. HeldFact.Sources.Zip(budget.shares)]))];

    /// <summary>Funds with one budget of the council and the person, some of them closed.</summary>
    public static Gen<AttributedFund> Some { get; } =
        Gen.Frequency((1, Fund(OneBudget, Gen.Constant<LocalDate?>(null))), (3, Fund(OneBudget, Closures)));

    /// <summary>Closed funds with one budget of the council and the person.</summary>
    public static Gen<AttributedFund> Closed { get; } = Fund(OneBudget, Closures);

    /// <summary>Open funds with two budgets, to which every source contributes.</summary>
    public static Gen<AttributedFund> Mixed { get; } = Fund(TwoBudgets, Gen.Constant<LocalDate?>(null));

    /// <summary>All that moved into or out of what the fund holds.</summary>
    public IReadOnlyList<HeldSum> Sums => [.. Facts.Select(fact => fact.Sum)];

    /// <summary>The fund's terms, as the Ledger keeps them.</summary>
    public FundTerms Terms => new(Agreed, ClosedOn is { } day ? new ClosedTerms(day, day) : null);

    /// <summary>The fund's budgets, as the Ledger keeps them.</summary>
    public IReadOnlyList<BudgetVersion> BudgetVersions =>
        [.. Budgets.Select(terms => new BudgetVersion(LocalDate.MinIsoValue, terms))];

    /// <summary>Whose money the Ledger says is left.</summary>
    public FundingSplit LeftOn(LocalDate day) => SourceAttribution.LeftOn(Terms, day, Sums, BudgetVersions);

    private static Gen<LocalDate?> Closures => Days.Select(day => (LocalDate?)day);

    private static Gen<AttributedFund> Fund(Gen<IReadOnlyList<PromiseTerms>> budgets, Gen<LocalDate?> closures) =>
        from facts in HeldFact.Any.ListOf()
        from agreed in Agreements
        from budget in budgets
        from closed in closures
        select new AttributedFund([.. facts], agreed, budget, closed);

    private static PromiseTerms Budget(
        string id, LocalDate from, int weekly, params (string Source, int Pence)[] shares) => new()
        {
            Kind = PromiseKind.Budget, Id = id, Version = 1, SetOn = April, From = from, Weekly = new Money(weekly),
            Shares = [.. shares.Select(share => new PromiseShare(share.Source, new Money(share.Pence)))], OneOff = [],
        };
}
