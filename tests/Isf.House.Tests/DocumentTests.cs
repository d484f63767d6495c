using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Marten reads and writes documents; the numbered migrations own their tables. Marten's own schema has neither our
/// columns nor row-level security, so its changes would remove both (decision 0001).
/// </summary>
public sealed class DocumentTests
{
    private const string Table = "mt_doc_";
    private const string StoresFile = "services/Hosting/Isf.Hosting/Data/DocumentStores.cs";

    private static readonly string[] ChangesTables =
    [
        "ApplyAllConfiguredChangesToDatabaseAsync", "ApplyAllDatabaseChangesOnStartup", "ApplyChangesOnStartup",
        "ApplyMigrationAsync", "AssertDatabaseMatchesConfigurationAsync", "AssertDatabaseMatchesConfigurationOnStartup",
        "CompletelyRemoveAllAsync", "CompletelyRemoveAsync", "CreateMigrationAsync", "EnsureStorageExistsAsync",
        "ResetAllData", "UseRowLevelSecurity",
    ];

    /// <summary>Methods by which Marten would change tables, anywhere in the product.</summary>
    public static IEnumerable<Finding> TableChanges(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from name in file.All<SimpleNameSyntax>()
        let method = name.Identifier.ValueText
        let of = (name.Parent as MemberAccessExpressionSyntax)?.Expression.ToString()
        where ChangesTables.Contains(method)
            || (of?.Split('.')[^1] == "AutoCreate" && method is not ("None" or "AutoCreate"))
        select file.Found(name, $"{method}: numbered SQL changes tables, Marten never does");

    /// <summary>
    /// Finds document stores that are built outside DocumentStores.cs, or without AutoCreate.None, because Marten
    /// creates tables by default.
    /// </summary>
    public static IEnumerable<Finding> Stores(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from made in file.All<ExpressionSyntax>()
        where (made is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call }
                && (call.Name.Identifier.ValueText is "AddMarten" or "AddMartenStore"
                    || (call.Name.Identifier.ValueText == "For" && IsStore(call.Expression))))
            || (made is ObjectCreationExpressionSyntax { Type: var type } && IsStore(type))
        where file.Path != StoresFile || !made.ToString().Contains("= AutoCreate.None;", StringComparison.Ordinal)
        select file.Found(made, "a store of documents is made in DocumentStores alone, with AutoCreate.None");

    private static bool IsStore(SyntaxNode name) => name.ToString().Split('.')[^1] == "DocumentStore";

    /// <summary>
    /// Product code that names a document's table; only DocumentStores.cs may, because it gives Marten the names.
    /// </summary>
    public static IEnumerable<Finding> TableNames(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services") && file.Name != "DocumentStores.cs"
        from line in file.Lines.Index()
        where line.Item.Contains(Table, StringComparison.Ordinal)
        select file.Found(line.Index + 1, $"SQL reads a view that a migration makes, not {Table}…");

    [Fact]
    public void Marten_changes_no_table() =>
        Rule.Holds("numbered SQL owns the tables (decision 0001)", TableChanges(Repository.Files));

    [Fact]
    public void No_SQL_names_a_documents_table() =>
        Rule.Holds("set-based SQL reads views of documents (decision 0001)", TableNames(Repository.Files));

    [Fact]
    public void Stores_are_made_in_one_place() =>
        Rule.Holds("a store that nobody told otherwise changes tables (decision 0001)", Stores(Repository.Files));

    [Fact]
    public void A_store_made_elsewhere_is_found_and_one_that_may_change_tables() =>
        Rule.Finds(
            Stores(Rule.Sample(
                "services/A.cs", "class A { object B = DocumentStore.For(o => o.AutoCreate = AutoCreate.None); }",
                "services/B.cs", "class A { void B(C services) => services.AddMarten(\"Host=h\"); }",
                "services/C.cs", "class A { object B = new Marten.DocumentStore(new StoreOptions()); }",
                "tests/D.cs", "class A { object B = DocumentStore.For(\"Host=h\"); }",
                "services/F/DocumentStores.cs",
                "class A { object B = DocumentStore.For(o => { o.A = AutoCreate.None; }); }",
                StoresFile, """
                class A
                {
                    object B = DocumentStore.For(options => { options.A = AutoCreate.None; });
                    object C = Marten.DocumentStore.For(options => options.Connection("Host=h"));
                    object D = Other.For(1);
                }
                """)),
            "A.cs:1", "B.cs:1", "C.cs:1", "F/DocumentStores.cs:1", StoresFile + ":4");

    [Fact]
    public void A_change_and_a_name_are_found()
    {
        var sample = Rule.Sample("services/A.cs", """
            class A
            {
                void B(StoreOptions options, IDocumentStore store)
                {
                    options.AutoCreateSchemaObjects = AutoCreate.None;
                    options.AutoCreateSchemaObjects = JasperFx.AutoCreate.All;
                    store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
                    Read("select id from mt_doc_plan");
                }
            }
            """);
        Rule.Finds(TableChanges(sample), "A.cs:6", "A.cs:7");
        Rule.Finds(TableNames(sample), "A.cs:8");
    }
}
