#!/usr/bin/env dotnet
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// The program that ops/audit runs in the repository's root, after a restore.
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

const string noticeFile = "ops/docs/NOTICE.md";
string[] allowed = ["MIT", "Apache-2.0", "BSD-3-Clause", "PostgreSQL", "LGPL-3.0", "Apache-2.0 OR MPL-2.0"];
string[] bad = ["High", "Critical"];
// Packages that describe their licence only by a file or an address. Somebody has read these licences.
var readByHand = new Dictionary<string, string>
{
    ["CommandLineParser"] = "MIT",
    ["Hangfire.AspNetCore"] = "LGPL-3.0",
    ["Hangfire.Core"] = "LGPL-3.0",
    ["Hangfire.NetCore"] = "LGPL-3.0",
    ["Hangfire.PostgreSql"] = "LGPL-3.0",
    ["Microsoft.DotNet.PlatformAbstractions"] = "MIT",
    ["xunit.abstractions"] = "Apache-2.0",
};

var packages = Packages();
var licences = packages.ToDictionary(package => package, LicenceOf);
var notice = new StringBuilder("""
    # Licences of what the platform rests on

    Packages of the product, its tests and its benchmarks, as their lock files name them. None is changed, and none is
    part of this repository. `ops/audit` compares this list with what is restored; `ops/audit --write` writes it anew.
    The tool dotnet-stryker (Apache-2.0), which only `ops/mutate` restores, has no lock file.

    | package | version | licence |
    |---|---|---|

    """);
foreach (var (id, version) in packages)
    notice.Append($"| {id} | {version} | {licences[(id, version)]} |\n");

if (args.Contains("--write"))
{
    Directory.CreateDirectory(Path.GetDirectoryName(noticeFile)!);
    File.WriteAllText(noticeFile, notice.ToString());
}
var faults = new List<string>();
faults.AddRange(licences.Where(one => !allowed.Contains(one.Value))
    .Select(one => $"{one.Key.Id} {one.Key.Version} has the licence {one.Value}, which is not on the list"));
if (!File.Exists(noticeFile) || File.ReadAllText(noticeFile) != notice.ToString())
    faults.Add($"{noticeFile} does not list what is restored: run ops/audit --write and look at the difference");
var (vulnerable, sources) =
    Listed("--vulnerable", "vulnerabilities", found => $"{found["severity"]} {found["advisoryurl"]}");
var (deprecated, _) = Listed("--deprecated", "deprecationReasons", reason => reason.ToString());
faults.AddRange(vulnerable.Where(one => bad.Any(one.Contains)));
foreach (var line in vulnerable.Concat(deprecated).Concat(faults).Distinct())
    Console.WriteLine($"audit: {line}");
// A package source without a list of vulnerabilities reports none for any package, which says nothing about the
// packages.
var known = await AnyListsVulnerabilitiesAsync(sources)
    ? $"{vulnerable.Count} known vulnerabilities, {deprecated.Count} given up"
    : "vulnerabilities not known (the package source lists none)";
Console.WriteLine($"audit: {packages.Count} packages, {known}, "
    + (faults.Count == 0 ? $"licences as {noticeFile} lists them" : $"{faults.Count} faults"));
return faults.Count == 0 ? 0 : 1;

static async Task<bool> AnyListsVulnerabilitiesAsync(IEnumerable<string> sources)
{
    using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
    foreach (var source in sources.Where(source => source.StartsWith("http", StringComparison.Ordinal)))
    {
        try
        {
            if ((await client.GetStringAsync(source)).Contains("\"VulnerabilityInfo/", StringComparison.Ordinal))
                return true;
        }
        catch (Exception reason) when (reason is HttpRequestException or TaskCanceledException)
        {
            GiveUp($"the package source {source} does not answer: {reason.Message}");
        }
    }
    return false;
}

// All packages, each version once, as the lock files of all projects resolve them.
static List<(string Id, string Version)> Packages() =>
[
    .. Directory.EnumerateFiles(".", "packages.lock.json", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/.isf/") && !path.Contains("/bin/") && !path.Contains("/obj/"))
        .SelectMany(path => JsonNode.Parse(File.ReadAllText(path))!["dependencies"]!.AsObject())
        .SelectMany(framework => framework.Value!.AsObject())
        .Where(one => (string)one.Value!["type"]! != "Project")
        .Select(one => (one.Key, (string)one.Value!["resolved"]!))
        .Distinct().OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase).ThenBy(one => one.Item2),
];

string LicenceOf((string Id, string Version) package)
{
    if (readByHand.TryGetValue(package.Id, out var read))
        return read;
    var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    var (id, version) = (package.Id.ToLowerInvariant(), package.Version.ToLowerInvariant());
    var described = XDocument.Load(Path.Combine(folder, id, version, id + ".nuspec")).Descendants()
        .FirstOrDefault(one => one.Name.LocalName == "license");
    return described is null || (string?)described.Attribute("type") != "expression" ? "unknown" : described.Value;
}

// The answers of the package client to a question such as --vulnerable, one line each, and the package sources that it
// asked.
static (List<string> Found, List<string> Sources) Listed(string question, string property, Func<JsonNode, string> say)
{
    using var asked = Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "list", "IsfPlatform.sln", "package", question, "--include-transitive", "--format", "json" },
        RedirectStandardOutput = true,
    })!;
    var said = asked.StandardOutput.ReadToEnd();
    asked.WaitForExit();
    var answer = Read(said);
    var problems = answer?["problems"]?.AsArray().Where(one => (string?)one!["level"] == "error")
        .Select(one => (string?)one!["text"]).ToList() ?? [];
    if (answer is null || asked.ExitCode != 0 || problems.Count > 0)
    {
        GiveUp($"dotnet list package {question} ended with code {asked.ExitCode}: "
            + (problems.FirstOrDefault() ?? said.Trim()).ReplaceLineEndings(" "));
    }
    var found =
        from project in answer!["projects"]!.AsArray()
        from framework in project!["frameworks"]?.AsArray() ?? []
        from kind in new[] { "topLevelPackages", "transitivePackages" }
        from package in framework![kind]?.AsArray() ?? []
        from advisory in package![property]?.AsArray() ?? []
        select $"{package["id"]} {package["resolvedVersion"]}: {say(advisory!)}";
    return ([.. found.Distinct().Order(StringComparer.Ordinal)],
        [.. answer["sources"]!.AsArray().Select(source => (string)source!)]);
}

static JsonNode? Read(string said)
{
    try
    {
        return JsonNode.Parse(said);
    }
    catch (JsonException)
    {
        return null;
    }
}

// Packages that could not be looked at are not clean, so the audit ends with code 2.
static void GiveUp(string reason)
{
    Console.WriteLine($"audit: the packages could not be looked at: {reason}");
    Environment.Exit(2);
}
