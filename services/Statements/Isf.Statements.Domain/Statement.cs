using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// The statement of one fund for one period (api.md, Statements). A statement is made once and never changes; its
/// lines, its money in and its money returned name the journals that they sum. closing = opening + in − out −
/// returned.
/// </summary>
public sealed record Statement
{
    public required string StatementId { get; init; }
    public required string FundId { get; init; }
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }

    /// <summary>The position of the last journal that was known when the statement was made.</summary>
    public required long Position { get; init; }

    public required Instant IssuedAt { get; init; }
    public required Money Opening { get; init; }
    public required IReadOnlyList<BySource> MoneyIn { get; init; }
    public required IReadOnlyList<ByProvider> MoneyOut { get; init; }
    public required IReadOnlyList<BySource> Returned { get; init; }
    public required SpokenFor SpokenFor { get; init; }
    public required Contribution Contribution { get; init; }
    public required Hours Hours { get; init; }

    /// <summary>The forecast of whether the money lasts; null for a closed fund.</summary>
    public required Forecast? Forecast { get; init; }

    /// <summary>When and why the fund closed, and what is still to be settled; null while the fund is open.</summary>
    public required ClosedFund? Closed { get; init; }

    public required IReadOnlyList<Line> Corrections { get; init; }
    public required IReadOnlyList<Line> Lines { get; init; }

    /// <summary>The corrections as a person reads them: a corrected visit is one item.</summary>
    public required IReadOnlyList<Item> CorrectedItems { get; init; }

    /// <summary>The lines as a person reads them: all lines of a visit are one item.</summary>
    public required IReadOnlyList<Item> Items { get; init; }

    public Money MoneyInTotal => Money.Sum(MoneyIn.Select(row => row.Amount));
    public Money MoneyOutTotal => Money.Sum(MoneyOut.Select(row => row.Amount));
    public Money ReturnedTotal => Money.Sum(Returned.Select(row => row.Amount));

    /// <summary>
    /// The money held at the end. Care and purchases that cost the fund money count as money out, even if the provider
    /// has not been paid yet.
    /// </summary>
    public Money Closing => Opening + MoneyInTotal - MoneyOutTotal - ReturnedTotal;

    public Money FreeToUse => Closing - SpokenFor.Total;

    /// <summary>The figures with which the next statement begins.</summary>
    public CarriedForward Carried =>
        new(To, Position, Closing, Contribution.DueToDate, Contribution.PaidToDate);
}

/// <summary>The figures that a statement hands to the next: its last day, its position and its sums.</summary>
public sealed record CarriedForward(LocalDate To, long Position, Money Closing, Money DueToDate, Money PaidToDate);

/// <summary>
/// Money in from, or back to, one source: the amount, the number of payments, and the journals behind them.
/// </summary>
public sealed record BySource(string Source, Money Amount, int Count, IReadOnlyList<Guid> Journals);

/// <summary>
/// The cost and carer-minutes of one provider in one category. The provider is null if none is named, as for recovered
/// VAT.
/// </summary>
public sealed record ByProvider(string? ProviderId, string Category, Money Amount, Minutes Length);

/// <summary>
/// Money that the fund holds but that is not free to use, divided by what it is kept for (design §4).
/// </summary>
public sealed record SpokenFor(Money OneOffs, Money PaidAhead, Money OwedBackByProviders)
{
    public Money Total => OneOffs + PaidAhead + OwedBackByProviders;
}

/// <summary>
/// The person's own share: the contribution due and paid in the period, and due and paid to date (design §4). Nothing
/// is due if the council bills the person itself.
/// </summary>
public sealed record Contribution(Money Due, Money Paid, Money DueToDate, Money PaidToDate, bool ToHolder)
{
    /// <summary>The amount still owed; negative if more was paid than was due.</summary>
    public Money Owed => ToHolder ? DueToDate - PaidToDate : Money.Zero;
}

/// <summary>
/// One journal that the statement counts. For spending, the amount is money out. For a corrected payment, it is money
/// in less money returned, and no provider is named. A reversal has the opposite sign.
/// </summary>
public sealed record Line(
    Guid JournalId, LocalDate CareOn, string? ProviderId, Money Amount, Minutes Length, string Because);
