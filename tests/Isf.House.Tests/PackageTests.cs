using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Packages have exact versions, written in one place, and are locked.</summary>
public sealed partial class PackageTests
{
    /// <summary>Versions that are not exact, and versions written outside the one place.</summary>
    public static IEnumerable<Finding> LooseVersions(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.Name == "Directory.Packages.props" || IsProject(file)))
        {
            foreach (var element in XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants())
            {
                var line = ((System.Xml.IXmlLineInfo)element).LineNumber;
                var name = element.Attribute("Include")?.Value ?? element.Attribute("Update")?.Value;
                var version = element.Attribute("Version")?.Value ?? element.Attribute("VersionOverride")?.Value;
                if (element.Name.LocalName == "PackageVersion" && !Exact().IsMatch(version ?? ""))
                    yield return file.Found(line, $"{name} {version}: pin one exact version");
                else if (element.Name.LocalName == "PackageReference" && version is not null)
                    yield return file.Found(line, $"{name} {version}: versions are in Directory.Packages.props only");
            }
        }
    }

    /// <summary>Projects without a lock file.</summary>
    public static IEnumerable<Finding> Unlocked(IEnumerable<string> paths)
    {
        var all = paths.ToHashSet();
        return from path in all
               where path.EndsWith(".csproj", StringComparison.Ordinal)
               where !all.Contains($"{path[..path.LastIndexOf('/')]}/packages.lock.json")
               select new Finding(path, 1, "has no packages.lock.json beside it");
    }

    /// <summary>
    /// Finds build settings outside ops/build. A folder at the top has only one line, which imports them.
    /// </summary>
    public static IEnumerable<Finding> PolicyElsewhere(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Name is "Directory.Build.props" or "Directory.Build.targets"
        where file.Folder.Contains('/') || file.Name != "Directory.Build.props" || file.Lines.Length != 1
        select file.Found(1, "policy lies in ops/build, imported by the one line of a folder's Directory.Build.props");

    private static bool IsProject(SourceFile file) => file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        || file.Path.EndsWith(".props", StringComparison.Ordinal);

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[0-9A-Za-z.]+)?$")]
    private static partial Regex Exact();

    [Fact]
    public void Every_version_is_exact_and_in_one_place() =>
        Rule.Holds("exact versions", LooseVersions(Repository.Files));

    [Fact]
    public void Every_project_has_a_lock_file() => Rule.Holds("lock files", Unlocked(Repository.Paths));

    [Fact]
    public void Policy_is_in_one_place() => Rule.Holds("policy in ops/build", PolicyElsewhere(Repository.Files));

    [Fact]
    public void A_loose_version_is_found() =>
        Rule.Finds(
            LooseVersions(Rule.Sample(
                "Directory.Packages.props",
                """
                <Project><ItemGroup>
                <PackageVersion Include="A" Version="1.2.3" />
                <PackageVersion Include="B" Version="1.*" />
                <PackageVersion Include="C" Version="[1.0,2.0)" />
                </ItemGroup></Project>
                """,
                "tests/A.csproj",
                """<Project><ItemGroup><PackageReference Include="D" Version="1.0.0" /></ItemGroup></Project>""")),
            "props:3: B", "props:4: C", "A.csproj:1: D");

    [Fact]
    public void A_project_without_a_lock_file_is_found() =>
        Rule.Finds(Unlocked(["a/a.csproj", "a/packages.lock.json", "b/b.csproj"]), "b/b.csproj");

    [Fact]
    public void Policy_in_a_second_place_is_found() =>
        Rule.Finds(
            PolicyElsewhere(Rule.Sample(
                "tests/Directory.Build.props", "<a/>\n", "tests/Isf.A/Directory.Build.props", "<a/>",
                "ops/Directory.Build.props", "<a>\n</a>", "ops/Directory.Build.targets", "<a/>")),
            "tests/Isf.A/Directory.Build.props", "ops/Directory.Build.props", "ops/Directory.Build.targets");
}
