using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// One version of a fund's agreement, with the terms that decide whose money is left. The version counts in the books
/// from the day <c>Since</c>, which is the day of signing or, if that day was closed, the first open day.
/// </summary>
public sealed record AgreedTerms(
    int Version, LocalDate SignedOn, LocalDate Since, SpendOrder Order, bool PersonPaysHolder);

/// <summary>A fund's closure: the last day of care, and the day on which the closure counts in the books.</summary>
public sealed record ClosedTerms(LocalDate On, LocalDate EffectiveOn);

/// <summary>A version of a budget with the day from which it counts in the books.</summary>
public sealed record BudgetVersion(LocalDate EffectiveOn, PromiseTerms Terms);

/// <summary>A day on which another spend order begins, and the version of the agreement that sets it.</summary>
public sealed record OrderChange(LocalDate On, int Version);

/// <summary>The agreed terms of one fund, as known at one position: its spend order and its closure.</summary>
public sealed record FundTerms(IReadOnlyList<AgreedTerms> Agreements, ClosedTerms? Closed)
{
    /// <summary>
    /// The spend order on the given day, which is the order of the latest version that counts by then. Version 1
    /// decides on every day before any other version counts.
    /// </summary>
    public SpendOrder OrderOn(LocalDate day) => InForce(day).Order;

    /// <summary>The days on which another spend order begins, sorted.</summary>
    public IReadOnlyList<OrderChange> Changes() =>
    [
        .. Agreements.Where(terms => terms.Version > 1).Select(terms => terms.Since).Distinct().Order()
            .Where(day => OrderOn(day) != OrderOn(day.PlusDays(-1)))
            .Select(day => new OrderChange(day, InForce(day).Version)),
    ];

    /// <summary>Whether the fund's closure counts in the books by the given day.</summary>
    public bool ClosedBy(LocalDate day) => Closed is { } closed && closed.EffectiveOn <= day;

    /// <summary>
    /// The contribution due from the person up to a day, which is the person's weekly share of each budget × days ÷ 7.
    /// A day counts only if the agreement then has the person pay the holder, because a contribution paid to the
    /// council is not due here. Each unbroken run of such days is rounded once.
    /// </summary>
    public Money DueBy(LocalDate to, IReadOnlyList<PromiseTerms> budgets) => Money.Sum(
        from budget in budgets
        from share in budget.Shares
        where share.About == "person"
        from stretch in DaysToHolder()
        let days = stretch.Overlap(new CarePeriod(budget.From, budget.To))
            ?.Overlap(new CarePeriod(LocalDate.MinIsoValue, to))
        where days is not null
        select Rate.OfWeeklyForDays(share.Amount, days.Value.Days));

    private AgreedTerms InForce(LocalDate day) =>
        Agreements.Where(terms => terms.Version == 1 || terms.Since <= day).MaxBy(terms => terms.Version)!;

    // The periods in which the person pays the holder. On each day the latest version signed by then decides, or
    // version 1 if none was signed by then. A new version with the same terms does not split a period.
    private IEnumerable<CarePeriod> DaysToHolder()
    {
        var from = Signed(LocalDate.MinIsoValue).PersonPaysHolder ? LocalDate.MinIsoValue : (LocalDate?)null;
        foreach (var day in Agreements.Select(terms => terms.SignedOn).Distinct().Order())
        {
            var pays = Signed(day).PersonPaysHolder;
            if (pays == from is not null)
                continue;
            if (from is { } began)
                yield return new CarePeriod(began, day.PlusDays(-1));
            from = pays ? day : null;
        }
        if (from is { } last)
            yield return new CarePeriod(last, null);
    }

    private AgreedTerms Signed(LocalDate day) =>
        Agreements.Where(terms => terms.Version == 1 || terms.SignedOn <= day).MaxBy(terms => terms.Version)!;
}
