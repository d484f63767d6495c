using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting.Messaging;
using Isf.Tests.Ledger;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.DependencyInjection;
using static Isf.Tests.Ledger.ClaimFacts;

namespace Isf.Tests.Statements;

/// <summary>
/// Claims, fees and closed weeks, in the messages that their services publish, reach the books, the statement and the
/// check of the books.
/// </summary>
public sealed class Claims_reach_the_statement
{
    [Fact]
    public async Task They_are_in_the_statement_with_their_reasons_and_the_books_are_found_whole()
    {
        await using var host = await TestHost.StartAsync();
        await host.LiveAprilAsync();
        await ConsumeAsync(host, OneOfEachClaim());

        var statement = await host.IssueAsync("S-1", StatementSample.April);

        const long spent = 151_200 - 2_400 - 600 + 8_500 - 500 + 5_000 - 200;
        Assert.Equal((spent, 162_000, 30_000 + 162_000 - spent),
            (statement.MoneyOutPence, statement.MoneyInPence, statement.ClosingPence));
        Assert.Equal(["management-fee holder 5000", "support V-1 156200", "vat-recovered  -200"],
            statement.MoneyOut.Select(row => $"{row.Category} {row.ProviderId} {row.Pence}"));
        Assert.Contains("as planned for the week", statement.Lines.Select(line => line.Because));
        Assert.Equal(0, statement.SpokenForPence);
        var missed = Assert.Single(statement.Hours.Missed);
        Assert.Equal(("short", 15), (missed.Reason, missed.Minutes));
        Assert.Equal(15, statement.Hours.BankedMinutes);
        await host.StateAsync("2026-05-03");
        Assert.Equal(0, (await host.CheckAsync("K-1", "2026-05-03")).Differences);
    }

    private static Fact[] OneOfEachClaim() =>
    [
        Adjusted("set-off", 1, -2_400), Matched("I-1", 1, "2026-04-20", 30_000, 0, unclaimed: 600),
        Matched("I-2", 1, "2026-04-21", 0, 0, bought: 8_500), Paid("M-1", "2026-04-24", ("F-1", "I-1", 30_000)),
        Credited("C-1", "2026-04-27", 500), Fee("E-1", "2026-04-06", "2026-05-03", 5_000, "within"),
        Recovered("T-1", "2026-04-28", 200), Closed(Week("2026-04-06", 1, new MissedMinutes("short", 15, 15, 0))),
        Allocation("A-9", 1, 8_500), Ended("A-9", 2, "2026-04-20", "2026-04-26"),
    ];

    private static Fact Allocation(string id, int version, long total) => Facts.Allocation(
        id, version, "2026-03-30", "2026-04-06", null, 0, total: total);

    // The test puts each message on the bus as its publisher would, and waits until every consumer has it.
    private static async Task ConsumeAsync(TestHost host, Fact[] facts)
    {
        foreach (var fact in facts)
        {
            var type = fact.Message.GetType();
            await host.Services.GetRequiredService<IPublisher>()
                .PublishAsync(type, LedgerHost.RowOf(fact), CancellationToken.None);
            var twice = type == typeof(Isf.Contracts.Invoicing.PriceAdjusted) || type == typeof(AllocationEnded)
                || type == typeof(AllocationMade);
            var query = $"""
                select (select count(*) from ledger.inbox where message_id = '{fact.MessageId}')
                  + (select count(*) from statements.inbox where message_id = '{fact.MessageId}')
                """;
            await Until.HoldsAsync(async () => await host.ValueAsync<long>(query) >= (twice ? 2 : 1));
        }
        await host.UntilIdleAsync();
    }
}
