using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Story.Tests.Telling;
using Isf.Tests;
using Isf.Tests.Servers;
using NodaTime;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// The result of entering and importing the sample without disturbance: the books that every disturbed run must end
/// with, and every message published on the way.
/// </summary>
internal sealed record Undisturbed(string Books, IReadOnlyList<OutboxRow> Published)
{
    /// <summary>The number of files in which the sample's visits are imported.</summary>
    public const int Files = 20;

#pragma warning disable RS0030 // Killed hosts use the real clock, and so must the run they are compared with.
    public static readonly Instant Now = SystemClock.Instance.GetCurrentInstant();
#pragma warning restore RS0030

    private static readonly Lazy<Task<Undisturbed>> Run = new(RunAsync);

    private static readonly string[] Funds =
        [.. Enumerable.Range(1, 12).Select(number => $"F-{number:00}")];

    /// <summary>Imports the sample once for all tests of the process.</summary>
    public static Task<Undisturbed> OnceAsync() => Run.Value;

    /// <summary>The sample's books: every journal of every fund, every balance and every hour at every date.</summary>
    public static Task<string> BooksOfAsync(Office office) =>
        Chaos.Books.ReadAsync(office, new(2026, 3, 29), new(2026, 5, 25), Funds);

    private static async Task<Undisturbed> RunAsync()
    {
        var database = await TestServers.NewDatabaseAsync();
        await CopyOutboxAsync(database);
        try
        {
            await using var host = await TestHost.StartAsync(new()
            {
                Database = database, Now = Now, LookupRetryTime = TimeSpan.FromSeconds(10),
            });
            var office = StoryResult.OfficeOf(host);
            await SampleLife.EnterAsync(office);
            foreach (var (file, i) in SampleLife.Files(Files).Select((file, i) => (file, i)))
                await office.FileDoneAsync(await office.UploadAsync(file, $"part-{i}"));
            await office.UntilIdleAsync();
            return new(await BooksOfAsync(office), await PublishedAsync(database));
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    /// <summary>The outbox deletes rows once they are consumed, so a trigger keeps a copy of each row.</summary>
    private static async Task CopyOutboxAsync(string database)
    {
        await using var source = Databases.Open(database);
        await using var command = source.CreateCommand("""
            create schema kept;
            create table kept.said (like funds.outbox);
            create function kept.keep() returns trigger language plpgsql security definer as $$
            begin insert into kept.said select new.*; return new; end $$;
            create trigger keep after insert on funds.outbox for each row execute function kept.keep();
            create trigger keep after insert on support.outbox for each row execute function kept.keep();
            create trigger keep after insert on invoicing.outbox for each row execute function kept.keep();
            """);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<OutboxRow>> PublishedAsync(string database)
    {
        await using var source = Databases.Open(database);
        await using var command = source.CreateCommand(
            "select seq, message_id, holder_id, urn, fact, funds, body from kept.said order by said_at");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3),
                reader.GetGuid(4), reader.GetFieldValue<string[]>(5), null, reader.GetFieldValue<byte[]>(6)));
        }
        return rows;
    }
}
