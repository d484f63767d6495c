using Isf.Hosting.Http;

namespace Isf.Tests;

/// <summary>A fund with typical data for tests.</summary>
public static class Sample
{
    public static readonly object Holder = new
    {
        name = "Sunrise", address = "1 High Street", phone = "01632 960001", email = "office@sunrise.example",
        complaints = "Write to us.", periods = new { every = "4-weeks", firstOn = "2026-04-06" },
        payments = new { sortCode = "000000", accountNumber = "12345678", accountName = "Sunrise" },
        tolerances = new { minutes = 15, pence = 100, percent = 2 },
    };

    public static readonly object Person =
        new { name = "Ada Example", nation = "england", format = "plain", language = "en" };

    public static readonly object Provider =
        new { name = "Brook Care", kind = "agency", vat = new { registered = false } };

    public static readonly object Fund = new
    {
        personId = "P-1", councilId = "E10000009", kind = "isf", opensOn = "2026-03-30",
        agreement = new
        {
            signedOn = "2026-03-30", parties = new[] { "person", "holder", "council" },
            payment = new { every = "4-weeks", firstOn = "2026-04-06" }, contribution = "to-holder",
            spendOrder = "person-first",
        },
    };

    public static readonly object Budget = new
    {
        from = "2026-04-06", weeklyPence = 42000,
        sources = new object[] { new { source = "council", weeklyPence = 36000 },
            new { source = "person", weeklyPence = 6000 } },
        deployment = new object[] { new { @as = "isf", weeklyPence = 42000 } },
        weeklyMinutes = 1050,
    };

    public static readonly object Allocation = new
    {
        providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2027-04-04", weeklyMinutes = 600,
        weeklyPence = 24000,
        claim = "on-delivery",
        priceList = new { rates = new object[] { new { code = "weekday", unit = "hour", pence = 2400 } } },
    };

    public static async Task OpenAsync(HttpClient admin)
    {
        await (await admin.PutAsync("/v1/people/P-1", Person)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/providers/V-1", Provider)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1", Fund)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/budgets/B-1", Budget)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", Allocation)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-1",
            new { source = "council", pence = 30000, receivedOn = "2026-04-01" })).NeedsAsync(201);
    }
}

/// <summary>One host with one open fund, shared by the tests of a class that only read.</summary>
public sealed class HostWithAFund : IAsyncLifetime
{
    /// <summary>The host.</summary>
    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync();
        await Sample.OpenAsync(Host.As(Role.HolderAdmin));
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
