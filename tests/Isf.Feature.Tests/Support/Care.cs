using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Isf.Client;
using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// One host for the tests of a class, with Support, Funds upstream and no service downstream, on 1 June 2026. Each test
/// uses a holder of its own and sees no other's data.
/// </summary>
public sealed class SupportHost : IAsyncLifetime
{
    private static int holders;
    private TestHost host = null!;

    // Each test waits until Support knows its funds, so nothing is looked up twice that is unknown.
    public async Task InitializeAsync() => host = await TestHost.StartAsync(
        new() { Services = "funds,support", LookupRetryTime = TimeSpan.Zero });

    public async Task DisposeAsync() => await host.DisposeAsync();

    /// <summary>Opens a new holder with fund F-1 and its allocation A-1 (6 April 2026 to 4 April 2027).</summary>
    public async Task<Scene> OpenAsync()
    {
        var scene = new Scene(host, $"h-{Interlocked.Increment(ref holders)}");
        await Care.OpenAsync(scene, "F-1", "A-1");
        await Care.UntilIdleAsync(scene);
        return scene;
    }
}

/// <summary>A host as one holder sees it.</summary>
public sealed record Scene(TestHost Host, string Holder)
{
    public HttpClient As(string role, string? person = null) => Host.As(role, Holder, person: person);

    public Task PublishAsync<T>(string service, T message, string cause, params string[] fundIds) where T : class =>
        Host.PublishAsync(service, Holder, message, cause, fundIds);

    /// <summary>The number of this holder's rows in a table of Support.</summary>
    public async Task<long> CountAsync(string table)
    {
        var source = Host.Owner;
        await using var command = source.CreateCommand($"select count(*) from {table} where holder_id = $1");
        command.Parameters.Add(new() { Value = Holder });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>A fund as Support receives it, a plan, and methods for sending visits.</summary>
public static class Care
{
    public const string Header = "visitId,fundId,lineId,plannedStart,start,end,carers,outcome,note";

    /// <summary>Waits until Support has consumed all messages and none is deferred.</summary>
    public static async Task UntilIdleAsync(Scene host)
    {
        const string waiting = """
            select (select count(*) from support.parked where holder_id = $2) + (
                select count(*) from (table funds.outbox union all table support.outbox) o
                join unnest($1::text[], $3::text[]) heard (urn, queue) on heard.urn = o.urn
                where o.holder_id = $2 and not exists (
                    select from support.inbox i where i.message_id = o.message_id and i.queue = heard.queue))
            """;
        var subscriptions = SupportService.Describe().Subscriptions;
        var database = host.Host.Owner;
        await Until.HoldsAsync(async () =>
        {
            await using var command = database.CreateCommand(waiting);
            command.Parameters.Add(new()
            {
                Value = subscriptions.Select(subscription => MessageNames.UrnOf(subscription.Message)).ToArray(),
            });
            command.Parameters.Add(new() { Value = host.Holder });
            command.Parameters.Add(
                new() { Value = subscriptions.Select(subscription => subscription.Queue).ToArray() });
            return (long)(await command.ExecuteScalarAsync())! == 0;
        }, what: "Support is idle");
    }

    public static async Task OpenAsync(Scene host, string fundId, string allocationId)
    {
        await host.PublishAsync("funds", new FundOpened
        {
            HolderId = host.Holder, FundId = fundId, PersonId = "P-" + fundId, CouncilId = "E10000009", Kind = "isf",
            OpensOn = new LocalDate(2026, 3, 30), Nation = "england",
        }, fundId, fundId);
        await host.PublishAsync("funds", new AllocationMade
        {
            HolderId = host.Holder, Terms = Terms(fundId, allocationId, 1, new LocalDate(2027, 4, 4)),
        }, allocationId, fundId);
    }

    /// <summary>Returns a later version of allocation A-1 of F-1, with another last day.</summary>
    public static AllocationRevised Revised(Scene host, int version, LocalDate to) =>
        new() { HolderId = host.Holder, Terms = Terms("F-1", "A-1", version, to) };

    private static AllocationTerms Terms(string fundId, string allocationId, int version, LocalDate to) => new()
    {
        FundId = fundId, AllocationId = allocationId, Version = version, SetOn = new LocalDate(2026, 4, 1),
        ProviderId = "V-1", Kind = "regular", From = new LocalDate(2026, 4, 6), To = to,
        Claim = "on-delivery", PriceList = new Isf.Prices.PriceList { Rates = [] },
    };

    /// <summary>Returns a plan with three visits a week in line L-1 and 600 minutes a week in line L-2.</summary>
    public static object Plan(string start = "08:00", string allocationId = "A-1", string from = "2026-04-06") => new
    {
        from, to = "2027-04-04",
        lines = new object[]
        {
            new
            {
                lineId = "L-1", allocationId, purpose = "to get up and out",
                schedule = new[] { new { days = new[] { "mon", "wed", "fri" }, start, minutes = 45 } },
            },
            new { lineId = "L-2", allocationId, purpose = "company", weeklyMinutes = 600 },
        },
    };

    public static async Task<HttpClient> PlannedAsync(Scene host)
    {
        var care = host.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Plan())).NeedsAsync(201);
        return care;
    }

    /// <summary>Opens a second fund, F-2, with allocation A-2, and plans the same care in both funds.</summary>
    public static async Task<HttpClient> PlannedForTwoAsync(Scene host)
    {
        await OpenAsync(host, "F-2", "A-2");
        await UntilIdleAsync(host);
        var care = await PlannedAsync(host);
        await (await care.PutAsync("/v1/funds/F-2/plans/PL-2", Plan(allocationId: "A-2"))).NeedsAsync(201);
        return care;
    }

    /// <summary>Returns a plan of one line, L-1 of allocation A-1, with the given visits.</summary>
    public static object OneLine(object[] schedule, string? to = "2027-04-04", string[]? workers = null) => new
    {
        from = "2026-04-06", to,
        lines = new[]
        {
            new { lineId = "L-1", allocationId = "A-1", purpose = "to get up and out", workers, schedule },
        },
    };

    public static object Visit(string start = "2026-04-06T08:00:00+01:00", string end = "2026-04-06T08:45:00+01:00",
        string outcome = "delivered", string? note = null, string fundId = "F-1", string lineId = "L-1") =>
        new { fundId, lineId, start, end, outcome, note };

    public static Task<HttpResponseMessage> SendFileAsync(
        this HttpClient client, string reference, string text, string more = "",
        string format = "visits-csv") =>
        client.SendFileAsync(reference, Encoding.UTF8.GetBytes(text), more, format);

    public static async Task<HttpResponseMessage> SendFileAsync(
        this HttpClient client, string reference, byte[] bytes, string more = "", string format = "visits-csv")
    {
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await client.PostAsync(
            $"/v1/visit-files?format={format}&reference={Uri.EscapeDataString(reference)}{more}", body);
    }

    /// <summary>Sends a file and waits until it has been read; returns the answer about it.</summary>
    public static async Task<ShowVisitFileResponse> ImportAsync(
        this HttpClient client, string reference, byte[] bytes, string more = "", string format = "visits-csv")
    {
        var sent = await (await client.SendFileAsync(reference, bytes, more, format)).NeedsAsync(202);
        return await Until.AnswersAsync(() => client.ShowAsync(sent), file => file.State != "reading");
    }

    public static Task<ShowVisitFileResponse> ImportAsync(this HttpClient client, string reference, string text,
        string more = "", string format = "visits-csv") =>
        client.ImportAsync(reference, Encoding.UTF8.GetBytes(text), more, format);

    /// <summary>What is known now about a sent file.</summary>
    public static Task<ShowVisitFileResponse> ShowAsync(this HttpClient client, HttpResponseMessage sent) =>
        client.AnswerAsync<ShowVisitFileResponse>(sent.Headers.Location!.ToString());

    /// <summary>Polls a sent file until the condition holds, also while the database does not respond.</summary>
    public static async Task<ShowVisitFileResponse> ReadsAsync(
        HttpClient client, HttpResponseMessage sent, Func<ShowVisitFileResponse, bool> isExpected) =>
        (await Until.AnswersAsync(async () =>
        {
            var response = await client.GetAsync(sent.Headers.Location!.ToString());
            return (int)response.StatusCode < 500 ? await response.ReadAsync<ShowVisitFileResponse>() : null;
        }, file => file is not null && isExpected(file)))!;

    /// <summary>The flags that a question such as "kind=no-length" is answered with.</summary>
    public static async Task<IReadOnlyList<CareFlagsResponse>> FlagsAsync(
        this HttpClient client, string question = "") =>
        (await client.AnswerAsync<CareFlagsResponsePage>("/v1/care-flags?" + question)).Items;

    /// <summary>The lines that a question such as "under?weeks=1" is answered with.</summary>
    public static async Task<IReadOnlyList<ShowDeliveriesItem>> DeliveriesAsync(
        this HttpClient client, string question) =>
        (await client.AnswerAsync<ShowDeliveriesResponse>("/v1/deliveries/" + question)).Items;

    private static async Task<T> AnswerAsync<T>(this HttpClient client, string path) =>
        await (await (await client.GetAsync(path)).NeedsAsync(200)).ReadAsync<T>();

    /// <summary>A recorded visit.</summary>
    public static Task<ShowVisitResponse> VisitAsync(this HttpClient client, string id) =>
        client.Typed().ShowVisitGetAsync(id);

    /// <summary>What the plans of F-1 expect in a range of days, and what became of it.</summary>
    public static Task<ShowExpectedResponse> ExpectedAsync(this HttpClient client, string from, string to) =>
        client.AnswerAsync<ShowExpectedResponse>($"/v1/funds/F-1/expected?from={from}&to={to}");

    /// <summary>What became of each visit that the plans of F-1 expect in a range of days.</summary>
    public static async Task<IEnumerable<string>> BecameAsync(this HttpClient client, string from, string to) =>
        (await client.ExpectedAsync(from, to)).Items.Select(item => item.Became);

    public static string Counts(ShowVisitFileResponse file) =>
        $"{file.State} {file.Read}: {file.New} {file.Updated} {file.Unchanged} {file.Rejected}";

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    /// <summary>
    /// Returns rows of a file: morning visits on each Monday, Wednesday and Friday from 6 April 2026.
    /// </summary>
    public static IEnumerable<string> Rows(int count, string fundId = "F-1", string prefix = "V") =>
        from number in Enumerable.Range(0, count)
        let day = new LocalDate(2026, 4, 6).PlusDays((number % 21 / 3 * 7) + (number % 3 * 2))
        select $"{prefix}-{number},{fundId},L-1,,{day:uuuu-MM-dd}T08:0{number % 10}:00+01:00,"
            + $"{day:uuuu-MM-dd}T08:4{number % 10}:00+01:00,1,delivered,";

    public static string File(params IEnumerable<string> rows) => string.Join('\n', rows.Prepend(Header)) + "\n";
}
