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

    private async Task ShowBalance(StepMatch match)
    {
        var path = $"/v1/funds/{match["fund"]}/balance?effectiveOn={match["day"]}";
        if (match.Names("known"))
            path += "&knownAt=" + InstantPattern.ExtendedIso.Format(Clock.Moment(match["known"], match["time"]));
        var balance = (await office.GetAsync(path)).Expect(200);
        Sheet.Check(match.Table, balance.Json, BalanceFigures);
    }

    private async Task CheckBooks(StepMatch match)
    {
        var before = await office.ListAsync("/v1/exceptions?state=open&kind=books");
        foreach (var schedule in new[] { "state-books", "reconcile-books" })
        {
            await office.PostAsync($"/v1/schedules/{schedule}/run", new JsonObject { ["upTo"] = match["day"] });
            await office.UntilIdleAsync();
        }
        Assert.Empty(before);
        Assert.Empty(await office.ListAsync("/v1/exceptions?state=open&kind=books"));
        var run = (await office.PutAsync("/v1/runs/books-" + match["day"],
            new JsonObject { ["kind"] = "books", ["upTo"] = match["day"] })).Json;
        await office.UntilIdleAsync();
        run = await office.AwaitAsync("/v1/runs/books-" + match["day"], state => state["state"]?.ToString() == "done");
        Assert.Equal(0, run["differences"]!.GetValue<long>());
        Assert.True(run["checked"]!.GetValue<long>() > 0, "The run has checked nothing.");
        Assert.Equal(run["checked"]!.GetValue<long>(), run["agreed"]!.GetValue<long>());
    }

    private async Task IssueFeed(StepMatch match)
    {
        var path = $"/v1/councils/{match["council"]}/feeds/{match["id"]}";
        await office.PutAsync(path, new JsonObject { ["from"] = match["from"], ["to"] = match["to"] });
        await office.UntilIdleAsync();
        var json = (await office.GetAsync($"{path}.json?holder=sunrise", "council/" + match["council"])).Expect(200);
        var csv = (await office.GetAsync($"{path}.csv?holder=sunrise", "council/" + match["council"])).Expect(200);
        var rows = json.Json["people"]!.AsArray();
        // The file has a header and a row for each person of this council, and no row of another council.
        Assert.Equal(rows.Count + 1, csv.Text.TrimEnd().Split('\n').Length);
        var expected = match.Table.Pairs.ToDictionary(pair => pair.Name, pair => pair.Value);
        var person = Assert.Single(rows, row => row!["personId"]!.GetValue<string>() == expected["person"])!;
        Assert.Equal(Figure.Pence(expected["received"]), person["receivedPence"]!.GetValue<long>());
        Assert.Equal(Figure.Pence(expected["spent"]), person["spentPence"]!.GetValue<long>());
    }

    private async Task CheckJournals(StepMatch match)
    {
        var integrity = (await office.GetAsync($"/v1/funds/{match["fund"]}/integrity")).Expect(200).Json;
        Assert.True(integrity["whole"]!.GetValue<bool>(), integrity.ToJsonString());
    }
}
