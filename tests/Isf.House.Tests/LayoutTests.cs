using System.Text.RegularExpressions;
using Xunit;

namespace Isf.House.Tests;

/// <summary>The layout: the top level, the size of Hosting, the solution (design §3).</summary>
public sealed partial class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "services", "contracts", "tests", "ops", "IsfPlatform.sln", "Directory.Packages.props", "README.md",
    ];

    /// <summary>Anything at the top level that design §3 does not name; dotfiles are allowed.</summary>
    public static IEnumerable<Finding> StrangersAtTheTop(IEnumerable<string> paths) =>
        paths.Select(path => path.Split('/')[0]).Distinct()
            .Where(name => !name.StartsWith('.') && !TopLevel.Contains(name))
            .Select(name => new Finding(name, 1, "the top level is fixed: put this under ops/ or in a project"));

    /// <summary>A project with more C# files than allowed.</summary>
    public static IEnumerable<Finding> TooManyFiles(IEnumerable<string> paths, string folder, int most)
    {
        var count = paths.Count(path => path.StartsWith(folder + "/", StringComparison.Ordinal)
            && path.EndsWith(".cs", StringComparison.Ordinal));
        if (count > most)
            yield return new Finding(folder, 1, $"{count} files, at most {most}");
    }

    /// <summary>Folders of a project, its root included, with more C# files than allowed.</summary>
    public static IEnumerable<Finding> FullFolders(IEnumerable<string> paths, string project, int most) =>
        from path in paths
        where path.StartsWith(project + "/", StringComparison.Ordinal)
            && path.EndsWith(".cs", StringComparison.Ordinal)
        group path by path[..path.LastIndexOf('/')] into folder
        where folder.Count() > most
        select new Finding(folder.Key, 1, $"{folder.Count()} files, at most {most}");

    /// <summary>Projects that the solution does not list, and listed ones that do not exist.</summary>
    public static IEnumerable<Finding> SolutionDiffers(SourceFile solution, IEnumerable<string> paths)
    {
        var projects = paths.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToHashSet();
        var listed = ProjectLine().Matches(solution.Text).Select(match => match.Groups[1].Value.Replace('\\', '/'))
            .ToHashSet();
        foreach (var missing in projects.Except(listed))
            yield return new Finding(missing, 1, $"is not in {solution.Name}");
        foreach (var gone in listed.Except(projects))
            yield return new Finding(solution.Path, 1, $"lists {gone}, which is not there");
    }

    [GeneratedRegex("""^Project\(.*\) = "[^"]*", "([^"]*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [Fact]
    public void The_repository_is_really_read()
    {
        Assert.Contains("services/Host/Isf.Host/Program.cs", Repository.Paths);
        Assert.Contains(Repository.Files, file => file.Path == ".editorconfig" && file.Text.Length > 0);
        Assert.DoesNotContain(Repository.Paths, path => path.Contains("/obj/") || path.StartsWith(".git/"));
        Assert.True(ServiceMap.Of(Repository.Files).Messages.Count >= 20, "contracts/ is hardly read");
    }

    [Fact]
    public void The_top_level_holds_only_what_the_design_fixes() =>
        Rule.Holds("top level (design §3)", StrangersAtTheTop(Repository.Paths));

    [Fact]
    public void A_stranger_at_the_top_is_found() =>
        Rule.Finds(StrangersAtTheTop(["docs/a.md", "docs/b.md", "ops/run", ".ci/run"]), "docs:1");

    [Fact]
    public void Measures_has_at_most_12_files() =>
        Rule.Holds("Isf.Measures ≤ 12 files", TooManyFiles(Repository.Paths, "contracts/Isf.Measures", 12));

    // Hosting has a folder for each subject (design §3), and each folder has a limit.
    [Fact]
    public void A_folder_of_Hosting_has_at_most_40_files() =>
        Rule.Holds("a folder of Isf.Hosting ≤ 40 files",
            FullFolders(Repository.Paths, "services/Hosting/Isf.Hosting", 40));

    [Fact]
    public void A_full_folder_is_found() =>
        Rule.Finds(FullFolders(["a/1.cs", "a/2.cs", "a/b/3.cs", "a/b/4.cs", "a/b/5.cs", "c/6.cs"], "a", 2),
            "a/b:1: 3 files, at most 2");

    [Fact]
    public void One_file_too_many_is_found() =>
        Rule.Finds(TooManyFiles(["a/1.cs", "a/2.cs", "a/b/3.cs", "a/x.sql", "ab/4.cs"], "a", 2), "3 files, at most 2");

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
