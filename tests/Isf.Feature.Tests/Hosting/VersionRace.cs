using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
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
    private int failedRounds;
    private string errors = "";

    /// <summary>A description of the races that went wrong; empty if none did.</summary>
    public string Errors => failedRounds == 0 && errors.Length == 0
        ? "" : $"{fixture.Route}: {failedRounds} of {rounds} rounds went wrong. {errors}";

    /// <summary>Creates the prerequisites, and waits until every service has consumed them.</summary>
    public async Task PrepareAsync()
    {
        foreach (var (path, body) in RaceBodies.Before)
            await (await PutAsync(path, body, null)).NeedsAsync(201);
    }

    /// <summary>Eight callers create the document; then eight at a time change it.</summary>
    public async Task RunAsync(int least, TimeSpan leastTime)
    {
        if (fixture.FollowsAPlan)
            await (await PutAsync("/v1/funds/F-1/plans/PL-1", RaceBodies.Plan(0), null)).NeedsAsync(201);
        // A setting of the whole installation already exists, at its first version.
        if (fixture.Role == Role.HolderAdmin)
            await CreateAsync();
        for (var watch = Stopwatch.StartNew(); rounds < least || watch.Elapsed < leastTime;)
            await ChangeAsync();
    }

    /// <summary>Compares every service's copy with the change that won; called when nothing is on its way.</summary>
    public async Task CompareAsync()
    {
        var database = host.Owner;
        foreach (var held in fixture.Holds)
            Expect($"{held.Service} holds", Filled(held.Reads), await ReadAsync(database, held));
        var journals = (await ReadAsync(database, RaceFixture.Journals)).Split(' ');
        Expect("journals in the Ledger and its copies:", string.Join(' ', journals.Select(_ => journals[0])),
            string.Join(' ', journals));
    }

    private async Task CreateAsync()
    {
        var responses = await RaceAsync(null);
        var made = responses.Count(response => response.Status == 201);
        var refused = responses.Count(response => (response.Status, response.Code) == fixture.Unnamed);
        if ((made, refused) != (1, CallerCount - 1))
            AddError($"Eight that create it: {Statuses(responses)}.");
        winner = responses.FindIndex(response => response.Status == 201);
    }

    private async Task ChangeAsync()
    {
        rounds++;
        var from = sent;
        var responses = await RaceAsync(version);
        var done = responses.Count(response => response.Status == 200);
        // Refusals must come from the comparison of versions. A caller that is refused only while it saves has already
        // decided on outdated data.
        var moved = responses.Count(response => response is { Status: 412, Code: "has-moved-on" }
            && response.Detail.Contains($"at version {version + 1} now", StringComparison.Ordinal));
        if ((done, moved) != (1, CallerCount - 1))
        {
            failedRounds++;
            AddError($"Eight that change version {version}: {Statuses(responses)}.");
        }
        winner = (from + responses.FindIndex(response => response.Status == 200)) % RaceFixture.Numbers;
        version = responses.Max(response => response.Version);
    }

    private async Task<List<Response>> RaceAsync(int? ifMatch)
    {
        var from = sent;
        sent += CallerCount;
        return [.. await Task.WhenAll(Enumerable.Range(from, CallerCount).Select(async number =>
        {
            using var response = await caller.PutAsync(fixture.Path,
                JsonNode.Parse(fixture.Body(number % RaceFixture.Numbers))!, ifMatch);
            var body = await response.JsonAsync();
            var tag = response.Headers.ETag?.Tag.Trim('"');
            return new Response((int)response.StatusCode, (string?)(body as JsonObject)?["code"] ?? "",
                (string?)(body as JsonObject)?["detail"] ?? "",
                response.IsSuccessStatusCode ? int.Parse(tag!, CultureInfo.InvariantCulture) : 0);
        }))];
    }

    private Task<HttpResponseMessage> PutAsync(string path, string body, int? ifMatch) =>
        admin.PutAsync(path, JsonNode.Parse(body)!, ifMatch);

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
            AddError($"{what} “{found}”, not “{expected}”.");
    }

    private void AddError(string error) => errors += errors.Length < 300 ? " " + error : "";

    private static string Statuses(List<Response> responses) => string.Join(", ", responses
        .GroupBy(response =>
            $"{response.Status} {response.Code} {(response.Status == 412 ? response.Detail : "")}".Trim())
        .Select(same => $"{same.Count()} × {same.Key}"));

    private sealed record Response(int Status, string Code, string Detail, int Version);
}
