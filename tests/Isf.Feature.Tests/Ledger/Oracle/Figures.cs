using System.Text.Json;
using Isf.Client;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Computes every figure of a balance and of hours from the oracle, and reads the same figures from a response, both
/// under api.md's names.
/// </summary>
internal static class Figures
{
    /// <summary>Computes a fund's balance as at a day and as known at a position.</summary>
    public static SortedDictionary<string, long> Balance(FundPosts fund, LocalDate day, long position)
    {
        var posts = fund.Posts.Where(post => post.Position <= position && post.On <= day).ToList();
        var balances = Post.Balances(posts);
        var figures = Time(balances);
        AddMoney(figures, balances, [.. posts.SelectMany(post => post.Flows)]);
        AddPromise(figures, balances);
        var left = new FundMoney(fund, post => post.Position <= position).At(day);
        figures["overdrawnPence"] = left.Overdrawn;
        foreach (var (source, pence) in left.BySource.Where(pair => pair.Value != 0))
        {
            figures["held " + source] = pence;
            if (left.IsClosed && pence > 0)
                figures["toReturn " + source] = pence;
        }
        return Without0(figures);
    }

    /// <summary>Reads the figures of a balance response.</summary>
    public static SortedDictionary<string, long> Balance(Balance shown)
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Read(figures, "", shown.Money);
        Read(figures, "", shown.Promise);
        Read(figures, "", shown.Time);
        return Without0(figures);
    }

    /// <summary>
    /// Computes a fund's hours for days of care, as known at a position: in total, and by week and line.
    /// </summary>
    public static SortedDictionary<string, long> Hours(FundPosts fund, LocalDate from, LocalDate to, long position)
    {
        var posts = fund.Posts.Where(post => post.Position <= position && post.About >= from && post.About <= to);
        var hours = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var post in posts)
        {
            var monday = post.About.PlusDays(1 - (int)post.About.DayOfWeek);
            foreach (var flow in post.Flows.Where(flow => flow.From.StartsWith("time:", StringComparison.Ordinal)))
            {
                Add(hours, "", [flow]);
                Add(hours, $"{monday:uuuu-MM-dd} {flow.From.Split('/')[1]} ", [flow]);
            }
            if (post.Person is var (line, minutes))
            {
                foreach (var key in new[] { "", $"{monday:uuuu-MM-dd} {line} " })
                    hours[key + "personMinutes"] = hours.GetValueOrDefault(key + "personMinutes") + minutes;
            }
        }
        return Without0(hours);
    }

    /// <summary>Reads the figures of an hours response.</summary>
    public static SortedDictionary<string, long> Hours(ShowHoursResponse shown)
    {
        var hours = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Read(hours, "", shown.Totals);
        foreach (var week in shown.Weeks)
        {
            foreach (var line in week.Lines)
                Read(hours, $"{week.WeekFrom:uuuu-MM-dd} {line.LineId} ", line);
        }
        return Without0(hours);
    }

    // All properties are read, so a figure that the oracle does not know is a difference.
    private static void Read<T>(SortedDictionary<string, long> figures, string key, T shown)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.Name != "LineId"))
        {
            var name = key + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            switch (property.GetValue(shown))
            {
                case IEnumerable<SourceLeft> left:
                    foreach (var each in left)
                        figures[$"{name} {each.Source}"] = each.Pence;
                    break;
                case IEnumerable<MissedFor> missed:
                    foreach (var each in missed)
                        figures[$"{name} {each.Reason}"] = each.Minutes;
                    break;
                case var figure:
                    figures[name] = (long)figure!;
                    break;
            }
        }
    }

    private static void Add(SortedDictionary<string, long> hours, string key, Flowed[] flows)
    {
        var post = new Post("", "", default, default, flows);
        foreach (var (name, minutes) in Time(Post.Balances([post])))
            hours[key + name] = hours.GetValueOrDefault(key + name) + minutes;
        foreach (var flow in flows)
        {
            var (account, sign) = (flow.From, flow.To) switch
            {
                var (from, to) when Is(from, "planned") && Is(to, "missed") => (to, 1),
                var (from, to) when Is(from, "missed") && Is(to, "planned") => (from, -1),
                _ => ("", 0),
            };
            if (sign != 0)
            {
                var reason = $"{key}missed {account.Split('/')[2]}";
                hours[reason] = hours.GetValueOrDefault(reason) + (sign * flow.Amount);
            }
        }
    }

    private static bool Is(string account, string kind) =>
        account.StartsWith($"time:{kind}/", StringComparison.Ordinal);

    private static SortedDictionary<string, long> Time(SortedDictionary<string, long> balances) => new(
        StringComparer.Ordinal)
    {
        ["plannedMinutes"] = -In(balances, "time:agreed"), ["extraMinutes"] = -In(balances, "time:extra"),
        ["deliveredMinutes"] = In(balances, "time:delivered"),
        ["missedMinutes"] = In(balances, "time:missed") + In(balances, "time:charged"),
        ["chargedNotDeliveredMinutes"] = In(balances, "time:charged"), ["bankedMinutes"] = In(balances, "time:banked"),
        ["releasedMinutes"] = In(balances, "time:released"), ["outstandingMinutes"] = In(balances, "time:planned"),
    };

    private static void AddMoney(
        SortedDictionary<string, long> figures, SortedDictionary<string, long> balances, List<Flowed> flows)
    {
        var (held, accrued, owed) =
            (In(balances, "money:held"), In(balances, "money:accrued"), In(balances, "money:owed"));
        var recovered = -In(balances, "money:outside/holder");
        figures["receivedPence"] = Between(flows, "money:outside/", "money:held/")
            - Between(flows, "money:outside/holder", "money:held/");
        figures["returnedPence"] = Between(flows, "money:held/", "money:outside/")
            - Between(flows, "money:held/", "money:outside/holder");
        figures["heldPence"] = held;
        figures["accruedPence"] = accrued;
        figures["owedPence"] = owed;
        figures["paidPence"] = In(balances, "money:paid") - recovered;
        figures["cashPence"] = held + accrued + owed;
    }

    private static void AddPromise(SortedDictionary<string, long> figures, SortedDictionary<string, long> balances)
    {
        figures["budgetPence"] = -In(balances, "promise:budget");
        figures["freePence"] = In(balances, "promise:free");
        figures["promisedPence"] = In(balances, "promise:promised");
        figures["usedPence"] = In(balances, "promise:used");
    }

    private static long In(SortedDictionary<string, long> balances, string account) => balances
        .Where(balance => balance.Key == account || balance.Key.StartsWith(account + "/", StringComparison.Ordinal))
        .Sum(balance => balance.Value);

    private static long Between(List<Flowed> flows, string from, string to) =>
        flows.Where(flow => flow.From.StartsWith(from, StringComparison.Ordinal)
            && flow.To.StartsWith(to, StringComparison.Ordinal)).Sum(flow => flow.Amount);

    private static SortedDictionary<string, long> Without0(SortedDictionary<string, long> figures)
    {
        foreach (var empty in figures.Where(figure => figure.Value == 0).ToList())
            figures.Remove(empty.Key);
        return figures;
    }
}
