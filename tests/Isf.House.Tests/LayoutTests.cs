using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Checks the layout of design §3: the top level, the shape of Hosting, the shared projects, and the solution.
/// </summary>
public sealed partial class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "services", "contracts", "tests", "ops", "IsfPlatform.sln", "Directory.Packages.props", "README.md",
    ];

    /// <summary>Finds anything at the top level that design §3 does not name; dotfiles are allowed.</summary>
    public static IEnumerable<Finding> StrangersAtTheTop(IEnumerable<string> paths) =>
        paths.Select(path => path.Split('/')[0]).Distinct()
            .Where(name => !name.StartsWith('.') && !TopLevel.Contains(name))
            .Select(name => new Finding(name, 1, "the top level is fixed: put this under ops/ or in a project"));

    /// <summary>
    /// C# files outside the folders that a project may have, and files at its root other than those named.
    /// </summary>
    public static IEnumerable<Finding> OutOfShape(
        IEnumerable<string> paths, string project, IReadOnlyList<string> folders, IReadOnlyList<string> atTheRoot) =>
        from path in paths
        where path.StartsWith(project + "/", StringComparison.Ordinal)
            && path.EndsWith(".cs", StringComparison.Ordinal)
        let parts = path[(project.Length + 1)..].Split('/')
        where parts.Length == 1 ? !atTheRoot.Contains(parts[0]) : parts.Length > 2 || !folders.Contains(parts[0])
        select new Finding(path, 1, $"belongs into one of {string.Join(", ", folders)}");

    /// <summary>
    /// Files of a shared project whose types only one service uses, or none; such types belong to that service.
    /// </summary>
    public static IEnumerable<Finding> NotShared(IEnumerable<SourceFile> files, string project)
    {
        var code = files.Where(file => file.IsCSharp).ToList();
        var names = code.Where(file => file.IsUnder("services")).SelectMany(file => file.All<IdentifierNameSyntax>()
                .Where(name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name)
                .Select(name => (name.Identifier.Text, Service: file.Path.Split('/')[1])))
            .Distinct().ToLookup(use => use.Text, use => use.Service);
        foreach (var file in code.Where(file => file.IsUnder(project)))
        {
            var types = file.All<BaseTypeDeclarationSyntax>()
                .Where(type => type.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.PublicKeyword)))
                .Select(type => type.Identifier.Text).ToList();
            if (types.Count > 0 && types.SelectMany(type => names[type]).Distinct().Count() < 2)
                yield return new Finding(file.Path, 1, "is used by fewer than two services: move it to the one");
        }
    }

    /// <summary>Projects that the solution does not list, and listed ones that do not exist.</summary>
    public static IEnumerable<Finding> SolutionDiffers(SourceFile solution, IEnumerable<string> paths)
    {
        var projects = paths.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToHashSet();
        var listed = ProjectLine().Matches(solution.Text).Select(match => match.Groups["path"].Value.Replace('\\', '/'))
            .ToHashSet();
        foreach (var missing in projects.Except(listed))
            yield return new Finding(missing, 1, $"is not in {solution.Name}");
        foreach (var missing in listed.Except(projects))
            yield return new Finding(solution.Path, 1, $"lists {missing}, which is not there");
    }

    [GeneratedRegex("""^Project\(.*\) = "[^"]*", "(?<path>[^"]*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [Fact]
    public void The_repository_is_really_read()
    {
        Assert.Contains("services/Host/Isf.Host/Program.cs", Repository.Paths);
        Assert.Contains(Repository.Files, file => file.Path == ".editorconfig" && file.Text.Length > 0);
        Assert.DoesNotContain(Repository.Paths,
            path => path.Contains("/obj/") || path.StartsWith(".git/", StringComparison.Ordinal));
        Assert.True(ServiceMap.Of(Repository.Files).Messages.Count >= 20, "contracts/ is hardly read");
    }

    [Fact]
    public void The_top_level_holds_only_what_the_design_fixes() =>
        Rule.Holds("top level (design §3)", StrangersAtTheTop(Repository.Paths));

    [Fact]
    public void A_stranger_at_the_top_is_found() =>
        Rule.Finds(StrangersAtTheTop(["docs/a.md", "docs/b.md", "ops/run", ".ci/run"]), "docs:1");

    [Fact]
    public void Hosting_has_six_folders_and_three_files_beside_them() =>
        Rule.Holds("the folders of Isf.Hosting (design §3)", OutOfShape(
            Repository.Paths, "services/Hosting/Isf.Hosting",
            ["Data", "Messaging", "Http", "Jobs", "Serialization", "Telemetry"],
            ["Decision.cs", "ProblemException.cs", "HostSettings.cs"]));

    [Fact]
    public void A_file_out_of_shape_is_found() =>
        Rule.Finds(
            OutOfShape(["a/A.cs", "a/B.cs", "a/x/C.cs", "a/x/y/D.cs", "a/z/E.cs", "a/z/F.sql"], "a", ["x"], ["A.cs"]),
            "a/B.cs:1", "a/x/y/D.cs:1", "a/z/E.cs:1");

    [Theory]
    [InlineData("contracts/Isf.Measures")]
    [InlineData("contracts/Isf.Prices")]
    public void What_is_shared_is_used_by_two_services(string project) =>
        Rule.Holds("a shared file serves two services (design §3)", NotShared(Repository.Files, project));

    [Fact]
    public void What_one_service_uses_is_found() =>
        Rule.Finds(
            NotShared(
                Rule.Sample(
                    "a/One.cs", "public class One;", "a/Two.cs", "public class Two; public class Part;",
                    "a/Inner.cs", "internal class Inner;", "services/X/A.cs", "class A { One One; Two Two; }",
                    "services/Y/B.cs", "class B { Two Two; }"),
                "a"),
            "a/One.cs:1");

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Rule.Holds(
            "every project is in the solution",
            SolutionDiffers(Repository.Files.Single(file => file.Path == "IsfPlatform.sln"), Repository.Paths));

    [Fact]
    public void A_project_outside_the_solution_is_found() =>
        Rule.Finds(
            SolutionDiffers(
                new SourceFile("x.sln", """Project("{1}") = "A", "tests\A\A.csproj", "{2}" """),
                ["tests/B/B.csproj"]),
            "tests/B/B.csproj:1: is not in x.sln",
            "lists tests/A/A.csproj");
}
