using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// Money that moved into or out of held accounts, summed by effective day, care day and the two accounts. Moves that
/// attribute spending to sources are left out, because attributions are always calculated and never read from the
/// books.
/// </summary>
public sealed record HeldSum(LocalDate EffectiveOn, LocalDate CareOn, Account From, Account To, long Pence);

/// <summary>
/// The pence to attribute to each source on one day, from held/source to held/drawn; a negative amount goes the other
/// way. <c>About</c> names the reason: agreement/v2 if another spend order begins, closure if the fund closed.
/// </summary>
public sealed record AttributionTarget(string About, LocalDate On, IReadOnlyDictionary<string, long> BySource);

/// <summary>
/// Calculates whose money is left after a change of spend order or a closure (design §4). Spending before a change of
/// order keeps its attribution by the earlier order. Once the fund is closed, spending is attributed to the person's
/// money only up to the contribution due; payments beyond that remain the person's own. The result depends on sums
/// alone, for any day and position.
/// </summary>
public static class SourceAttribution
{
    /// <summary>The id of the attribution at a closure.</summary>
    public const string Closure = "closure";

    /// <summary>The money left of each source on the given day, and the spending that no source covers.</summary>
    public static FundingSplit LeftOn(
        FundTerms terms, LocalDate on, IReadOnlyList<HeldSum> sums, IReadOnlyList<BudgetVersion> budgets)
    {
        var attributed = new Dictionary<string, long>(StringComparer.Ordinal);
        LocalDate? after = null;
        foreach (var change in terms.Changes().TakeWhile(change => change.On <= on))
        {
            var through = change.On.PlusDays(-1);
            attributed = AttributedBy(
                LeftInPeriod(terms, after, through, attributed, sums, budgets), HeldOn(through, sums));
            after = through;
        }
        // A source whose held account has no moves is listed only if it has money left.
        var put = HeldOn(on, sums);
        var left = LeftInPeriod(terms, after, on, attributed, sums, budgets);
        return left with
        {
            Left =
            [.. left.Left.Where(sourceLeft => sourceLeft.Pence != 0 || put.ContainsKey(sourceLeft.Source))]
        };
    }

    /// <summary>
    /// The attributions that the books must hold, one for each change of spend order and one for a closure, sorted by
    /// day.
    /// </summary>
    public static IReadOnlyList<AttributionTarget> Targets(
        FundTerms terms, IReadOnlyList<HeldSum> sums, IReadOnlyList<BudgetVersion> budgets)
    {
        var targets = new List<AttributionTarget>();
        var before = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (about, on, through) in Marks(terms))
        {
            var attributed = AttributedBy(LeftOn(terms, through, sums, budgets), HeldOn(through, sums));
            targets.Add(new AttributionTarget(about, on, attributed.Keys.Union(before.Keys).ToDictionary(
                source => source, source => attributed.GetValueOrDefault(source) - before.GetValueOrDefault(source))));
            before = attributed;
        }
        return targets;
    }

    /// <summary>The last day whose postings change an attribution; null if nothing is attributed.</summary>
    public static LocalDate? LastDay(FundTerms terms) =>
        Marks(terms) is { Count: > 0 } marks ? marks[^1].Through : null;

    // Each attribution covers the days up to the one before another spend order begins, or up to the day of closure.
    private static List<(string About, LocalDate On, LocalDate Through)> Marks(FundTerms terms)
    {
        var marks = terms.Changes()
            .Select(change => (About: $"agreement/v{change.Version}", change.On, Through: change.On.PlusDays(-1)));
        if (terms.Closed is { } closed)
            marks = marks.Append((Closure, closed.EffectiveOn, closed.EffectiveOn));
        return [.. marks.OrderBy(mark => mark.Through).ThenBy(mark => mark.On)];
    }

    // Attributes the spending in the period of one spend order, by day of care, to the money that earlier periods
    // left.
    private static FundingSplit LeftInPeriod(
        FundTerms terms, LocalDate? after, LocalDate through, Dictionary<string, long> attributed,
        IReadOnlyList<HeldSum> sums, IReadOnlyList<BudgetVersion> budgets)
    {
        var held = HeldOn(through, sums);
        foreach (var (source, pence) in attributed)
            held[source] = held.GetValueOrDefault(source) - pence;
        var drawn = sums.Where(sum => sum.EffectiveOn <= through).Select(sum => (sum, Pence: DrawnBy(sum)))
            .Where(entry => entry.Pence != 0)
            .GroupBy(entry => after is { } day && entry.sum.EffectiveOn <= day ? (LocalDate?)null : entry.sum.CareOn)
            .Select(group => new DrawnOnDay(group.Key, group.Sum(entry => entry.Pence))).ToList();
        drawn.Add(new DrawnOnDay(null, -attributed.Values.Sum()));
        var inForce = budgets.Where(budget => budget.EffectiveOn <= through)
            .GroupBy(budget => budget.Terms.Id, StringComparer.Ordinal)
            .Select(versions => versions.MaxBy(version => version.Terms.Version)!.Terms).ToList();
        return FundingSplit.Attribute(terms.OrderOn(through), held, drawn, day => FundingSplit.SharesOn(day, inForce),
            BeyondDue(terms, through, sums, inForce));
    }

    // The person's payments beyond the contribution due, but at most the money in held/person. Returns to the person
    // lower the payments. The amount is 0 while the fund is open.
    private static long BeyondDue(
        FundTerms terms, LocalDate on, IReadOnlyList<HeldSum> sums, IReadOnlyList<PromiseTerms> budgets)
    {
        if (!terms.ClosedBy(on))
            return 0;
        var person = Account.Outside("person");
        var paid = sums.Where(sum => sum.EffectiveOn <= on)
            .Sum(sum => sum.From == person ? sum.Pence : sum.To == person ? -sum.Pence : 0);
        var left = Math.Max(0, HeldOn(on, sums).GetValueOrDefault("person"));
        return Math.Clamp(paid - terms.DueBy(terms.Closed!.On, budgets).Pence, 0, left);
    }

    private static Dictionary<string, long> HeldOn(LocalDate day, IReadOnlyList<HeldSum> sums)
    {
        var held = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var sum in sums.Where(sum => sum.EffectiveOn <= day))
        {
            if (OfSource(sum.From))
                held[sum.From.About] = checked(held.GetValueOrDefault(sum.From.About) - sum.Pence);
            if (OfSource(sum.To))
                held[sum.To.About] = checked(held.GetValueOrDefault(sum.To.About) + sum.Pence);
        }
        return held;
    }

    private static Dictionary<string, long> AttributedBy(FundingSplit left, Dictionary<string, long> held)
    {
        var after = left.Left
            .ToDictionary(sourceLeft => sourceLeft.Source, sourceLeft => sourceLeft.Pence, StringComparer.Ordinal);
        return held.Keys.Union(after.Keys).ToDictionary(
            source => source, source => held.GetValueOrDefault(source) - after.GetValueOrDefault(source));
    }

    private static long DrawnBy(HeldSum sum) =>
        sum.From == Account.Drawn ? sum.Pence : sum.To == Account.Drawn ? -sum.Pence : 0;

    private static bool OfSource(Account account) => account.Kind == "held" && account != Account.Drawn;
}
