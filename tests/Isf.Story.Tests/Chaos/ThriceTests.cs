using Isf.Hosting.Messaging;
using Isf.Story.Tests.Telling;
using Isf.Tests;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// Order is not assumed, and a duplicate has no effect (design §5). The Ledger alone consumes every message of an
/// undisturbed run three times, in any order, and its books are the same, including whose money is left.
/// </summary>
public sealed class ThriceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_message_three_times_and_out_of_order_gives_the_same_books(int seed)
    {
        var undisturbed = await Undisturbed.OnceAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "ledger", Now = Undisturbed.Now });
        var map = host.Services.GetRequiredService<ServiceMap>();
        var urns = map.Consumers.Where(consumer => consumer.Service == "ledger").ToLookup(consumer => consumer.Urn);
        var consumed = undisturbed.Published.Where(row => urns.Contains(row.Urn)).ToArray();
        var thrice = consumed.Concat(consumed).Concat(consumed).ToArray();
        new Random(seed).Shuffle(thrice);

        foreach (var row in thrice)
            await PublishAsync(host, map, row);

        await UntilConsumedAsync(host, consumed.Sum(row => urns[row.Urn].Count()));
        Assert.Equal(undisturbed.Books, await Undisturbed.BooksOfAsync(StoryResult.OfficeOf(host)));
    }

    private static Task PublishAsync(TestHost host, ServiceMap map, OutboxRow row) => host.Services
        .GetRequiredService<IPublisher>().PublishAsync(map.TypeOf(row.Urn), row, CancellationToken.None);

    /// <summary>
    /// Waits until each consumer of the Ledger has one inbox row for each message, and no message is deferred.
    /// </summary>
    private static async Task UntilConsumedAsync(TestHost host, int expected)
    {
        var source = host.Owner;
        await using var command = source.CreateCommand("""
            select (select count(*) from ledger.inbox where queue like 'ledger-%'), (select count(*) from ledger.parked)
            """);
        await Until.AnswersAsync(async () =>
        {
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            return (Consumed: reader.GetInt64(0), Deferred: reader.GetInt64(1));
        }, counts => counts.Consumed >= expected && counts.Deferred == 0);
    }
}
