using System.Numerics;
using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>The amount left of one source's money.</summary>
public sealed record SourceLeft(string Source, Money Amount);

/// <summary>
/// Works out the money left of each source of a fund (design §4). Spending is attributed to the sources by the spend
/// order in force, to each source up to the money it has put in. Spending from before the present spend order keeps the
/// attribution that the Ledger posted. Once the fund is closed, no spending is attributed to the person's payments
/// beyond the contribution due by its last day: they remain the person's own.
/// </summary>
public static class SourceAttribution
{
    private static readonly string[] PersonFirst = ["person", "top-up", "other", "council", "nhs"];
    private static readonly string[] CouncilFirst = ["council", "nhs", "other", "top-up", "person"];

    /// <summary>The money left of each source at the end of a day, and the spending that no source covers.</summary>
    /// <param name="facts">Agreements, budgets and the closure.</param>
    /// <param name="journals">Every journal that is effective by the given day.</param>
    /// <param name="to">The day.</param>
    public static (IReadOnlyList<SourceLeft> Left, Money Overdrawn) At(
        FundFacts facts, IReadOnlyList<Journal> journals, LocalDate to)
    {
        // The Ledger's attribution at the closure is left out, because this method works it out again for the given
        // day. If another spend order began after the closure, that order continues from the Ledger's attribution,
        // which is then counted.
        var orders = OrdersOf(facts, journals);
        var began = BeganOn(orders, to);
        var counted = journals.Where(journal => journal is not { CauseMessage: "laid", Subject: "closure" }
            || journal.EffectiveOn < began).ToList();
        var held = Balances.Sum(counted).In(Book.Money, "held").ToDictionary(place => place.Of, place => place.Amount);
        var order = OrderOn(orders, to);
        var sources = order == "person-first" ? PersonFirst : CouncilFirst;
        var theirs = BeyondDue(facts, journals);
        var purses = sources.Select(source =>
            new Purse(source, held.GetValueOrDefault(source), source == "person" ? theirs : 0)).ToList();
        var drawn = checked(purses.Sum(purse => purse.Lacks) - held.GetValueOrDefault("drawn"));
        if (order == "pro-rata")
            AttributeByShares(purses, DrawnByDay(counted, began), facts.Budgets);
        var rest = AttributeRest(purses, drawn - purses.Sum(purse => purse.Attributed));
        var left = purses.Where(purse => purse.Remains != 0)
            .OrderBy(purse => Array.IndexOf(CouncilFirst, purse.Source))
            .Select(purse => new SourceLeft(purse.Source, new Money(purse.Remains)));
        return ([.. left], new Money(rest));
    }

    // The day from which the spend order of each version of the agreement applies. Version 1 applies from the
    // beginning. If the Ledger has posted a journal for a version, that version applies from the journal's day, which
    // is later than the day of signing if that day was closed. Any other version applies from the day of signing.
    private static List<(int Version, LocalDate Since, string? Order)> OrdersOf(
        FundFacts facts, IReadOnlyList<Journal> journals)
    {
        var set = journals.Where(journal => journal.CauseMessage == "spend-order-set")
            .ToDictionary(journal => journal.Version ?? 1, journal => journal.EffectiveOn);
        return
        [
            .. facts.Agreements.Select(terms => (terms.Version, terms.Version == 1 ? LocalDate.MinIsoValue
                : set.TryGetValue(terms.Version, out var since) ? since : terms.SignedOn, terms.SpendOrder)),
        ];
    }

    private static string? OrderOn(List<(int Version, LocalDate Since, string? Order)> orders, LocalDate day) =>
        orders.Where(order => order.Since <= day).MaxBy(order => order.Version).Order ?? "person-first";

    private static LocalDate BeganOn(List<(int Version, LocalDate Since, string? Order)> orders, LocalDate to) =>
        orders.Select(order => order.Since).Where(day => day > LocalDate.MinIsoValue && day <= to)
            .Where(day => OrderOn(orders, day) != OrderOn(orders, day.PlusDays(-1)))
            .DefaultIfEmpty(LocalDate.MinIsoValue).Max();

    // The amount by which the person's payments exceed the contribution due. It is at most the person's money that is
    // left after charges that name the person as their source. It is 0 if the fund has no closure.
    private static long BeyondDue(FundFacts facts, IReadOnlyList<Journal> journals)
    {
        if (facts.Closure is not { } closure)
            return 0;
        var unlaid = Balances.Sum(journals.Where(journal => journal.CauseMessage != "laid"));
        var paid = -unlaid.In(Book.Money, "outside").Where(place => place.Of == "person").Sum(place => place.Amount);
        var held = unlaid.In(Book.Money, "held").Where(place => place.Of == "person").Sum(place => place.Amount);
        return Math.Clamp(paid - Contributions.DueUpTo(facts, closure.On).Pence, 0, Math.Max(0, held));
    }

    private static Dictionary<LocalDate, long> DrawnByDay(List<Journal> counted, LocalDate began) =>
        (from journal in counted
         where journal.EffectiveOn >= began && journal.CauseMessage != "laid"
         from move in journal.Moves
         where move.Book == Book.Money && (move.From == "held/drawn" || move.To == "held/drawn")
         group move.From == "held/drawn" ? move.Amount : -move.Amount by journal.About)
        .ToDictionary(day => day.Key, day => day.Sum());

    // Pro-rata attribution divides the charges of each day by that day's shares, sums them exactly, rounds once, and
    // then caps each source at its money.
    private static void AttributeByShares(
        List<Purse> purses, Dictionary<LocalDate, long> drawn, IReadOnlyList<BudgetTerms> budgets)
    {
        var days = drawn.Select(day => (Pence: day.Value, Shares: SharesOn(day.Key, budgets, purses)))
            .Select(day => (day.Pence, day.Shares, Whole: Sum(day.Shares))).Where(day => day.Whole > 0).ToList();
        var denominator = days.Select(day => day.Whole).Distinct()
            .Aggregate(BigInteger.One, (all, whole) => all * whole);
        for (var i = 0; i < purses.Count; i++)
            purses[i].Weight = Sum(days.Select(day => day.Pence * day.Shares[i] * (denominator / day.Whole)));
        foreach (var (purse, part) in purses.Zip(Rounded([.. purses.Select(purse => purse.Weight)], denominator)))
            purse.Attributed = Math.Min(part, purse.PutIn);
    }

    private static BigInteger[] SharesOn(LocalDate day, IReadOnlyList<BudgetTerms> budgets, List<Purse> purses)
    {
        var live = budgets.Where(budget => budget.Over.Covers(day) && budget.WeeklyIsf.Pence > 0
            && WholeOf(budget) > 0).ToList();
        var all = live.Aggregate(BigInteger.One, (product, budget) => product * WholeOf(budget));
        return
        [
            .. purses.Select(purse => Sum(live.Select(budget => budget.WeeklyBySource.GetValueOrDefault(purse.Source)
                .Pence * (BigInteger)budget.WeeklyIsf.Pence * (all / WholeOf(budget))))),
        ];
    }

    private static long WholeOf(BudgetTerms budget) => Money.Sum(budget.WeeklyBySource.Values).Pence;

    // Attributes the rest of the spending to the sources with money left: in proportion to their weights while a
    // source with a weight has money, and then in their order. Returns the pence that no source covers.
    private static long AttributeRest(List<Purse> purses, long rest)
    {
        if (rest < 0)
        {
            // More came back than was spent, so the excess goes to the first source.
            purses[0].Attributed += rest;
            return 0;
        }
        while (rest > 0 && purses.Exists(IsOpen))
        {
            var open = purses.FindAll(IsOpen);
            var whole = Sum(open.Select(purse => purse.Weight));
            foreach (var (purse, part) in open.Zip(Rounded([.. open.Select(purse => purse.Weight * rest)], whole)))
                rest -= purse.Bear(part);
        }
        foreach (var purse in purses)
            rest -= purse.Bear(rest);
        return rest;
    }

    private static bool IsOpen(Purse purse) => purse is { Weight.Sign: > 0, Room: > 0 };

    // Rounds each part down; the pence left over go one each to the largest remainders, and among equals to the
    // earlier part.
    private static long[] Rounded(BigInteger[] exact, BigInteger denominator)
    {
        var above = exact.Select(part => ((part % denominator) + denominator) % denominator).ToArray();
        var parts = exact.Select((part, i) => (long)((part - above[i]) / denominator)).ToArray();
        foreach (var i in Enumerable.Range(0, exact.Length).OrderByDescending(i => above[i])
            .Take((int)(Sum(above) / denominator)))
        {
            parts[i]++;
        }
        return parts;
    }

    private static BigInteger Sum(IEnumerable<BigInteger> parts) =>
        parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part);

    // One source's money during the attribution. No spending is attributed to the person's money beyond the
    // contribution due.
    private sealed class Purse(string source, long held, long theirs)
    {
        public string Source { get; } = source;
        public long PutIn { get; } = Math.Max(0, held - theirs);
        public long Lacks { get; } = Math.Max(0, theirs - held);
        public BigInteger Weight { get; set; }
        public long Attributed { get; set; }
        public long Room => PutIn - Attributed;
        public long Remains => Room + theirs;

        public long Bear(long pence)
        {
            var borne = Math.Clamp(pence, 0, Math.Max(0, Room));
            Attributed += borne;
            return borne;
        }
    }
}
