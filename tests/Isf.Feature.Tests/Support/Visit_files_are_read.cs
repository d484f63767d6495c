using System.Net.Http.Headers;
using System.Text;
using Isf.Hosting.Http;

namespace Isf.Tests.Support;

/// <summary>Tests StoreVisitFile, ImportVisitFile, ShowVisitFile and ShowRejections over HTTP.</summary>
public sealed class Visit_files_are_read(SupportHost shared) : IClassFixture<SupportHost>
{
    private static readonly string Good = Care.File(Care.Rows(20).Select(row => row + "Zoë"));

    private static readonly string ThreeGoodRowsAndThreeBad = Care.File(
        "V-1,F-1,L-1,,2026-04-06T08:00:00+01:00,2026-04-06T08:45:00+01:00,1,delivered,",
        "V-2,F-9,L-1,,2026-04-06T08:00:00+01:00,2026-04-06T08:45:00+01:00,1,delivered,",
        "V-3,F-1,L-1,,2026-03-29T08:00,2026-03-29T08:45,1,delivered,\"too early, by a day\"",
        "V-1,F-1,L-1,,2026-04-06T08:00:00+01:00,2026-04-06T08:45:00+01:00,1,delivered,",
        "V-4,F-1,L-1,2026-04-08T08:00,,,,missed-by-provider,",
        "V-5,F-1,L-1,,08/04/2026 08:00,08/04/2026 07:00,1,delivered,");

    [Fact]
    public async Task A_file_is_read_row_by_row_and_bad_rows_are_shown_with_what_to_do()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync("week 15", ThreeGoodRowsAndThreeBad);
        Assert.Equal("done 6: 2 0 1 3", Care.Counts(file));
        var rejections = await care.Typed().ShowRejectionsGetAsync(file.Id, limit: 2);
        Assert.Equal([(3, "fundId", "unknown-fund"), (4, "start", "before-fund-opens")],
            rejections.Items.Select(row => (row.Line, row.Field, row.Code)));
        Assert.Contains("30 March 2026", rejections.Items[1].Message, StringComparison.Ordinal);
        var rest = await care.Typed().ShowRejectionsGetAsync(file.Id, limit: 2, after: rejections.Next);
        Assert.Equal("ends-before-it-starts", Assert.Single(rest.Items).Code);
        var csv = await care.GetStringAsync($"/v1/visit-files/{file.Id}/rejections?format=csv");
        Assert.Contains("\"V-3,F-1,L-1,,2026-03-29T08:00,2026-03-29T08:45,1,delivered,\"\"too early, by a day\"\"\"",
            csv,
            StringComparison.Ordinal);
        Assert.Equal(["delivered", "missed-by-provider"], await care.BecameAsync("2026-04-06", "2026-04-08"));
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task The_same_reference_is_one_file_and_known_visits_do_not_count_twice()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var text = Care.File(Care.Rows(30));
        Assert.Equal("done 30: 30 0 0 0", Care.Counts(await care.ImportAsync("R-1", text)));
        await (await care.SendFileAsync("R-1", text)).NeedsAsync(200);
        var other = await care.SendFileAsync("R-1", text + "\n");
        Assert.Equal((409, "reference-used"), ((int)other.StatusCode, await other.CodeAsync()));
        Assert.Equal("done 30: 0 0 30 0", Care.Counts(await care.ImportAsync("R-2", text)));
        var changed = text.Replace("T08:49", "T08:59", StringComparison.Ordinal);
        Assert.Equal("done 30: 0 3 27 0", Care.Counts(await care.ImportAsync("R-3", changed)));
        Assert.Equal(2, (await care.VisitAsync("V-9")).Version);
        Assert.Equal(1, (await care.VisitAsync("V-8")).Version);
    }

    public static readonly TheoryData<string, byte[], string> Shapes = new()
    {
        { "plain", Encoding.UTF8.GetBytes(Good), "utf-8" },
        { "BOM", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)], "utf-8" },
        { "semicolons", Encoding.UTF8.GetBytes(Good.Replace(',', ';')), "utf-8" },
        { "Windows line ends", Encoding.UTF8.GetBytes(Good.Replace("\n", "\r\n", StringComparison.Ordinal)), "utf-8" },
        { "Latin-1", Encoding.Latin1.GetBytes(Good), "windows-1252" },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)], "utf-16le" },
        { "gzip", Care.Gzip(Good), "utf-8" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Whatever_wrote_the_file_the_visits_are_the_same(string shape, byte[] bytes, string encoding)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync(shape, bytes);
        Assert.Equal(("done 20: 20 0 0 0", encoding), (Care.Counts(file), file.Encoding));
        Assert.Equal("Zoë", (await care.VisitAsync("V-19")).Note);
    }

    public static readonly TheoryData<byte[], string> Refused = new()
    {
        { "visitId,fundId,lineId\nV-1,F-1,L-1\n"u8.ToArray(), "missing-column" },
        { "name,address\nA,B\n"u8.ToArray(), "no-header" },
        { [], "empty-file" },
        { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], "not-text" },
        { "PK\u0003\u0004 a spreadsheet"u8.ToArray(), "not-text" },
        { Care.Gzip(Good)[..12], "file-cut-short" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_file_that_cannot_be_read_is_refused_whole_with_the_reason(byte[] bytes, string code)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync("R-1", bytes);
        Assert.Equal(("refused 0: 0 0 0 0", code), (Care.Counts(file), file.Problem?.Code));
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task Of_a_truncated_gzip_what_was_whole_is_recorded_and_the_whole_file_completes_it()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var whole = Care.Gzip(Care.File(Care.Rows(5000)));
        var file = await care.ImportAsync("R-1", whole[..(whole.Length / 2)]);
        Assert.Equal(("done", "file-cut-short"), (file.State, file.Problem?.Code));
        Assert.InRange(file.New, 1000, 4000);
        var completed = await care.ImportAsync("R-2", whole);
        Assert.Equal($"done 5000: {5000 - file.New} 0 {file.New} 0", Care.Counts(completed));
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_is_a_rejected_row()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var rows = Care.Rows(3).ToList();
        rows.Insert(1, "V-x,F-1,L-1,,,,1,delivered," + new string('x', 10_000_000));
        var file = await care.ImportAsync("R-1", Care.File(rows));
        Assert.Equal("done 4: 3 0 0 1", Care.Counts(file));
        var row = (await care.Typed().ShowRejectionsGetAsync(file.Id)).Items[0];
        Assert.Equal((3, "row-too-long"), (row.Line, row.Code));
    }

    [Fact]
    public async Task Columns_that_are_not_known_are_named()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync("R-1", "colour,visitId,fundId,lineId,outcome,plannedStart,weather\n"
            + "red,V-1,F-1,L-1,hospital,2026-04-06 08:00,wet\n");
        Assert.Equal("done 1: 1 0 0 0", Care.Counts(file));
        Assert.Equal(["colour", "weather"], file.IgnoredColumns);
    }

    [Fact]
    public async Task A_dry_run_reports_what_the_real_run_would_do_and_stores_nothing()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await care.ImportAsync("R-0", Care.File(Care.Rows(10)));
        var text = Care.File(Care.Rows(2500).Concat(Care.Rows(5).Select(row => row + "again"))
            .Append("V-1,F-9,L-1,,,,1,hospital,").Append(Care.Rows(1).Single() + "again"));
        var trial = await care.ImportAsync("R-1", text, "&dryRun=true");
        Assert.Equal("done 2507: 2490 5 11 1", Care.Counts(trial));
        Assert.Equal(404, (int)(await care.GetAsync("/v1/visits/V-2000")).StatusCode);
        Assert.Equal(Care.Counts(trial), Care.Counts(await care.ImportAsync("R-1", text, "&dryRun=true")));
        Assert.Equal(Care.Counts(trial), Care.Counts(await care.ImportAsync("R-1", text)));
        await Care.UntilIdleAsync(host);
        Assert.Equal(0,
            await host.CountAsync("support.visit_trial") + await host.CountAsync("support.visit_file_part"));
    }

    [Theory]
    [InlineData("?format=weeks-csv&reference=R", 400, "unknown-format")]
    [InlineData("?format=visits-csv&reference=R&profile=none", 422, "unknown-profile")]
    [InlineData("?format=visits-csv", 400, "bad-reference")]
    [InlineData("?format=visits-csv&reference=R&dryRun=maybe", 400, "bad-dry-run")]
    public async Task An_address_that_asks_for_something_else_is_refused(string query, int status, string code)
    {
        var host = await shared.OpenAsync();
        var response = await host.As(Role.HolderCare).PostAsync("/v1/visit-files" + query, new StringContent("x"));
        Assert.Equal((status, code), ((int)response.StatusCode, await response.CodeAsync()));
        var form = await host.As(Role.HolderCare).PostAsync(
            "/v1/visit-files?format=visits-csv&reference=R",
                new MultipartFormDataContent { { new StringContent("x"), "file" } });
        Assert.Equal((415, "form-not-file"), ((int)form.StatusCode, await form.CodeAsync()));
        Assert.Equal(403, (int)(await host.As(Role.HolderFinance).PostAsync(
            "/v1/visit-files?format=visits-csv&reference=R", new StringContent("x"))).StatusCode);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_claims_no_reference()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await Care.UntilIdleAsync(host);
        using var broken = new StreamContent(new BrokenOff(3 << 20));
        broken.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            care.PostAsync("/v1/visit-files?format=visits-csv&reference=R-1", broken));
        Assert.Equal("done 3: 3 0 0 0", Care.Counts(await care.ImportAsync("R-1", Care.File(Care.Rows(3)))));
        Assert.Equal(0, await host.CountAsync("support.visit_file_part"));
    }

    [Fact]
    public async Task A_message_that_comes_again_while_and_after_the_file_is_read_changes_nothing()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var sent = await (await care.SendFileAsync("R-1", Care.File(Care.Rows(3000)))).NeedsAsync(202);
        var id = sent.Headers.Location!.ToString().Split('/')[^1];
        for (var i = 0; i < 3; i++)
        {
            await host.PublishAsync("support",
                new Isf.Contracts.Support.VisitFileStored { HolderId = host.Holder, FileId = id }, $"again/{i}");
        }
        await Care.UntilIdleAsync(host);
        Assert.Equal("done 3000: 3000 0 0 0", Care.Counts(await care.ShowAsync(sent)));
        Assert.Equal(3000, await host.CountAsync("support.visit"));
    }

    [Fact]
    public async Task Two_files_about_the_same_funds_are_read_at_once()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedForTwoAsync(host);
        var one = Care.File(Care.Rows(1200).Concat(Care.Rows(1200, "F-2", "W")));
        var two = Care.File(Care.Rows(1200, "F-2", "X").Concat(Care.Rows(1200, prefix: "Y")));
        var sent = await Task.WhenAll(care.SendFileAsync("R-1", one), care.SendFileAsync("R-2", two));
        await Care.UntilIdleAsync(host);
        foreach (var response in sent)
            Assert.Equal("done 2400: 2400 0 0 0", Care.Counts(await care.ShowAsync(response)));
        var expected = await care.ExpectedAsync("2026-04-06", "2026-05-24");
        Assert.All(expected.Items, item => Assert.Single(item.Visits));
    }

    private sealed class BrokenOff(int after) : MemoryStream
    {
        private int left = after;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left <= 0)
                throw new IOException("The line is cut.");
            var count = Math.Min(left, buffer.Length);
            buffer.Span[..count].Fill((byte)'x');
            left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
