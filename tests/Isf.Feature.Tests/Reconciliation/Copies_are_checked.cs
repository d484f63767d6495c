using Isf.Client;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Reconciliation;

/// <summary>
/// A host on which SQL changes a field of every copy. The open exceptions are read on the nights before and after the
/// changes.
/// </summary>
public sealed class FalsifiedCopies : IAsyncLifetime
{
    private static readonly (string Service, string Field, string Sql)[] Planted =
    [
        ("support", "fund/F-1/councilId", Document("support.mt_doc_fund", "{councilId}", "E1")),
        ("support", "agreement/F-1/signedOn",
            Document("support.mt_doc_agreement", "{versions,0,signedOn}", "2026-03-01")),
        ("support", "allocation/A-1/to", Document("support.mt_doc_allocation", "{to}", "2026-12-31")),
        ("support", "allocation/A-1/priceList",
            Document("support.mt_doc_agreedprices", "{versions,0,list,basis}", "planned")),
        ("support", "consent/C-1/sees", "update support.consents set sees = '{visits}'"),
        ("invoicing", "fund/F-1/nation", "update invoicing.fund_nations set nation = 'wales'"),
        ("invoicing", "allocation/A-1/priceList",
            "update invoicing.allocation_terms set price_list = jsonb_set(price_list, '{rates,0,pence}', '1')"),
        ("ledger", "fund/F-1/personId", "update ledger.funds set person_id = 'P-2'"),
        ("ledger", "agreement/F-1/spendOrder", "update ledger.agreements set spend_order = 'pro-rata'"),
        ("ledger", "consent/C-1/supporter", "update ledger.consents set supporter = 'eve'"),
        ("ledger", "budget/B-1/isfWeeklyPence", Promise("B-1", "{weekly,pence}", "43000")),
        ("ledger", "allocation/A-1/weeklyPence", Promise("A-1", "{weekly,pence}", "1")),
        ("ledger", "person/P-1/salt", Document("ledger.mt_doc_personsalt", "{salt}", "00")),
        ("ledger", "holder/sunrise/periodsEvery", Document("ledger.mt_doc_periodcalendar", "{every}", "month")),
        ("reconciliation", "fund/F-1/kind", Document("reconciliation.mt_doc_knownfund", "{kind}", "sds-option-2")),
        ("reconciliation", "agreement/F-1/contribution",
            Document("reconciliation.mt_doc_knownagreement", "{contribution}", "to-council")),
        ("reconciliation", "budget/B-1/from", Document("reconciliation.mt_doc_knownbudget", "{from}", "2026-04-07")),
        ("reconciliation", "person/P-1/councilRef", Document("reconciliation.mt_doc_knownperson", "{councilRef}", "X")),
        ("statements", "fund/F-1/nation", Document("statements.mt_doc_keptfund", "{nation}", "wales")),
        ("statements", "agreement/F-1/contribution", StatementFact("agreement", "{contribution}", "to-council")),
        ("statements", "budget/B-1/setOn", StatementFact("budget", "{setOn}", "2026-01-01")),
        ("statements", "allocation/A-1/providerId", StatementFact("allocation", "{providerId}", "V-2")),
        ("statements", "receipts/F-1/receipts", StatementFact("receipt", "{reference}", "X")),
        ("statements", "consent/C-1/supporter", StatementFact("consent", "{supporter}", "eve")),
        ("statements", "plan/S-1/lines", StatementFact("plan", "{0,service}", "sleep-in")),
        ("statements", "person/P-1/name", StatementFact("person", "{name}", "Eve")),
        ("statements", "provider/V-1/kind", StatementFact("provider", "{kind}", "shop")),
        ("statements", "holder/sunrise/phone", StatementFact("holder", "{phone}", "1")),
    ];

    /// <summary>Service and field of every change.</summary>
    public static TheoryData<string, string> Fields
    {
        get
        {
            var fields = new TheoryData<string, string>();
            foreach (var planted in Planted)
                fields.Add(planted.Service, planted.Field);
            return fields;
        }
    }

    /// <summary>The host.</summary>
    public TestHost Host { get; private set; } = null!;

    /// <summary>
    /// The open exceptions about copies on the night before the changes, on the night after them (After), and once they
    /// were undone (Undone).
    /// </summary>
    public IReadOnlyList<StoredException> Before { get; private set; } = [];

    /// <inheritdoc cref="Before" />
    public IReadOnlyList<StoredException> After { get; private set; } = [];

    /// <inheritdoc cref="Before" />
    public IReadOnlyList<StoredException> Undone { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync();
        await OpenAsync(Host);
        await NightAsync(Host);
        Before = await OpenExceptionsAsync(Host);
        // The old rows are kept beside the changed ones, to be put back.
        foreach (var table in Planted.Select(planted => TableOf(planted.Sql)).Distinct())
            await Host.FalsifyAsync($"create table public.\"{table}\" as select * from {table}");
        foreach (var (service, field, sql) in Planted)
            Assert.True(await Host.FalsifyAsync(sql) > 0, $"{service} keeps no {field}");
        await NightAsync(Host);
        After = await OpenExceptionsAsync(Host);
        foreach (var table in Planted.Select(planted => TableOf(planted.Sql)).Distinct())
        {
            await Host.FalsifyAsync($"delete from {table}");
            await Host.FalsifyAsync(await InsertAsync(Host, table));
        }
        await NightAsync(Host);
        Undone = await OpenExceptionsAsync(Host);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Opens one fund with a document of every kind.</summary>
    internal static async Task OpenAsync(TestHost host)
    {
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/holder", Sample.Holder)).NeedsAsync(201);
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/funds/F-1/consents/C-1",
            new { supporter = "sis", sees = new[] { "statements" } })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/plans/S-1", new
        {
            from = "2026-04-06",
            lines = new[]
            {
                new { lineId = "L-1", allocationId = "A-1", purpose = "help at home", weeklyMinutes = 600 },
            },
        })).NeedsAsync(201);
        await host.UntilIdleAsync();
    }

    /// <summary>Lets a night pass. Documents are stated, copies are compared, and differences are looked for.</summary>
    internal static async Task NightAsync(TestHost host)
    {
        host.Clock.Advance(Duration.FromDays(1));
        foreach (var schedule in new[] { "state-documents", "state-plans", "watch-facts" })
        {
            await (await host.As(Role.HolderAdmin).PostAsync($"/v1/schedules/{schedule}/run",
                new { upTo = "2026-05-31" })).NeedsAsync(202);
            await host.UntilIdleAsync();
        }
    }

    internal static Task<IReadOnlyList<StoredException>> OpenExceptionsAsync(TestHost host) =>
        host.As(Role.HolderFinance).ExceptionsAsync("state=open&kind=copies-differ&limit=500");

    /// <summary>The service, the document and the field in an exception's evidence.</summary>
    internal static (string, string) FieldOf(StoredException exception)
    {
        var figures = BooksScene.FiguresOf(exception).ToDictionary(figure => figure.Name, figure => figure.Value);
        return (figures["service"], $"{figures["document"]}/{figures["field"]}");
    }

    private static string TableOf(string sql) => sql.Split(' ')[1];

    // Columns that the database computes itself are left out.
    private static async Task<string> InsertAsync(TestHost host, string table)
    {
        var columns = await host.ValueAsync<string>($"""
            select string_agg(quote_ident(attname), ', ') from pg_attribute
            where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
            """);
        return $"insert into {table} ({columns}) select {columns} from public.\"{table}\"";
    }

    private static string Document(string table, string path, string value) =>
        $"update {table} set data = jsonb_set(data, '{path}', '\"{value}\"')";

    private static string Promise(string id, string path, string value) =>
        $"update ledger.promises set terms = jsonb_set(terms, '{path}', '{value}') where promise_id = '{id}'";

    private static string StatementFact(string kind, string path, string value) =>
        $"update statements.kept set data = jsonb_set(data, '{path}', '\"{value}\"') where kind = '{kind}'";
}

/// <summary>
/// A wrong field in one service's copy of another service's document is found by name the next night.
/// </summary>
public sealed class Copies_are_checked(FalsifiedCopies copies) : IClassFixture<FalsifiedCopies>
{
    [Fact]
    public void Nothing_is_found_where_nothing_was_changed() => Assert.Empty(copies.Before);

    [Theory]
    [MemberData(nameof(FalsifiedCopies.Fields), MemberType = typeof(FalsifiedCopies))]
    public void A_field_that_was_changed_in_one_copy_is_found_by_name_the_next_night(string service, string field) =>
        Assert.Contains((service, field), copies.After.Select(FalsifiedCopies.FieldOf));

    [Fact]
    public void Nothing_else_is_found() => Assert.Equal(
        FalsifiedCopies.Fields.Select(row => ((string)row[0], (string)row[1])).Order(),
        copies.After.Select(FalsifiedCopies.FieldOf).Order());

    [Fact]
    public void What_was_undone_resolves_itself() => Assert.Empty(copies.Undone);
}

