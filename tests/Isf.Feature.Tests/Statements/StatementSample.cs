using Isf.Contracts.Invoicing;
using Isf.Hosting.Http;
using NodaTime;
using StatementBody = Isf.Client.StatementBody;

namespace Isf.Tests.Statements;

/// <summary>A fund with care as Invoicing prices it, and short methods to ask for the fund's statements.</summary>
internal static class StatementSample
{
    internal const string Of = "/v1/funds/F-1/statements";
    internal static readonly LocalDate Start = new(2026, 4, 6);
    internal static readonly object April = new { from = "2026-04-06", to = "2026-05-03" };
    internal static readonly object May = new { from = "2026-05-04", to = "2026-05-31" };

    /// <summary>
    /// Records four weeks of the fund: £300 from an earlier holder, 4 × £360 from the council, £180 of the £240 due
    /// from the person, and 63 hours at £24.
    /// </summary>
    internal static async Task LiveAprilAsync(this TestHost host)
    {
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/holder", new
        {
            name = "Sunrise Support", address = "1 High Street", phone = "01632 960001", email = "ask@sunrise.example",
            complaints = "Write to the manager.", periods = new { every = "4-weeks", firstOn = "2026-04-06" },
            payments = new { sortCode = "000000", accountNumber = "00000000", accountName = "SUNRISE" },
            tolerances = new { minutes = 15, pence = 100, percent = 2 },
        })).NeedsAsync(201);
        await Sample.OpenAsync(admin);
        for (var week = 0; week < 4; week++)
            await host.ReceiveAsync($"C-{week}", "council", 36000, Start.PlusWeeks(week));
        await host.ReceiveAsync("C-9", "person", 18000, Start.PlusDays(14));
        var visits = Enumerable.Range(0, 63).Select(i => Priced($"W-{i}", 1, Start.PlusDays(i % 28), 60, 2400));
        await host.PublishAsync("invoicing", "sunrise",
            new VisitsPriced { HolderId = "sunrise", Visits = [.. visits] }, "april", "F-1");
        await host.UntilIdleAsync();
    }

    internal static async Task ReceiveAsync(this TestHost host, string id, string source, long pence, LocalDate on) =>
        await (await host.As(Role.HolderFinance).PutAsync(
            $"/v1/funds/F-1/receipts/{id}", new { source, pence, receivedOn = on })).NeedsAsync(201);

    /// <summary>Corrects a visit from an hour to three quarters of an hour.</summary>
    internal static async Task CorrectAsync(this TestHost host, string visitId, LocalDate on)
    {
        await host.PublishAsync("invoicing", "sunrise", new VisitRepriced
        {
            HolderId = "sunrise", Visits = [Priced(visitId, 2, on, 45, 1800)],
        }, $"{visitId}/2", "F-1");
        await host.UntilIdleAsync();
    }

    internal static PricedVisit Priced(string id, int version, LocalDate on, long minutes, long pence) => new()
    {
        VisitId = id,
        Version = version,
        FundId = "F-1",
        LineId = "L-1",
        AllocationId = "A-1",
        ProviderId = "V-1",
        CareOn = on,
        Outcome = "delivered",
        AnswersMinutes = minutes,
        ExtraMinutes = 0,
        Carers = 1,
        ChargedMinutes = minutes,
        Pence = pence,
        NetPence = pence,
        VatPence = 0,
        VatCode = "exempt",
        Parts = [new PricePart("weekday", minutes, pence)],
        Because = $"{minutes} minutes at £24.00 an hour.",
        Claim = "on-delivery",
    };

    internal static async Task<StatementBody> IssueAsync(this TestHost host, string id, object period)
    {
        var response = await host.As(Role.HolderFinance).PutAsync($"{Of}/{id}", period);
        return await (await response.NeedsAsync(201)).ReadAsync<StatementBody>();
    }

    internal static async Task<byte[]> BytesAsync(this HttpClient client, string path) =>
        await (await (await client.GetAsync(path)).NeedsAsync(200)).Content.ReadAsByteArrayAsync();
}
