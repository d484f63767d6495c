using Isf.Client;
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
    private readonly Dictionary<string, Guid> adjusted = [];
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
    public async Task<List<ListJournalsItem>> JournalsAsync(string fundId)
    {
        var journals = new List<ListJournalsItem>();
        string? after = null;
        do
        {
            var page = await ledger.Client.ListJournalsGetAsync(fundId, limit: 500, after: after);
            journals.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
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
        var response = await PutAsync($"{adjustment.FundId}/adjustments/{adjustment.Id}", request,
            World.Adjust(adjustment.FundId, adjustment.Id, adjustment.On, adjustment.Moves));
        adjusted[adjustment.Id] = response.IsSuccessStatusCode
            ? (await response.ReadAsync<AdjustFundResponse>()).JournalId : Guid.Empty;
    }

    private Task<HttpResponseMessage> ReverseAsync(Step.Reverse reversal) => PutAsync(
        $"{reversal.FundId}/reversals/{reversal.Id}",
        new
        {
            journalId = adjusted.GetValueOrDefault(reversal.Adjustment), effectiveOn = reversal.On,
            reason = "it was right before",
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

    private async Task<HttpResponseMessage> PutAsync(string path, object request, string? refusal)
    {
        var response = await ledger.ByHandAsync(path, request);
        Assert.Equal(refusal ?? "posted", response.IsSuccessStatusCode ? "posted" : await response.CodeAsync());
        return response;
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
            var key = $"{journal.Kind} {journal.Cause.Id}";
            var post = expected[key];
            post.Position = journal.Position;
            var (on, about) = (journal.EffectiveOn, journal.CareOn ?? journal.EffectiveOn);
            Assert.True((on, about) == (post.On, post.About), $"{fund.Id} {key} counts on {on:uuuu-MM-dd}, about "
                + $"{about:uuuu-MM-dd}; the oracle says {post.On:uuuu-MM-dd}, about {post.About:uuuu-MM-dd}.");
            var moves = journal.Moves.Select(move =>
                new Flowed($"{move.Book}:{move.From}", $"{move.Book}:{move.To}", move.Amount));
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
