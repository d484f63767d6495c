using Isf.Funds.Domain;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Tests;
using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Weasel.Core;

namespace Isf.Benchmarks;

/// <summary>
/// Measures storing documents (one or five hundred in a commit), loading them one by one, and loading, changing and
/// storing them again. Each case is compared with Marten alone on the same table. Our session also sets the tenant for
/// row-level security, checks revisions, and writes outbox and inbox in the same transaction.
/// </summary>
public static class DocumentBench
{
    private const int Commits = 300;
    private const int Each = 500;
    private const int Loads = 1000;
    private static int made;

    /// <summary>Runs the benchmark.</summary>
    public static async Task RunAsync(Figures figures)
    {
        await using var host = await TestHost.StartAsync(new() { Services = "support" });
        const string pool = ";Pooling=true;Max Auto Prepare=100;Auto Prepare Min Usages=3";
        await using var source = Databases.Open(host.Database + pool);
        await using var marten = DocumentStore.For(options => Alone(options, source));
        var sessions = host.Services.GetRequiredService<Sessions>();
        await StoreAsync(sessions, 2, Each);
        await StoreAsync(marten, 2, Each);

        await figures.AgainstAsync("store one a commit", () => StoreAsync(sessions, Commits, 1), 1,
            "Marten's store one a commit", () => StoreAsync(marten, Commits, 1), 1);
        await figures.AgainstAsync("store 500 a commit", () => StoreAsync(sessions, 10, Each), 1,
            "Marten's store 500 a commit", () => StoreAsync(marten, 10, Each), 1);
        await figures.AgainstAsync("load one by id", () => LoadAsync(sessions), 1,
            "Marten's load one by id", () => LoadAsync(marten), 1);
        await figures.AgainstAsync("load one, change it and store it", () => ChangeAsync(sessions), 1,
            "Marten's load one, change it and store it", () => ChangeAsync(marten), 1);
    }

    // Configures Marten for these tables as a program would that uses Marten alone.
    private static void Alone(StoreOptions options, Npgsql.NpgsqlDataSource source)
    {
        options.Connection(source);
        options.DatabaseSchemaName = "funds";
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Policies.AllDocumentsAreMultiTenanted();
        options.Policies.ForAllDocuments(document => document.UseNumericRevisions = true);
        options.Serializer(new Marten.Services.SystemTextJsonSerializer(IsfJson.Options)
        {
            EnumStorage = EnumStorage.AsString, Casing = Casing.CamelCase,
        });
    }

    private static Person Next(string of) => new($"{of}-{made++}", new()
    {
        Name = "Ada Example", Nation = Nation.England, Format = ReadingFormat.Plain, Language = Language.En,
    }, "0123456789abcdef");

    private static async Task<int> StoreAsync(Sessions sessions, int commits, int each)
    {
        for (var i = 0; i < commits; i++)
        {
            await using var session = sessions.Open("funds", "ours");
            for (var j = 0; j < each; j++)
                session.Store(Next("ours"));
            await session.SaveChangesAsync();
        }
        return commits * each;
    }

    private static async Task<int> StoreAsync(DocumentStore marten, int commits, int each)
    {
        for (var i = 0; i < commits; i++)
        {
            await using var session = marten.LightweightSession("marten");
            for (var j = 0; j < each; j++)
                session.Store(Next("marten"));
            await session.SaveChangesAsync();
        }
        return commits * each;
    }

    private static async Task<int> LoadAsync(Sessions sessions)
    {
        for (var i = 0; i < Loads; i++)
        {
            await using var session = sessions.Open("funds", "ours");
            Found(await session.LoadAsync<Person>($"ours-{i % Each}"));
        }
        return Loads;
    }

    private static async Task<int> LoadAsync(DocumentStore marten)
    {
        for (var i = 0; i < Loads; i++)
        {
            await using var session = marten.LightweightSession("marten");
            Found(await session.LoadAsync<Person>($"marten-{(Each * 2) + (i % Each)}"));
        }
        return Loads;
    }

    private static async Task<int> ChangeAsync(Sessions sessions)
    {
        for (var i = 0; i < Commits; i++)
        {
            await using var session = sessions.Open("funds", "ours");
            session.Store(Changed(await session.LoadAsync<Person>($"ours-{i}")));
            await session.SaveChangesAsync();
        }
        return Commits;
    }

    private static async Task<int> ChangeAsync(DocumentStore marten)
    {
        for (var i = 0; i < Commits; i++)
        {
            await using var session = marten.LightweightSession("marten");
            session.Store(Changed(await session.LoadAsync<Person>($"marten-{(Each * 2) + i}")));
            await session.SaveChangesAsync();
        }
        return Commits;
    }

    private static Person Changed(Person? person) => Found(person) with { Salt = $"{made++:x16}" };

    private static Person Found(Person? person) => person ?? throw new InvalidOperationException("It was stored.");
}
