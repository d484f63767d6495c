using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Posts what follows from any posting in a closed fund or after a change of its order of spending. Care and fees of
/// later days are refused, future and banked hours end, and drawn money is attributed to the sources.
/// </summary>
internal static class ClosureFollows
{
    public static void Of(FundPosts fund, Func<Post, Post> onOpenDay)
    {
        if (fund.Closed is var (lastDay, _, _))
        {
            foreach (var later in fund.Posts.Where(post => !post.IsReversed && post.About > lastDay
                && post.Kind is "visit-priced" or "visit-repriced" or "fee-charged").ToList())
            {
                var refused = later.Kind == "fee-charged" ? "fee-refused" : "visit-refused";
                fund.Posts.Add(onOpenDay(later.Reversed(refused, later.Cause)));
            }
            EndHours(fund, lastDay, onOpenDay);
        }
        PostAttribution(fund, onOpenDay);
    }

    // Minutes planned for a day after the fund's last day return to agreed on the day for which they are planned.
    // Banked minutes are released, but not before the last day. The closing of the fund's last week may be dated after
    // the last day (on the week's Sunday), but is about earlier days. So the minutes that it takes out of planned do
    // not return.
    private static void EndHours(FundPosts fund, LocalDate lastDay, Func<Post, Post> onOpenDay)
    {
        foreach (var day in fund.Posts.GroupBy(post => LocalDate.Max(post.About, lastDay)).OrderBy(day => day.Key)
            .Select(day => (On: day.Key, Balances: Post.Balances(day),
                After: Post.Balances(day.Where(post => post.About > lastDay && post.Kind != "week-closed"))))
            .ToList())
        {
            var flows = new List<Flowed>();
            foreach (var (account, minutes) in day.After.Where(pair => IsIn(pair.Key, "planned")))
                flows.Add(new(account, account.Replace("planned/", "agreed/", StringComparison.Ordinal), minutes));
            foreach (var (account, minutes) in day.Balances.Where(balance => IsIn(balance.Key, "banked")))
                flows.Add(new(account, account.Replace("banked/", "released/", StringComparison.Ordinal), minutes));
            if (flows.Count == 0)
                continue;
            var parts = fund.Posts.Count(post => post.Kind == "hours-ended" && post.About == day.On);
            fund.Posts.Add(onOpenDay(
                new Post("hours-ended", $"{day.On:uuuu-MM-dd}/{parts + 1}", day.On, day.On, flows)));
        }
    }

    private static bool IsIn(string account, string kind) =>
        account.StartsWith($"time:{kind}/", StringComparison.Ordinal);

    // Computes the attribution due for each change of order and for the closure. Posts the difference from what has
    // already been attributed for the same change or closure.
    private static void PostAttribution(FundPosts fund, Func<Post, Post> onOpenDay)
    {
        var targets = new FundMoney(fund, _ => true).Targets();
        var attributions = fund.Posts.Where(post => post.IsAttribution).ToList();
        var posted = attributions.GroupBy(post => (About: AboutOf(post), post.About)).ToDictionary(
            group => (group.Key.About, On: group.Key.Item2), group => group.SelectMany(post => post.Flows).ToList());
        foreach (var (about, on) in targets.Keys.Union(posted.Keys).OrderBy(key => key.On).ToList())
        {
            var flows = YetToAttribute(
                targets.GetValueOrDefault((about, on)) ?? [], posted.GetValueOrDefault((about, on)) ?? []);
            if (flows.Count == 0)
                continue;
            var part = attributions.Count(post => AboutOf(post) == about) + 1;
            var post = onOpenDay(new Post("laid", $"{about}/{part}", on, on, flows));
            attributions.Add(post);
            fund.Posts.Add(post);
        }
    }

    // Returns, source by source, the target less what has already been attributed.
    private static List<Flowed> YetToAttribute(SortedDictionary<string, long> target, List<Flowed> already)
    {
        var flows = new List<Flowed>();
        foreach (var source in target.Keys.Union(already.Select(flow => flow.From["money:held/".Length..])).Order(
            StringComparer.Ordinal))
        {
            var account = $"money:held/{source}";
            var more = target.GetValueOrDefault(source) - already.Where(flow => flow.From == account)
                .Sum(flow => flow.Amount);
            if (more != 0)
                flows.Add(new(account, "money:held/drawn", more));
        }
        return flows;
    }

    private static string AboutOf(Post attribution) => attribution.Cause[..attribution.Cause.LastIndexOf('/')];
}
