using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// A race on one route, by eight callers at a time, in a holder of its own. In each round all callers name the current
/// version and ask for different content.
/// </summary>
internal sealed class VersionRace(TestHost host, RaceFixture fixture, string holder)
{
    private const int CallerCount = 8;
    private readonly HttpClient admin = host.As(Role.HolderAdmin, holder);
    private readonly HttpClient caller = host.As(fixture.Role, holder);
    private int version = 1;
    private int winner;
    private int sent;
    private int rounds;
    private int wrong;
    private string first = "";

    /// <summary>A description of the races that went wrong; empty if none did.</summary>
    public string Told => wrong == 0 && first.Length == 0
        ? "" : $"{fixture.Route}: {wrong} of {rounds} rounds went wrong. {first}";

    /// <summary>Creates the prerequisites, and waits until every service has consumed them.</summary>
    public async Task PrepareAsync()
    {
        foreach (var (path, words) in RaceWords.Before)
            await (await PutAsync(path, words, null)).NeedsAsync(201);
    }

    /// <summary>Eight callers create the document; then eight at a time change it.</summary>
    public async Task RunAsync(int least, TimeSpan leastTime)
    {
        if (fixture.FollowsAPlan)
            await (await PutAsync("/v1/funds/F-1/plans/PL-1", RaceWords.Plan(0), null)).NeedsAsync(201);
        // A setting of the whole installation already exists, at its first version.
        if (fixture.Role == Role.HolderAdmin)
            await CreateAsync();
        for (var watch = Stopwatch.StartNew(); rounds < least || watch.Elapsed < leastTime;)
            await ChangeAsync();
    }

    /// <summary>Compares every service's copy with the change that won; called when nothing is on its way.</summary>
    public async Task CompareAsync()
    {
        await using var database = Databases.Open(host.Database);
        foreach (var held in fixture.Holds)
            Expect($"{held.Service} holds", Filled(held.Reads), await ReadAsync(database, held));
        var journals = (await ReadAsync(database, RaceFixture.Journals)).Split(' ');
        Expect("journals in the Ledger and its copies:", string.Join(' ', journals.Select(_ => journals[0])),
            string.Join(' ', journals));
    }

    private async Task CreateAsync()
    {
        var answers = await RaceAsync(null);
        var made = answers.Count(answer => answer.Status == 201);
        var refused = answers.Count(answer => (answer.Status, answer.Code) == fixture.Unnamed);
        if ((made, refused) != (1, CallerCount - 1))
            Wrong($"Eight that create it: {Statuses(answers)}.");
        winner = answers.FindIndex(answer => answer.Status == 201);
    }

    private async Task ChangeAsync()
    {
        rounds++;
        var from = sent;
        var answers = await RaceAsync(version);
        var done = answers.Count(answer => answer.Status == 200);
        // Refusals must come from the comparison of versions. A caller that is refused only while it saves has already
        // decided on outdated data.
        var moved = answers.Count(answer => answer is { Status: 412, Code: "has-moved-on" }
            && answer.Detail.Contains($"at version {version + 1} now", StringComparison.Ordinal));
        if ((done, moved) != (1, CallerCount - 1))
        {
            wrong++;
            Wrong($"Eight that change version {version}: {Statuses(answers)}.");
        }
        winner = (from + answers.FindIndex(answer => answer.Status == 200)) % RaceFixture.Numbers;
        version = answers.Max(answer => answer.Version);
    }

    private async Task<List<Answer>> RaceAsync(int? ifMatch)
    {
        var from = sent;
        sent += CallerCount;
        return [.. await Task.WhenAll(Enumerable.Range(from, CallerCount).Select(async number =>
        {
            using var answer = await caller.PutAsync(fixture.Path,
                JsonNode.Parse(fixture.Words(number % RaceFixture.Numbers))!, ifMatch);
            var body = await answer.JsonAsync();
            var tag = answer.Headers.ETag?.Tag.Trim('"');
            return new Answer((int)answer.StatusCode, (string?)(body as JsonObject)?["code"] ?? "",
                (string?)(body as JsonObject)?["detail"] ?? "",
                answer.IsSuccessStatusCode ? int.Parse(tag!, CultureInfo.InvariantCulture) : 0);
        }))];
    }

    private Task<HttpResponseMessage> PutAsync(string path, string words, int? ifMatch) =>
        admin.PutAsync(path, JsonNode.Parse(words)!, ifMatch);

    private async Task<string> ReadAsync(NpgsqlDataSource database, Held held)
    {
        await using var command = database.CreateCommand(held.Sql);
        command.Parameters.Add(new() { Value = holder });
        return (string?)await command.ExecuteScalarAsync() ?? "nothing";
    }

    private string Filled(string reads) => reads.Replace("{v}", $"{version}", StringComparison.Ordinal)
        .Replace("{n}", $"{winner}", StringComparison.Ordinal)
        .Replace("{m}", $"{winner % 60}", StringComparison.Ordinal);

    private void Expect(string what, string expected, string found)
    {
        if (expected != found)
            Wrong($"{what} “{found}”, not “{expected}”.");
    }

    private void Wrong(string words) => first += first.Length < 300 ? " " + words : "";

    private static string Statuses(List<Answer> answers) => string.Join(", ", answers
        .GroupBy(answer => $"{answer.Status} {answer.Code} {(answer.Status == 412 ? answer.Detail : "")}".Trim())
        .Select(same => $"{same.Count()} × {same.Key}"));

    private sealed record Answer(int Status, string Code, string Detail, int Version);
}
