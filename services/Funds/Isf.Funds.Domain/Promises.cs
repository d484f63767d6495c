using System.Numerics;
using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>
/// The day on which promises exceed the budget. For one-off money, Once has the days of the budgets that are short.
/// </summary>
public abstract record Shortfall(LocalDate On, CarePeriod? Once)
{
    /// <summary>The day, or the days of the budgets, in words that begin a sentence.</summary>
    public string When => Once is not { } days ? $"On {On:d MMMM uuuu}"
        : $"Once, in the budget from {days.From:d MMMM uuuu}{(days.To is { } to ? $" to {to:d MMMM uuuu}" : " on")},";
}

/// <summary>A shortfall with the amount promised and the amount available, in money or in minutes.</summary>
public sealed record Shortfall<T>(LocalDate On, T Needed, T Available, CarePeriod? Once = null) : Shortfall(On, Once);

/// <summary>
/// The rule that promises stay within the budget. On every date, the weekly figures of live allocations never exceed
/// the ISF share of the budget, in pence and (if the budget limits them) in minutes. One-off totals never exceed the
/// one-offs of the budgets that their days meet (design §2, api.md).
/// </summary>
public static class Promises
{
    private const int Percent = 100;

    /// <summary>
    /// The first day on which the weekly pence of all regular allocations exceed the budget's ISF share; null if there
    /// is no such day. A day without a budget is not compared.
    /// </summary>
    public static Shortfall<Money>? Pence(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations) =>
        FirstShortfall<Money>(
            budgets, allocations, budget => budget.IsfWeekly(), allocation => allocation.Weekly());

    /// <summary>
    /// The first day on which the weekly minutes of all regular allocations exceed a budget that limits them; null if
    /// there is no such day. A day without a budget is not compared.
    /// </summary>
    public static Shortfall<Minutes>? Minutes(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations) =>
        FirstShortfall(
            budgets, allocations, budget => budget.WeeklyLimit(), allocation => allocation.WeeklyTime());

    /// <summary>
    /// Returns the first run of consecutive budgets that is short, or null. A run is short if its one-off money is less
    /// than the total of the one-off allocations that no other budget can pay. If no run is short, each one-off
    /// allocation can be paid from the budgets that its own days meet (Hall's theorem). A one-off allocation that meets
    /// no budget is left out here, because it is refused for that reason.
    /// </summary>
    public static Shortfall<Money>? OneOffs(
        IReadOnlyList<BudgetDetails> budgets, IReadOnlyList<AllocationDetails> allocations) =>
        OneOffs(budgets, allocations, oneOff => oneOff.Amount(), allocation => allocation.Total());

    private static Shortfall<T>? OneOffs<T>(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations, Func<BudgetOneOff, T> availableOf,
        Func<AllocationDetails, T> demandOf)
        where T : struct, IAdditionOperators<T, T, T>, IAdditiveIdentity<T, T>, IComparisonOperators<T, T, bool>
    {
        var inOrder = budgets.OrderBy(budget => budget.From).ToList();
        var needs = allocations.Where(allocation => allocation.Kind == AllocationKind.OneOff)
            .Select(allocation => (
                First: inOrder.FindIndex(budget => budget.Days.Meets(allocation.Days)),
                Last: inOrder.FindLastIndex(budget => budget.Days.Meets(allocation.Days)),
                Demand: demandOf(allocation)))
            .Where(need => need.First >= 0).ToList();
        foreach (var first in needs.Select(need => need.First).Distinct().Order())
        {
            var byLast = needs.Where(need => need.First >= first).ToLookup(need => need.Last, need => need.Demand);
            var (demand, available) = (T.AdditiveIdentity, T.AdditiveIdentity);
            for (var last = first; last < inOrder.Count; last++)
            {
                demand += Sum(byLast[last]);
                available += Sum((inOrder[last].OneOff ?? []).Select(availableOf));
                if (demand > available)
                    return new(inOrder[first].From, demand, available, new(inOrder[first].From, inOrder[last].To));
            }
        }
        return null;
    }

    /// <summary>
    /// The first day on which a change of budgets leaves the allocation without a budget; null if there is no such day.
    /// Days that had no budget before the change do not count.
    /// </summary>
    public static LocalDate? Bared(
        IReadOnlyList<BudgetDetails> before, IReadOnlyList<BudgetDetails> after, AllocationDetails allocation)
    {
        return before.Concat(after).SelectMany(budget => new LocalDate?[] { budget.From, budget.To?.PlusDays(1) })
            .Append(allocation.From).OfType<LocalDate>().Where(allocation.Days.Covers).Order()
            .Where(day => before.Any(budget => budget.Days.Covers(day)))
            .Select(day => (LocalDate?)day)
            .FirstOrDefault(day => !after.Any(budget => budget.Days.Covers(day!.Value)));
    }

    /// <summary>
    /// The allocations up to the last day of a closed fund, because promises for later days ended with the fund. An
    /// allocation that begins later is left out. Unchanged if the fund is open (lastDay is null).
    /// </summary>
    public static IReadOnlyList<Allocation> Remaining(IReadOnlyList<Allocation> allocations, LocalDate? lastDay)
    {
        return lastDay is not { } last ? allocations :
        [
            .. allocations.Where(allocation => allocation.Details.From <= last).Select(allocation =>
                allocation.Details.To <= last ? allocation
                    : allocation with { Details = allocation.Details with { To = last } }),
        ];
    }

    /// <summary>
    /// The first source whose weekly or one-off money is less than is promised by the allocations tied to it
    /// (fundedBy), with the shortfall; null if every source has enough. The shares are compared exactly, before any
    /// rounding.
    /// </summary>
    public static (Source Source, Shortfall<Money> By)? BySource(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations, IEnumerable<Source> sources)
    {
        foreach (var source in sources.Distinct().Order())
        {
            // Percentages stay exact in hundredths of a penny.
            if ((FirstShortfall<Int128>(budgets, allocations,
                    budget => HundredthsOf(WeeklyOf(budget, source), Percent),
                    allocation => HundredthsOf(allocation.Weekly(), allocation.PercentOf(source)))
                ?? OneOffs(budgets, allocations,
                    oneOff => oneOff.Source == source ? HundredthsOf(oneOff.Amount(), Percent) : 0,
                    allocation => HundredthsOf(allocation.Total(), allocation.PercentOf(source)))) is { } beyond)
            {
                var needed = new Money((long)((beyond.Needed + Percent - 1) / Percent));
                return (source, new(beyond.On, needed, new((long)(beyond.Available / Percent)), beyond.Once));
            }
        }
        return null;
    }

    /// <summary>
    /// Returns the first budget that limits minutes on days of the allocation, if the allocation is regular and states
    /// no weekly minutes; null otherwise. Such a budget needs the minutes, because the hours that the allocation buys
    /// would otherwise not count against it.
    /// </summary>
    public static BudgetDetails? MinutesNeeded(IReadOnlyList<BudgetDetails> budgets, AllocationDetails allocation)
    {
        return allocation.Kind != AllocationKind.Regular || allocation.WeeklyMinutes is not null ? null : budgets
            .Where(budget => budget.WeeklyMinutes is not null && budget.Days.Meets(allocation.Days))
            .MinBy(budget => budget.From);
    }

    /// <summary>Whether budgets cover every day of an allocation.</summary>
    public static bool Covered(IReadOnlyList<BudgetDetails> budgets, AllocationDetails allocation)
    {
        LocalDate? day = allocation.From;
        foreach (var budget in budgets.OrderBy(budget => budget.From))
        {
            if (day is { } next && budget.Days.Covers(next))
            {
                day = budget.To?.PlusDays(1);
                if (day is null || day > allocation.To)
                    return true;
            }
        }
        return false;
    }

    private static Money WeeklyOf(BudgetDetails budget, Source source) =>
        Money.Sum(budget.Sources.Where(share => share.Source == source).Select(share => share.Weekly()));

    private static Int128 HundredthsOf(Money amount, int percent) => (Int128)amount.Pence * percent;

    /// <summary>
    /// The first day on which live regular allocations exceed the budget. Figures change only on the first day of a
    /// budget or allocation and on the day after its last, so no other days are checked.
    /// </summary>
    private static Shortfall<T>? FirstShortfall<T>(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations, Func<BudgetDetails, T?> available,
        Func<AllocationDetails, T> demandOf)
        where T : struct, IAdditionOperators<T, T, T>, IAdditiveIdentity<T, T>, IComparisonOperators<T, T, bool>
    {
        var regular = allocations.Where(allocation => allocation.Kind == AllocationKind.Regular).ToList();
        var days = budgets.SelectMany(budget => new LocalDate?[] { budget.From, budget.To?.PlusDays(1) })
            .Concat(regular.SelectMany(allocation => new LocalDate?[] { allocation.From, allocation.To?.PlusDays(1) }))
            .OfType<LocalDate>().Distinct().Order();
        foreach (var day in days)
        {
            var live = Sum(regular.Where(allocation => allocation.Days.Covers(day)).Select(demandOf));
            var budget = budgets.FirstOrDefault(budget => budget.Days.Covers(day));
            if (live > T.AdditiveIdentity && budget is not null && available(budget) is { } bound && live > bound)
                return new(day, live, bound);
        }
        return null;
    }

    private static T Sum<T>(IEnumerable<T> amounts) where T : IAdditionOperators<T, T, T>, IAdditiveIdentity<T, T> =>
        amounts.Aggregate(T.AdditiveIdentity, (sum, next) => sum + next);
}

/// <summary>Checks of numbers by their form alone.</summary>
public static class Checks
{
    /// <summary>
    /// Whether the text is an NHS number: ten digits, of which the last is the check digit of the others, weighted 10
    /// to 2, modulo 11 (domain.md §5.2).
    /// </summary>
    public static bool IsNhsNumber(string number)
    {
        if (number.Length != 10 || !number.All(char.IsAsciiDigit))
            return false;
        var sum = Enumerable.Range(0, 9).Sum(i => (number[i] - '0') * (10 - i));
        var check = (11 - (sum % 11)) % 11;
        return check == number[9] - '0';
    }

    /// <summary>
    /// Whether the texts are a UK sort code (six digits, dashes allowed between pairs) and account number (eight
    /// digits).
    /// </summary>
    public static bool IsBankAccount(string sortCode, string accountNumber)
    {
        var digits = sortCode.Replace("-", "", StringComparison.Ordinal);
        return digits.Length == 6 && digits.All(char.IsAsciiDigit) && accountNumber.Length == 8
            && accountNumber.All(char.IsAsciiDigit);
    }
}
