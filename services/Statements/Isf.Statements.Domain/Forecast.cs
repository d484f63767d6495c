using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// Tells whether the fund's money lasts, from the average spending of the last 4 weeks and the budget still to come
/// (design §4). The fund runs out on the first day on which its balance is below zero; the money left is counted at
/// the budget's end or, if the budget is open-ended, at the end of its year.
/// </summary>
public sealed record Forecast
{
    public required LocalDate? RunsOutOn { get; init; }
    public required Money LeftAtEnd { get; init; }

    /// <summary>The last day of the forecast; null if there is no budget from the next day on.</summary>
    public required LocalDate? EndsOn { get; init; }

    public required Money WeeklyOut { get; init; }
    public required Money WeeklyBudget { get; init; }

    public bool OnTrack => RunsOutOn is null;

    /// <summary>The spending over some days, which the forecast assumes to go on in the same way.</summary>
    /// <param name="Out">All the spending of these days.</param>
    /// <param name="Care">The part of the spending that was for care, which is paid by its length.</param>
    /// <param name="Length">The length of the care that was paid for, given or not.</param>
    /// <param name="Days">The number of days.</param>
    public sealed record Pace(Money Out, Money Care, Minutes Length, int Days)
    {
        /// <summary>The pace at prices that are the given percentage higher (negative: lower).</summary>
        public Pace Dearer(int percent) => this with
        {
            Out = Rate.ShareRoundedHalfUp(Out, 100 + percent, 100),
            Care = Rate.ShareRoundedHalfUp(Care, 100 + percent, 100),
        };

        /// <summary>
        /// The pace with more minutes of care each week (negative: fewer), at the average cost of a minute, or at the
        /// plain rate if no care was paid for in these days. Fewer minutes lower the cost of care to zero at most.
        /// Fees and things bought stay as they are.
        /// </summary>
        public Pace WithExtraWeekly(Minutes extra, Rate plain)
        {
            var more = Length > Minutes.Zero && Care > Money.Zero
                ? Rate.ShareRoundedHalfUp(Care, checked(extra.Count * Days), checked(7 * Length.Count))
                : Rate.ShareRoundedHalfUp(plain.ForRoundedHalfUp(extra), Days, 7);
            var care = Money.Max(Care + more, Money.Min(Care, Money.Zero));
            return this with { Out = Out - Care + care, Care = care };
        }
    }

    /// <summary>
    /// The pace of the 4 weeks up to the given day, or of the days since the first budget or the first spending if
    /// those are fewer.
    /// </summary>
    public static Pace PaceAt(FundFacts facts, IEnumerable<Journal> journals, LocalDate to)
    {
        var spent = journals.Select(JournalEffect.From)
            .Where(effect => effect.Out != default || PaidFor(effect) != default).ToList();
        var starts = facts.Budgets.Select(budget => budget.Over.From)
            .Concat(spent.Select(effect => effect.Journal.EffectiveOn)).Where(day => day <= to)
            .DefaultIfEmpty(to.PlusDays(-27)).Min();
        var first = LocalDate.Max(starts, to.PlusDays(-27));
        var recent = spent.Where(effect => effect.Journal.EffectiveOn >= first).ToList();
        var withCare = AllocationsWithCare(facts, spent);
        return new Pace(
            Money.Sum(recent.Select(effect => effect.Out)),
            Money.Sum(recent.Select(effect => CareIn(effect, withCare))),
            new Minutes(recent.Sum(effect => PaidFor(effect).Count)), new CarePeriod(first, to).Days);
    }

    private static Minutes PaidFor(JournalEffect effect) => effect.Delivered + effect.Charged;

    private static HashSet<string> AllocationsWithCare(FundFacts facts, IReadOnlyList<JournalEffect> effects)
    {
        var lines = effects.SelectMany(effect => effect.Journal.Moves).Where(move => move.Book == Book.Time)
            .SelectMany(move => new[] { move.From, move.To })
            .Where(place => AccountNames.KindOf(place) is "delivered" or "charged")
            .Select(AccountNames.SubjectOf).ToHashSet();
        return [.. facts.Lines.Where(line => lines.Contains(line.LineId)).Select(line => line.AllocationId)];
    }

    // A journal with minutes that were paid for is care. A visit's journal without minutes is for items or miles, and
    // is not care. Any other journal without minutes (a set-off, an invoice, a credit) is care as far as it uses an
    // allocation that buys care.
    private static Money CareIn(JournalEffect effect, HashSet<string> withCare)
    {
        if (PaidFor(effect) != default)
            return effect.Out;
        if (effect.Out == default || effect.Journal.CauseMessage.StartsWith("visit-", StringComparison.Ordinal))
            return Money.Zero;
        return new Money(effect.Journal.Moves.Where(move => move.Book == Book.Promise)
            .Sum(move => (IsUsedFor(move.To) ? move.Amount : 0) - (IsUsedFor(move.From) ? move.Amount : 0)));

        bool IsUsedFor(string place) =>
            AccountNames.KindOf(place) == "used" && withCare.Contains(AccountNames.SubjectOf(place));
    }

    /// <summary>Forecasts from the money that is free to use at the end of a day.</summary>
    public static Forecast From(FundFacts facts, Money free, Pace pace, LocalDate to)
    {
        var end = EndOf(facts, to);
        LocalDate? runsOutOn = null;
        // The money left is counted in fractions of a penny (7 × the days of the pace make one penny), so that nothing
        // is rounded before the end.
        var parts = 7L * pace.Days;
        var left = (Int128)free.Pence * parts;
        for (var day = to.PlusDays(1); day <= end; day = day.PlusDays(1))
        {
            left += ((Int128)WeeklyBudgetOn(facts, day).Pence * pace.Days) - ((Int128)pace.Out.Pence * 7);
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

    /// <summary>
    /// The price of a plain hour on a day: the first hourly rate without conditions in a regular allocation; zero if
    /// no regular allocation has such a rate.
    /// </summary>
    public static Rate PlainRateOn(FundFacts facts, LocalDate day)
    {
        var rate = facts.Allocations.Where(promise => !promise.OneOff && promise.Over.Covers(day))
            .SelectMany(promise => promise.Prices.Rates)
            .FirstOrDefault(rate => rate.Unit == PriceUnit.Hour && rate.When is null);
        return new Rate(rate?.Pence ?? 0);
    }

    private static Money WeeklyBudgetOn(FundFacts facts, LocalDate day) => day > facts.Closure?.On ? Money.Zero
        : Money.Sum(facts.Budgets.Where(budget => budget.Over.Covers(day)).Select(budget => budget.WeeklyIsf));

    // The forecast ends with the budget, or on the fund's last day if that comes first. Null if there is no budget
    // from the next day on.
    private static LocalDate? EndOf(FundFacts facts, LocalDate to) =>
        (BudgetEndOf(facts, to), facts.Closure) is ({ } end, { } closure)
            ? LocalDate.Min(end, LocalDate.Max(closure.On, to)) : BudgetEndOf(facts, to);

    // The last day of the budget in force on the next day, or else of the first budget after that. An open-ended
    // budget ends each year on the day before its anniversary. Null if there is no budget from the next day on.
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
