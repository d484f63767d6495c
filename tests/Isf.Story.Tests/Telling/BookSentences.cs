using System.Text.Json.Nodes;
using NodaTime.Text;
using Xunit;

namespace Isf.Story.Tests.Telling;

/// <summary>Sentences about the books: balances on both axes, the checks, the council's feed.</summary>
internal sealed class BookSentences(Office office)
{
    private static readonly IReadOnlyDictionary<string, string> BalanceFigures = new Dictionary<string, string>
    {
        ["received"] = "money.receivedPence", ["returned"] = "money.returnedPence", ["held"] = "money.heldPence",
        ["overdrawn"] = "money.overdrawnPence", ["accrued"] = "money.accruedPence", ["owed"] = "money.owedPence",
        ["paid"] = "money.paidPence", ["cash"] = "money.cashPence", ["held from *"] = "money.held[source=*].pence",
        ["to return to *"] = "money.toReturn[source=*].pence",
        ["budget"] = "promise.budgetPence", ["free"] = "promise.freePence", ["promised"] = "promise.promisedPence",
        ["used"] = "promise.usedPence", ["planned"] = "time.plannedMinutes", ["extra"] = "time.extraMinutes",
        ["delivered"] = "time.deliveredMinutes", ["missed"] = "time.missedMinutes", ["banked"] = "time.bankedMinutes",
        ["released"] = "time.releasedMinutes", ["outstanding"] = "time.outstandingMinutes",
    };

    public IEnumerable<Sentence> All =>
    [
        new("balance of {fund} on {day}[ as known on {known} at {time}] shows", ShowBalance),
        new("the books are stated and checked up to {day}, and agree", CheckBooks),
        new("council {council} gets feed {id} for {from} to {to}", IssueFeed),
        new("the journals of {fund} are whole", CheckJournals),
    ];

    private async Task ShowBalance(Said said)
    {
        var path = $"/v1/funds/{said["fund"]}/balance?effectiveOn={said["day"]}";
        if (said.Names("known"))
            path += "&knownAt=" + InstantPattern.ExtendedIso.Format(Clock.Moment(said["known"], said["time"]));
        var balance = (await office.GetAsync(path)).Expect(200);
        Sheet.Check(said.Table, balance.Json, BalanceFigures);
    }

    private async Task CheckBooks(Said said)
    {
        var before = await office.ListAsync("/v1/exceptions?state=open&kind=books");
        foreach (var schedule in new[] { "state-books", "reconcile-books" })
        {
            await office.PostAsync($"/v1/schedules/{schedule}/run", new JsonObject { ["upTo"] = said["day"] });
            await office.QuietAsync();
        }
        Assert.Empty(before);
        Assert.Empty(await office.ListAsync("/v1/exceptions?state=open&kind=books"));
        var run = (await office.PutAsync("/v1/runs/books-" + said["day"],
            new JsonObject { ["kind"] = "books", ["upTo"] = said["day"] })).Json;
        await office.QuietAsync();
        run = await office.AwaitAsync("/v1/runs/books-" + said["day"], state => state["state"]?.ToString() == "done");
        Assert.Equal(0, run["differences"]!.GetValue<long>());
        Assert.True(run["checked"]!.GetValue<long>() > 0, "The run has checked nothing.");
        Assert.Equal(run["checked"]!.GetValue<long>(), run["agreed"]!.GetValue<long>());
    }

    private async Task IssueFeed(Said said)
    {
        var path = $"/v1/councils/{said["council"]}/feeds/{said["id"]}";
        await office.PutAsync(path, new JsonObject { ["from"] = said["from"], ["to"] = said["to"] });
        await office.QuietAsync();
        var json = (await office.GetAsync($"{path}.json?holder=sunrise", "council/" + said["council"])).Expect(200);
        var csv = (await office.GetAsync($"{path}.csv?holder=sunrise", "council/" + said["council"])).Expect(200);
        var rows = json.Json["people"]!.AsArray();
        // The file has a header and a row for each person of this council, and no row of another council.
        Assert.Equal(rows.Count + 1, csv.Text.TrimEnd().Split('\n').Length);
        var wanted = said.Table.Pairs.ToDictionary(pair => pair.Name, pair => pair.Value);
        var person = Assert.Single(rows, row => row!["personId"]!.GetValue<string>() == wanted["person"])!;
        Assert.Equal(Figure.Pence(wanted["received"]), person["receivedPence"]!.GetValue<long>());
        Assert.Equal(Figure.Pence(wanted["spent"]), person["spentPence"]!.GetValue<long>());
    }

    private async Task CheckJournals(Said said)
    {
        var integrity = (await office.GetAsync($"/v1/funds/{said["fund"]}/integrity")).Expect(200).Json;
        Assert.True(integrity["whole"]!.GetValue<bool>(), integrity.ToJsonString());
    }
}
