using System.Text.Json.Nodes;
using Isf.Client;
using Xunit;

namespace Isf.Story.Tests.Telling;

/// <summary>Sentences about care: plans, visits by hand and by file, corrections, the cost of a visit.</summary>
internal sealed class CareSentences(Office office, IReadOnlyDictionary<string, JsonNode> prices)
{
    public IEnumerable<Sentence> All =>
    [
        new("plan {id} of {fund} runs from {from} to {to}", ApprovePlan),
        new("visits of {fund} took place", RecordVisits),
        new("visit {id} of {fund} is corrected", CorrectVisit),
        new("visit file {file} is imported as {reference}: {read} read, {new} new, {rejected} rejected", ImportFile),
        new("weeks are closed up to {day}", CloseWeeks),
        new("by the prices of {allocation} a visit on {day} from {start} to {end} costs {money} in {nation}", Quote),
    ];

    private Task<Response> ApprovePlan(StepMatch match) => office.PutAsync(Plan(match), new JsonObject
    {
        ["from"] = match["from"], ["to"] = match["to"],
        ["lines"] = new JsonArray([.. match.Table.Records.Select(row => new JsonObject
        {
            ["lineId"] = row["line"], ["allocationId"] = row["allocation"], ["purpose"] = row["for"],
            ["service"] = "support", ["carers"] = 1,
            ["schedule"] = new JsonArray(new JsonObject
            {
                ["days"] = PromiseSentences.ArrayOf(row["days"]), ["start"] = row["at"],
                ["minutes"] = Figure.Whole(row["minutes"]), ["everyWeeks"] = 1,
            }),
        })]),
    });

    private static string Plan(StepMatch match) => $"/v1/funds/{match["fund"]}/plans/{match["id"]}";

    private async Task RecordVisits(StepMatch match)
    {
        foreach (var row in match.Table.Records)
        {
            await office.PutAsync("/v1/visits/" + row["visit"], Visit(match["fund"], row));
            // After each visit the step waits until no message is on its way, so that the journals have the order of
            // the table in every run.
            await office.UntilIdleAsync();
        }
    }

    private async Task CorrectVisit(StepMatch match)
    {
        var path = "/v1/visits/" + match["id"];
        var stored = (await office.GetAsync(path)).Expect(200);
        await office.PutAsync(path, Visit(match["fund"], match.Table.Records.Single()), stored.ETag);
    }

    private async Task ImportFile(StepMatch match)
    {
        var csv = await File.ReadAllBytesAsync(Path.Combine(StoryScript.Folder, match["file"]));
        var done = await office.FileDoneAsync(await office.UploadAsync(csv, match["reference"]));
        Assert.Equal(
            $"done: {match["read"]} read, {match["new"]} new, {match["rejected"]} rejected",
            $"{done.State}: {done.Read} read, {done.New} new, {done.Rejected} rejected");
    }

    private Task<Response> CloseWeeks(StepMatch match) => office.PostAsync(
        "/v1/schedules/close-weeks/run", new JsonObject { ["upTo"] = match["day"] });

    private async Task Quote(StepMatch match)
    {
        var quote = await office.PostAsync("/v1/quotes", new JsonObject
        {
            ["nation"] = match["nation"],
            ["priceList"] = prices[match["allocation"]].DeepClone(),
            ["visits"] = new JsonArray(new JsonObject
            {
                ["id"] = "asked", ["start"] = Clock.At(match["day"], match["start"]),
                ["end"] = Clock.At(match["day"], match["end"]),
            }),
        });
        Assert.Equal(match.Pence, quote.Read<QuotePriceQuote>().TotalPence);
    }

    private static JsonObject Visit(string fund, IReadOnlyDictionary<string, string> row) => new()
    {
        ["fundId"] = fund, ["lineId"] = row["line"], ["plannedStart"] = Clock.At(row["day"], row["planned"]),
        ["start"] = Clock.At(row["day"], row["from"]), ["end"] = Clock.At(row["day"], row["to"]),
        ["carers"] = 1, ["outcome"] = "delivered",
    };
}
