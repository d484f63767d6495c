using System.Text;
using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Support;

/// <summary>Tests dry runs, progress and weekly actuals over HTTP.</summary>
public sealed class Visit_files_are_tried_first(SupportHost shared) : IClassFixture<SupportHost>
{
    private const string Portal = "FileReference,WeekEnding,ContractNumber,ServiceUserRef,VisitDate,StartTimeClaimed,"
        + "DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers\n";

    private const string Weeks = "fundId,lineId,weekEnding,quantity,unit,missed,extra,frustrated,comment\n";

    private static readonly string NastyVisits = Care.File(
        [
            .. Care.Rows(1200), .. Care.Rows(3).Select(row => row + "again"), "V-0,F-9,L-1,,,,1,hospital,",
            "\"V-x,F-1,L-1,,,,1,hospital,", "V-y,F-1,L-1,,,,1,hospital," + new string('x', 40_000),
            "V-1,F-1,L-1,,2026-10-25T01:30,2026-10-25T03:00,1,delivered,", "", ",,,,,,,,",
            "V-z,F-1,L-1,,2026-04-06T08:00,2026-04-06T08:45,1,delivered,a,b,c", .. Care.Rows(5),
            "V-last,F-1,L-1,,2026-04-0",
        ])[..^1];

    private static readonly string NastyClaims = Portal
        + string.Concat(Enumerable.Range(6, 10).Select(day => Claim($"{day:00}/04/2026")))
        + Claim("06/04/2026", duration: "00:30:00") + Claim("08/04/2026", reference: "FR-2")
        + Claim("08/04/2026", "F-9")
        + Claim("08/04/2026", duration: "all day") + Claim("06/04/2026", secondary: "True") + "FR-1,12/04";

    private const string NastyWeeks = Weeks + "F-1,L-1,2026-04-12,2.25,hour,,,,\n"
        + "F-1,L-1,2026-04-19,1.50,hour,,,,\nF-1,L-1,2026-04-19,1.50,hour,,,,ill\nF-1,L-1,2026-04-12,3,visit,,,,\n"
        + "F-1,L-1,2026-04-12,1.50,hour,0.75,,,ill\nF-1,L-2,2026-04-12,11,hour,,,,company\nF-9,L-1,2026-04-12,1,hour\n"
        + "F-1,L-1,2026-06-07,2.25,hour,,,,\nF-1,L-1,2026-04-26,2,hour,0,0,0,why\n";

    public static readonly TheoryData<string, string, string> Nasty = new()
    {
        { "visits-csv", NastyVisits, "done 1214: 1200 6 2 6" },
        { "abacus-csv", NastyClaims, "done 16: 11 1 0 4" },
        { "actuals-csv", NastyWeeks, "done 9: 3 1 1 4" },
    };

    private static string Claim(string day, string person = "F-1", string duration = "00:45:00",
        string reference = "FR-1", string secondary = "False") =>
        $"{reference},{(string.CompareOrdinal(day, "13") < 0 ? "12" : "19")}/04/2026,L-1,{person},{day},08:00,00:45,"
        + $"08:00,{duration},{secondary},1\n";

    [Theory]
    [MemberData(nameof(Nasty))]
    public async Task A_dry_run_reports_exactly_what_the_real_run_does(string format, string text, string counts)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var trial = await care.ImportAsync("R-1", text, "&dryRun=true", format);
        var real = await care.ImportAsync("R-1", text, "", format);
        Assert.Equal((counts, counts), (Care.Counts(trial), Care.Counts(real)));
        Assert.Equal(await RejectionsAsync(care, trial), await RejectionsAsync(care, real));
        Assert.Equal(real.Rejected, (await RejectionsAsync(care, real)).Count(sign => sign == '\n') - 1);
        Assert.Equal(FormOf(trial), FormOf(real));
        // If the same file is imported again, each row leaves its visit unchanged or restores the visit's first
        // content.
        var second = await care.ImportAsync("R-2", text, "", format);
        Assert.Equal((0, real.Rejected), (second.New, second.Rejected));
        await Care.UntilIdleAsync(host);
        Assert.Equal(0, await host.CountAsync("support.visit_trial"));
    }

    private static string FormOf(ShowVisitFileResponse file)
    {
        Assert.True(file is { Encoding: not null, Separator: not null });
        return IsfJson.Write(
            new { file.Encoding, file.Separator, file.Dates, file.Times, file.Durations, file.IgnoredColumns });
    }

    private static Task<string> RejectionsAsync(HttpClient care, ShowVisitFileResponse file) =>
        care.GetStringAsync($"/v1/visit-files/{file.Id}/rejections?format=csv");

    [Fact]
    public async Task A_file_that_is_being_read_shows_how_far_it_has_come()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedForTwoAsync(host);
        // Another session locks the second fund, so reading stops where its visits begin.
        await using var other = host.Host.Services.GetRequiredService<Sessions>().Open("support", host.Holder);
        await other.LockAsync("fund/F-2");
        var text = Care.File(Care.Rows(3000).Concat(Care.Rows(3000, "F-2", "W")));
        var sent = await (await care.SendFileAsync("R-1", text)).NeedsAsync(202);
        var file = await Until.AnswersAsync(() => care.ShowAsync(sent), found => found.Read >= 3000);
        Assert.Equal("reading 3000: 3000 0 0 0", Care.Counts(file));
        Assert.Equal("utf-8 , yyyy-mm-dd hh:mm:ss",
            $"{file.Encoding} {file.Separator} {file.Dates[0]} {file.Times[0]}");
        Assert.InRange(file.BytesRead, text.Length / 3, text.Length - 1);
        Assert.Equal(Encoding.UTF8.GetByteCount(text), file.Bytes);
        await other.DisposeAsync();
        await Care.UntilIdleAsync(host);
        file = await care.ShowAsync(sent);
        Assert.Equal("done 6000: 6000 0 0 0", Care.Counts(file));
        Assert.Equal(file.Bytes, file.BytesRead);
    }

    [Fact]
    public async Task A_corrected_week_takes_back_what_it_published_before()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        async Task<string> SendAsync(string reference, string row) =>
            Care.Counts(await care.ImportAsync(reference, Weeks + row, "", "actuals-csv"));
        async Task<string> BecameAsync()
        {
            var expected = await care.ExpectedAsync("2026-04-06", "2026-04-12");
            return $"{string.Join(' ', expected.Items.Select(item => item.Became))} +{expected.Unplanned.Count}";
        }
        Assert.Equal("done 1: 1 0 0 0", await SendAsync("R-1", "F-1,L-1,2026-04-12,3,hour,,,,a visitor\n"));
        Assert.Equal("delivered delivered delivered +1", await BecameAsync());
        Assert.Equal("done 1: 0 1 0 0", await SendAsync("R-2", "F-1,L-1,2026-04-12,1.50,hour,,,0.75,hospital\n"));
        Assert.StartsWith("delivered delivered hospital", await BecameAsync(), StringComparison.Ordinal);
        Assert.Equal("done 1: 0 0 1 0", await SendAsync("R-3", "F-1,L-1,2026-04-12,1.50,hour,,,0.75,hospital\n"));
        Assert.Equal("done 1: 0 1 0 0", await SendAsync("R-4", "F-1,L-1,2026-04-12,2.25,hour,,,,\n"));
        Assert.StartsWith("delivered delivered delivered", await BecameAsync(), StringComparison.Ordinal);
        var one = await care.ImportAsync("R-5", Care.File("V-1,F-1,L-1,,2026-04-13T08:00:00+01:00,"
            + "2026-04-13T08:45:00+01:00,1,delivered,"));
        Assert.Equal("done 1: 1 0 0 0", Care.Counts(one));
        Assert.Equal("done 1: 0 0 0 1", await SendAsync("R-6", "F-1,L-1,2026-04-19,2.25,hour,,,,\n"));
    }
}
