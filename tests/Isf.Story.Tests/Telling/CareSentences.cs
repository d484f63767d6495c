using System.Text.Json.Nodes;
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

    private Task<Answer> ApprovePlan(Said said) => office.PutAsync(Plan(said), new JsonObject
    {
        ["from"] = said["from"], ["to"] = said["to"],
        ["lines"] = new JsonArray([.. said.Table.Records.Select(row => new JsonObject
        {
            ["lineId"] = row["line"], ["allocationId"] = row["allocation"], ["purpose"] = row["for"],
            ["service"] = "support", ["carers"] = 1,
            ["schedule"] = new JsonArray(new JsonObject
            {
                ["days"] = PromiseSentences.Words(row["days"]), ["start"] = row["at"],
                ["minutes"] = Figure.Whole(row["minutes"]), ["everyWeeks"] = 1,
            }),
        })]),
    });

    private static string Plan(Said said) => $"/v1/funds/{said["fund"]}/plans/{said["id"]}";

    private async Task RecordVisits(Said said)
    {
        foreach (var row in said.Table.Records)
        {
            await office.PutAsync("/v1/visits/" + row["visit"], Visit(said["fund"], row));
            // After each visit the step waits until no message is on its way, so that the journals have the order of
            // the table in every run.
            await office.QuietAsync();
        }
    }

    private async Task CorrectVisit(Said said)
    {
        var path = "/v1/visits/" + said["id"];
        var known = (await office.GetAsync(path)).Expect(200);
        await office.PutAsync(path, Visit(said["fund"], said.Table.Records.Single()), known.ETag);
    }

    private async Task ImportFile(Said said)
    {
        var csv = await File.ReadAllBytesAsync(Path.Combine(StoryText.Folder, said["file"]));
        var done = await office.FileDoneAsync(await office.UploadAsync(csv, said["reference"]));
        Assert.Equal(
            $"done: {said["read"]} read, {said["new"]} new, {said["rejected"]} rejected",
            $"{done["state"]}: {done["read"]} read, {done["new"]} new, {done["rejected"]} rejected");
    }

    private Task<Answer> CloseWeeks(Said said) => office.PostAsync(
        "/v1/schedules/close-weeks/run", new JsonObject { ["upTo"] = said["day"] });

    private async Task Quote(Said said)
    {
        var quote = await office.PostAsync("/v1/quotes", new JsonObject
        {
            ["nation"] = said["nation"],
            ["priceList"] = prices[said["allocation"]].DeepClone(),
            ["visits"] = new JsonArray(new JsonObject
            {
                ["id"] = "asked", ["start"] = Clock.At(said["day"], said["start"]),
                ["end"] = Clock.At(said["day"], said["end"]),
            }),
        });
        Assert.Equal(said.Pence, quote.Json["totalPence"]!.GetValue<long>());
    }

    private static JsonObject Visit(string fund, IReadOnlyDictionary<string, string> row) => new()
    {
        ["fundId"] = fund, ["lineId"] = row["line"], ["plannedStart"] = Clock.At(row["day"], row["planned"]),
        ["start"] = Clock.At(row["day"], row["from"]), ["end"] = Clock.At(row["day"], row["to"]),
        ["carers"] = 1, ["outcome"] = "delivered",
    };
}
