using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// An allocation ends on 31 May, an allocation of another provider continues from 1 June, and the plan follows. These
/// facts come before or after the visits, and before or after weeks are closed. All services then have the same books
/// as if all facts had been known at once. Every third order is tried, and all of them with ISF_TEST_LONG=1.
/// </summary>
public sealed class Renewals_come_in_any_order
{
    // V stands for the visits, M for the second allocation made, P for the plan revised (never before M), N for the
    // first allocation shortened, and C for weeks closed.
    private const string Facts = "VMPNC";

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task And_the_books_are_those_of_having_known_it_at_once(bool waits, bool isWithin)
    {
        await using var host = await TestHost.StartAsync(new() { Now = Instant.FromUtc(2026, 7, 20, 9, 0) });
        var lives = Lives(host, waits ? Facts : Facts[..^1], isWithin).ToList();
        await EachAsync(lives.Where(life => life.Number == 0), life => life.OpenHolderAsync());
        await EachAsync(lives, life => life.OpenAsync());
        await host.UntilIdleAsync();
        foreach (var turn in Enumerable.Range(0, waits ? Facts.Length : 0))
        {
            await EachAsync(lives, life => life.ConsumeAsync(life.Order[turn]));
            await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        }
        if (!waits)
        {
            await EachAsync(lives, life => life.ConsumeAllAsync());
            await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
            await EachAsync(lives, life => life.ConsumeAsync('C'));
            await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        }
        foreach (var life in lives)
            Assert.Equal($"{life.Order}: {life.ExpectedBooks}", $"{life.Order}: {await life.BooksAsync()}");
    }

    // Weeks are closed for a whole holder, so the funds of a holder all have the fact C at the same position.
    private static IEnumerable<Renewal> Lives(TestHost host, string facts, bool isWithin)
    {
        var every = facts == Facts && Environment.GetEnvironmentVariable("ISF_TEST_LONG") != "1" ? 3 : 1;
        return Orders(facts).Where((_, n) => n % every == 0)
            .GroupBy(order => order.IndexOf('C', StringComparison.Ordinal))
            .SelectMany(turn => turn.Select((order, number) =>
                new Renewal(host, $"h{turn.Key + 1}", number, order, isWithin)));
    }

    private static async Task EachAsync(IEnumerable<Renewal> lives, Func<Renewal, Task> done) =>
        await Parallel.ForEachAsync(lives, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (life, _) => await done(life));

    private static IEnumerable<string> Orders(string facts) => facts.Length <= 1 ? [facts]
        : facts.SelectMany(first => Orders(facts.Replace($"{first}", "", StringComparison.Ordinal))
                .Select(rest => first + rest))
            .Where(order => !order.Contains('M', StringComparison.Ordinal)
                || order.IndexOf('M', StringComparison.Ordinal) < order.IndexOf('P', StringComparison.Ordinal)
                || !order.Contains('P', StringComparison.Ordinal));
}

/// <summary>
/// One fund of a holder and the order of its facts. The second allocation begins on Monday 1 June. If IsWithin, it
/// begins on Wednesday 3 June instead, and the plan has minutes a week.
/// </summary>
internal sealed record Renewal(TestHost Host, string Holder, int Number, string Order, bool IsWithin)
{
    /// <summary>
    /// The expected books, as if all facts had been known at once. Five visits are given, one on 25 May and four in
    /// June; V5 is half an hour longer than planned. V6, on 29 June, is missed.
    /// </summary>
    public string ExpectedBooks => IsWithin
        ? Books(4800, 8750) + "V1 A1 60 0, V2 A1 60 0, V3 A2 60 0, V4 A2 0 60, V5 A2 60 30, V6 A2 0 0"
        : Books(2400, 11250) + "V1 A1 60 0, V2 A2 60 0, V3 A2 60 0, V4 A2 60 0, V5 A2 60 30, V6 A2 0 0";

    private static string Books(int first, int second) => $"money accrued/V-1 {first}, money accrued/V-2 {second}, "
        + $"money held/drawn -{first + second}, promise used/A1 {first}, promise used/A2 {second}, "
        + "time banked/L-1 90, time delivered/L-1 330; beyond-weekly-minutes V5; ";

    private string[] Given =>
        ["2026-05-25", "2026-06-01", "2026-06-08", IsWithin ? "2026-06-05" : "2026-06-15", "2026-06-22"];

    private string From => IsWithin ? "2026-06-03" : "2026-06-01";

    private readonly HttpClient admin = Host.As(Role.HolderAdmin, Holder);

    private string Fund => $"/v1/funds/Fx{Number}";

    public async Task OpenHolderAsync()
    {
        await (await admin.PutAsync("/v1/people/P-1", Sample.Person)).NeedsAsync(201);
        foreach (var provider in new[] { "V-1", "V-2" })
            await (await admin.PutAsync($"/v1/providers/{provider}", Sample.Provider)).NeedsAsync(201);
    }

    public async Task OpenAsync()
    {
        var fund = System.Text.Json.JsonSerializer.SerializeToNode(Sample.Fund)!;
        fund["agreement"]!["banking"] = new System.Text.Json.Nodes.JsonObject
        {
            ["keep"] = "minutes", ["expiresAfterWeeks"] = 12,
        };
        await (await admin.PutAsync(Fund, fund)).NeedsAsync(201);
        await (await admin.PutAsync($"{Fund}/budgets/Bx{Number}", Sample.Budget)).NeedsAsync(201);
        await (await admin.PutAsync($"{Fund}/allocations/A1x{Number}",
            Allocation("V-1", "2026-05-18", "2027-04-04", "support", 2400))).NeedsAsync(201);
        await (await admin.PutAsync($"{Fund}/plans/PLx{Number}", Plan("2026-05-18", "A1", "support"))).NeedsAsync(201);
    }

    public async Task ConsumeAllAsync()
    {
        foreach (var fact in Order)
            await ConsumeAsync(fact);
    }

    public async Task ConsumeAsync(char fact)
    {
        switch (fact)
        {
            case 'V':
                Assert.Equal("done 6: 6 0 0 0", Care.Counts(await admin.ImportAsync($"x{Number}", VisitFile())));
                break;
            case 'M':
                await (await admin.PutAsync($"{Fund}/allocations/A2x{Number}",
                    Allocation("V-2", From, "2027-04-04", "evening", 2500))).NeedsAsync(201);
                break;
            case 'P':
                await (await admin.PutAsync($"{Fund}/plans/PLx{Number}", Plan(From, "A2", "evening"), 1))
                    .NeedsAsync(200);
                break;
            case 'N':
                await EndFirstAllocationAsync();
                break;
            case 'C' when Number == 0:
                await (await admin.PostAsync("/v1/schedules/close-weeks/run", new { upTo = "2026-07-12" }))
                    .NeedsAsync(202);
                break;
        }
    }

    private async Task EndFirstAllocationAsync() => await (await admin.PutAsync(
        $"{Fund}/allocations/A1x{Number}",
        Allocation("V-1", "2026-05-18", IsWithin ? "2026-06-02" : "2026-05-31", "support", 2400), 1)).NeedsAsync(200);

    // The last visit that was given is half an hour longer, and the last of all was missed.
    private string VisitFile() => Care.File(
        Given.Select((day, i) => $"V{i + 1}x{Number},Fx{Number},L-1,,{day}T08:00,{day}T09:"
            + $"{(i == 4 ? 30 : 0):00},1,delivered,")
        .Append($"V6x{Number},Fx{Number},L-1,2026-06-29T08:00,,,1,missed-by-provider,"));

    private static object Allocation(string providerId, string from, string to, string service, int pence) => new
    {
        providerId, kind = "regular", from, to, weeklyMinutes = 60, weeklyPence = 10_000, claim = "on-delivery",
        priceList = new { rates = new object[] { new { code = service, service, unit = "hour", pence } } },
    };

    private object Plan(string from, string allocation, string service) => new
    {
        from,
        lines = new object[]
        {
            IsWithin ? new { lineId = "L-1", allocationId = $"{allocation}x{Number}", purpose = "help", service,
                carers = 1, weeklyMinutes = 60 }
            : new { lineId = "L-1", allocationId = $"{allocation}x{Number}", purpose = "help", service, carers = 1,
                schedule = new object[] { new { days = new[] { "mon" }, start = "08:00", minutes = 60 } } },
        },
    };

    /// <summary>
    /// Returns the balance of each account that care reaches, the flags, and for each visit its allocation, fulfilled
    /// minutes and extra minutes.
    /// </summary>
    public async Task<string> BooksAsync()
    {
        Assert.True((await admin.Typed().CheckIntegrityGetAsync($"Fx{Number}")).Whole);
        var flags = (await admin.FlagsAsync($"state=open&limit=500&fundId=Fx{Number}"))
            .Select(flag => $"{flag.Kind} {flag.Visits[0]}").Order(StringComparer.Ordinal);
        var visits = new List<string>();
        foreach (var i in Enumerable.Range(1, 6))
        {
            var visit = await admin.VisitAsync($"V{i}x{Number}");
            visits.Add($"V{i} {visit.AllocationId} {visit.AnswersMinutes} {visit.ExtraMinutes}");
            Assert.False(visit.NotCovered);
        }
        return $"{string.Join(", ", await AccountsAsync())}; {string.Join(", ", flags)}; {string.Join(", ", visits)}"
            .Replace($"x{Number}", "", StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> AccountsAsync()
    {
        var journals = (await admin.Typed().ListJournalsGetAsync($"Fx{Number}", limit: 500)).Items;
        Assert.True(journals.Count < 500);
        return journals.SelectMany(journal => journal.Moves).SelectMany(move => new[]
            {
                (Place: $"{move.Book} {move.To}", move.Amount),
                (Place: $"{move.Book} {move.From}", Amount: -move.Amount),
            })
            .GroupBy(end => end.Place, end => end.Amount).Where(account => !Ahead.Any(account.Key.Contains))
            .Where(account => account.Sum() != 0).Select(account => $"{account.Key} {account.Sum()}")
            .Order(StringComparer.Ordinal);
    }

    // Names of accounts that also hold later promises and plans begin with these words.
    private static readonly string[] Ahead = ["budget/", "free", "promised/A", "agreed/", "planned/"];
}
