using System.Collections.Concurrent;
using System.Globalization;
using Isf.Client;
using Isf.Contracts.Invoicing;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// One writer among many on the same funds. It posts receipts and their voids, batches of visits, repricings,
/// adjustments and reversals by hand, some of them twice. It records every confirmed posting, to be compared with the
/// books.
/// </summary>
internal sealed class Race(LedgerHost ledger, int funds, int writer)
{
    private readonly Random random = new(writer);
    private readonly List<PricedVisit> visits = [];
    private int made;

    /// <summary>The expected number of journals, by kind.</summary>
    public ConcurrentDictionary<string, long> Posted { get; } = [];

    /// <summary>Pence by fund and category: received, charged, moved by hand.</summary>
    public ConcurrentDictionary<(string Fund, string What), long> Pence { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        // Each writer starts with another kind of posting, so that every kind races with every other.
        for (var turn = writer; !stop.IsCancellationRequested; turn++)
        {
            await ((turn % 5) switch
            {
                0 => ReceiveAsync(),
                1 or 2 => VisitAsync(),
                3 => RepriceAsync(),
                _ => ByHandAsync(),
            });
        }
    }

    private string Fund() => $"F-{random.Next(funds)}";

    private string Next(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}-{writer}-{++made}");

    private async Task ReceiveAsync()
    {
        var (fund, id, pence) = (Fund(), Next("R"), random.Next(1, 500));
        await ConsumeAsync(Received(id, "council", pence, "2026-04-20", fund));
        Count("money-received", fund, "received", pence);
        if (made % 3 == 0)
        {
            await ConsumeAsync(Voided(id, fund));
            Count("receipt-voided", fund, "received", -pence);
        }
    }

    private async Task VisitAsync()
    {
        var batch = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Visit(Next("V"),
            $"2026-04-{random.Next(10, 30)}", random.Next(60), random.Next(1, 3_000), fund: Fund())).ToList();
        await ConsumeAsync(Priced([.. batch]));
        foreach (var visit in batch)
            Count("visit-priced", visit.FundId, "charged", visit.Pence);
        visits.AddRange(batch);
    }

    private async Task RepriceAsync()
    {
        if (visits.Count == 0)
            return;
        var batch = visits.OrderBy(_ => random.Next()).Take(20).Select(visit =>
            (Last: visit, Next: visit with { Version = visit.Version + 1, Pence = random.Next(1, 3_000) })).ToList();
        await ConsumeAsync(Repriced([.. batch.Select(entry => entry.Next)]));
        foreach (var (last, next) in batch)
        {
            visits[visits.IndexOf(last)] = next;
            Count("visit-reversed", last.FundId, "charged", -last.Pence);
            Count("visit-repriced", next.FundId, "charged", next.Pence);
        }
    }

    private async Task ByHandAsync()
    {
        var (fund, id, pence) = (Fund(), Next("J"), random.Next(1, 300));
        var response = await (await ledger.ByHandAsync($"{fund}/adjustments/{id}",
            Adjustments_are_made_by_hand.Pound("2040-01-01", pence))).NeedsAsync(200);
        Count("adjustment", fund, "by hand", pence);
        var reversal = new
        {
            journalId = (await response.ReadAsync<AdjustFundResponse>()).JournalId, effectiveOn = "2040-01-02",
            reason = "not so",
        };
        // The reversal is proposed under two ids, and both are approved at once. One wins, and the other is refused.
        string[] two = [$"{fund}/reversals/{Next("X")}", $"{fund}/reversals/{Next("X")}"];
        foreach (var path in two)
            await (await ledger.Finance.PutAsync($"/v1/funds/{path}", reversal)).NeedsAsync(201);
        var responses = await Task.WhenAll(two.Select(path => ledger.ApproveAsync(path)));
        Assert.Equal([200, 409], responses.Select(item => (int)item.StatusCode).Order());
        Count("adjustment-reversed", fund, "by hand", -pence);
    }

    // Some messages are consumed twice at once.
    private async Task ConsumeAsync(Fact fact)
    {
        var repeating = random.Next(4) == 0 ? ledger.ConsumeNowAsync(fact) : Task.CompletedTask;
        await Task.WhenAll(ledger.ConsumeNowAsync(fact), repeating);
    }

    private void Count(string kind, string fund, string what, long pence)
    {
        Posted.AddOrUpdate(kind, 1, (_, count) => count + 1);
        Pence.AddOrUpdate((fund, what), pence, (_, sum) => sum + pence);
    }
}
