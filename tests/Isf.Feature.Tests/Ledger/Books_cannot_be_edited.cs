using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>The service itself can only append to the books. An edit by anybody who gets round this is found.</summary>
public sealed class Books_cannot_be_edited
{
    private static readonly Fact[] Life =
    [
        .. Opened(), Received("R-1", "council", 144_000, "2026-04-06"),
        Planned("2026-04-07", 1, ("L-1", 60), ("L-2", 60)),
        Priced(Visit("V-1", "2026-04-07", 60, 2_400)), Received("R-2", "person", 100, "2026-04-08"), Voided("R-2"),
    ];

    private static readonly string[] AppendOnly =
    [
        "journals", "moves",
        .. Enumerable.Range(0, 8).SelectMany(part => new[] { $"journals_{part}", $"moves_{part}" }),
        "closures", "period_closings", "mt_doc_closedperiod", "mt_doc_adjustment", "mt_doc_adjustmentreversal",
        "mt_doc_approval", "fund_providers",
    ];

    private static readonly string[] Forbidden =
    [
        .. AppendOnly.SelectMany(table => new[]
        {
            $"update ledger.{table} set {(table.StartsWith("mt_", StringComparison.Ordinal) ? "id" : "fund_id")} = 'x'",
            $"delete from ledger.{table}",
            $"truncate ledger.{table}",
        }),
        "delete from ledger.heads",
        "truncate ledger.heads",
        "alter table ledger.journals add column note text",
        "drop table ledger.moves",
    ];

    [Fact]
    public async Task No_services_role_may_change_what_is_posted()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        var services = ledger.Host.Services.GetRequiredService<ServiceMap>().All.Select(service => service.Name);
        foreach (var service in services)
            await MayNotAsync(ledger, service);
    }

    private static async Task MayNotAsync(LedgerHost ledger, string service)
    {
        await using var connection =
            await ledger.Host.Services.GetRequiredService<Databases>().Of(service).OpenConnectionAsync();
        foreach (var sql in Forbidden)
        {
            await using var command = new NpgsqlCommand(
                $"select set_config('isf.holder', 'sunrise', false); {sql}", connection);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.True(
                refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{service}: {sql}: {refused.Message}");
        }
    }

    [Fact]
    public async Task Another_holder_sees_and_writes_nothing_of_these_books()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        await using var other = ledger.Session("sunset");
        foreach (var table in new[]
        {
            "heads", "funds", "agreements", "promises", "promises_posted", "journals", "moves", "personal_words",
            "closures", "period_closings", "mt_doc_closedperiod", "mt_doc_periodcalendar",
            "mt_doc_adjustment", "mt_doc_personsalt",
        })
        {
            Assert.Equal([0L], await other.RowsAsync($"select count(*) from {table}", row => row.GetInt64(0)));
        }
        var refused = await Assert.ThrowsAsync<PostgresException>(() => other.ExecuteAsync(
            "insert into funds (holder_id, fund_id, person_id, council_id) values ('sunrise', 'F-9', 'P', 'C')"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        var response = await ledger.Host.As(Role.HolderAdmin, "sunset").GetAsync("/v1/funds/F-1/balance");
        Assert.Equal("unknown-fund", await (await response.NeedsAsync(404)).CodeAsync());
    }

    [Fact]
    public async Task Every_column_that_is_edited_is_found_at_its_position()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        await ledger.OwnerAsync("""
            create table ledger.kept_journals as select * from ledger.journals;
            create table ledger.kept_moves as select * from ledger.moves;
            create table ledger.kept_heads as select * from ledger.heads;
            """);
        Assert.Null(await FirstBadAsync(ledger));
        foreach (var (edit, position) in Edits)
        {
            await ledger.FalsifyAsync("set search_path = ledger; " + edit);
            Assert.Equal((edit, position), (edit, await FirstBadAsync(ledger)));
            await ledger.FalsifyAsync("""
                delete from ledger.journals; insert into ledger.journals select * from ledger.kept_journals;
                delete from ledger.moves; insert into ledger.moves select * from ledger.kept_moves;
                delete from ledger.heads; insert into ledger.heads select * from ledger.kept_heads;
                """);
        }
        Assert.Null(await FirstBadAsync(ledger));
    }

    [Fact]
    public async Task No_column_is_left_out_of_that_test()
    {
        await using var ledger = await LedgerHost.StartAsync();
        await using var session = ledger.Session();
        var columns = await session.RowsAsync(
            """
            select table_name || '.' || column_name from information_schema.columns
            where table_schema = 'ledger' and table_name in ('journals', 'moves', 'heads')
            """,
            row => row.GetString(0));
        Assert.NotEmpty(columns);
        foreach (var column in columns.Select(name => name.Split('.')))
        {
            Assert.True(Edits.Any(edit =>
                edit.Sql.StartsWith($"update {column[0]} set {column[1]} =", StringComparison.Ordinal)),
                $"{column[0]}.{column[1]} is not edited");
        }
    }

    private static async Task<long?> FirstBadAsync(LedgerHost ledger)
    {
        var response = await ledger.Finance.GetAsync("/v1/funds/F-1/integrity");
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            return Unknown;
        var found = await (await response.NeedsAsync(200)).ReadAsync<CheckIntegrityResponse>();
        Assert.Equal(found.FirstBadPosition is null, found.Whole);
        return found.FirstBadPosition;
    }

    private const long Unknown = -1;

    private const string Third = "where position = 3", First = "where position = 3 and n = 0";

    private static readonly (string Sql, long Position)[] Edits =
    [
        ($"update journals set position = 30 {Third}", 3),
        ($"update journals set recorded_at = recorded_at + interval '1 microsecond' {Third}", 3),
        ($"update journals set person_minutes = 61 {Third}", 3),
        ($"update journals set person_minutes = null {Third}", 3),
        ($"update journals set journal_id = gen_random_uuid() {Third}", 3),
        ($"update journals set reverses = gen_random_uuid() {Third}", 3),
        ("update journals set reverses = null where reverses is not null", 5),
        ($"update journals set effective_on = effective_on + 1 {Third}", 3),
        ($"update journals set care_on = effective_on {Third}", 3),
        ($"update journals set fund_id = 'F-2' {Third}", 3),
        ($"update journals set holder_id = 'sunset' {Third}", 3),
        ($"update journals set kind = 'visit-repriced' {Third}", 3),
        ($"update journals set cause_message = 'visit-repriced' {Third}", 3),
        ($"update journals set cause_id = 'V-1/v2' {Third}", 3),
        ($"update journals set hash = sha256('x') {Third}", 3),
        ($"update journals set commitment = sha256('x') {Third}", 3),
        ($"update moves set position = 2, n = 7 {First}", 2),
        ($"update moves set position = 99 {First}", 3),
        ($"update moves set amount = amount + 1 {First}", 3),
        ($"update moves set effective_on = effective_on - 1 {First}", 3),
        ($"update moves set care_on = care_on - 1 {First}", 3),
        ($"update moves set n = 9 {First}", 3),
        ($"update moves set book = 2 {First}", 3),
        ($"update moves set reversing = true {First}", 3),
        ($"update moves set fund_id = 'F-2' {First}", 3),
        ($"update moves set holder_id = 'sunset' {First}", 3),
        ($"update moves set from_place = 'planned/L-9' {First}", 3),
        ($"update moves set from_place = 'nowhere' {First}", 3),
        ($"update moves set to_place = 'delivered/L-9' {First}", 3),
        ("update heads set position = 4", 4),
        ("update heads set position = 6", 6),
        ("update heads set hash = sha256('x')", 5),
        ("update heads set recorded_at = recorded_at + interval '1 second'", 5),
        ("update heads set held_pence = held_pence + 1", 5),
        ("update heads set promised = promised || '{\"A-1\": 1}'", 5),
        ("update heads set position = 0", 1),
        ("update heads set closed_on = '2026-05-01'", 5),
        ("update heads set laid_to = '2026-05-01'", 5),
        // A fund is unknown if it has no head of its own.
        ("update heads set fund_id = 'F-2'", Unknown),
        ("update heads set holder_id = 'sunset'", Unknown),
        ($"delete from journals {Third}", 3),
        ("insert into journals select 6, recorded_at, person_minutes, gen_random_uuid(), reverses, effective_on, "
            + "care_on, fund_id, holder_id, kind, cause_message, cause_id, hash, commitment from journals "
            + "where position = 5", 6),
        ($"delete from moves {First}", 3),
        ("delete from journals where position = 5; delete from moves where position = 5", 5),
        ("insert into moves select * from (select 3::bigint, 1::bigint, "
            + "date '2026-04-07', date '2026-04-07', 3::smallint, "
            + "1::smallint, false, 'F-1', 'sunrise', 'held/council', 'held/drawn') x", 3),
        ("insert into moves select * from (select 7::bigint, 1::bigint, "
            + "date '2026-04-07', date '2026-04-07', 0::smallint, "
            + "1::smallint, false, 'F-1', 'sunrise', 'held/council', 'held/drawn') x", 6),
    ];
}
