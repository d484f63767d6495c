using Isf.Client;
using Isf.Hosting.Http;

namespace Isf.Tests.Reconciliation;

/// <summary>
/// A return of money that was already spent is accepted. It is an exception, with its figures, until the deficit is
/// covered.
/// </summary>
public sealed class Money_returned_that_was_not_there_is_an_exception
{
    private static Task<IReadOnlyList<StoredException>> OpenAsync(HttpClient admin) =>
        admin.ExceptionsAsync("state=open&kind=returned-beyond-held");

    [Fact]
    public async Task It_is_raised_with_both_figures_and_resolved_when_the_return_is_void_or_money_comes()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await SpendAsync(admin);
        // £300.00 came in and £24.00 was spent.
        await ReturnAsync(host, "X-1", 27_600);
        Assert.Empty(await OpenAsync(admin));
        await ReturnAsync(host, "X-2", 1);
        var raised = Assert.Single(await OpenAsync(admin));
        Assert.Equal([("sourceHeldPence", "2399"), ("fundHeldPence", "-1")], BooksScene.FiguresOf(raised).Take(2));
        await ReturnAsync(host, "X-3", 10);
        Assert.Equal("-11", BooksScene.FiguresOf(Assert.Single(await OpenAsync(admin)))[1].Value);
        await (await admin.PostAsync("/v1/funds/F-1/returns/X-3/void", new { why = "never left" })).NeedsAsync(200);
        await host.UntilIdleAsync();
        Assert.Single(await OpenAsync(admin));
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-2",
            new { source = "person", pence = 1, receivedOn = "2026-04-21" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Empty(await OpenAsync(admin));
    }

    private static async Task ReturnAsync(TestHost host, string id, long pence)
    {
        await (await host.As(Role.HolderAdmin).PutAsync($"/v1/funds/F-1/returns/{id}",
            new { source = "council", pence, paidOn = "2026-04-20", reason = "surplus" })).NeedsAsync(201);
        await host.UntilIdleAsync();
    }

    private static async Task SpendAsync(HttpClient admin)
    {
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1", new
        {
            from = "2026-04-06",
            lines = new object[]
            {
                new
                {
                    lineId = "L-1", allocationId = "A-1", purpose = "help", service = "support", carers = 1,
                    schedule = new object[] { new { days = new[] { "mon" }, start = "08:00", minutes = 60 } },
                },
            },
        })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/visits/V-1", new
        {
            fundId = "F-1", lineId = "L-1", start = "2026-04-06T08:00:00+01:00", end = "2026-04-06T09:00:00+01:00",
            outcome = "delivered",
        })).NeedsAsync(201);
    }
}
