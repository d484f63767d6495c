using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting.Http;
using Isf.Tests.Support;
using NodaTime;

namespace Isf.Tests.Reconciliation;

/// <summary>
/// One host with a holder whose council has been issued a feed of four weeks, FD-1. A test that changes facts opens a
/// holder of its own with the same fund.
/// </summary>
public sealed class FeedScene : IAsyncLifetime
{
    public const string Council = "E10000009";

    public const string Path = $"/v1/councils/{Council}/feeds";

    public static readonly object FourWeeks = new { from = "2026-04-06", to = "2026-05-03" };

    private static readonly LocalDate Tuesday = new(2026, 4, 7);
    private int holders;

    public TestHost Host { get; private set; } = null!;

    /// <summary>The administrator of the holder, sunrise, of feed FD-1.</summary>
    public HttpClient Admin => Host.As(Role.HolderAdmin);

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync();
        await ArrangeAsync(new Scene(Host, "sunrise"));
        await (await Admin.PutAsync($"{Path}/FD-1", FourWeeks)).NeedsAsync(201);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Opens a new holder with the same fund, of which no feed has been issued.</summary>
    public async Task<Scene> OpenAsync()
    {
        var scene = new Scene(Host, $"h-{++holders}");
        await ArrangeAsync(scene);
        return scene;
    }

    private static async Task ArrangeAsync(Scene scene)
    {
        await PayInAsync(scene.As(Role.HolderAdmin));
        await scene.PublishAsync("support", new DaysPlanned
        {
            HolderId = scene.Holder,
            Days = [new PlannedDay("F-1", Tuesday, 1, [new PlannedMinutes("L-1", 60)])],
        }, "days", "F-1");
        await scene.PublishAsync("invoicing", new VisitsPriced
        {
            HolderId = scene.Holder, Visits = [Visit("V-1", 45, 0, 1475), Visit("V-2", 0, 30, 1000)],
        }, "visits", "F-1");
        await scene.Host.UntilIdleAsync();
    }

    private static async Task PayInAsync(HttpClient admin)
    {
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/people/P-1", new
        {
            name = "Ada Example", nation = "england", format = "plain", language = "en", councilRef = "LAS-77",
            nhsNumber = "9434765919",
        }, 1)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-2",
            new { source = "person", pence = 18000, receivedOn = "2026-04-06" })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/returns/X-1",
            new { source = "council", pence = 1000, paidOn = "2026-04-20", reason = "overpaid" })).NeedsAsync(201);
    }

    private static PricedVisit Visit(string id, long fulfilled, long extra, long pence) => new()
    {
        VisitId = id,
        Version = 1,
        FundId = "F-1",
        LineId = "L-1",
        AllocationId = "A-1",
        ProviderId = "V-1",
        CareOn = Tuesday,
        Outcome = "delivered",
        AnswersMinutes = fulfilled,
        ExtraMinutes = extra,
        Carers = 1,
        ChargedMinutes = fulfilled + extra,
        Pence = pence,
        NetPence = pence,
        VatPence = 0,
        VatCode = "exempt",
        Parts = [],
        Because = "As agreed.",
        Claim = "on-delivery",
    };
}
