using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// Whether the fund lasts: the average out of the last 4 weeks against the budget still to come (design §4). It runs
/// out on the first day below zero; what is left is at the budget's end, or at the end of its year where it is open.
/// </summary>
public sealed record Forecast
{
    public required LocalDate? RunsOutOn { get; init; }
    public required Money LeftAtEnd { get; init; }

    /// <summary>The last day it looks at; without a budget there is nothing to look forward to.</summary>
    public required LocalDate? EndsOn { get; init; }

    public required Money WeeklyOut { get; init; }
    public required Money WeeklyBudget { get; init; }

    public bool OnTrack => RunsOutOn is null;

    /// <summary>What was spent over some days, to be taken as the pace from now on.</summary>
    public sealed record Pace(Money Out, Minutes Length, int Days)
    {
        /// <summary>Prices up by so many percent (below zero: down).</summary>
        public Pace Dearer(int percent) => this with { Out = Rate.ShareRoundedHalfUp(Out, 100 + percent, 100) };

        /// <summary>
        /// So many more minutes each week (below zero: fewer), at what a minute has cost on average, or at the plain
        /// rate where none was given in these days. Fewer minutes than were given cost nothing, never less.
        /// </summary>
        public Pace WithExtraWeekly(Minutes extra, Rate plain)
        {
            var more = Length > Minutes.Zero
                ? Rate.ShareRoundedHalfUp(Out, checked(extra.Count * Days), checked(7 * Length.Count))
                : Rate.ShareRoundedHalfUp(plain.ForRoundedHalfUp(extra), Days, 7);
            return this with { Out = Money.Max(Out + more, Money.Min(Out, Money.Zero)) };
        }
    }

    /// <summary>
    /// The pace of the last 4 weeks, or of the days since the first budget or the first spending where those are fewer.
    /// </summary>
    public static Pace PaceAt(FundFacts facts, IEnumerable<Journal> known, LocalDate to)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var spent = known.Select(Effect.Of)
            .Where(effect => effect.Out != default || effect.Delivered != default).ToList();
        var starts = facts.Budgets.Select(budget => budget.Over.From)
            .Concat(spent.Select(effect => effect.Journal.EffectiveOn)).Where(day => day <= to)
            .DefaultIfEmpty(to.PlusDays(-27)).Min();
        var first = LocalDate.Max(starts, to.PlusDays(-27));
        var recent = spent.Where(effect => effect.Journal.EffectiveOn >= first).ToList();
        return new Pace(
            Money.Sum(recent.Select(effect => effect.Out)), new Minutes(recent.Sum(effect => effect.Delivered.Count)),
            new CarePeriod(first, to).Days);
    }

    /// <summary>Looks ahead from what is free to use at the end of a day.</summary>
    public static Forecast From(FundFacts facts, Money free, Pace pace, LocalDate to)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(pace);
        var end = EndOf(facts, to);
        LocalDate? runsOutOn = null;
        // In sevenths of a penny for each day of the pace, so that nothing is rounded before the end.
        var parts = 7L * pace.Days;
        var left = (Int128)free.Pence * parts;
        for (var day = to.PlusDays(1); day <= end; day = day.PlusDays(1))
        {
            left += (Int128)WeeklyBudgetOn(facts, day).Pence * pace.Days - (Int128)pace.Out.Pence * 7;
            if (left < 0)
                runsOutOn ??= day;
        }
        return new Forecast
        {
            RunsOutOn = runsOutOn ?? (end is null && free < Money.Zero ? to.PlusDays(1) : null),
            LeftAtEnd = Rate.ShareRoundedHalfUp(new Money(checked((long)left)), 1, parts),
            EndsOn = end,
            WeeklyOut = Rate.ShareRoundedHalfUp(pace.Out, 7, pace.Days),
            WeeklyBudget = WeeklyBudgetOn(facts, to.PlusDays(1)),
        };
    }

    /// <summary>What a plain hour costs on a day: the first such price of a regular allocation; else nothing.</summary>
    public static Rate PlainRateOn(FundFacts facts, LocalDate day)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var rate = facts.Allocations.Where(promise => !promise.OneOff && promise.Over.Covers(day))
            .SelectMany(promise => promise.Prices.Rates)
            .FirstOrDefault(rate => rate.Unit == PriceUnit.Hour && rate.When is null);
        return new Rate(rate?.Pence ?? 0);
    }

    private static Money WeeklyBudgetOn(FundFacts facts, LocalDate day) => day > facts.Closure?.On ? Money.Zero
        : Money.Sum(facts.Budgets.Where(budget => budget.Over.Covers(day)).Select(budget => budget.WeeklyIsf));

    // A fund whose last day is known ends with it, whatever its budgets are.
    private static LocalDate? EndOf(FundFacts facts, LocalDate to) =>
        (BudgetEndOf(facts, to), facts.Closure) is ({ } end, { } closure)
            ? LocalDate.Min(end, LocalDate.Max(closure.On, to)) : BudgetEndOf(facts, to);

    // The end of the budget in force tomorrow, or of the next one; an open one ends each year on its anniversary.
    private static LocalDate? BudgetEndOf(FundFacts facts, LocalDate to)
    {
        var tomorrow = to.PlusDays(1);
        var budget = facts.Budgets.Where(budget => budget.Over.To is not { } last || last >= tomorrow)
            .OrderBy(budget => LocalDate.Max(budget.Over.From, tomorrow)).ThenByDescending(budget => budget.Over.From)
            .FirstOrDefault();
        if (budget is null)
            return null;
        var years = 1;
        while (budget.Over.From.PlusYears(years) <= tomorrow)
            years++;
        var yearEnd = budget.Over.From.PlusYears(years).PlusDays(-1);
        return budget.Over.To ?? yearEnd;
    }
}
