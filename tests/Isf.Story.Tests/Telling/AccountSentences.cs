using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Tests.Pages;
using Xunit;

namespace Isf.Story.Tests.Telling;

/// <summary>
/// Sentences about statements: their figures, their approved pages, and that an issued statement never changes.
/// </summary>
internal sealed class AccountSentences(Office office, string story)
{
    private static readonly string[] Pages = ["txt", "html"];

    private static readonly IReadOnlyDictionary<string, string> StatementFigures = new Dictionary<string, string>
    {
        ["opening"] = "openingPence",
        ["in from *"] = "moneyIn[source=*].pence count", ["in"] = "moneyInPence",
        ["out to *"] = "moneyOut[providerId=*].pence minutes", ["out"] = "moneyOutPence",
        ["returned"] = "returnedPence",
        ["closing"] = "closingPence", ["spoken for"] = "spokenForPence", ["free to use"] = "freeToUsePence",
        ["contribution due"] = "contribution.duePence", ["contribution paid"] = "contribution.paidPence",
        ["contribution owed"] = "contribution.owedPence", ["planned"] = "hours.plannedMinutes",
        ["extra"] = "hours.extraMinutes", ["delivered"] = "hours.deliveredMinutes", ["missed"] = "hours.missedMinutes",
        ["charged"] = "hours.chargedNotDeliveredMinutes", ["kept"] = "hours.keptMinutes",
        ["given up"] = "hours.releasedMinutes", ["open"] = "hours.openMinutes",
        ["not given"] = "hours.notGivenMinutes", ["bank at the start"] = "hours.bank.openingMinutes",
        ["bank in"] = "hours.bank.inMinutes", ["bank used"] = "hours.bank.usedMinutes",
        ["bank expired"] = "hours.bank.expiredMinutes", ["bank at the end"] = "hours.bank.closingMinutes",
        ["left at the end"] = "forecast.leftAtEndPence", ["to return to *"] = "closure.toReturn[source=*].pence",
    };

    /// <summary>Every page of each statement as it was first read, by a name like "F-1/S-1.txt".</summary>
    public Dictionary<string, byte[]> FirstRead { get; } = [];

    public IEnumerable<Sentence> All =>
    [
        new("statement {id} of {fund} is issued for {from} to {to}", Issue),
        new("statement {id} of {fund} shows", Show),
        new("statement {id} of {fund} lists the corrections", ShowCorrections),
        new("statement {id} of {fund} reads as approved", ReadAsApproved),
        new("statement {id} of {fund} has not changed", ReadUnchanged),
        new("no forecast is given for {fund}, which is closed", FindNoForecast),
    ];

    private static string Path(Said said) => $"/v1/funds/{said["fund"]}/statements/{said["id"]}";

    private async Task Issue(Said said)
    {
        await office.PutAsync(Path(said), new JsonObject { ["from"] = said["from"], ["to"] = said["to"] });
        foreach (var page in Pages.Append("json"))
            FirstRead[$"{said["fund"]}/{said["id"]}.{page}"] = (await ReadAsync(said, page)).Bytes;
        HoursPage.Read((await ReadAsync(said, "html")).Text).AddsUp();
    }

    private async Task Show(Said said) =>
        Sheet.Check(said.Table, (await ReadAsync(said, "json")).Json, StatementFigures);

    private async Task ShowCorrections(Said said)
    {
        var listed = (await ReadAsync(said, "json")).Json["corrections"]!.AsArray().Select(line =>
            $"{line!["careOn"]} {line["providerId"]} {line["pence"]} {line["minutes"]}");
        Assert.Equal(said.Table.Records.Select(row =>
            string.Create(CultureInfo.InvariantCulture,
                $"{row["about"]} {row["provider"]} {Figure.Pence(row["cost"])} {row["minutes"]}")), listed);
    }

    private async Task FindNoForecast(Said said) => Assert.Equal("fund-closed",
        (await office.GetAsync($"/v1/funds/{said["fund"]}/forecast")).Expect(422).Json["code"]!.ToString());

    private async Task ReadAsApproved(Said said)
    {
        foreach (var page in Pages)
            Approved.Check($"{story}.{said["id"]}.{page}", (await ReadAsync(said, page)).Text);
    }

    private async Task ReadUnchanged(Said said)
    {
        foreach (var page in Pages.Append("json"))
            Assert.Equal(FirstRead[$"{said["fund"]}/{said["id"]}.{page}"], (await ReadAsync(said, page)).Bytes);
    }

    private async Task<Answer> ReadAsync(Said said, string page) =>
        (await office.GetAsync($"{Path(said)}?format={page}")).Expect(200);
}

/// <summary>Pages that a person has read and approved, stored beside the stories.</summary>
internal static class Approved
{
    /// <summary>
    /// Compares a page with the approved one. With ISF_APPROVE=1 the page is saved as approved instead; read the
    /// difference before committing it.
    /// </summary>
    public static void Check(string name, string page)
    {
        var path = System.IO.Path.Combine(StoryText.Folder, "approved", name);
        if (Environment.GetEnvironmentVariable("ISF_APPROVE") == "1")
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, page);
            return;
        }
        Assert.True(File.Exists(path), $"Nobody has approved {name} yet: run once with ISF_APPROVE=1 and read it.");
        Assert.Equal(File.ReadAllText(path), page);
    }
}
