using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>
/// The day on which promises exceed the budget, the amount promised and the amount available, in pence or minutes. For
/// one-off money, Once has the days of the budgets that are short.
/// </summary>
public sealed record Shortfall(LocalDate On, long Needed, long Available, CarePeriod? Once = null)
{
    /// <summary>The day, or the days of the budgets, in words that begin a sentence.</summary>
    public string When => Once is not { } days ? $"On {On:d MMMM uuuu}"
        : $"Once, in the budget from {days.From:d MMMM uuuu}{(days.To is { } to ? $" to {to:d MMMM uuuu}" : " on")},";
}

/// <summary>
/// The rule that promises stay within the budget. On every date, the weekly figures of live allocations never exceed
/// the ISF share of the budget, in pence and (if the budget limits them) in minutes. One-off totals never exceed the
/// one-offs of the budgets that their days meet (design §2, api.md).
/// </summary>
public static class Promises
{
    private const long Percent = 100;

    /// <summary>
    /// The first day on which the weekly pence of all regular allocations exceed the budget's ISF share; null if there
    /// is no such day. A day without a budget is not compared.
    /// </summary>
    public static Shortfall? Pence(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations) =>
        FirstShortfall(budgets, allocations, budget => budget.IsfWeeklyPence(),
            allocation => allocation.WeeklyPence ?? 0);

    /// <summary>
    /// The first day on which the weekly minutes of all regular allocations exceed a budget that limits them; null if
    /// there is no such day. A day without a budget is not compared.
    /// </summary>
    public static Shortfall? Minutes(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations) =>
        FirstShortfall(budgets, allocations, budget => budget.WeeklyMinutes,
            allocation => allocation.WeeklyMinutes ?? 0);

    /// <summary>
    /// Returns the first run of consecutive budgets that is short, or null. A run is short if its one-off money is less
    /// than the total of the one-off allocations that no other budget can pay. If no run is short, each one-off
    /// allocation can be paid from the budgets that its own days meet (Hall's theorem). A one-off allocation that meets
    /// no budget is left out here, because it is refused for that reason.
    /// </summary>
    public static Shortfall? OneOffs(IReadOnlyList<BudgetDetails> budgets, IReadOnlyList<AllocationDetails> allocations)
    {
        var inOrder = budgets.OrderBy(budget => budget.From).ToList();
        var needs = allocations.Where(allocation => allocation.Kind == AllocationKind.OneOff)
            .Select(allocation => (
                First: inOrder.FindIndex(budget => budget.Days.Meets(allocation.Days)),
                Last: inOrder.FindLastIndex(budget => budget.Days.Meets(allocation.Days)),
                Pence: allocation.TotalPence ?? 0))
            .Where(need => need.First >= 0).ToList();
        foreach (var first in needs.Select(need => need.First).Distinct().Order())
        {
            var byLast = needs.Where(need => need.First >= first).ToLookup(need => need.Last, need => need.Pence);
            var (demand, available) = (0L, 0L);
            for (var last = first; last < inOrder.Count; last++)
            {
                demand += byLast[last].Sum();
                available += (inOrder[last].OneOff ?? []).Sum(oneOff => oneOff.Pence);
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
    public static (Source Source, Shortfall By)? BySource(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations, IEnumerable<Source> sources)
    {
        foreach (var source in sources.Distinct().Order())
        {
            AllocationDetails[] tied = [.. allocations.Select(allocation => PartOf(allocation, source))];
            BudgetDetails[] given = [.. budgets.Select(budget => PartOf(budget, source))];
            if ((FirstShortfall(given, tied, budget => budget.WeeklyPence, allocation => allocation.WeeklyPence ?? 0)
                ?? OneOffs(given, tied)) is { } hundredths)
            {
                var demand = (hundredths.Needed + Percent - 1) / Percent;
                return (source, hundredths with { Needed = demand, Available = hundredths.Available / Percent });
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

    // The part of an allocation or of a budget that comes from one source, in hundredths of a penny, so that
    // percentages stay exact.
    private static AllocationDetails PartOf(AllocationDetails allocation, Source source)
    {
        var percent = (allocation.FundedBy ?? []).Where(share => share.Source == source).Sum(share => share.Percent);
        return allocation with
        {
            WeeklyPence = allocation.WeeklyPence * percent,
            TotalPence = allocation.TotalPence * percent,
        };
    }

    private static BudgetDetails PartOf(BudgetDetails budget, Source source) => budget with
    {
        WeeklyPence = Percent * budget.Sources.Where(share => share.Source == source).Sum(share => share.WeeklyPence),
        OneOff = [.. (budget.OneOff ?? []).Where(oneOff => oneOff.Source == source)
            .Select(oneOff => oneOff with { Pence = Percent * oneOff.Pence })],
    };

    /// <summary>
    /// The first day on which live regular allocations exceed the budget. Figures change only on the first day of a
    /// budget or allocation and on the day after its last, so no other days are checked.
    /// </summary>
    private static Shortfall? FirstShortfall(IReadOnlyList<BudgetDetails> budgets,
        IReadOnlyList<AllocationDetails> allocations,
        Func<BudgetDetails, long?> available, Func<AllocationDetails, long> demandOf)
    {
        var regular = allocations.Where(allocation => allocation.Kind == AllocationKind.Regular).ToList();
        var days = budgets.SelectMany(budget => new LocalDate?[] { budget.From, budget.To?.PlusDays(1) })
            .Concat(regular.SelectMany(allocation => new LocalDate?[] { allocation.From, allocation.To?.PlusDays(1) }))
            .OfType<LocalDate>().Distinct().Order();
        foreach (var day in days)
        {
            var live = regular.Where(allocation => allocation.Days.Covers(day)).Sum(demandOf);
            var budget = budgets.FirstOrDefault(budget => budget.Days.Covers(day));
            if (live > 0 && budget is not null && available(budget) is { } bound && live > bound)
                return new(day, live, bound);
        }
        return null;
    }
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
