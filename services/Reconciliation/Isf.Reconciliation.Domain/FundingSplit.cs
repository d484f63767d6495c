using System.Numerics;
using Isf.Measures;
using NodaTime;

namespace Isf.Reconciliation.Domain;

/// <summary>The order in which a fund's sources are spent, from its agreement (api.md, spendOrder).</summary>
public enum SpendOrder
{
    /// <summary>The money of the person and those around them is spent first.</summary>
    PersonFirst = 1,
    /// <summary>
    /// Each charge is divided among the sources, by their shares of the budget in force on its day of care.
    /// </summary>
    ProRata = 2,
    /// <summary>The council's money is spent first.</summary>
    CouncilFirst = 3,
}

/// <summary>
/// The days of a budget, its weekly pence in this fund, and the weekly pence of each source, which give the source's
/// share.
/// </summary>
public sealed record BudgetShares(CarePeriod When, Money IsfWeekly, IReadOnlyDictionary<string, Money> BySource);

/// <summary>A source, and the money that it has left.</summary>
public sealed record SourceLeft(string Source, Money Left);

/// <summary>
/// The money left of each source, and the spending that no source covers. The sum of Held, less Overdrawn, is the money
/// that the fund holds (design.md §4).
/// </summary>
public sealed record MoneyLeft(IReadOnlyList<SourceLeft> Held, Money Overdrawn)
{
    /// <summary>The money held in all; negative if more was spent than put in.</summary>
    public Money InAll => Money.Sum(Held.Select(held => held.Left)) - Overdrawn;
}

/// <summary>
/// One version of a fund's agreement: the order of spending, and whether the person pays the contribution to the
/// holder.
/// </summary>
public sealed record AgreedVersion(int Version, LocalDate SignedOn, SpendOrder Order, bool PersonPaysHolder);

/// <summary>
/// The published facts about a fund in addition to its journals: its agreements, and the budgets in force on any day.
/// </summary>
public sealed record FundTerms(
    IReadOnlyList<AgreedVersion> Agreements, Func<LocalDate, IReadOnlyList<BudgetShares>> BudgetsOn);

/// <summary>
/// Computes the money left of each source of a fund on a day, from sums of moves alone. Spending that names no source
/// is attributed to the sources in the agreement's order, to each source up to the money that it has put in. When the
/// order changes, the attribution of earlier spending stays. In a closed fund, the person's money counts as spendable
/// only up to the contribution that was due. Reconciliation computes all this itself and does not read the Ledger's
/// attribution (design.md §4).
/// </summary>
public static class FundingSplit
{
    private static readonly string[] PersonFirst = ["person", "top-up", "other", "council", "nhs"];
    private static readonly string[] CouncilFirst = ["council", "nhs", "other", "top-up", "person"];

    /// <summary>
    /// The money left of each source whose account was ever used, in the order in which AccountNames lists the sources,
    /// and the spending that no source covers.
    /// </summary>
    /// <param name="journals">The fund's journals.</param>
    /// <param name="upTo">The day; journals that are effective later do not count.</param>
    /// <param name="terms">Agreements and budgets.</param>
    public static MoneyLeft On(IReadOnlyList<CopiedJournal> journals, LocalDate upTo, FundTerms terms)
    {
        var facts = journals.Where(journal => journal.Kind != "laid" && journal.EffectiveOn <= upTo).ToList();
        var eras = Eras(facts, terms.Agreements, upTo);
        var borne = new Dictionary<string, long>();
        for (var era = 0; ; era++)
        {
            var (last, order) = eras[era];
            var first = era == 0 ? LocalDate.MinIsoValue : eras[era - 1].Last.PlusDays(1);
            var (purses, over) = Attribute(facts.Where(fact => fact.EffectiveOn <= last).ToList(), first, last, order,
                borne,
                terms);
            if (era == eras.Count - 1)
                return new MoneyLeft([.. Remainders(facts, purses)], new Money(over));
            foreach (var purse in purses)
                borne[purse.Source] = borne.GetValueOrDefault(purse.Source) + purse.Held - purse.Remains;
        }
    }

    private static IEnumerable<SourceLeft> Remainders(List<CopiedJournal> facts, List<Purse> purses)
    {
        var named = facts.SelectMany(fact => fact.Moves).Where(move => move.Book == AccountNames.Money)
            .SelectMany(move => new[] { move.From, move.To }).ToHashSet();
        return from source in AccountNames.Sources
               let purse = purses.Single(purse => purse.Source == source)
               where named.Contains($"held/{source}") || purse.Remains != 0
               select new SourceLeft(source, new Money(purse.Remains));
    }

    // An era is a run of days with one order of spending. It ends on the day before another order begins; the last era
    // ends on upTo.
    private static List<(LocalDate Last, SpendOrder Order)> Eras(
        List<CopiedJournal> facts, IReadOnlyList<AgreedVersion> agreements, LocalDate upTo)
    {
        // An order that was signed on a day of a closed period begins on the day on which its journal counts.
        var begins = agreements.ToDictionary(agreed => agreed, agreed => agreed.Version == 1 ? LocalDate.MinIsoValue
            : facts.FirstOrDefault(fact => fact.Kind == "spend-order-set"
                && fact.CauseId == $"agreement/v{agreed.Version}")?.EffectiveOn ?? agreed.SignedOn);
        SpendOrder On(LocalDate day) => agreements.Where(agreed => begins[agreed] <= day)
            .MaxBy(agreed => agreed.Version)?.Order ?? SpendOrder.PersonFirst;
        var eras = begins.Values.Where(day => day > LocalDate.MinIsoValue && day <= upTo).Distinct().Order()
            .Select(day => (Last: day.PlusDays(-1), Order: On(day.PlusDays(-1)), Next: On(day)))
            .Where(era => era.Order != era.Next).Select(era => (era.Last, era.Order));
        return [.. eras, (upTo, On(upTo))];
    }

    private static (List<Purse> Purses, long Over) Attribute(
        List<CopiedJournal> facts, LocalDate first, LocalDate last, SpendOrder order, Dictionary<string, long> borne,
        FundTerms terms)
    {
        var fold = Fold.From(facts, last);
        var budgets = terms.BudgetsOn(last);
        var theirs = BeyondDue(facts, fold, budgets, terms.Agreements);
        var purses = (order == SpendOrder.PersonFirst ? PersonFirst : CouncilFirst).Select(source => new Purse(
            source, (long)fold.BalanceOf(AccountNames.Money, $"held/{source}") - borne.GetValueOrDefault(source),
            source == "person" ? theirs : 0)).ToList();
        // A source below zero counts as empty. Its deficit is added to the amount that is attributed to the other
        // sources.
        var unattributed = checked((long)-fold.BalanceOf(AccountNames.Money, AccountNames.Drawn)) - borne.Values.Sum()
            + purses.Sum(purse => purse.Lacks);
        if (order == SpendOrder.ProRata)
        {
            unattributed -= AttributeByShares(purses, DrawnByDay(facts, first), budgets);
            unattributed -= PassOn(purses, unattributed);
        }
        foreach (var purse in purses)
            unattributed -= purse.Attribute(unattributed);
        if (unattributed < 0)
        {
            // If more came back than was ever drawn, the first source in the order gets the excess.
            purses[0].Attributed += unattributed;
            unattributed = 0;
        }
        return (purses, unattributed);
    }

    // The person's net payments to a closed fund beyond the contribution that was due up to its last day. The result is
    // at most what held/person holds after charges that name the person, and 0 if the fund is open.
    private static long BeyondDue(List<CopiedJournal> facts, Fold fold, IReadOnlyList<BudgetShares> budgets,
        IReadOnlyList<AgreedVersion> agreements)
    {
        if (facts.Find(fact => fact.Kind == "fund-closed") is not { } closed)
            return 0;
        // The contribution of an unbroken run of days on which the person pays the holder is rounded once.
        var (due, from) = (0L, (LocalDate?)null);
        var days = agreements.Select(agreed => agreed.SignedOn).Append(LocalDate.MinIsoValue)
            .Where(day => day <= closed.About).Distinct().Order().ToList();
        foreach (var day in days)
        {
            if (PaysHolder(agreements, day))
                from ??= day;
            else if (from is { } began)
                (due, from) = (due + Due(budgets, began, day.PlusDays(-1)), null);
        }
        due += from is { } last ? Due(budgets, last, closed.About) : 0;
        var left = Math.Max(0, (long)fold.BalanceOf(AccountNames.Money, "held/person"));
        return Math.Clamp((long)-fold.BalanceOf(AccountNames.Money, "outside/person") - due, 0, left);
    }

    // The version in force on the day decides. It is the latest one signed by that day, or the first if none was.
    private static bool PaysHolder(IReadOnlyList<AgreedVersion> agreements, LocalDate day) => agreements
        .Where(agreed => agreed.SignedOn <= day || agreed.Version == agreements.Min(version => version.Version))
        .MaxBy(agreed => agreed.Version)?.PersonPaysHolder ?? false;

    private static long Due(IReadOnlyList<BudgetShares> budgets, LocalDate from, LocalDate to) => budgets.Sum(budget =>
        budget.When.Overlap(new CarePeriod(from, to)) is { } days
            ? Rate.OfWeeklyForDays(budget.BySource.GetValueOrDefault("person"), days.Days).Pence : 0);

    private static Dictionary<LocalDate, long> DrawnByDay(List<CopiedJournal> facts, LocalDate first) =>
        (from journal in facts
         where journal.EffectiveOn >= first
         from move in journal.Moves
         where move.Book == AccountNames.Money && (move.From == AccountNames.Drawn || move.To == AccountNames.Drawn)
         group move.From == AccountNames.Drawn ? move.Amount : -move.Amount by journal.About)
        .ToDictionary(day => day.Key, day => day.Sum());

    // Divides every charge among the sources by the shares of its day of care. The parts of a source are summed exactly
    // over one denominator, rounded once, and capped at the source's money.
    private static long AttributeByShares(
        List<Purse> purses, Dictionary<LocalDate, long> drawn, IReadOnlyList<BudgetShares> budgets)
    {
        var days = drawn.Select(day => (Pence: day.Value, Shares: SharesOn(day.Key, budgets, purses)))
            .Select(day => (day.Pence, day.Shares, Whole: Sum(day.Shares))).Where(day => day.Whole > 0).ToList();
        var denominator = days.Select(day => day.Whole).Distinct()
            .Aggregate(BigInteger.One, (all, whole) => all * whole);
        foreach (var (pence, shares, whole) in days)
        {
            for (var i = 0; i < purses.Count; i++)
                purses[i].Weight += pence * shares[i] * (denominator / whole);
        }
        var parts = ToWholePence([.. purses.Select(purse => purse.Weight)], denominator);
        for (var i = 0; i < purses.Count; i++)
            purses[i].Attributed = Math.Min(parts[i], purses[i].PutIn);
        return purses.Sum(purse => purse.Attributed);
    }

    // Attributes the charges that exceed the money of their source to the other sources, by the same weights, as long
    // as the other sources have money left.
    private static long PassOn(List<Purse> purses, long unattributed)
    {
        var rest = unattributed;
        while (rest > 0 && purses.Any(purse => purse.Weight > 0 && purse.Left > 0))
        {
            var open = purses.Where(purse => purse.Weight > 0 && purse.Left > 0).ToList();
            var whole = Sum(open.Select(purse => purse.Weight));
            var parts = ToWholePence([.. open.Select(purse => purse.Weight * rest)], whole);
            rest -= open.Select((purse, i) => purse.Attribute(parts[i])).Sum();
        }
        return unattributed - rest;
    }

    private static BigInteger[] SharesOn(LocalDate day, IReadOnlyList<BudgetShares> budgets, List<Purse> purses)
    {
        var live = budgets.Where(budget => budget.When.Covers(day) && budget.IsfWeekly > Money.Zero
            && WeeklyOf(budget) > 0).ToList();
        var all = live.Aggregate(BigInteger.One, (product, budget) => product * WeeklyOf(budget));
        return [.. purses.Select(purse => Sum(live.Select(budget =>
            budget.BySource.GetValueOrDefault(purse.Source).Pence * (BigInteger)budget.IsfWeekly.Pence
                * (all / WeeklyOf(budget)))))];
    }

    private static BigInteger WeeklyOf(BudgetShares budget) => Money.Sum(budget.BySource.Values).Pence;

    // Rounds each part down. The pence left over go to the parts with the largest remainders, one each, and among
    // equals to the earlier part first.
    private static long[] ToWholePence(BigInteger[] exact, BigInteger denominator)
    {
        var down = exact.Select(part => BigInteger.Divide(part - Above(part, denominator), denominator)).ToArray();
        var over = (int)((Sum(exact) / denominator) - Sum(down));
        var luckiest = Enumerable.Range(0, exact.Length).OrderByDescending(i => Above(exact[i], denominator)).ToList();
        foreach (var i in luckiest.Take(over))
            down[i]++;
        return [.. down.Select(part => (long)part)];
    }

    private static BigInteger Above(BigInteger part, BigInteger denominator) =>
        ((part % denominator) + denominator) % denominator;

    private static BigInteger Sum(IEnumerable<BigInteger> parts) =>
        parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part);

    // One source during the attribution. The person's money beyond the contribution that was due (theirs) is left out
    // of the attribution.
    private sealed class Purse(string source, long held, long theirs)
    {
        public string Source { get; } = source;
        public long Held { get; } = held;
        public long PutIn { get; } = Math.Max(0, held - theirs);
        public long Lacks { get; } = Math.Max(0, theirs - held);
        public BigInteger Weight { get; set; }
        public long Attributed { get; set; }
        public long Left => PutIn - Attributed;
        public long Remains => Left + theirs;

        public long Attribute(long pence)
        {
            var part = Math.Clamp(pence, 0, Math.Max(0, Left));
            Attributed += part;
            return part;
        }
    }
}
