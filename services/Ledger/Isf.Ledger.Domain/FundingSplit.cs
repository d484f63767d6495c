using System.Numerics;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>The order in which a fund's money counts as spent (the agreement's spendOrder).</summary>
public enum SpendOrder
{
    /// <summary>The money of the person and those around them is spent first (domain.md §2.2).</summary>
    PersonFirst = 1,

    /// <summary>
    /// Each charge is divided among the sources in proportion to their shares of the budget on the day of care.
    /// </summary>
    ProRata = 2,

    /// <summary>The council's money is spent first.</summary>
    CouncilFirst = 3,
}

/// <summary>The pence that are left of one source's money.</summary>
/// <param name="Source">The source of the money.</param>
/// <param name="Pence">What is left of it.</param>
public sealed record SourceLeft(string Source, long Pence);

/// <summary>
/// A source and its weight when a charge is divided among the sources; only the ratio of the weights matters.
/// </summary>
public readonly record struct SourceWeight(string Source, BigInteger Weight);

/// <summary>
/// The money left of each source, and the spending that no source covers. The split is a pure function of sums, so it
/// does not depend on the order in which facts arrived (design §4). Spending is attributed to the sources, to each up
/// to the money it has put in; spending beyond that is overdrawn. Held = the money left of all sources − overdrawn.
/// </summary>
public sealed record FundingSplit(IReadOnlyList<SourceLeft> Left, Money Overdrawn)
{
    // Both orders keep private money (person, top-up, other) together, and public money (council, nhs) together.
    private static readonly string[] PersonFirst = ["person", "top-up", "other", "council", "nhs"];
    private static readonly string[] CouncilFirst = ["council", "nhs", "other", "top-up", "person"];

    /// <summary>
    /// Attributes the spending to the sources. <paramref name="held"/> is the balance of held/{source} by source, and
    /// <paramref name="drawn"/> the spending by day of care. <paramref name="shares"/> gives the budget shares in
    /// force on a day; only pro-rata uses them. <paramref name="beyondDue"/> is the person's payments beyond the
    /// contribution due, to which no spending is attributed.
    /// </summary>
    public static FundingSplit Attribute(
        SpendOrder order,
        IReadOnlyDictionary<string, long> held,
        IReadOnlyList<DrawnOnDay> drawn,
        Func<LocalDate, IReadOnlyList<SourceWeight>> shares,
        long beyondDue = 0)
    {
        var sources = order == SpendOrder.PersonFirst ? PersonFirst : CouncilFirst;
        var theirs = sources.Select(source => source == "person" ? beyondDue : 0).ToArray();
        var counts = sources.Select((source, i) => checked(held.GetValueOrDefault(source) - theirs[i])).ToArray();
        var put = counts.Select(pence => Math.Max(0, pence)).ToArray();
        var below = counts.Sum(pence => Math.Max(0, -pence));
        var whole = checked(drawn.Sum(day => day.Pence) + below);
        var attributed = new long[sources.Length];
        var weights = new BigInteger[sources.Length];
        if (order == SpendOrder.ProRata)
            (weights, attributed) = Shared(sources, put, drawn, shares);
        AttributeRest(put, attributed, weights, whole - attributed.Sum());
        var left = sources.Select((source, i) => new SourceLeft(source, put[i] - attributed[i] + theirs[i]))
            .Where(sourceLeft => sourceLeft.Pence != 0 || held.ContainsKey(sourceLeft.Source))
            .OrderBy(sourceLeft => Array.IndexOf(CouncilFirst, sourceLeft.Source));
        return new FundingSplit([.. left], Money.OfPence(checked(whole - attributed.Sum())));
    }

    /// <summary>
    /// The weight of each source on the given day. For each budget that covers the day, the weekly amount that this
    /// fund holds is divided in proportion to the sources' weekly pence. The results of all these budgets are added
    /// without rounding.
    /// </summary>
    public static IReadOnlyList<SourceWeight> SharesOn(LocalDate day, IReadOnlyList<PromiseTerms> inForce)
    {
        var live = inForce.Where(terms => new CarePeriod(terms.From, terms.To).Covers(day) && terms.Weekly > Money.Zero
            && WeeklyOf(terms) > 0).ToList();
        var all = live.Aggregate(BigInteger.One, (product, terms) => product * WeeklyOf(terms));
        return
        [
            .. live.SelectMany(terms => terms.Shares.Select(share => new SourceWeight(
                    share.About, share.Amount.Pence * (BigInteger)terms.Weekly.Pence * all / WeeklyOf(terms))))
                .GroupBy(weight => weight.Source, StringComparer.Ordinal)
                .Select(group => new SourceWeight(
                    group.Key, group.Aggregate(BigInteger.Zero, (sum, sourceWeight) => sum + sourceWeight.Weight))),
        ];
    }

    private static long WeeklyOf(PromiseTerms terms) => terms.Shares.Sum(share => share.Amount.Pence);

    // The charges of each day are divided by that day's shares, summed exactly over a common denominator, rounded
    // once, and then capped at each source's money.
    private static (BigInteger[] Weights, long[] Attributed) Shared(
        string[] sources, long[] put, IReadOnlyList<DrawnOnDay> drawn,
        Func<LocalDate, IReadOnlyList<SourceWeight>> shares)
    {
        var days = drawn.Where(day => day.Pence != 0)
            .Select(day => (day.Pence, Shares: day.CareOn is { } careOn ? shares(careOn) : []))
            .Select(day => (day.Pence, day.Shares, Total: Sum(day.Shares.Select(share => share.Weight))))
            .Where(day => day.Total > 0).ToList();
        var denominator = days.Select(day => day.Total).Distinct().Aggregate(BigInteger.One, LeastCommonMultiple);
        var exact = new BigInteger[sources.Length];
        foreach (var (pence, weights, total) in days)
        {
            foreach (var (source, weight) in weights)
                exact[Array.IndexOf(sources, source)] += pence * weight * (denominator / total);
        }
        var attributed = Rounded(exact, denominator);
        for (var i = 0; i < attributed.Length; i++)
            attributed[i] = Math.Min(attributed[i], put[i]);
        return (exact, attributed);
    }

    // The pence left over after rounding down go one each to the largest remainders; among equal remainders, the
    // source that comes first in the list goes first.
    private static long[] Rounded(BigInteger[] exact, BigInteger denominator)
    {
        var floors = exact.Select(item => item - Modulo(item, denominator)).ToArray();
        var parts = floors.Select(floor => (long)(floor / denominator)).ToArray();
        var over = (int)((Sum(exact) - Sum(floors)) / denominator);
        var byRemainder = Enumerable.Range(0, exact.Length).OrderByDescending(i => exact[i] - floors[i]);
        foreach (var i in byRemainder.Take(over))
            parts[i]++;
        return parts;
    }

    // The rest is attributed to the sources with money left: in proportion to their weights while a source with a
    // weight has money, and then in the order of the list.
    private static void AttributeRest(long[] put, long[] attributed, BigInteger[] weights, long rest)
    {
        if (rest < 0)
        {
            // More came back than was spent, so the excess goes to the first source.
            attributed[0] += rest;
            return;
        }
        while (rest > 0)
        {
            var room = put.Select((amount, i) => weights[i] > 0 ? amount - attributed[i] : 0).ToArray();
            if (room.All(number => number <= 0))
                break;
            var open = weights.Select((weight, i) => room[i] > 0 ? weight * rest : 0).ToArray();
            var parts = Rounded(open, Sum(open) / rest);
            for (var i = 0; i < parts.Length; i++)
            {
                var part = Math.Min(parts[i], Math.Max(0, room[i]));
                attributed[i] += part;
                rest -= part;
            }
        }
        for (var i = 0; i < put.Length && rest > 0; i++)
        {
            var part = Math.Min(rest, Math.Max(0, put[i] - attributed[i]));
            attributed[i] += part;
            rest -= part;
        }
    }

    private static BigInteger LeastCommonMultiple(BigInteger a, BigInteger b) =>
        a / BigInteger.GreatestCommonDivisor(a, b) * b;

    private static BigInteger Modulo(BigInteger number, BigInteger by) => ((number % by) + by) % by;

    private static BigInteger Sum(IEnumerable<BigInteger> numbers) =>
        numbers.Aggregate(BigInteger.Zero, (a, b) => a + b);
}
