using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The two kinds of promise: a budget is promised to the fund, and an allocation by the fund to a provider.
/// </summary>
public enum PromiseKind
{
    /// <summary>Postings are budget/source ↔ free.</summary>
    Budget = 1,

    /// <summary>Postings are free ↔ promised/allocation.</summary>
    Allocation = 2,
}

/// <summary>One part of a promise: a budget's source or the allocation itself, and the amount.</summary>
public sealed record PromiseShare(string About, Money Amount);

/// <summary>One version of a budget or an allocation, with the terms that the books need.</summary>
public sealed record PromiseTerms
{
    /// <summary>Budget or allocation.</summary>
    public required PromiseKind Kind { get; init; }

    /// <summary>The id of the budget or allocation, as Funds published it.</summary>
    public required string Id { get; init; }

    /// <summary>1 at first; version n replaces n − 1.</summary>
    public required int Version { get; init; }

    /// <summary>The day on which these terms were made.</summary>
    public required LocalDate SetOn { get; init; }

    /// <summary>The first day on which the terms apply.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The last day; null if the promise is open-ended.</summary>
    public LocalDate? To { get; init; }

    /// <summary>The weekly amount of all sources together; for a budget, only the part that this fund holds.</summary>
    public required Money Weekly { get; init; }

    /// <summary>
    /// The weights by which the weekly amount is split: weekly pence by source, or the allocation alone.
    /// </summary>
    public required IReadOnlyList<PromiseShare> Shares { get; init; }

    /// <summary>The one-off amounts, promised in full on the first day.</summary>
    public required IReadOnlyList<PromiseShare> OneOff { get; init; }

    /// <summary>Whether these terms end an allocation.</summary>
    public bool Ended { get; init; }

    /// <summary>The version that ends these terms: the last day changes, and all other terms stay.</summary>
    public PromiseTerms EndedBy(int version, LocalDate setOn, LocalDate to) =>
        this with { Version = version, SetOn = setOn, To = to, Ended = true };

    /// <summary>
    /// The day from which this version counts: the first day for version 1; for a revision the day on which it was
    /// made, but never before its first day.
    /// </summary>
    public LocalDate EffectiveOn => Version == 1 ? From : LocalDate.Max(SetOn, From);

    /// <summary>
    /// The same terms without any promise for days after the fund's last day; unchanged if the last day is null.
    /// </summary>
    public PromiseTerms UpTo(LocalDate? lastDay)
    {
        if (lastDay is not { } last)
            return this;
        if (From > last)
            return this with { To = From, Weekly = Money.Zero, OneOff = [] };
        return To is null || To > last ? this with { To = last } : this;
    }

    /// <summary>
    /// The first day after the given one on which a year of an open-ended promise begins; null if the promise has an
    /// end or no weekly amount.
    /// </summary>
    public LocalDate? NextAfter(LocalDate day)
    {
        if (To is not null || Weekly == Money.Zero)
            return null;
        var years = Math.Max(1, day.Year - From.Year);
        while (From.PlusYears(years) <= day)
            years++;
        return From.PlusYears(years);
    }

    /// <summary>
    /// The instalments that begin by the given day. A promise with an end is promised in full on its first day; an
    /// open-ended one is promised a year at a time, on its first day and on each anniversary. An instalment is weekly
    /// × days ÷ 7, rounded once and split over the shares by largest remainder; the first one also has the one-off
    /// amounts. A promise that ended before its first day has no instalment.
    /// </summary>
    public IEnumerable<(LocalDate On, IReadOnlyList<PromiseShare> Amounts)> Instalments(LocalDate until)
    {
        if (To < From)
            yield break;
        for (var year = 0; From.PlusYears(year) <= until && (year == 0 || To is null); year++)
        {
            var on = From.PlusYears(year);
            var to = To ?? From.PlusYears(year + 1).PlusDays(-1);
            var whole = Rate.OfWeeklyForDays(Weekly, new CarePeriod(on, to).Days);
            var parts = whole == Money.Zero
                ? [] : Allotment.Split(whole, [.. Shares.Select(share => share.Amount.Pence)]);
            var amounts = Shares.Zip(parts, (share, part) => share with { Amount = part });
            yield return (on, [.. amounts, .. year == 0 ? OneOff : []]);
        }
    }
}

/// <summary>The change of a promise on one day, by source or allocation.</summary>
public sealed record PromiseStep(LocalDate On, IReadOnlyDictionary<string, Money> Differences);

/// <summary>
/// Works out the promise of one budget or allocation on every day from its versions. On any day the latest version
/// that has taken effect decides all that is promised up to then; each day that changes the promise is a step. The
/// steps depend on the versions and on how far the books have come (the horizon), never on the order in which versions
/// arrived.
/// </summary>
public static class PromiseSchedule
{
    /// <summary>
    /// The steps that take the books from the earlier versions, posted up to <paramref name="postedTo"/>, to all
    /// versions, posted up to <paramref name="horizon"/>. The effective day of a new version is always a step, even if
    /// nothing changes on it. Nothing is promised for days after the fund's last day, which is
    /// <paramref name="lastDayHeld"/> in the books so far and <paramref name="lastDay"/> after the steps; each is null
    /// if the fund is open then.
    /// </summary>
    public static IReadOnlyList<PromiseStep> Due(
        IReadOnlyList<PromiseTerms> earlier, LocalDate? postedTo, IReadOnlyList<PromiseTerms> versions,
        LocalDate horizon, LocalDate? lastDayHeld = null, LocalDate? lastDay = null)
    {
        var held = postedTo is { } to ? Steps(earlier, to, lastDayHeld) : [];
        var required = Steps(versions, horizon, lastDay);
        var own = versions.Skip(earlier.Count).Select(version => version.EffectiveOn).ToHashSet();
        var steps = held.Keys.Union(required.Keys).Order().Select(day =>
            new PromiseStep(day, Less(required.GetValueOrDefault(day), held.GetValueOrDefault(day))));
        return [.. steps.Where(step => step.Differences.Count > 0 || own.Contains(step.On))];
    }

    /// <summary>
    /// The day up to which the versions are to be posted: today, the day up to which the books are posted, or the
    /// latest effective day of a version, whichever is last.
    /// </summary>
    public static LocalDate Horizon(IReadOnlyList<PromiseTerms> versions, LocalDate? postedTo, LocalDate today) =>
        versions.Select(version => version.EffectiveOn).Append(postedTo ?? today).Append(today).Max();

    /// <summary>
    /// The version that decides on a day: the latest that has taken effect by then; null if none has.
    /// </summary>
    public static PromiseTerms? InForce(IEnumerable<PromiseTerms> versions, LocalDate day) =>
        versions.Where(version => version.EffectiveOn <= day).MaxBy(version => version.Version);

    private static Dictionary<LocalDate, SortedDictionary<string, Money>> Steps(
        IReadOnlyList<PromiseTerms> versions, LocalDate horizon, LocalDate? lastDay)
    {
        var ends = lastDay is { } end ? new[] { end } : [];
        var days = versions
            .SelectMany(version => version.Instalments(horizon).Select(instalment => instalment.On)
                .Append(version.EffectiveOn))
            .Concat(ends).Where(day => day <= horizon).Distinct().Order();
        var steps = new Dictionary<LocalDate, SortedDictionary<string, Money>>();
        var before = new SortedDictionary<string, Money>(StringComparer.Ordinal);
        foreach (var day in days)
        {
            var total = new SortedDictionary<string, Money>(StringComparer.Ordinal);
            var inForce = InForce(versions, day)?.UpTo(day >= lastDay ? lastDay : null);
            foreach (var share in inForce?.Instalments(day).SelectMany(entry => entry.Amounts) ?? [])
                total[share.About] = total.GetValueOrDefault(share.About) + share.Amount;
            steps[day] = Less(total, before);
            before = total;
        }
        return steps;
    }

    private static SortedDictionary<string, Money> Less(
        SortedDictionary<string, Money>? whole, SortedDictionary<string, Money>? part)
    {
        var difference = new SortedDictionary<string, Money>(StringComparer.Ordinal);
        foreach (var about in (whole?.Keys ?? Enumerable.Empty<string>())
            .Union(part?.Keys ?? Enumerable.Empty<string>()))
        {
            var amount =
                (whole?.GetValueOrDefault(about) ?? Money.Zero) - (part?.GetValueOrDefault(about) ?? Money.Zero);
            if (amount != Money.Zero)
                difference[about] = amount;
        }
        return difference;
    }
}
