using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// The references that a project may have. A domain references only Measures, Prices and NodaTime; a service
/// references its own domain, Hosting, the contracts, Measures and Prices, and never another service (design §2, §3).
/// The rule is checked on the project files and on the compiled assemblies.
/// </summary>
public sealed class ReferenceTests
{
    private static readonly string[] OnlyNodaTime = ["NodaTime"];
    private static readonly string[] Shared = ["Isf.Measures", "Isf.Prices"];

    /// <summary>The references that a project may have. If Packages is null, it may use any package.</summary>
    public sealed record Allowance(IReadOnlyList<string> Projects, IReadOnlyList<string>? Packages);

    /// <summary>The allowance of a project, by its name; null if the rule does not apply to the project.</summary>
    public static Allowance? AllowedTo(string project)
    {
        if (project == "Isf.Measures")
            return new Allowance([], OnlyNodaTime);
        if (project == "Isf.Prices")
            return new Allowance(["Isf.Measures"], OnlyNodaTime);
        if (project == "Isf.Contracts")
            return new Allowance(["Isf.Measures", "Isf.Prices"], ["NodaTime", "MassTransit.Abstractions"]);
        if (project == "Isf.Hosting")
            return new Allowance(["Isf.Measures", "Isf.Contracts"], null);
        foreach (var service in Repository.Services)
        {
            if (project == $"Isf.{service}.Domain")
                return new Allowance(Shared, OnlyNodaTime);
            if (project == $"Isf.{service}")
                return new Allowance([.. Shared, "Isf.Contracts", "Isf.Hosting", $"Isf.{service}.Domain"], null);
        }

        return null;
    }

    /// <summary>References in project files that the design does not allow.</summary>
    public static IEnumerable<Finding> ForbiddenInProjects(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            if (AllowedTo(file.Stem) is not { } allowed)
                continue;
            foreach (var (line, named) in ForbiddenIn(file, allowed))
                yield return file.Found(line, $"{file.Stem} may not reference {named}");

            if (allowed.Packages is not null
                && !file.Text.Contains("Sdk=\"Microsoft.NET.Sdk\"", StringComparison.Ordinal))
            {
                yield return file.Found(1, $"{file.Stem} is a plain library: Sdk=\"Microsoft.NET.Sdk\"");
            }
        }
    }

    private static IEnumerable<(int Line, string Named)> ForbiddenIn(SourceFile project, Allowance allowed) =>
        from element in XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants()
        let named = element.Attribute("Include")?.Value.Replace('\\', '/') ?? ""
        where element.Name.LocalName switch
        {
            "ProjectReference" => !allowed.Projects.Contains(Path.GetFileNameWithoutExtension(named)),
            "PackageReference" or "FrameworkReference" or "Reference" =>
                allowed.Packages is not null && !allowed.Packages.Contains(named),
            _ => false,
        }
        select (((System.Xml.IXmlLineInfo)element).LineNumber, named);

    /// <summary>References in a compiled assembly that the design does not allow.</summary>
    public static IEnumerable<Finding> ForbiddenInAssembly(string assembly, IEnumerable<string> references)
    {
        if (AllowedTo(assembly) is not { } allowed)
            yield break;
        foreach (var name in references)
        {
            var isOurs = name.StartsWith("Isf.", StringComparison.Ordinal);
            var platform = name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib";
            if (isOurs ? !allowed.Projects.Contains(name) : allowed.Packages?.Contains(name) == false && !platform)
                yield return new Finding($"{assembly}.dll", 1, $"was compiled against {name}");
        }
    }

    private static IEnumerable<Finding> ForbiddenInBuild() =>
        from path in Directory.GetFiles(AppContext.BaseDirectory, "Isf.*.dll")
        let assembly = Assembly.LoadFrom(path)
        from finding in ForbiddenInAssembly(
            assembly.GetName().Name!, assembly.GetReferencedAssemblies().Select(reference => reference.Name!))
        select finding;

    [Fact]
    public void Projects_reference_only_what_the_design_allows() =>
        Rule.Holds("references (design §2, §3)", ForbiddenInProjects(Repository.Files));

    [Fact]
    public void What_was_compiled_references_only_what_the_design_allows() =>
        Rule.Holds("compiled references (design §2, §3)", ForbiddenInBuild());

    [Fact]
    public void The_build_beside_these_tests_holds_every_domain()
    {
        var files = Directory.GetFiles(AppContext.BaseDirectory, "Isf.*.Domain.dll")
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Repository.Services.Select(service => $"Isf.{service}.Domain").Order(), files.Order());
    }

    [Theory]
    [InlineData("Isf.Funds.Domain", "ProjectReference", "../../Hosting/Isf.Hosting/Isf.Hosting.csproj")]
    [InlineData("Isf.Funds.Domain", "PackageReference", "Npgsql")]
    [InlineData("Isf.Funds.Domain", "FrameworkReference", "Microsoft.AspNetCore.App")]
    [InlineData("Isf.Measures", "ProjectReference", "../Isf.Prices/Isf.Prices.csproj")]
    [InlineData("Isf.Prices", "ProjectReference", "../Isf.Contracts/Isf.Contracts.csproj")]
    [InlineData("Isf.Funds", "ProjectReference", "..\\..\\Support\\Isf.Support\\Isf.Support.csproj")]
    [InlineData("Isf.Funds", "ProjectReference", "../../Support/Isf.Support.Domain/Isf.Support.Domain.csproj")]
    [InlineData("Isf.Hosting", "ProjectReference", "../../Funds/Isf.Funds/Isf.Funds.csproj")]
    public void A_forbidden_reference_is_found(string project, string kind, string named) =>
        Rule.Finds(
            ForbiddenInProjects([Project(project, $"<{kind} Include=\"{named}\" />")]), $"{project} may not reference");

    [Theory]
    [InlineData("Isf.Funds.Domain", "ProjectReference", "../../../contracts/Isf.Measures/Isf.Measures.csproj")]
    [InlineData("Isf.Funds", "ProjectReference", "../Isf.Funds.Domain/Isf.Funds.Domain.csproj")]
    [InlineData("Isf.Measures", "PackageReference", "NodaTime")]
    public void An_allowed_reference_passes(string project, string kind, string named) =>
        Rule.Finds(ForbiddenInProjects([Project(project, $"<{kind} Include=\"{named}\" />")]));

    [Fact]
    public void A_forbidden_compiled_reference_is_found()
    {
        Rule.Finds(
            ForbiddenInAssembly(
                "Isf.Funds.Domain", ["System.Runtime", "NodaTime", "Isf.Measures", "Npgsql", "Isf.Hosting"]),
            "against Npgsql", "against Isf.Hosting");
        Rule.Finds(ForbiddenInAssembly("Isf.Funds", ["Npgsql", "Isf.Hosting", "Isf.Ledger"]), "against Isf.Ledger");
    }

    private static SourceFile Project(string name, string item) =>
        new($"x/{name}.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{item}</ItemGroup></Project>");
}
