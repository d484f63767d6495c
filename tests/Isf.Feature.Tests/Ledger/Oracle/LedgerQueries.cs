using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Queries the Ledger on both axes over HTTP. All pairs of days and positions would be too many. So the days around
/// every date are queried at the last position, every position is queried at its own dates and the days around them,
/// and a seeded sample is taken of all other pairs. Each query compares the balance, every account, and sometimes the
/// hours.
/// </summary>
internal sealed class LedgerQueries(Run run, int seed)
{
    private const int Samples = 60;

    public int Count { get; private set; }

    public async Task AllAsync()
    {
        foreach (var fund in run.World.Funds.Where(fund => fund.Posts.Count > 0))
        {
            var queries = Queries(fund).Distinct().ToList();
            var recorded = (await run.JournalsAsync(fund.Id)).ConvertAll(journal => journal.RecordedAt);
            Count += queries.Count;
            await Parallel.ForEachAsync(queries, new ParallelOptions { MaxDegreeOfParallelism = 3 },
                async (query, _) => await BalanceAsync(fund, query.Day, query.Position, recorded));
            await Parallel.ForEachAsync(Ranges(fund), new ParallelOptions { MaxDegreeOfParallelism = 3 },
                async (query, _) => await HoursAsync(fund, query.From, query.To, query.Position));
        }
    }

    private IEnumerable<(LocalDate Day, long Position)> Queries(FundPosts fund)
    {
        var days = Around(fund.Posts.SelectMany(post => new[] { post.On, post.About })).Distinct().Order().ToList();
        var random = new Random(seed);
        return
        [
            .. days.Select(day => (day, (long)fund.Posts.Count)),
            .. fund.Posts.SelectMany(post => Around([post.On]).Select(day => (day, post.Position))),
            .. Enumerable.Range(0, Samples).Select(_ =>
                (days[random.Next(days.Count)], (long)random.Next(fund.Posts.Count + 1))),
        ];
    }

    private IEnumerable<(LocalDate From, LocalDate To, long Position)> Ranges(FundPosts fund)
    {
        var random = new Random(seed);
        var first = fund.Posts.Min(post => post.About);
        var last = fund.Posts.Max(post => post.About);
        yield return (first.PlusDays(-1), last.PlusDays(1), fund.Posts.Count);
        for (var n = 0; n < Samples / 4; n++)
        {
            var from = first.PlusDays(random.Next(Period.DaysBetween(first, last) + 1));
            yield return (from, from.PlusDays(random.Next(60)), n % 2 == 0
                ? fund.Posts.Count : random.Next(fund.Posts.Count + 1));
        }
    }

    private static IEnumerable<LocalDate> Around(IEnumerable<LocalDate> days) =>
        days.SelectMany(day => new[] { day.PlusDays(-1), day, day.PlusDays(1) });

    // Compares the balance as known at a position. For one position in seven, the query names the instant at which the
    // position's journal was recorded.
    private async Task BalanceAsync(FundPosts fund, LocalDate day, long position, List<Instant> recorded)
    {
        Instant? knownAt = position > 0 && position % 7 == 0 ? recorded[(int)position - 1] : null;
        var what = $"{fund.Id} on {day:uuuu-MM-dd} at {position}{(knownAt is null ? "" : " by its moment")}";
        var balance = await run.Ledger.Client.ShowBalanceGetAsync(
            fund.Id, knownAt is null ? (int)position : null, knownAt, day);
        Assert.Equal(position, balance.Position);
        Run.Same(what, Figures.Balance(fund, day, position), Figures.Balance(balance));
        Run.Same(what, Post.Balances(fund.Posts.Where(post => post.Position <= position && post.On <= day)),
            await AccountsAsync(fund.Id, day, position));
        Identities.Hold(what, balance);
    }

    private async Task<SortedDictionary<string, long>> AccountsAsync(string fundId, LocalDate day, long position)
    {
        await using var session = run.Ledger.Session();
        var flows = await BooksTable.SumsAsync(session, fundId, day, position);
        return new SortedDictionary<string, long>(flows.Balances.Where(balance => balance.Value != 0).ToDictionary(
            balance => $"{balance.Key.Book.WireName()}:{balance.Key.Path}", balance => balance.Value),
                StringComparer.Ordinal);
    }

    private async Task HoursAsync(FundPosts fund, LocalDate from, LocalDate to, long position)
    {
        var hours = await run.Ledger.Client.ShowHoursGetAsync(fund.Id, (int)position, from: from, to: to);
        Run.Same($"{fund.Id} hours {from:uuuu-MM-dd} to {to:uuuu-MM-dd} at {position}",
            Figures.Hours(fund, from, to, position), Figures.Hours(hours));
        Identities.HoursHold(hours);
    }
}
