namespace Isf.Tests.Support;

/// <summary>A text of several lines is returned unchanged. In a list as CSV it is one cell.</summary>
public sealed class Free_text_keeps_its_lines(SupportHost shared) : IClassFixture<SupportHost>
{
    [Fact]
    public async Task A_note_of_several_lines_is_one_cell_of_the_csv()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visits/V-0", Care.Visit())).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-1",
            Care.Visit("2026-04-06T18:00:00+01:00", "2026-04-06T18:45:00+01:00"))).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        var flag = (await care.FlagsAsync("kind=outside-plan"))[0];
        await (await care.PostAsync($"/v1/care-flags/{flag.FlagId}/resolution",
            new { code = "authorised", note = "Asked:\r\n\t\"yes\", twice." })).NeedsAsync(200);
        var csv = await care.GetStringAsync("/v1/care-flags?format=csv&kind=outside-plan");
        Assert.Contains("note: Asked:\r\n\t\"\"yes\"\", twice.", csv, StringComparison.Ordinal);
        Assert.Equal(0, csv.Count(sign => sign == '"') % 2);
    }
}
