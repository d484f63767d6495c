#!/usr/bin/env dotnet
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// The program that ops/mutate runs in the repository's root: it reads the reports of Stryker.NET that are named, prints
// each mutant that survived and the table of scores, and with --write puts the scores into ops/docs/mutation.md.
using System.Globalization;
using System.Text.Json.Nodes;

const string page = "ops/docs/mutation.md";
const string head = "| project | measured on | mutants | killed | timed out | survived | no test reaches | score |";
var reports = args.Where(arg => arg != "--write").ToList();
var scores = new List<Score>();
foreach (var report in reports)
{
    var files = JsonNode.Parse(File.ReadAllText(report))!["files"]!.AsObject();
    var score = new Score(Path.GetFileNameWithoutExtension(report), File.GetLastWriteTimeUtc(report));
    foreach (var (path, file) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
    {
        foreach (var mutant in file!["mutants"]!.AsArray().Select(mutant => mutant!))
        {
            var status = (string)mutant["status"]!;
            score.Counts[status] = score.Counts.GetValueOrDefault(status) + 1;
            if (status is "Survived" or "NoCoverage")
                Console.WriteLine($"{score.Name}: {PlaceOf(path, mutant)}: {Told(file["source"]!, mutant)}");
        }
    }
    scores.Add(score);
}
foreach (var line in scores.Select(score => score.Row).Prepend(head))
    Console.WriteLine(line);
if (args.Contains("--write"))
{
    var lines = File.ReadAllLines(page).ToList();
    foreach (var score in scores)
    {
        var at = lines.FindIndex(line => line.StartsWith($"| {score.Name} |", StringComparison.Ordinal));
        if (at >= 0)
            lines[at] = score.Row;
        else
            lines.Insert(lines.FindIndex(lines.IndexOf(head), line => line.Length == 0), score.Row);
    }
    File.WriteAllLines(page, lines);
}

static string PlaceOf(string path, JsonNode mutant) =>
    $"{Path.GetFileName(path)}:{mutant["location"]!["start"]!["line"]}";

// The code that was changed and the code that took its place, the first line of each.
static string Told(JsonNode source, JsonNode mutant)
{
    var (start, end) = (mutant["location"]!["start"]!, mutant["location"]!["end"]!);
    var line = ((string)source!).Split('\n')[(int)start["line"]! - 1];
    var from = (int)start["column"]! - 1;
    var to = (int)end["line"]! == (int)start["line"]! ? (int)end["column"]! - 1 : line.TrimEnd('\r').Length;
    return $"{line[from..to]} -> {((string)mutant["replacement"]!).Split('\n')[0].TrimEnd('\r')}"
        + ((string)mutant["status"]! == "NoCoverage" ? " (no test reaches it)" : "");
}

// The counts of one project. A mutant that does not compile, or that the settings leave out, is not counted.
internal sealed record Score(string Name, DateTime On)
{
    public Dictionary<string, int> Counts { get; } = [];

    public string Row
    {
        get
        {
            var (killed, late) = (Of("Killed"), Of("Timeout"));
            var all = killed + late + Of("Survived") + Of("NoCoverage");
            var percent = all == 0 ? "–" : (100m * (killed + late) / all).ToString("0.0", CultureInfo.InvariantCulture);
            return $"| {Name} | {On:yyyy-MM-dd} | {all} | {killed} | {late} | {Of("Survived")} | {Of("NoCoverage")} "
                + $"| {percent} % |";
        }
    }

    private int Of(string status) => Counts.GetValueOrDefault(status);
}
