using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// One version of a fund's agreement, as far as whose money is left depends on it. It was signed on one day and counts
/// in the books since another, where that one lay in a closed period.
/// </summary>
public sealed record AgreedTerms(
    int Version, LocalDate SignedOn, LocalDate Since, SpendOrder Order, bool PersonPaysHolder);

/// <summary>A fund's closure: the last day of care, and the day on which it counts in the books.</summary>
public sealed record ClosedTerms(LocalDate On, LocalDate EffectiveOn);

/// <summary>A version of a budget with the day from which it counts in the books.</summary>
public sealed record BudgetVersion(LocalDate EffectiveOn, PromiseTerms Terms);

/// <summary>A day on which another order of spending begins, and the version that says so.</summary>
public sealed record OrderChange(LocalDate On, int Version);

/// <summary>
/// What is agreed of one fund, as known at one position: in which order it is spent, and its closure.
/// </summary>
public sealed record FundTerms(IReadOnlyList<AgreedTerms> Agreements, ClosedTerms? Closed)
{
    /// <summary>The order of the latest version that counts by a day; the first counts on every day before.</summary>
    public SpendOrder OrderOn(LocalDate day) => InForce(day).Order;

    /// <summary>The days on which another order begins, in their order.</summary>
    public IReadOnlyList<OrderChange> Changes() =>
    [
        .. Agreements.Where(terms => terms.Version > 1).Select(terms => terms.Since).Distinct().Order()
            .Where(day => OrderOn(day) != OrderOn(day.PlusDays(-1)))
            .Select(day => new OrderChange(day, InForce(day).Version)),
    ];

    /// <summary>Whether the fund is closed on a day.</summary>
    public bool ClosedBy(LocalDate day) => Closed is { } closed && closed.EffectiveOn <= day;

    /// <summary>
    /// What was due from the person up to a day: their weekly share of each budget × days ÷ 7, on the days on which the
    /// agreement has them pay the holder; each stretch is rounded once. Paid to the council, nothing is due here.
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

    // Each version holds from the day it was signed; the first also before it.
    private IEnumerable<CarePeriod> DaysToHolder()
    {
        var versions = Agreements.OrderBy(terms => terms.Version).ToList();
        for (var i = 0; i < versions.Count; i++)
        {
            var from = i == 0 ? LocalDate.MinIsoValue : versions[i].SignedOn;
            LocalDate? to = i + 1 < versions.Count ? versions[i + 1].SignedOn.PlusDays(-1) : null;
            if (versions[i].PersonPaysHolder && (to is null || from <= to))
                yield return new CarePeriod(from, to);
        }
    }
}
