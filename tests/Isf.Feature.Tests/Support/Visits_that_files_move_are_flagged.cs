using Isf.Client;

namespace Isf.Tests.Support;

/// <summary>A row that moves a known visit to another day or line may be another visit with a damaged id.</summary>
public sealed class Visits_that_files_move_are_flagged(SupportHost shared) : IClassFixture<SupportHost>
{
    private const string Before = "V-1,F-1,L-1,,2026-04-06T08:00,2026-04-06T08:45,1,delivered,";
    private const string Longer = "V-1,F-1,L-1,,2026-04-06T08:00,2026-04-06T08:55,1,delivered,";
    private const string OnAnotherDay = "V-1,F-1,L-1,,2026-04-08T08:00,2026-04-08T08:45,1,delivered,";
    private const string OfAnotherLine = "V-1,F-1,L-2,,2026-04-06T08:00,2026-04-06T08:45,1,delivered,";

    private static Task<IReadOnlyList<CareFlagsResponse>> FlagsAsync(HttpClient care) =>
        care.FlagsAsync("kind=visit-moved&state=open");

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
        await care.ImportAsync("R-1", Care.File(Before));
        var trial = await care.ImportAsync("R-2", Care.File(row), "&dryRun=true");
        await Care.UntilIdleAsync(host);
        Assert.Equal((moved, 0), (trial.Moved, (await FlagsAsync(care)).Count));
        var file = await care.ImportAsync("R-2", Care.File(row));
        await Care.UntilIdleAsync(host);
        Assert.Equal(("done 1: 0 1 0 0", moved), (Care.Counts(file), file.Moved));
        Assert.Equal(evidence, string.Concat((await FlagsAsync(care)).Select(flag => flag.Evidence)));
        // Neither checks of the visit nor later corrections remove the flag, because the move remains true.
        await care.ImportAsync("R-3", Care.File(row + "with a note"));
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
        await care.ImportAsync("R-1", Care.File(Before));
        var row = $"V-1,F-2,{line},,{day}T08:00,{day}T08:45,1,delivered,";
        var trial = await care.ImportAsync("R-2", Care.File(row), "&dryRun=true");
        await Care.UntilIdleAsync(host);
        Assert.Equal((1, 0), (trial.Moved, (await FlagsAsync(care)).Count));
        var file = await care.ImportAsync("R-2", Care.File(row));
        await Care.UntilIdleAsync(host);
        Assert.Equal(("done 1: 0 0 0 1", 1), (Care.Counts(file), file.Moved));
        var rejected = Assert.Single((await care.Typed().ShowRejectionsGetAsync(file.Id)).Items);
        Assert.Equal(("fundId", "fund-changed"), (rejected.Field, rejected.Code));
        Assert.StartsWith("Visit V-1 is known as one of fund F-1, on 6 April 2026.", rejected.Message,
            StringComparison.Ordinal);
        var flag = Assert.Single(await FlagsAsync(care));
        Assert.Equal(("F-1", "Visit V-1 is of fund F-1, 6 April 2026, line L-1; line 2 of file “R-2” has it for fund "
            + "F-2, and was rejected."), (flag.FundId, flag.Evidence));
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
        var file = await care.ImportAsync("R-1", text, "&profile=theirs");
        Assert.Equal("done 3: 0 0 0 3", Care.Counts(file));
        Assert.All((await care.Typed().ShowRejectionsGetAsync(file.Id)).Items,
            row => Assert.Equal(("Their Number", "damaged-id"), (row.Field, row.Code)));
    }
}
