using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Client;
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

    private static string Path(StepMatch match) => $"/v1/funds/{match["fund"]}/statements/{match["id"]}";

    private async Task Issue(StepMatch match)
    {
        await office.PutAsync(Path(match), new JsonObject { ["from"] = match["from"], ["to"] = match["to"] });
        foreach (var page in Pages.Append("json"))
            FirstRead[$"{match["fund"]}/{match["id"]}.{page}"] = (await ReadAsync(match, page)).Bytes;
        HoursPage.Read((await ReadAsync(match, "html")).Text).AddsUp();
    }

    private async Task Show(StepMatch match) =>
        Sheet.Check(match.Table, (await ReadAsync(match, "json")).Json, StatementFigures);

    private async Task ShowCorrections(StepMatch match)
    {
        var listed = (await ReadAsync(match, "json")).Read<StatementBody>().Corrections.Select(line =>
            string.Create(CultureInfo.InvariantCulture,
                $"{line.CareOn:uuuu-MM-dd} {line.ProviderId} {line.Pence} {line.Minutes}"));
        Assert.Equal(match.Table.Records.Select(row =>
            string.Create(CultureInfo.InvariantCulture,
                $"{row["about"]} {row["provider"]} {Figure.Pence(row["cost"])} {row["minutes"]}")), listed);
    }

    private async Task FindNoForecast(StepMatch match) => Assert.Equal("fund-closed",
        (await office.GetAsync($"/v1/funds/{match["fund"]}/forecast")).Expect(422).Json["code"]!.ToString());

    private async Task ReadAsApproved(StepMatch match)
    {
        foreach (var page in Pages)
            Approved.Check($"{story}.{match["id"]}.{page}", (await ReadAsync(match, page)).Text);
    }

    private async Task ReadUnchanged(StepMatch match)
    {
        foreach (var page in Pages.Append("json"))
            Assert.Equal(FirstRead[$"{match["fund"]}/{match["id"]}.{page}"], (await ReadAsync(match, page)).Bytes);
    }

    private async Task<Response> ReadAsync(StepMatch match, string page) =>
        (await office.GetAsync($"{Path(match)}?format={page}")).Expect(200);
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
        var path = System.IO.Path.Combine(StoryScript.Folder, "approved", name);
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
