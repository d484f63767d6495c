using System.Text.Json.Nodes;

namespace Isf.Tests.Support;

/// <summary>A row that moves a known visit to another day or line may be another visit with a damaged id.</summary>
public sealed class Visits_that_files_move_are_flagged(SupportHost shared) : IClassFixture<SupportHost>
{
    private const string Before = "V-1,F-1,L-1,,2026-04-06T08:00,2026-04-06T08:45,1,delivered,";
    private const string Longer = "V-1,F-1,L-1,,2026-04-06T08:00,2026-04-06T08:55,1,delivered,";
    private const string OnAnotherDay = "V-1,F-1,L-1,,2026-04-08T08:00,2026-04-08T08:45,1,delivered,";
    private const string OfAnotherLine = "V-1,F-1,L-2,,2026-04-06T08:00,2026-04-06T08:45,1,delivered,";

    private static async Task<List<JsonNode>> FlagsAsync(HttpClient care) =>
        [.. (await care.GetJsonAsync("/v1/care-flags?kind=visit-moved&state=open"))["items"]!.AsArray()
            .Select(flag => flag!)];

    [Theory]
    [InlineData(Longer, 0, "")]
    [InlineData(OnAnotherDay, 1, "Visit V-1 was of 6 April 2026, line L-1; line 2 of file “R-2” makes it one of 8 "
        + "April 2026, line L-1.")]
    [InlineData(OfAnotherLine, 1, "Visit V-1 was of 6 April 2026, line L-1; line 2 of file “R-2” makes it one of 6 "
        + "April 2026, line L-2.")]
    public async Task A_row_that_moves_a_visit_is_flagged_and_counted(string row, int moved, string evidence)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await care.ReadFileAsync("R-1", Care.File(Before));
        var trial = await care.ReadFileAsync("R-2", Care.File(row), "&dryRun=true");
        await Care.UntilIdleAsync(host);
        Assert.Equal((moved, 0), ((int)trial["moved"]!, (await FlagsAsync(care)).Count));
        var file = await care.ReadFileAsync("R-2", Care.File(row));
        await Care.UntilIdleAsync(host);
        Assert.Equal(("done 1: 0 1 0 0", moved), (Care.Counts(file), (int)file["moved"]!));
        Assert.Equal(evidence, string.Concat((await FlagsAsync(care)).Select(flag => (string)flag["evidence"]!)));
        // Neither checks of the visit nor later corrections remove the flag, because the move remains true.
        await care.ReadFileAsync("R-3", Care.File(row + "with a note"));
        await Care.UntilIdleAsync(host);
        Assert.Equal(moved, (await FlagsAsync(care)).Count);
    }

    [Theory]
    [InlineData("L-1", "2026-04-06")]
    [InlineData("L-of-no-plan", "2026-04-06")]
    [InlineData("L-1", "2020-04-06")]
    public async Task A_row_that_has_a_visit_for_another_fund_is_rejected_in_plain_words_and_flagged(
        string line, string day)
    {
        var host = await shared.OpenAsync();
        await Care.OpenAsync(host, "F-2", "A-2");
        await Care.UntilIdleAsync(host);
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/funds/F-2/plans/PL-2", Care.Plan(allocationId: "A-2"))).NeedsAsync(201);
        await care.ReadFileAsync("R-1", Care.File(Before));
        var row = $"V-1,F-2,{line},,{day}T08:00,{day}T08:45,1,delivered,";
        var trial = await care.ReadFileAsync("R-2", Care.File(row), "&dryRun=true");
        await Care.UntilIdleAsync(host);
        Assert.Equal((1, 0), ((int)trial["moved"]!, (await FlagsAsync(care)).Count));
        var file = await care.ReadFileAsync("R-2", Care.File(row));
        await Care.UntilIdleAsync(host);
        Assert.Equal(("done 1: 0 0 0 1", 1), (Care.Counts(file), (int)file["moved"]!));
        var rejected = Assert.Single((await care.GetJsonAsync($"/v1/visit-files/{file["id"]}/rejections"))["items"]!
            .AsArray())!;
        Assert.Equal("fundId fund-changed", $"{rejected["field"]} {rejected["code"]}");
        Assert.StartsWith("Visit V-1 is known as one of fund F-1, on 6 April 2026.", (string)rejected["message"]!,
            StringComparison.Ordinal);
        var flag = Assert.Single(await FlagsAsync(care));
        Assert.Equal(("F-1", "Visit V-1 is of fund F-1, 6 April 2026, line L-1; line 2 of file “R-2” has it for fund "
            + "F-2, and was rejected."), ((string)flag["fundId"]!, (string)flag["evidence"]!));
    }

    [Fact]
    public async Task Three_visits_under_one_damaged_id_are_three_rejected_rows()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visit-file-profiles/theirs", new
        {
            format = "visits-csv", fields = new { visitId = new { from = "{Their Number}" } },
        })).NeedsAsync(201);
        var rows = Care.Rows(3).Select(row => "1.23457E+11" + row[row.IndexOf(',', StringComparison.Ordinal)..]);
        var text = Care.File(rows)
            .Replace("visitId", "Their Number", StringComparison.Ordinal);
        var file = await care.ReadFileAsync("R-1", text, "&profile=theirs");
        Assert.Equal("done 3: 0 0 0 3", Care.Counts(file));
        var rejections = await care.GetJsonAsync($"/v1/visit-files/{file["id"]}/rejections");
        Assert.All(rejections["items"]!.AsArray(),
            row => Assert.Equal("Their Number damaged-id", $"{row!["field"]} {row["code"]}"));
    }
}
