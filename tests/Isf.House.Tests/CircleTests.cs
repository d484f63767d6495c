using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Folders of a project use each other in one direction, and so do the files within a folder of Hosting: a reader can
/// begin at one end (design §3).
/// </summary>
public sealed class CircleTests
{
    private const string Hosting = "services/Hosting/Isf.Hosting";

    private static readonly Lazy<IReadOnlyList<MetadataReference>> Libraries = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "*.dll")).DistinctBy(Path.GetFileName)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private static readonly SyntaxTree Usings = Parse(new SourceFile("Usings.cs", string.Concat(new[]
    {
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks", "Xunit", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http",
    }.Select(space => $"global using {space};\n"))));

    public static TheoryData<string> Projects =>
        [.. Repository.Paths.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(FolderOf)];

    /// <summary>Finds the uses between folders that form a circle, directly or through other folders.</summary>
    public static IEnumerable<Finding> FolderCircles(IEnumerable<SourceFile> files, string project) =>
        Circles(UsesIn(files, project), file => file.Folder);

    /// <summary>
    /// Finds the uses between files of one folder that form a circle. The parts of a partial type count as one file.
    /// </summary>
    public static IEnumerable<Finding> FileCircles(IEnumerable<SourceFile> files, string project)
    {
        var all = files.Where(file => file.IsCSharp && file.IsUnder(project)).ToList();
        var parts = all.SelectMany(file => file.All<TypeDeclarationSyntax>()
                .Where(type => type.Modifiers.Any(SyntaxKind.PartialKeyword))
                .Select(type => (Key: $"{file.Folder}/{type.Identifier.Text}", file.Path)))
            .DistinctBy(part => part.Path).ToDictionary(part => part.Path, part => part.Key);
        return UsesIn(all, project).GroupBy(use => use.User.Folder).SelectMany(folder => Circles(
            folder.Where(use => use.Used.Folder == folder.Key).ToList(),
            file => parts.GetValueOrDefault(file.Path, file.Path)));
    }

    private sealed record Use(SourceFile User, SourceFile Used, SyntaxNode At);

    private static IEnumerable<Finding> Circles(IReadOnlyList<Use> uses, Func<SourceFile, string> nodeOf)
    {
        var edges = uses.Where(use => nodeOf(use.User) != nodeOf(use.Used))
            .ToLookup(use => nodeOf(use.User), use => nodeOf(use.Used));
        var reached = edges.ToDictionary(node => node.Key, node => Reached(edges, node.Key));
        return
            from use in uses
            let user = nodeOf(use.User)
            let used = nodeOf(use.Used)
            where user != used && reached.TryGetValue(used, out var back) && back.Contains(user)
            select use.User.Found(use.At, $"uses {use.Used.Path}, which uses {user} in its turn");
    }

    private static HashSet<string> Reached(ILookup<string, string> edges, string from)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(edges[from]);
        while (next.TryPop(out var node))
        {
            if (reached.Add(node))
                Array.ForEach([.. edges[node]], next.Push);
        }
        return reached;
    }

    private static IReadOnlyList<Use> UsesIn(IEnumerable<SourceFile> files, string project)
    {
        var byPath = files.Where(file => file.IsCSharp && file.IsUnder(project)).ToDictionary(file => file.Path);
        var trees = byPath.Values.ToDictionary(file => file, Parse);
        var compilation = CSharpCompilation.Create(
            Path.GetFileName(project) + ".Circles", trees.Values.Append(Usings), Libraries.Value);
        return
        [
            .. from tree in trees
               let model = compilation.GetSemanticModel(tree.Value)
               from name in tree.Value.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
               let symbol = model.GetSymbolInfo(name)
               let type = TopOf(symbol.Symbol ?? symbol.CandidateSymbols.FirstOrDefault())
               from home in type?.DeclaringSyntaxReferences.Take(1) ?? []
               let used = byPath.GetValueOrDefault(home.SyntaxTree.FilePath)
               where used is not null && used != tree.Key
               select new Use(tree.Key, used, name),
        ];
    }

    private static INamedTypeSymbol? TopOf(ISymbol? symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        while (type?.ContainingType is { } outer)
            type = outer;
        return type?.OriginalDefinition;
    }

    private static SyntaxTree Parse(SourceFile file) => CSharpSyntaxTree.ParseText(
        file.Text, new CSharpParseOptions(LanguageVersion.Preview), file.Path);

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_use_each_other_in_one_direction(string project) =>
        Rule.Holds("no circle between folders (design §3)", FolderCircles(Repository.Files, project));

    [Fact]
    public void Files_in_a_folder_of_Hosting_use_each_other_in_one_direction() =>
        Rule.Holds("no circle between files (design §3)", FileCircles(Repository.Files, Hosting));

    [Fact]
    public void A_circle_of_folders_is_found_and_a_way_without_return_is_not() =>
        Rule.Finds(
            FolderCircles(Rule.Sample(
                "p/A/One.cs", "namespace P.A; class One { P.B.Two two; }",
                "p/B/Two.cs", "namespace P.B; class Two { void M() => P.C.Three.Do(); }",
                "p/C/Three.cs", "using P.A; namespace P.C; static class Three { public static One Do() => null; }",
                "p/D/Four.cs", "using P.A; namespace P.D; class Four : One;"), "p"),
            "p/A/One.cs:1: uses p/B/Two.cs", "p/B/Two.cs:1: uses p/C/Three.cs", "p/B/Two.cs:1: uses p/C/Three.cs",
            "p/C/Three.cs:1: uses p/A/One.cs");

    [Fact]
    public void A_circle_of_files_is_found_and_the_parts_of_a_type_are_none() =>
        Rule.Finds(
            FileCircles(Rule.Sample(
                "p/A/One.cs", "namespace P.A; class One { void M(int n) => n.Twice(); }",
                "p/A/Two.cs", "namespace P.A; static class Two { public static void Twice(this int n) => new One(); }",
                "p/A/Three.cs", "namespace P.A; partial class Three { void M() => N(); }",
                "p/A/ThreeMore.cs", "namespace P.A; partial class Three { void N() => M(); }"), "p"),
            "p/A/One.cs:1: uses p/A/Two.cs", "p/A/Two.cs:1: uses p/A/One.cs");
}
