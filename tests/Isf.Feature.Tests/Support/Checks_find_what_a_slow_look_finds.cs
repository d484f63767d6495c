using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;

namespace Isf.Tests.Support;

/// <summary>
/// The checks read each worker's and each fund's days once, in order of time. The test compares every visit with every
/// other, as slowly and plainly as possible. The open flags must be the same, after files in any order and after
/// corrections.
/// </summary>
public sealed class Checks_find_what_a_slow_look_finds(SupportHost shared) : IClassFixture<SupportHost>
{
    private const string Header = "visitId,fundId,lineId,workerId,start,end,carers,outcome\n";

    private sealed record Given(string Id, string Fund, string Line, string Worker, LocalDate On, DateTime Start,
        DateTime End, int Carers, int Planned, bool Fulfils)
    {
        public bool Meets(Given other) => Start < other.End && End > other.Start;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task For_random_visits_of_few_workers(int seed)
    {
        var (host, care) = await OpenAsync();
        var random = new Random(seed);
        string[] Some(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => $"V-{i}")];
        // Some visits of the second file are visits of the first file at another time.
        await care.ImportAsync("one", Rows(random, Some(0, 160)));
        await care.ImportAsync("two", Rows(random, Some(120, 240)));
        // The next files move visits of the earlier ones, some of them twice, so that flags are raised, changed and
        // resolved in any order.
        await care.ImportAsync("three", Rows(random, Some(40, 90)) + Rows(random, Some(60, 110))[Header.Length..]);
        await care.ImportAsync("four", Rows(random, Some(0, 60)));
        await Care.UntilIdleAsync(host);

        var expected = Slowly(await GivenAsync(host));
        Assert.True(expected.Select(flag => flag.Split(' ')[0]).Distinct().Count() == 6, string.Join("\n", expected));
        Assert.Equal(expected, await OpenAsync(host));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task For_days_that_become_crowded_and_are_so_no_longer(int seed)
    {
        var (host, care) = await OpenAsync();
        var random = new Random(seed);
        await care.ImportAsync("around", Rows(random, [.. Enumerable.Range(0, 120).Select(i => $"V-{i}")]));
        // Worker K-1 has many visits on 1 May, then too many, and then fund F-1 has too many as well. In the end their
        // number falls, visit by visit.
        foreach (var (file, rows, crowded) in new[]
        {
            ("many", OnMayDay(random, 0, 85, "K-1", ["F-1", "F-2"], 1), ""),
            ("too many", OnMayDay(random, 85, 150, "K-1", ["F-1", "F-2"], 1), "K-1"),
            ("too many of a fund", OnMayDay(random, 150, 210, "K-9", ["F-1"], 1), "F-1 K-1"),
            ("fewer", OnMayDay(random, 10, 70, "K-1", ["F-1", "F-2"], 3), "F-1"),
            ("a few of another", OnMayDay(random, 150, 153, "K-1", ["F-1"], 2), "F-1"),
        })
        {
            await care.ImportAsync(file, rows);
            Assert.Equal(crowded, await SameAsSlowlyAsync(host));
        }
        Assert.Equal("", await FewerAsync(host, care, "F-1"));
    }

    // Opens a holder with two funds, each with a plan.
    private async Task<(Scene Host, HttpClient Care)> OpenAsync()
    {
        var host = await shared.OpenAsync();
        return (host, await Care.PlannedForTwoAsync(host));
    }

    // Corrects visits on a fund's crowded day to “missed”, one by one, until the day is no longer crowded.
    private static async Task<string> FewerAsync(Scene host, HttpClient care, string fund)
    {
        var ofDay = (await GivenAsync(host))
            .Where(given => given.Fund == fund && given.On == new LocalDate(2026, 5, 1));
        foreach (var given in ofDay.OrderBy(item => item.Id, StringComparer.Ordinal).Skip(98))
        {
            await (await care.PutAsync($"/v1/visits/{given.Id}", new
            {
                fundId = given.Fund, lineId = given.Line, workerId = given.Worker, outcome = "missed-by-provider",
                plannedStart = $"{given.Start:yyyy-MM-ddTHH:mm:ss}Z",
            }, 1)).NeedsAsync(200);
        }
        return await SameAsSlowlyAsync(host);
    }

    private static async Task<string> SameAsSlowlyAsync(Scene host)
    {
        await Care.UntilIdleAsync(host);
        var expected = Slowly(await GivenAsync(host));
        Assert.Equal(expected, await OpenAsync(host));
        return string.Join(' ', expected.Where(flag => flag.StartsWith("crowded-day", StringComparison.Ordinal))
            .Select(flag => flag.Split(' ')[1]));
    }

    private static string OnMayDay(Random random, int from, int to, string worker, string[] funds, int day)
    {
        var file = new StringBuilder(Header);
        foreach (var i in Enumerable.Range(from, to - from))
        {
            var start = new DateTime(2026, 5, day).AddMinutes(15 * random.Next(0, 96));
            var row = $"M-{i},{funds[i % funds.Length]},L-{1 + (i % 3 / 2)},{worker},{start:yyyy-MM-ddTHH:mm:ss}+01:00,"
                + $"{start.AddMinutes(30):yyyy-MM-ddTHH:mm:ss}+01:00,1,delivered\n";
            file.Append(row);
        }
        return file.ToString();
    }

    private static string Rows(Random random, string[] ids)
    {
        var file = new StringBuilder(Header);
        random.Shuffle(ids);
        foreach (var id in ids)
        {
            // Visits begin and end on half hours, so that many begin when others end; a few have equal times or are
            // very long.
            var start = new DateTime(2026, 4, 27).AddMinutes(30 * random.Next(0, 48 * 9));
            var minutes = random.Next(12) == 0 ? 60 * random.Next(10, 20) : 30 * random.Next(1, 6);
            if (random.Next(10) == 0)
                (start, minutes) = (new DateTime(2026, 5, 1, 8 + random.Next(3), 0, 0), 45);
            var row = $"{id},F-{random.Next(1, 3)},L-{random.Next(1, 3)},K-{random.Next(1, 6)},"
                + $"{start:yyyy-MM-ddTHH:mm:ss}+01:00,{start.AddMinutes(minutes):yyyy-MM-ddTHH:mm:ss}+01:00,"
                + $"{(random.Next(9) == 0 ? 2 : 1)},delivered\n";
            file.Append(row);
        }
        return file.ToString();
    }

    // All that is given, in order, and the persons and workers with so many visits on a day that pairs are not asked
    // about.
    private sealed record SlowLook(List<Given> InOrder, List<IGrouping<(string Of, LocalDate On), Given>> Crowds)
    {
        private readonly HashSet<(string Of, LocalDate On)> crowded = [.. Crowds.Select(day => day.Key)];

        public static SlowLook At(IEnumerable<Given> all)
        {
            var inOrder = all.OrderBy(given => given.Start).ThenBy(given => given.Id, StringComparer.Ordinal).ToList();
            return new(inOrder, [.. inOrder.GroupBy(given => (Of: given.Worker, given.On))
                .Concat(inOrder.GroupBy(given => (Of: given.Fund, given.On))).Where(day => day.Count() > 100)]);
        }

        public bool IsCrowded(string of, LocalDate on) => crowded.Contains((of, on));
    }

    private static List<string> Slowly(List<Given> all)
    {
        var look = SlowLook.At(all);
        var flags = new HashSet<string>(StringComparer.Ordinal);
        flags.UnionWith(look.Crowds.Select(day => $"crowded-day {day.Key.Of} {day.Key.On:uuuu-MM-dd} "
            + string.Join(' ', day.Take(10).Select(given => given.Id))));
        flags.UnionWith(Meetings(look));
        flags.UnionWith(MoreCarersThanPlanned(look));
        flags.UnionWith(all.Where(given => !given.Fulfils).Select(given => $"outside-plan {given.Id}"));
        flags.UnionWith(all.GroupBy(given => (given.Worker, given.On))
            .Where(day => day.Sum(given => (given.End - given.Start).TotalMinutes) > 24 * 60
                && !look.IsCrowded(day.Key.Worker, day.Key.On))
            .Select(day => $"worker-over-a-day {day.Key.Worker} {day.Key.On:uuuu-MM-dd}"));
        return [.. flags.Order(StringComparer.Ordinal)];
    }

    // Every visit with the earlier visits of its worker that it meets, kind by kind.
    private static IEnumerable<string> Meetings(SlowLook look) =>
        from met in look.InOrder.SelectMany((late, n) => look.InOrder.Take(n)
            .Select(early => (Late: late, Early: early, Kind: KindOf(look, late, early)))
            .Where(pair => pair.Kind is not null).GroupBy(pair => pair.Kind))
        select Named($"{met.Key} {met.First().Late.Id}", met.Select(pair => pair.Early));

    private static string? KindOf(SlowLook look, Given late, Given early)
    {
        bool Singly(string of, string ofEarly) => !look.IsCrowded(of, late.On) && !look.IsCrowded(ofEarly, early.On);
        if (late.Worker != early.Worker
            || !(late.Fund == early.Fund ? Singly(late.Fund, early.Fund) : Singly(late.Worker, early.Worker)))
        {
            return null;
        }
        if (late.Fund != early.Fund)
            return late.Start < early.End ? "worker-overlap" : late.Start == early.End ? "no-travel-gap" : null;
        return late.Line == early.Line && late.Start == early.Start && late.End == early.End ? "exact-repeat" : null;
    }

    private static IEnumerable<string> MoreCarersThanPlanned(SlowLook look)
    {
        foreach (var given in look.InOrder.Where(given => given.Planned > 0 && !look.IsCrowded(given.Fund, given.On)))
        {
            var same = look.InOrder.Where(two => two.Fund == given.Fund && two.Line == given.Line && two.Meets(given)
                && !look.IsCrowded(two.Fund, two.On)).ToList();
            if (same.Sum(two => two.Carers) > given.Planned)
                yield return Named($"more-carers-than-planned {given.Id}", same.Where(two => two != given));
        }
    }

    // Returns the ids of the first ten visits, and the number of all visits.
    private static string Named(string first, IEnumerable<Given> others) =>
        $"{string.Join(' ', others.Select(other => other.Id).Take(9).Prepend(first))} {others.Count() + 1}";

    private static async Task<List<Given>> GivenAsync(Scene host) => await RowsAsync(host, """
        select visit_id, fund_id, line_id, worker_id, care_on, start_at, end_at, carers, occurrence_carers,
          occurrence is not null or week is not null
        from support.visit where holder_id = $1 and outcome = 'delivered'
        """, row => new Given(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
            row.GetFieldValue<LocalDate>(4), row.GetDateTime(5), row.GetDateTime(6),
            row.GetInt32(7), row.GetInt32(8), row.GetBoolean(9)));

    private static async Task<List<string>> OpenAsync(Scene host) =>
        [.. (await RowsAsync(host, """
            select kind, visits, coalesce(worker_id, fund_id), care_on, count from support.care_flag
            where holder_id = $1 and state = 'open' and kind <> 'visit-moved'
            """, row => (string)row["kind"] switch
            {
                "worker-over-a-day" => string.Create(CultureInfo.InvariantCulture,
                    $"worker-over-a-day {row[2]} {row.GetFieldValue<LocalDate>(3):uuuu-MM-dd}"),
                "crowded-day" => string.Create(CultureInfo.InvariantCulture,
                    $"crowded-day {row[2]} {row.GetFieldValue<LocalDate>(3):uuuu-MM-dd} ")
                    + string.Join(' ', (string[])row["visits"]),
                "outside-plan" => $"{row["kind"]} {((string[])row["visits"])[0]}",
                _ => $"{row["kind"]} {string.Join(' ', (string[])row["visits"])} {row["count"]}",
            })).Order(StringComparer.Ordinal)];

    private static async Task<List<T>> RowsAsync<T>(Scene host, string sql, Func<NpgsqlDataReader, T> read)
    {
        var source = host.Host.Owner;
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = host.Holder });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
