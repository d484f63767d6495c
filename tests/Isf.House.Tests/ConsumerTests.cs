using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Consumers are features, each listed by hand, and no service publishes on the bus itself (design §5, §8.10).
/// </summary>
public sealed class ConsumerTests
{
    private static readonly HashSet<string> Scanners =
    [
        "AddConsumers", "AddConsumersFromNamespaceContaining", "AddSagas", "AddActivities", "GetTypes",
        "GetExportedTypes", "GetReferencedAssemblies", "ExportedTypes", "DefinedTypes",
        "MediatR", "AddMediator", "IMediator",
    ];

    private static readonly HashSet<string> BusDoors =
    [
        "IBus", "IBusControl", "IPublishEndpoint", "IPublishEndpointProvider", "ISendEndpoint", "ISendEndpointProvider",
        "ConsumeContext", "PublishBatch", "BasicPublishAsync",
    ];

    /// <summary>Code outside Hosting that may name the bus, but never publish on it, with the reason.</summary>
    private static readonly Dictionary<string, string> BusWatchers = new()
    {
        ["services/Host/Isf.Host/Readiness.cs"] = "asks whether the broker answers: /health/ready",
    };

    /// <summary>
    /// Listed consumers whose name does not end in Consumer, or that no feature of their service declares.
    /// </summary>
    public static IEnumerable<Finding> MisplacedConsumers(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        foreach (var contents in ServiceMap.Of(all).Contents)
        {
            foreach (var entry in contents.Consumes)
            {
                var consumer = entry.Consumer ?? "";
                var home = all.Where(file => file.IsUnder($"services/{contents.Service}"))
                    .FirstOrDefault(file => file.IsCSharp && Declares(file, consumer));
                if (!consumer.EndsWith("Consumer", StringComparison.Ordinal))
                {
                    yield return contents.File.Found(
                        entry.At, $"“{consumer}” consumes {entry.Message}: end it in Consumer");
                }
                else if (home is null || !NameTests.IsFeature(home))
                {
                    yield return contents.File.Found(entry.At, $"{consumer} is not in a folder of {contents.Service}");
                }
            }
        }
    }

    /// <summary>
    /// Consumers that their service's table of contents does not list, so that they would never consume anything.
    /// </summary>
    public static IEnumerable<Finding> UnlistedConsumers(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        foreach (var contents in ServiceMap.Of(all).Contents)
        {
            var listed = contents.Consumes.Select(entry => entry.Consumer).ToHashSet();
            foreach (var file in all.Where(file => file.IsCSharp && file.IsUnder($"services/{contents.Service}")))
            {
                foreach (var type in file.All<ClassDeclarationSyntax>().Where(type =>
                    type.Identifier.Text.EndsWith("Consumer", StringComparison.Ordinal)
                    && !listed.Contains(type.Identifier.Text)))
                {
                    yield return file.Found(
                        type.Identifier, $"{contents.File.Name} does not list {type.Identifier.Text}");
                }
            }
        }
    }

    /// <summary>
    /// Finds public consumers that no test or benchmark names. They need not be public, because only their own service
    /// calls them.
    /// </summary>
    public static IEnumerable<Finding> NeedlesslyPublic(IEnumerable<SourceFile> files)
    {
        var all = files.Where(file => file.IsCSharp).ToList();
        var named = all.Where(file => file.IsUnder("tests")).SelectMany(file => file.All<IdentifierNameSyntax>())
            .Select(name => name.Identifier.Text).ToHashSet();
        return
            from file in all
            where file.IsUnder("services") && !file.IsUnder("services/Hosting")
            from type in file.All<ClassDeclarationSyntax>()
            where type.Identifier.Text.EndsWith("Consumer", StringComparison.Ordinal)
                && type.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.PublicKeyword))
                && !named.Contains(type.Identifier.Text)
            select file.Found(type.Identifier, $"{type.Identifier.Text} is internal: no test or bench names it");
    }

    /// <summary>Code and projects that scan for features or use a mediator.</summary>
    public static IEnumerable<Finding> Scanning(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            if (file.IsCSharp && file.IsUnder("services"))
            {
                foreach (var name in file.All<SimpleNameSyntax>().Where(at => Scanners.Contains(at.Identifier.Text)))
                    yield return file.Found(name, $"{name.Identifier}: features are listed by hand, never scanned");
            }
            else if (file.Path.EndsWith(".csproj", StringComparison.Ordinal) || file.Name == "Directory.Packages.props")
            {
                foreach (var package in new[] { "MediatR", "Mediator", "Scrutor", "Wolverine", "Brighter" })
                {
                    if (file.Text.Contains($"\"{package}", StringComparison.Ordinal))
                        yield return file.Found(1, $"{package}: a feature is a method call (design §8.10)");
                }
            }
        }
    }

    /// <summary>Code outside Hosting that touches the bus.</summary>
    public static IEnumerable<Finding> TouchesTheBus(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services") && !file.IsUnder("services/Hosting/Isf.Hosting")
        from name in file.All<SimpleNameSyntax>()
        where BusDoors.Contains(name.Identifier.Text)
        where !(name.Identifier.Text == "IBusControl" && BusWatchers.ContainsKey(file.Path))
        select file.Found(name, $"{name.Identifier.Text}: publish through the session; only the relay touches the bus");

    private static bool Declares(SourceFile file, string type) =>
        file.All<BaseTypeDeclarationSyntax>().Any(found => found.Identifier.Text == type);

    [Fact]
    public void A_consumer_ends_in_Consumer_and_lives_in_a_folder_of_its_service() =>
        Rule.Holds("consumers are features (design §5)", MisplacedConsumers(Repository.Files));

    [Fact]
    public void Every_consumer_is_listed_by_its_service() =>
        Rule.Holds("consumers are listed by hand (design §5)", UnlistedConsumers(Repository.Files));

    [Fact]
    public void A_consumer_is_internal_unless_a_test_or_bench_names_it() =>
        Rule.Holds("consumers are internal (design §8.14)", NeedlesslyPublic(Repository.Files));

    [Fact]
    public void A_needlessly_public_consumer_is_found() =>
        Rule.Finds(
            NeedlesslyPublic(Rule.Sample(
                "services/A.cs", "public class PostConsumer; public class TimedConsumer; class CopyConsumer;",
                "tests/B.cs", "class B { TimedConsumer C; }")),
            "PostConsumer is internal");

    [Fact]
    public void Nothing_is_scanned_and_there_is_no_mediator() =>
        Rule.Holds("no scanning, no mediator (design §8.10)", Scanning(Repository.Files));

    [Fact]
    public void Only_the_relay_touches_the_bus() =>
        Rule.Holds("only the relay may touch the bus (design §8.8)", TouchesTheBus(Repository.Files));

    [Fact]
    public void A_misnamed_a_misplaced_and_an_unlisted_consumer_are_found()
    {
        var files = Rule.Sample(
            "services/Ledger/Isf.Ledger/LedgerService.cs",
            """
            class S { S D() => new S().Consumes<M, PostCareConsumer>().Consumes<M, Poster>()
                .Consumes<M, LostConsumer>(); }
            """,
            "services/Ledger/Isf.Ledger/Posting/PostCare.cs",
            "class PostCareConsumer; class Poster; class ForgottenConsumer;",
            "services/Ledger/Isf.Ledger/Lost.cs", "class LostConsumer;");
        Rule.Finds(MisplacedConsumers(files), "“Poster” consumes M", "LostConsumer is not in a folder of Ledger");
        Rule.Finds(UnlistedConsumers(files), "does not list ForgottenConsumer");
    }

    [Fact]
    public void Scanning_and_a_mediator_are_found() =>
        Rule.Finds(
            Scanning(Rule.Sample(
                "services/Host/Isf.Host/A.cs", "class A { void B(X x) { x.AddConsumers(1); x.AddConsumer<C>(); } }",
                "services/Host/Isf.Host/B.cs", "class A { object B = typeof(A).Assembly.GetTypes(); }",
                "services/Host/Isf.Host/C.csproj", """<PackageReference Include="MediatR" />""")),
            "A.cs:1: AddConsumers", "B.cs:1: GetTypes", "C.csproj:1: MediatR");

    [Fact]
    public void A_service_that_touches_the_bus_is_found() =>
        Rule.Finds(
            TouchesTheBus(Rule.Sample(
                "services/Host/Isf.Host/Readiness.cs", "class A(IBusControl bus, ISendEndpoint other) { }",
                "services/Funds/Isf.Funds/A.cs", "class A(IBus bus) { void B(Session s) => s.Publish(1); }",
                "services/Hosting/Isf.Hosting/Relay.cs", "class A(IBus bus) { void B() => bus.Publish(1); }")),
            "A.cs:1: IBus", "Readiness.cs:1: ISendEndpoint");
}
