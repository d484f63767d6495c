using System.Text.Json.Nodes;
using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Invoicing;
using Isf.Invoicing.Pricing;
using Isf.Measures;
using Isf.Prices;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;

namespace Isf.Tests.Invoicing;

/// <summary>
/// Publishes facts as Funds and Support do, and reads Invoicing's records and messages, for tests of pricing.
/// </summary>
internal sealed class PricingScene(TestHost host, string holder)
{
    public static readonly PriceRate Weekday = new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    public static readonly PriceRate Holiday = new()
    {
        Code = "holiday", Unit = PriceUnit.Hour, Pence = 4800, When = new() { PublicHoliday = true },
    };

    private static readonly string[] ConsumedUrns =
    [
        .. InvoicingService.Describe().Subscriptions.Select(subscription => MessageNames.UrnOf(subscription.Message)),
    ];

    public static PriceList List(params PriceRate[] rates) => new() { Rates = rates };

    /// <summary>Waits until Invoicing has consumed all messages and none is deferred.</summary>
    public async Task UntilIdleAsync()
    {
        const string waiting = """
            select (select count(*) from invoicing.parked) + (
                select count(*)
                from (table funds.outbox union all table support.outbox union all table invoicing.outbox) o
                where o.urn = any($1) and not exists (select from invoicing.inbox i where i.message_id = o.message_id))
            """;
        var database = host.Owner;
        await Until.HoldsAsync(async () =>
        {
            await using var command = database.CreateCommand(waiting);
            command.Parameters.Add(new() { Value = ConsumedUrns });
            return (long)(await command.ExecuteScalarAsync())! == 0;
        }, what: "Invoicing is idle");
    }

    /// <summary>Waits until a message of this holder is deferred in Invoicing.</summary>
    public async Task UntilDeferredAsync()
    {
        var database = host.Owner;
        await Until.HoldsAsync(async () =>
        {
            await using var command = database.CreateCommand(
                "select count(*) from invoicing.parked where holder_id = $1");
            command.Parameters.Add(new() { Value = holder });
            return (long)(await command.ExecuteScalarAsync())! > 0;
        }, what: "a message is deferred");
    }

    /// <summary>Delivers every message published so far once more.</summary>
    public async Task RepublishAllAsync()
    {
        var database = host.Owner;
        await using var command = database.CreateCommand("""
            update funds.outbox set confirmed_at = null; update support.outbox set confirmed_at = null
            """);
        await command.ExecuteNonQueryAsync();
        await Until.HoldsAsync(async () =>
        {
            await using var left = database.CreateCommand("""
                select count(*) from (table funds.outbox union all table support.outbox) o where o.confirmed_at is null
                """);
            return (long)(await left.ExecuteScalarAsync())! == 0;
        }, what: "all messages are published again");
    }

    /// <summary>The messages that Invoicing has published, in order, with their names on the wire.</summary>
    public async Task<List<(string Urn, JsonNode Message)>> PublishedAsync()
    {
        var database = host.Owner;
        await using var command = database.CreateCommand(
            "select urn, convert_from(body, 'UTF8') from said where holder_id = $1 order by seq");
        command.Parameters.Add(new() { Value = holder });
        await using var reader = await command.ExecuteReaderAsync();
        var published = new List<(string, JsonNode)>();
        while (await reader.ReadAsync())
            published.Add((reader.GetString(0), JsonNode.Parse(reader.GetString(1))!));
        return published;
    }

    /// <summary>Every price of a visit, from the first version to the last.</summary>
    public async Task<List<(int Version, int VisitVersion, int Terms, long Pence, string Because)>> PricesAsync(
        string visitId)
    {
        var database = host.Owner;
        await using var command = database.CreateCommand("""
            select version, visit_version, terms_version, pence, because from invoicing.priced_visits
            where holder_id = $1 and visit_id = $2 order by version
            """);
        command.Parameters.Add(new() { Value = holder });
        command.Parameters.Add(new() { Value = visitId });
        await using var reader = await command.ExecuteReaderAsync();
        var prices = new List<(int, int, int, long, string)>();
        while (await reader.ReadAsync())
        {
            prices.Add((
                reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetString(4)));
        }
        return prices;
    }

    public Task OpenAsync(string fundId, string nation = "england") => host.PublishAsync("funds", holder, new FundOpened
    {
        HolderId = holder, FundId = fundId, PersonId = "P-" + fundId, CouncilId = "E10000009", Kind = "isf",
        OpensOn = new LocalDate(2026, 3, 30), Nation = nation,
    }, fundId, fundId);

    public Task AllocateAsync(
        string fundId, string allocationId, PriceList list, int version = 1, string setOn = "2026-03-30")
    {
        var terms = new AllocationTerms
        {
            FundId = fundId, AllocationId = allocationId, Version = version, SetOn = Day(setOn), ProviderId = "V-1",
            Kind = "regular", From = new LocalDate(2026, 4, 6), WeeklyPence = 24_000, Claim = "on-delivery",
            PriceList = list,
        };
        return version == 1
            ? host.PublishAsync("funds", holder, new AllocationMade { HolderId = holder, Terms = terms },
                allocationId, fundId)
            : host.PublishAsync("funds", holder, new AllocationRevised { HolderId = holder, Terms = terms },
                $"{allocationId}/{version}", fundId);
    }

    public Task RecordAsync(string cause, params RecordedVisit[] visits) => host.PublishAsync("support", holder,
        new VisitsRecorded { HolderId = holder, Visits = visits }, cause, Funds(visits));

    public Task CorrectAsync(string cause, params RecordedVisit[] visits) => host.PublishAsync("support", holder,
        new VisitCorrected { HolderId = holder, Visits = visits }, cause, Funds(visits));

    /// <summary>Requests the run of a night.</summary>
    public Task RunAsync(string requestedBy, string upTo) => host.PublishAsync("invoicing", holder,
        new InvoicingRunAsked
        {
            HolderId = holder, Schedule = "rate-holidays", UpTo = Day(upTo), AskedBy = requestedBy,
        }, requestedBy);

    /// <summary>
    /// Lets Invoicing consume, at once, a message that closes weeks of a fund. The weeks are given by their Mondays.
    /// </summary>
    public Task<ConsumeResult> CloseAsync(string fundId, params string[] mondays) =>
        CloseAsync([.. mondays.Select(monday => new ClosedWeek(fundId, Day(monday), 1, []))]);

    /// <summary>
    /// Lets Invoicing consume, at once, a message that closes one week of a fund. The message has the given version,
    /// and the planned minutes of line L-1.
    /// </summary>
    public Task<ConsumeResult> CloseAsync(string fundId, string monday, int version, long planned) => CloseAsync(
    [
        new(fundId, Day(monday), version,
        [
            new()
            {
                LineId = "L-1", Planned = [new("A-" + fundId, planned)], Missed = [], DrawnMinutes = 0,
                ExpiredMinutes = 0, RevaluedMinutes = 0,
            },
        ]),
    ]);

    private async Task<ConsumeResult> CloseAsync(IReadOnlyList<ClosedWeek> weeks)
    {
        await using var session = host.Services.GetRequiredService<Sessions>().Open("invoicing", holder);
        var result = await new SettleWeeksConsumer().ConsumeAsync(new()
        {
            HolderId = holder, Weeks = weeks,
        }, session, default);
        if (result.AwaitedKey is null)
            await session.SaveChangesAsync();
        return result;
    }

    /// <summary>The published price adjustments, in order: kind, first day, version, pence.</summary>
    public async Task<List<(string Kind, string From, int Version, long Pence)>> AdjustedAsync() =>
    [
        .. (await PublishedAsync()).Where(published => published.Urn == "isf:invoicing:price-adjusted:v1")
            .Select(published => published.Message).Select(message => (
                (string)message["kind"]!, (string)message["from"]!, (int)message["version"]!,
                (long)message["pence"]!)),
    ];

    /// <summary>Returns a delivered visit of the allocation that is named after the fund.</summary>
    public static RecordedVisit Visit(
        string id, string fundId, string start, int minutes,
        int version = 1, int carers = 1, string outcome = "delivered")
    {
        var begun = OffsetDateTimePattern.ExtendedIso.Parse(start).Value;
        return new RecordedVisit
        {
            VisitId = id, Version = version, FundId = fundId, LineId = "L-1", AllocationId = "A-" + fundId,
            Service = "support", CareOn = London.DayOf(begun), Start = begun, End = begun.PlusMinutes(minutes),
            Carers = carers, Outcome = outcome, AnswersMinutes = minutes * carers, ExtraMinutes = 0,
        };
    }

    private static string[] Funds(RecordedVisit[] visits) => [.. visits.Select(visit => visit.FundId).Distinct()];

    private static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
