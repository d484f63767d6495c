using System.Text.Json;
using Isf.Client;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using NodaTime;

namespace Isf.Tests.Reconciliation;

/// <summary>
/// Steps for tests of the books check. They start runs, falsify tables, and make the Ledger state its books.
/// </summary>
internal static class BooksScene
{
    /// <summary>Makes the Ledger state its books, and waits until the statements have arrived.</summary>
    public static async Task StateAsync(this TestHost host, string upTo)
    {
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PostAsync("/v1/schedules/state-books/run", new { upTo })).NeedsAsync(202);
        await host.UntilIdleAsync();
    }

    /// <summary>Makes a run of the kind “books” now, and returns the run.</summary>
    public static async Task<CheckBooksResponse> CheckAsync(this TestHost host, string id, string upTo)
    {
        var response = await host.As(Role.HolderFinance).PutAsync($"/v1/runs/{id}", new { kind = "books", upTo });
        var run = await (await response.NeedsAsync(201)).ReadAsync<CheckBooksResponse>();
        Assert.Equal(run.Checked, run.Agreed + run.Differences);
        return run;
    }

    /// <summary>Asks for the scheduled run by hand.</summary>
    public static async Task RequestRunAsync(this TestHost host, string upTo) => await (await host.As(Role.HolderAdmin)
        .PostAsync("/v1/schedules/reconcile-books/run", new { upTo })).NeedsAsync(202);

    /// <summary>The codes of the open exceptions.</summary>
    public static async Task<IReadOnlyList<string>> OpenAsync(this TestHost host)
    {
        var open = await host.As(Role.Auditor).ExceptionsAsync("state=open&holder=sunrise");
        return [.. open.Select(exception => exception.Code).Order()];
    }

    /// <summary>The exceptions that the query of an address finds.</summary>
    public static async Task<IReadOnlyList<StoredException>> ExceptionsAsync(this HttpClient client, string query)
    {
        var response = await client.GetAsync("/v1/exceptions?" + query);
        return (await (await response.NeedsAsync(200)).ReadAsync<StoredExceptionPage>()).Items;
    }

    /// <summary>The figures of an exception, whose form the description leaves open.</summary>
    public static IReadOnlyList<(string Name, string Value)> FiguresOf(StoredException exception) =>
    [
        .. ((JsonElement)exception.Figures).EnumerateArray().Select(figure =>
            (figure.GetProperty("name").GetString()!, figure.GetProperty("value").GetString()!)),
    ];

    /// <summary>
    /// Runs an SQL statement as the owner of the database, to whom row-level security does not apply.
    /// </summary>
    public static async Task<int> FalsifyAsync(this TestHost host, string sql)
    {
        // This setting disables the triggers that protect written rows, as only a superuser can.
        await using var command = host.Owner.CreateCommand("set session_replication_role = replica; " + sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Selects one value, as the owner.</summary>
    public static async Task<T> ValueAsync<T>(this TestHost host, string sql)
    {
        await using var command = host.Owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A journal of a fund that only these tests know, with a hash that nobody checks.</summary>
    public static PostedJournal Journal(string fund, long position, params PostedMove[] moves) => new()
    {
        FundId = fund,
        Position = position,
        JournalId = DeterministicGuid.From("test", fund, $"{position}"),
        Kind = "money-received",
        EffectiveOn = new LocalDate(2026, 4, 6),
        RecordedAt = Instant.FromUtc(2026, 4, 6, 9, 0) + Duration.FromSeconds(position),
        CauseMessage = "money-received",
        CauseId = $"R-{position}",
        Hash = new string('a', 64),
        Moves = moves,
    };

    public static JournalsPosted Posted(params PostedJournal[] journals) => new()
    {
        HolderId = "sunrise",
        Journals = journals,
        Heads = [.. journals.GroupBy(journal => journal.FundId).Select(of => of.MaxBy(journal => journal.Position)!)
            .Select(last => new FundHead(last.FundId, last.Position, last.Hash))],
    };

    public static BooksStated Stated(string id, Instant at, params StatedFund[] funds) => new()
    {
        HolderId = "sunrise", StatingId = id, StatedAt = at, UpTo = London.DayOf(at).PlusDays(-1), Part = 1, Parts = 1,
        Funds = funds,
    };
}
