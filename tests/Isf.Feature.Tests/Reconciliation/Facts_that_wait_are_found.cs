using Isf.Client;
using Isf.Contracts.Funds;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Reconciliation;

public sealed class Facts_that_wait_are_found
{
    [Fact]
    public async Task One_that_has_waited_for_more_than_an_hour_is_an_exception_until_it_gets_on()
    {
        await using var host = await TestHost.StartAsync();
        await FalsifiedCopies.OpenAsync(host);
        // Money arrives for a fund whose books were never opened.
        await host.PublishAsync("funds", "sunrise", Received, "R-9", "F-9");
        await Until.HoldsAsync(() => host.ValueAsync<bool>(
            "select exists (select 1 from ledger.parked where needs = 'fund/F-9')"));
        Assert.Empty(await FindingsAsync(host));
        await host.FalsifyAsync("update ledger.parked set parked_at = parked_at - interval '61 minutes'");
        var found = Assert.Single(await FindingsAsync(host));
        Assert.Contains("has waited in ledger-post-money of ledger", found.PlainWords, Exactly);
        Assert.Contains("for fund/F-9", found.PlainWords, Exactly);
        await host.FalsifyAsync("delete from ledger.parked");
        Assert.Empty(await FindingsAsync(host));
    }

    private const StringComparison Exactly = StringComparison.Ordinal;

    private static MoneyReceived Received => new()
    {
        HolderId = "sunrise", FundId = "F-9", ReceiptId = "R-9", Source = "council", Pence = 100,
        ReceivedOn = new LocalDate(2026, 5, 4),
    };

    // While a fact waits, the holder's messages are never idle. So the test waits only for the run that it requests
    // here.
    private static async Task<IReadOnlyList<StoredException>> FindingsAsync(TestHost host)
    {
        host.Clock.Advance(Duration.FromHours(1));
        var response = await (await host.As(Role.HolderAdmin).PostAsync(
            "/v1/schedules/watch-facts/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        var fact = response.Headers.GetValues("Isf-Fact").Single();
        return await host.As(Role.HolderFinance).ExceptionsAsync(
            $"state=open&kind=fact-deferred&afterFact={fact}");
    }
}
