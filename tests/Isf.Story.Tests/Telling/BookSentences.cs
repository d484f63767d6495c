using System.Text.Json.Nodes;
using Isf.Client;
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
        var before = await OpenAsync();
        foreach (var schedule in new[] { "state-books", "reconcile-books" })
        {
            await office.PostAsync($"/v1/schedules/{schedule}/run", new JsonObject { ["upTo"] = match["day"] });
            await office.UntilIdleAsync();
        }
        Assert.Empty(before);
        Assert.Empty(await OpenAsync());
        var path = "/v1/runs/books-" + match["day"];
        await office.PutAsync(path, new JsonObject { ["kind"] = "books", ["upTo"] = match["day"] });
        await office.UntilIdleAsync();
        var run = await office.AwaitAsync<CheckBooksResponse>(path, made => made.State == "done");
        Assert.Equal(0, run.Differences);
        Assert.True(run.Checked > 0, "The run has checked nothing.");
        Assert.Equal(run.Checked, run.Agreed);
    }

    private Task<IReadOnlyList<StoredException>> OpenAsync() =>
        office.ListAsync<StoredException>("/v1/exceptions?state=open&kind=books");

    private async Task IssueFeed(StepMatch match)
    {
        var path = $"/v1/councils/{match["council"]}/feeds/{match["id"]}";
        await office.PutAsync(path, new JsonObject { ["from"] = match["from"], ["to"] = match["to"] });
        await office.UntilIdleAsync();
        var json = (await office.GetAsync($"{path}.json?holder=sunrise", "council/" + match["council"])).Expect(200);
        var csv = (await office.GetAsync($"{path}.csv?holder=sunrise", "council/" + match["council"])).Expect(200);
        var rows = json.Read<FeedFile>().People;
        // The file has a header and a row for each person of this council, and no row of another council.
        Assert.Equal(rows.Count + 1, csv.Text.TrimEnd().Split('\n').Length);
        var expected = match.Table.Pairs.ToDictionary(pair => pair.Name, pair => pair.Value);
        var person = Assert.Single(rows, row => row.PersonId == expected["person"]);
        Assert.Equal(Figure.Pence(expected["received"]), person.ReceivedPence);
        Assert.Equal(Figure.Pence(expected["spent"]), person.SpentPence);
    }

    private async Task CheckJournals(StepMatch match)
    {
        var integrity = (await office.GetAsync($"/v1/funds/{match["fund"]}/integrity")).Expect(200);
        Assert.True(integrity.Read<CheckIntegrityResponse>().Whole, integrity.Text);
    }
}
