using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Isf.Contracts.Ledger;
using Isf.Host;
using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Tests.Reconciliation;
using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// Marten reads and writes the documents, on tables that the numbered migrations own, in the session's transaction.
/// </summary>
public sealed class Documents_are_stored_by_Marten(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    /// <summary>Columns that LINQ does not translate, and why.</summary>
    private static readonly Dictionary<string, string> QueriedBySqlAlone = new()
    {
        ["support.mt_doc_agreedprices.priced_days"] = "days with a rate: no member, held against many visits at once",
        ["support.mt_doc_agreedprices.services"] = "services with a rate: no member, held against many visits at once",
        ["support.mt_doc_allocation.weekly_minutes"] = "read beside the sums of many weeks, and never queried by",
    };

    private readonly TestHost host = shared.Host;

    public static TheoryData<string> Services => [.. IsfHost.AllServices().Select(service => service.Name)];

    public static TheoryData<string, string> Columns
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var service in IsfHost.AllServices())
            {
                foreach (var column in service.Columns)
                    rows.Add(service.Name, $"{column.Path.Parameters[0].Type.Name}.{column.Name}");
            }
            return rows;
        }
    }

    [Fact]
    public async Task Of_two_who_change_what_both_have_read_the_second_is_refused()
    {
        await StoreAsync(new PersonSalt("two", "first"));
        await using var one = Open();
        await using var other = Open();
        var (mine, theirs) = (await one.LoadAsync<PersonSalt>("two"), await other.LoadAsync<PersonSalt>("two"));
        one.Store(mine! with { Salt = "mine" });
        await one.SaveChangesAsync();
        other.Store(theirs! with { Salt = "theirs" });
        await Assert.ThrowsAsync<ConcurrencyException>(other.SaveChangesAsync);
        Assert.Equal("mine", await NameAsync("two"));
    }

    [Fact]
    public async Task What_was_not_there_and_now_is_is_not_written_over()
    {
        await using var one = Open();
        Assert.Null(await one.LoadAsync<PersonSalt>("late"));
        await StoreAsync(new PersonSalt("late", "theirs"));
        one.Store(new PersonSalt("late", "mine"));
        await Assert.ThrowsAsync<ConcurrencyException>(one.SaveChangesAsync);
        Assert.Equal("theirs", await NameAsync("late"));
    }

    [Fact]
    public async Task A_later_look_does_not_take_the_place_of_what_was_decided_on()
    {
        await StoreAsync(new PersonSalt("seen", "first"));
        await using var one = Open();
        var first = await one.LoadAsync<PersonSalt>("seen");
        await StoreAsync(first! with { Salt = "second" });
        await one.Query<PersonSalt>().After("").ToListAsync();
        Assert.Equal("second", (await one.LoadAsync<PersonSalt>("seen"))!.Salt);
        one.Store(first with { Salt = "third" });
        await Assert.ThrowsAsync<ConcurrencyException>(one.SaveChangesAsync);
    }

    [Fact]
    public async Task An_id_that_exists_is_not_inserted_and_nothing_else_of_the_commit_is_stored()
    {
        await StoreAsync(new PersonSalt("taken", "first"));
        await using var one = Open();
        one.Insert(new PersonSalt("beside", "beside"));
        one.Insert(new PersonSalt("taken", "second"));
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(one.SaveChangesAsync);
        Assert.Null(await one.LoadAsync<PersonSalt>("beside"));
        Assert.Equal("first", await NameAsync("taken"));
    }

    [Fact]
    public async Task A_document_the_rows_beside_it_and_the_message_travel_in_two_commands()
    {
        await StoreAsync(new PersonSalt("counted", "first"));
        await using var session = Open();
        using var test = new Activity("count").Start();
        using var commands = new CommandCount(test.OperationName);
        var stored = await session.LoadAsync<PersonSalt>("counted");
        session.Store(stored! with { Salt = "second" });
        session.Insert(new PersonSalt("counted-too", "new"));
        session.Queue("insert into holders (holder_id) select 'none' where 'none' = any($1)", new[] { "no", "nobody" });
        session.Publish(
            new FundOverdrawn { HolderId = "sunrise", FundId = "F-1", Position = 1, HeldPence = 1 }, "counted", "F-1");
        await session.SaveChangesAsync();
        Assert.Equal(2, commands.Count);
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_only_this_holders()
    {
        await using (var theirs = Open("moonrise"))
        {
            theirs.Store(new PersonSalt("gone", "theirs"));
            await theirs.SaveChangesAsync();
        }
        await StoreAsync(new PersonSalt("gone", "mine"));
        await using var session = Open();
        session.Delete(new PersonSalt("gone", "mine"));
        await session.SaveChangesAsync();
        Assert.Null(await NameAsync("gone"));
        await using var other = Open("moonrise");
        Assert.Equal("theirs", (await other.LoadAsync<PersonSalt>("gone"))?.Salt);
    }

    [Fact]
    public async Task What_only_reads_holds_no_transaction_until_it_locks()
    {
        const string within = """
            select count(*) from pg_stat_activity where datname = current_database()
            and state = 'idle in transaction' and query like '%mt_doc_personsalt%' and pid <> pg_backend_pid()
            """;
        await StoreAsync(new PersonSalt("read", "first"));
        await using var session = Open();
        Assert.NotNull(await session.LoadAsync<PersonSalt>("read"));
        Assert.NotEmpty(await session.Query<PersonSalt>().After("").ToListAsync());
        Assert.Equal(0, await host.ValueAsync<long>(within));
        await session.LockFoundAsync("read");
        Assert.NotNull(await session.LoadAsync<PersonSalt>("read"));
        Assert.Equal(1, await host.ValueAsync<long>(within));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task The_migrations_tables_have_every_column_that_Marten_would_make(string service)
    {
        var tables = await RowsAsync($"""
            select table_name from information_schema.tables
            where table_schema = '{service}' and table_type = 'BASE TABLE' and table_name like 'mt_doc_%'
            """);
        var documents = IsfHost.AllServices().Single(allService => allService.Name == service).Documents;
        Assert.Equal(documents.Values.Select(name => "mt_doc_" + name).Order(), tables.Order());
        await using var own = MartensOwn(service, documents);
        await own.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var missing = await RowsAsync($"""
            select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
            from information_schema.columns where table_schema = 'marten_{service}' and table_name like 'mt_doc_%'
            except select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
            from information_schema.columns where table_schema = '{service}'
            """);
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task A_query_by_a_column_reads_its_index(string service, string column)
    {
        var declared = IsfHost.AllServices().Single(allService => allService.Name == service).Columns
            .Single(documentColumn => $"{documentColumn.Path.Parameters[0].Type.Name}.{documentColumn.Name}" == column);
        var sql = (string)GetType().GetMethod(nameof(SqlOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(declared.Path.Parameters[0].Type)
            .Invoke(null, [host.Services.GetRequiredService<DocumentStores>().Of(service), declared])!;
        await using var session = host.Services.GetRequiredService<Sessions>().Open(service, "sunrise");
        var plan = await session.RowsAsync("explain " + sql, row => row.GetString(0), "sunrise", "X-1");
        Assert.Contains(plan, line => line.Contains("Index Cond", StringComparison.Ordinal)
            && line.Contains(declared.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_column_that_is_made_of_a_document_is_taught_to_LINQ_or_has_a_reason()
    {
        var made = await RowsAsync("""
            select n.nspname || '.' || c.relname || '.' || a.attname from pg_attribute a
            join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where a.attgenerated <> '' and not a.attisdropped and c.relkind = 'r' and c.relname like 'mt_doc_%'
            """);
        var translated =
            from service in IsfHost.AllServices()
            from column in service.Columns
            select $"{service.Name}.mt_doc_{service.Documents[column.Path.Parameters[0].Type]}.{column.Name}";
        Assert.Equal(translated.Concat(QueriedBySqlAlone.Keys).Order(), made.Order());
    }

    private static string SqlOf<T>(IDocumentStore store, DocumentColumn column) where T : class
    {
        var path = column.Path.Body is UnaryExpression boxed ? boxed.Operand : column.Path.Body;
        Expression value = path.Type == typeof(LocalDate)
            ? Expression.Constant(new LocalDate(2026, 4, 6)) : Expression.Constant("X-1");
        using var session = store.QuerySession("sunrise");
        var sql = session.Query<T>().Where(Expression.Lambda<Func<T, bool>>(
            Expression.Equal(path, value), column.Path.Parameters[0])).ToCommand().CommandText;
        return sql.Replace(":p0", "$1", StringComparison.Ordinal).Replace(":p1", "$2", StringComparison.Ordinal);
    }

    // Builds a store whose schema is beside the service's. Marten creates that schema by its own rules.
    private DocumentStore MartensOwn(
        string service, IReadOnlyDictionary<Type, string> documents) => DocumentStore.For(options =>
    {
        options.Connection(host.Database);
        options.DatabaseSchemaName = "marten_" + service;
        options.Policies.AllDocumentsAreMultiTenanted();
        options.Policies.ForAllDocuments(document =>
        {
            document.UseNumericRevisions = true;
            document.Alias = documents.GetValueOrDefault(document.DocumentType, document.Alias);
        });
        foreach (var document in documents.Keys)
            options.RegisterDocumentType(document);
    });

    private Session Open(string holder = "sunrise") =>
        host.Services.GetRequiredService<Sessions>().Open("ledger", holder);

    private async Task StoreAsync(PersonSalt salt)
    {
        await using var session = Open();
        session.Store(salt);
        await session.SaveChangesAsync();
    }

    private async Task<string?> NameAsync(string id)
    {
        await using var session = Open();
        return (await session.LoadAsync<PersonSalt>(id))?.Salt;
    }

    private async Task<List<string>> RowsAsync(string sql)
    {
        var owner = host.Owner;
        await using var command = owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
