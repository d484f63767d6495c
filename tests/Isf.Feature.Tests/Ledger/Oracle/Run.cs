using System.Text.Json.Nodes;
using Isf.Ledger.Posting;
using Isf.Measures;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// One history, given to a Ledger and to the oracle step by step. Both must agree on each outcome and on the number of
/// journals. A deferred fact is sent again as soon as the oracle can accept it.
/// </summary>
internal sealed class Run(LedgerHost ledger)
{
    private readonly List<object> waiting = [];
    private readonly Dictionary<string, string> adjusted = [];
    private Dictionary<string, long> heads = [];
    private int periods;

    public World World { get; } = new();

    public LedgerHost Ledger => ledger;

    /// <summary>The facts that the Ledger has accepted, in its order.</summary>
    public List<object> Consumed { get; } = [];

    private LocalDate Today => London.Today(ledger.Host.Clock);

    /// <summary>Runs the whole history, then reads the position of each journal.</summary>
    public async Task ReplayAsync(IReadOnlyList<Step> steps)
    {
        for (var n = 0; n < steps.Count; n++)
        {
            try
            {
                await StepAsync(steps[n]);
                await CountAsync();
            }
            catch (Exception wrong) when (wrong is not OracleException)
            {
                throw new OracleException($"At step {n}: {steps[n]}", wrong);
            }
        }
        foreach (var fund in World.Funds)
            await FindPositionsAsync(fund);
    }

    /// <summary>The fund's journals as the interface shows them.</summary>
    public async Task<List<JsonNode>> JournalsAsync(string fundId)
    {
        var journals = new List<JsonNode>();
        for (string? after = ""; after is not null;)
        {
            var page = await ledger.GetAsync($"{fundId}/journals?limit=500&after={after}");
            journals.AddRange(page["items"]!.AsArray().Select(journal => journal!.DeepClone()));
            after = page["next"]?.ToString();
        }
        return journals;
    }

    private async Task StepAsync(Step step)
    {
        switch (step)
        {
            case Step.Publish(var message):
                await ConsumeAsync(message);
                await ConsumeReadyAsync();
                return;
            case Step.Wait(var days):
                ledger.Host.Clock.Advance(Duration.FromDays(days));
                return;
            case Step.ClosePeriod:
                await CloseAsync();
                return;
            case Step.Adjust adjustment:
                await AdjustAsync(adjustment);
                return;
            case Step.Reverse reversal:
                await ReverseAsync(reversal);
                return;
        }
    }

    private async Task ConsumeReadyAsync()
    {
        while (waiting.Find(CanBeConsumed) is { } ready)
        {
            waiting.Remove(ready);
            await ConsumeAsync(ready);
        }
    }

    private async Task AdjustAsync(Step.Adjust adjustment)
    {
        var request = new
        {
            effectiveOn = adjustment.On, reason = "put right by hand",
            moves = adjustment.Moves.Select(move => new
            {
                book = move.From.Split(':')[0], from = move.From.Split(':')[1], to = move.To.Split(':')[1],
                amount = move.Amount,
            }),
        };
        var json = await PutAsync($"{adjustment.FundId}/adjustments/{adjustment.Id}", request,
            World.Adjust(adjustment.FundId, adjustment.Id, adjustment.On, adjustment.Moves));
        adjusted[adjustment.Id] = json["journalId"]?.ToString() ?? Guid.Empty.ToString();
    }

    private Task<JsonNode> ReverseAsync(Step.Reverse reversal) => PutAsync(
        $"{reversal.FundId}/reversals/{reversal.Id}",
        new
        {
            journalId = adjusted.GetValueOrDefault(reversal.Adjustment, Guid.Empty.ToString()),
            effectiveOn = reversal.On, reason = "it was right before",
        },
        World.Reverse(reversal.FundId, reversal.Id, reversal.Adjustment, reversal.On));

    private async Task ConsumeAsync(object message)
    {
        var expected = World.Consume(message, Today);
        Fate fate;
        try
        {
            var result = await ledger.ConsumeNowAsync(new Fact(message, ""));
            fate = result.AwaitedKey is null ? Fate.Consumed : Fate.Waits;
        }
        catch (FundClosedException)
        {
            fate = Fate.Refused;
        }
        Assert.True(expected == fate, $"{message.GetType().Name} is {fate}, the oracle says {expected}.");
        if (fate == Fate.Waits)
            waiting.Add(message);
        else if (fate == Fate.Consumed)
            Consumed.Add(message);
    }

    // Whether the oracle can accept the message. The question changes nothing in the oracle.
    private bool CanBeConsumed(object message) => !World.Waits(message);

    private async Task CloseAsync()
    {
        var to = World.ClosedTo?.PlusWeeks(4) ?? Facts.Day("2026-05-03");
        if (to >= Today)
            return;
        await Periods_are_closed.CloseAsync(ledger, $"period-{++periods}", $"{to:uuuu-MM-dd}");
        World.ClosedTo = to;
    }

    private async Task<JsonNode> PutAsync(string path, object request, string? refusal)
    {
        var response = await ledger.ByHandAsync(path, request);
        var json = await response.JsonAsync();
        Assert.Equal(refusal ?? "posted", response.IsSuccessStatusCode ? "posted" : json["code"]!.ToString());
        return json;
    }

    private async Task CountAsync()
    {
        await using var session = ledger.Session();
        var rows = await session.RowsAsync("select fund_id, position from heads",
            row => (Fund: row.GetString(0), Position: row.GetInt64(1)));
        heads = rows.ToDictionary(row => row.Fund, row => row.Position);
        foreach (var fund in World.Funds.Where(fund => heads.GetValueOrDefault(fund.Id) != fund.Posts.Count))
        {
            var kinds = await session.RowsAsync(
                "select kind || ' ' || cause_id from journals where fund_id = $1 order by position",
                row => row.GetString(0), fund.Id);
            Assert.Fail($"{fund.Id} has {kinds.Count} journals, the oracle {fund.Posts.Count}. Only there: "
                + $"{string.Join(", ", kinds.Except(fund.Posts.Select(post => post.Key)))}; only expected: "
                + $"{string.Join(", ", fund.Posts.Select(post => post.Key).Except(kinds))}");
        }
    }

    // Each journal must match an expected post by kind and cause, with the same days and moves.
    private async Task FindPositionsAsync(FundPosts fund)
    {
        var expected = fund.Posts.ToDictionary(post => post.Key);
        foreach (var journal in await JournalsAsync(fund.Id))
        {
            var key = $"{journal["kind"]} {journal["cause"]!["id"]}";
            var post = expected[key];
            post.Position = journal["position"]!.GetValue<long>();
            var dates = (journal["effectiveOn"]!.ToString(), (journal["careOn"] ?? journal["effectiveOn"])!.ToString());
            Assert.True(dates == ($"{post.On:uuuu-MM-dd}", $"{post.About:uuuu-MM-dd}"),
                $"{fund.Id} {key} counts on {dates}, the oracle says ({post.On:uuuu-MM-dd}, {post.About:uuuu-MM-dd}).");
            var moves = journal["moves"]!.AsArray().Select(move => new Flowed($"{move!["book"]}:{move["from"]}",
                $"{move["book"]}:{move["to"]}", move["amount"]!.GetValue<long>()));
            Same($"{fund.Id} {key}", Post.Balances([post]), Post.Balances([post with { Flows = [.. moves] }]));
        }
    }

    /// <summary>Compares figures, and fails with those that differ.</summary>
    public static void Same(
        string what, SortedDictionary<string, long> expected, SortedDictionary<string, long> actual)
    {
        var differ = expected.Keys.Union(actual.Keys)
            .Where(key => expected.GetValueOrDefault(key) != actual.GetValueOrDefault(key))
            .Select(key => $"{key} is {actual.GetValueOrDefault(key)}, the oracle says "
                + $"{expected.GetValueOrDefault(key)}").ToList();
        Assert.True(differ.Count == 0, $"{what}: {string.Join("; ", differ)}");
    }
}

/// <summary>Thrown for a step at which the Ledger and the oracle do not agree.</summary>
internal sealed class OracleException(string message, Exception inner) : Exception(message, inner);
