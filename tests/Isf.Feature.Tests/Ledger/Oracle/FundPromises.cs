using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Computes the posts of budgets and allocations (design §4). A promise is posted in full on its first day, an
/// open-ended one a year at a time, and a revision by the difference on its own day; nothing is posted for days after a
/// fund's last day.
/// </summary>
internal sealed class FundPromises(FundPosts fund)
{
    /// <summary>
    /// Returns the posts of a new version: one on the version's own day in any case, and one on every other day on
    /// which the version changes the total.
    /// </summary>
    public List<Post> New(Promised version, LocalDate today)
    {
        var earlier = Versions(version.IsBudget, version.Id);
        List<Promised> all = [.. earlier, version];
        var from = fund.PostedTo.TryGetValue((version.IsBudget, version.Id), out var to) ? to : (LocalDate?)null;
        var horizon = all.Select(promised => promised.EffectiveOn).Append(from ?? today).Append(today).Max();
        var lastDay = fund.Closed?.On;
        var posts = Differences(earlier, from, lastDay, all, horizon, lastDay, version.EffectiveOn)
            .ConvertAll(step => Named(version, step.On, step.Flows));
        version.Own = posts.Single(post => post.Cause == $"{version.Id}/v{version.Version}");
        fund.Promises.Add(version);
        fund.PostedTo[(version.IsBudget, version.Id)] = horizon;
        return posts;
    }

    /// <summary>The posts for the years of open-ended promises that have begun by today.</summary>
    public List<Post> Years(LocalDate today) => [.. Each(latest =>
    {
        var versions = Versions(latest.IsBudget, latest.Id);
        var from = fund.PostedTo[(latest.IsBudget, latest.Id)];
        var horizon = LocalDate.Max(from, today);
        fund.PostedTo[(latest.IsBudget, latest.Id)] = horizon;
        return Differences(versions, from, fund.Closed?.On, versions, horizon, fund.Closed?.On, null)
            .ConvertAll(step => Named(latest, step.On, step.Flows));
    })];

    /// <summary>The posts with which a closure ends promises.</summary>
    public List<Post> Closed(LocalDate lastDay, LocalDate today) => [.. Each(latest =>
    {
        var versions = Versions(latest.IsBudget, latest.Id);
        var from = fund.PostedTo[(latest.IsBudget, latest.Id)];
        var horizon = new[] { from, today, lastDay }.Max();
        fund.PostedTo[(latest.IsBudget, latest.Id)] = horizon;
        return Differences(versions, from, null, versions, horizon, lastDay, null).ConvertAll(step => new Post(
            latest.IsBudget ? "budget-closed" : "allocation-closed",
            $"{latest.Id}/v{latest.Version}/closure/{step.On:uuuu-MM-dd}", step.On, step.On, step.Flows));
    })];

    public List<Promised> Versions(bool isBudget, string id) =>
        [.. fund.Promises.Where(promise => promise.IsBudget == isBudget && promise.Id == id)
            .OrderBy(promise => promise.Version)];

    private IEnumerable<Post> Each(Func<Promised, List<Post>> posts) => fund.Promises.ToList()
        .GroupBy(promise => (promise.IsBudget, promise.Id))
            .SelectMany(all => posts(all.MaxBy(promised => promised.Version)!));

    private static Post Named(Promised version, LocalDate on, IReadOnlyList<Flowed> flows)
    {
        var what = version.IsBudget ? "budget" : "allocation";
        var (kind, cause) = ($"{what}-year", $"{version.Id}/v{version.Version}");
        if (on != version.EffectiveOn)
            return new Post(kind, $"{cause}/{on:uuuu-MM-dd}", on, on, flows);
        kind = version.IsEnding ? "-ended" : version.Version > 1 ? "-revised" : version.IsBudget ? "-set" : "-made";
        return new Post(what + kind, cause, on, on, flows);
    }

    // Returns, for each day on which anything can change, the new total less the old total less earlier posts.
    private static List<(LocalDate On, IReadOnlyList<Flowed> Flows)> Differences(
        List<Promised> old, LocalDate? oldTo, LocalDate? oldLast, List<Promised> now, LocalDate nowTo,
        LocalDate? nowLast, LocalDate? own)
    {
        var days = now.SelectMany(version => Instalments(version, nowTo).Select(instalment => instalment.On)
            .Append(version.EffectiveOn)).Concat(nowLast is { } last ? [last] : []).Where(day => day <= nowTo);
        var posted = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var steps = new List<(LocalDate, IReadOnlyList<Flowed>)>();
        foreach (var day in days.Distinct().Order())
        {
            var (before, after) = (oldTo is { } to ? Whole(old, LocalDate.Min(day, to), oldLast) : [],
                Whole(now, day, nowLast));
            var flows = YetToPost(before, after, posted, now[0].IsBudget);
            if (flows.Count > 0 || day == own)
                steps.Add((day, flows));
        }
        return steps;
    }

    // Returns the new total less the old total less earlier posts, and adds it to the earlier posts.
    private static List<Flowed> YetToPost(SortedDictionary<string, long> old, SortedDictionary<string, long> now,
        SortedDictionary<string, long> posted, bool isBudget)
    {
        var flows = new List<Flowed>();
        foreach (var about in old.Keys.Union(now.Keys).Union(posted.Keys).Order(StringComparer.Ordinal).ToList())
        {
            var step = now.GetValueOrDefault(about) - old.GetValueOrDefault(about) - posted.GetValueOrDefault(about);
            posted[about] = posted.GetValueOrDefault(about) + step;
            if (step != 0)
            {
                flows.Add(isBudget ? new Flowed($"promise:budget/{about}", "promise:free", step)
                    : new Flowed("promise:free", $"promise:promised/{about}", step));
            }
        }
        return flows;
    }

    // Returns the total promised up to a day, by the latest version in effect on that day.
    private static SortedDictionary<string, long> Whole(List<Promised> versions, LocalDate day, LocalDate? lastDay)
    {
        var whole = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var version = versions.Where(promised => promised.EffectiveOn <= day).MaxBy(promised => promised.Version);
        if (version is null)
            return whole;
        if (lastDay is { } last && day >= last)
        {
            if (version.From > last)
                return whole;
            version = version with { To = version.To is { } to && to < last ? to : last };
        }
        foreach (var (on, shares) in Instalments(version, day).Where(instalment => instalment.On <= day))
        {
            foreach (var (about, pence) in shares)
                whole[about] = whole.GetValueOrDefault(about) + pence;
        }
        return whole;
    }

    private static IEnumerable<(LocalDate On, List<(string About, long Pence)> Shares)> Instalments(
        Promised version, LocalDate until)
    {
        if (version.To < version.From)
            yield break;
        for (var year = 0; version.From.PlusYears(year) <= until && (year == 0 || version.To is null); year++)
        {
            var on = version.From.PlusYears(year);
            var to = version.To ?? version.From.PlusYears(year + 1).PlusDays(-1);
            var pence = Shares.Weekly(version.Weekly, Period.DaysBetween(on, to) + 1);
            var shares = new List<(string, long)>();
            if (pence > 0)
            {
                var parts = Shares.Split(pence, [.. version.Shares.Select(share => share.Weight)]);
                shares.AddRange(version.Shares.Select((share, i) => (share.About, parts[i])));
            }
            if (year == 0)
                shares.AddRange(version.Once);
            yield return (on, shares);
        }
    }
}
