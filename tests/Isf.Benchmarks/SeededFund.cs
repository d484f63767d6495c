using System.Globalization;
using Isf.Tests;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Opens a fund over the interface and inserts any number of copies of it. A copy has an id of its own, and all rows
/// that the services after Funds hold of the fund, except journals and messages. Planned visits belong to a second
/// fund, so that their messages are not copied.
/// </summary>
internal static class SeededFund
{
    private const string First = "F-0000000";

    /// <summary>The fund that has a plan.</summary>
    public const string Planned = "G-0000000";

    /// <summary>
    /// Returns the id of a fund by its number. Number 0 is opened over the interface, and all others are copies.
    /// </summary>
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"F-{number:0000000}");

    /// <summary>
    /// Opens the first fund and <see cref="Planned"/>, each with a budget and an allocation. The second of them also
    /// gets a plan with one visit each morning.
    /// </summary>
    public static async Task OpenAsync(TestHost host, HttpClient admin)
    {
        await OpenAsync(admin, [First, Planned]);
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        await (await admin.PutAsync($"/v1/funds/{Planned}/plans/N-{Planned}", new
        {
            from = "2026-03-30",
            lines = new object[]
            {
                new
                {
                    lineId = $"L-{Planned}", allocationId = $"A-{Planned}", purpose = "Getting up", carers = 1,
                    schedule = new object[]
                    {
                        new { days = new[] { "mon", "tue", "wed", "thu", "fri", "sat", "sun" }, start = "06:00",
                            minutes = 45 },
                    },
                },
            },
        })).NeedsAsync(201);
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
    }

    /// <summary>
    /// Opens funds of one person, each with a budget and an allocation to one provider. The allocation's id is A-
    /// followed by the fund's id.
    /// </summary>
    public static async Task OpenAsync(HttpClient admin, IEnumerable<string> funds)
    {
        await (await admin.PutAsync("/v1/people/P-1",
            new { name = "Ada Example", nation = "england", format = "plain", language = "en" })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/providers/V-1",
            new { name = "Brook Care", kind = "agency", vat = new { registered = false } })).NeedsAsync(201);
        foreach (var fund in funds)
            await OpenAsync(admin, fund);
    }

    private static async Task OpenAsync(HttpClient admin, string fund)
    {
        await (await admin.PutAsync($"/v1/funds/{fund}", new
        {
            personId = "P-1", councilId = "E10000009", kind = "isf", opensOn = "2026-03-30",
            agreement = new
            {
                signedOn = "2026-03-30", parties = new[] { "person" },
                payment = new { every = "week", firstOn = "2026-04-06" },
                contribution = "to-council", spendOrder = "person-first",
            },
        })).NeedsAsync(201);
        await (await admin.PutAsync($"/v1/funds/{fund}/budgets/B-{fund}", new
        {
            from = "2026-03-30", weeklyPence = 100_000,
            sources = new object[] { new { source = "council", weeklyPence = 100_000 } },
            deployment = new object[] { new { @as = "isf", weeklyPence = 100_000 } },
        })).NeedsAsync(201);
        await (await admin.PutAsync($"/v1/funds/{fund}/allocations/A-{fund}", new
        {
            providerId = "V-1", kind = "regular", from = "2026-03-30", to = "2027-03-28", weeklyPence = 100_000,
            claim = "on-delivery",
            priceList = new { rates = new object[] { new { code = "weekday", unit = "hour", pence = 2400 } } },
        })).NeedsAsync(201);
        // The fund has money for all its care, because the Ledger would publish a further message for a fund below
        // zero.
        await (await admin.PutAsync($"/v1/funds/{fund}/receipts/R-{fund}",
            new { source = "council", pence = 100_000_000, receivedOn = "2026-04-01" })).NeedsAsync(201);
    }

    /// <summary>
    /// Gives the first fund the plan of <see cref="Planned"/>, and inserts the first fund's rows again for each of its
    /// copies. The rows of all services after Funds are copied, or only those of <paramref name="schema"/>.
    /// </summary>
    public static async Task CloneAsync(string database, string? schema, int funds)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var plan = new NpgsqlCommand($"""
            insert into support.mt_doc_plan (tenant_id, id, data, mt_last_modified, mt_dotnet_type, mt_version)
            select tenant_id, replace(id, '{Planned}', '{First}'),
              replace(data::text, '{Planned}', '{First}')::jsonb, mt_last_modified, mt_dotnet_type, mt_version
            from support.mt_doc_plan where id = 'N-{Planned}'
            """, connection);
        await plan.ExecuteNonQueryAsync();
        await using var clone = new NpgsqlCommand($"""
            do $$
            declare t record; columns text;
            begin
              for t in select n.nspname as schema, c.relname as name, c.oid as id from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and not c.relispartition
                and n.nspname in ('support', 'invoicing', 'ledger', 'reconciliation', 'statements')
                and ('{schema}' = '' or n.nspname = '{schema}')
                and c.relname not in ('outbox', 'inbox', 'parked', 'journals', 'moves')
              loop
                select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
                where attrelid = t.id and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '';
                execute format($sql$
                  insert into %1$I.%2$I (%3$s)
                  select %4$s from (select to_jsonb(x)::text as old from %1$I.%2$I x
                                    where to_jsonb(x)::text like '%%{First}%%') rows,
                  generate_series(1, {funds - 1}) number,
                  jsonb_populate_record(null::%1$I.%2$I,
                    replace(old, '{First}', 'F-' || lpad(number::text, 7, '0'))::jsonb) made
                  on conflict do nothing
                  $sql$, t.schema, t.name, columns, 'made.' || replace(columns, ', ', ', made.'));
              end loop;
            end $$;
            """, connection) { CommandTimeout = 1800 };
        await clone.ExecuteNonQueryAsync();
        await using var look = new NpgsqlCommand("analyze", connection) { CommandTimeout = 600 };
        await look.ExecuteNonQueryAsync();
    }
}
