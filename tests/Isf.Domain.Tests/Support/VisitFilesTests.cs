using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using Xunit;

namespace Isf.Domain.Tests.Support;

public sealed class VisitFilesTests
{
    private const string Header = "visitId,fundId,lineId,start,end,outcome,note";

    private static List<SourceRow> Split(string text, int block = int.MaxValue, char separator = ',',
        bool cutShort = false)
    {
        var splitter = new RowSplitter(separator);
        var rows = new List<SourceRow>();
        for (var at = 0; at < text.Length; at += Math.Min(block, text.Length))
            splitter.Push(text.AsSpan(at, Math.Min(block, text.Length - at)), rows);
        splitter.End(cutShort, rows);
        return rows;
    }

    private static Decision<FileReading, FileFault> Begin(string header) =>
        FileReading.Begin(new(FileFormat.VisitsCsv), Split(header).Single(), monthFirst: false);

    private static string TextOf(IEnumerable<SourceRow> rows) =>
        string.Join(" / ", rows.Select(row => row.Trouble == RowTrouble.None
            ? $"{row.Line}:{string.Join('|', row.Values)}"
            : $"{row.Line}:{row.Trouble}"));

    [Theory]
    [InlineData("a,b\nc,d", "1:a|b / 2:c|d")]
    [InlineData("a,b\r\nc,d\r\n", "1:a|b / 2:c|d")]
    [InlineData("a,b\rc,d\r", "1:a|b / 2:c|d")]
    [InlineData("\n\na, b ,\n", "3:a|b|")]
    [InlineData("\"a,b\", \"c\"\"d\" ,e", "1:a,b|c\"d|e")]
    [InlineData("\"two\r\nlines\",b\nc", "1:two\r\nlines|b / 3:c")]
    [InlineData("5\" pipe,b\nc", "1:5\" pipe|b / 2:c")]
    [InlineData("\"open,b\nc,d\ne", "1:QuoteNotClosed / 2:c|d / 3:e")]
    [InlineData("\"\",b", "1:|b")]
    [InlineData("a,\"b\"c,d", "1:a|bc|d")]
    public void Rows_are_split_as_their_writer_meant_them(string text, string expected) =>
        Assert.Equal(expected, TextOf(Split(text)));

    [Theory]
    [InlineData("a,b\n,,\nc,d", "1:a|b / 3:c|d")]
    [InlineData(" , ,\n\"\",\"\"\na,b", "3:a|b")]
    [InlineData("a,b\n0,,\n", "1:a|b / 2:0||")]
    public void Rows_of_separators_alone_are_passed_over(string text, string expected) =>
        Assert.Equal(expected, TextOf(Split(text)));

    [Fact]
    public void What_is_found_in_a_row_unsplit_is_what_it_is_split_into()
    {
        var random = new Random(20261129);
        string[] pieces =
        [
            "F-1", " F-2 ", "\"F,3\"", "\"F\"\"4\"", "5\" x", "", "\"\"", "\t", "Zo\u00EB", "\"a\nb\"", "\"c\" d",
        ];
        for (var run = 0; run < 2000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, 5).Select(_ => string.Join(',',
                Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)])) + "\n"));
            var split = Split(text).Where(row => row.Trouble == RowTrouble.None);
            Assert.Equal(
                split.SelectMany(row => Enumerable.Range(0, 6).Select(row.Values.ElementAtOrDefault))
                    .Select(value => value ?? ""),
                FoundUnsplit(text));
        }
    }

    // The values of six columns of each row, found in the row's text.
    private static List<string> FoundUnsplit(string text)
    {
        var (splitter, found) = (new RowSplitter(','), new List<string>());
        splitter.OnText = row =>
        {
            for (var column = 0; column < 6; column++)
                found.Add(splitter.Value(row, column).ToString());
        };
        var troubled = new List<SourceRow>();
        splitter.Push(text, troubled);
        splitter.End(false, troubled);
        return found;
    }

    private static FundsNamed Named(IEnumerable<string> ids)
    {
        var funds = new FundsNamed();
        foreach (var id in ids)
            funds.Add(id);
        return funds;
    }

    [Fact]
    public void The_funds_that_a_file_names_are_each_held_once_and_junk_is_not() => Assert.Equal(
        ["F-1", "F-2"],
        Named(["F-2", "F-2", "F-1", "", "no id", "F-2", new string('x', 65), "F-1"]).FundIds);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_file_may_name_so_many_funds_and_no_more(int beyond, bool tooMany) => Assert.Equal(
        tooMany, Named(Enumerable.Range(0, FundsNamed.Max + beyond).Select(n => $"X-{n}")).AreTooMany);

    [Fact]
    public void A_row_of_ten_million_characters_is_refused_without_being_held()
    {
        var splitter = new RowSplitter(',');
        var rows = new List<SourceRow>();
        splitter.Push("a,b\n", rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var block = new string('x', 10_000);
        for (var i = 0; i < 1000; i++)
            splitter.Push(block, rows);
        splitter.Push("\nc,d\n", rows);
        splitter.End(false, rows);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Equal("1:a|b / 2:TooLong / 3:c|d", TextOf(rows));
        Assert.True(rows[1].Original.Length <= 1001);
    }

    [Fact]
    public void A_quote_that_nothing_closes_costs_its_own_row_in_a_long_file_too()
    {
        var text = "a\n\"b\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"row {i}\n"));
        var rows = Split(text, block: 777);
        Assert.Equal(5002, rows.Count);
        Assert.Equal(RowTrouble.QuoteNotClosed, Assert.Single(rows, row => row.Trouble != RowTrouble.None).Trouble);
        Assert.Equal(5002, rows[^1].Line);
    }

    [Fact]
    public void The_last_row_of_a_file_that_breaks_off_is_not_trusted() =>
        Assert.Equal("1:a|b / 2:CutShort", TextOf(Split("a,b\nc,", cutShort: true)));

    [Fact]
    public void The_blocks_in_which_a_file_comes_make_no_difference() => Prop.ForAll(
        Gen.Elements('a', 'b', ',', '"', '\r', '\n', ' ').ListOf().ToArbitrary(),
        Gen.Choose(1, 7).ToArbitrary(),
        (signs, block) =>
        {
            var text = string.Concat(signs);
            return TextOf(Split(text)) == TextOf(Split(text, block));
        }).QuickCheckThrowOnFailure();

    public static readonly TheoryData<string, byte[], string> Encodings = new()
    {
        { "utf-8", Encoding.UTF8.GetBytes("Zoë – café"), "Zoë – café" },
        { "utf-8", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("Zoë")], "Zoë" },
        { "utf-16le", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Zoë")], "Zoë" },
        { "utf-16be", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("Zoë")], "Zoë" },
        { "utf-16le", Encoding.Unicode.GetBytes("visitId"), "visitId" },
        { "windows-1252", Encoding.Latin1.GetBytes("Zoë café"), "Zoë café" },
        { "windows-1252", [.. "cost "u8, 0x80, 0x35, .. " "u8, 0x96], "cost €5 –" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encodings_are_found_from_the_bytes(string name, byte[] bytes, string text)
    {
        var found = TextEncoding.Detect(bytes)!;
        var letters = new char[100];
        var count = 0;
        // The decoder gets one byte at a time, because a character may span two blocks of a file.
        foreach (var item in bytes[found.SkipBytes..])
            count += found.Decoder.GetChars([item], 0, 1, letters, count, flush: false);
        count += found.Decoder.GetChars([], 0, 0, letters, count, flush: true);
        Assert.Equal((name, text), (found.Name, new string(letters, 0, count)));
    }

    [Fact]
    public void What_is_no_text_is_no_text()
    {
        Assert.Null(TextEncoding.Detect([0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 13]));
        Assert.Null(TextEncoding.Detect([.. Enumerable.Range(0, 64).Select(i => (byte)i)]));
    }

    [Theory]
    [InlineData("visitId,fundId,lineId,outcome", ',')]
    [InlineData("visitId;fundId;lineId;outcome", ';')]
    [InlineData("Visit ID\tFund ID\tLine ID\tOutcome", '\t')]
    [InlineData("\"visitId\"|\"fundId\"|\"lineId\"|\"outcome\"|\"a,b,c\"", '|')]
    public void The_separator_is_the_one_that_makes_known_columns(string header, char separator) =>
        Assert.Equal(separator, new FileTerms(FileFormat.VisitsCsv).SeparatorOf(header));

    [Theory]
    [InlineData("visitId,fundId,lineId", "missing-column")]
    [InlineData("name,address", "no-header")]
    [InlineData("visitId,fundId,lineId,outcome,Outcome", "column-twice")]
    [InlineData("visitId,fundId,lineId,outcome,colour,weather", null)]
    public void A_header_that_lacks_a_needed_column_refuses_the_file(string header, string? code)
    {
        var begun = Begin(header);
        Assert.Equal(code, FileRefusal.From(begun)?.Code);
        if (code is null)
            Assert.Equal(["colour", "weather"], begun.Value!.Ignored);
    }

    [Theory]
    [InlineData("V-1,F-1,L-1,2026-04-06 08:00,2026-04-06 08:45,delivered,", null, null)]
    [InlineData("V-1,F-1,L-1,2026-04-06 08:00,2026-04-06 08:45,delivered,,,", null, null)]
    [InlineData("V-1,F-1,L-1\n", "field-missing", "outcome")]
    [InlineData("V-1,F-1,L-1", "file-cut-short", null)]
    [InlineData("V-1,F-1,L-1,2026-04-06 08:00,2026-04-06 08:45,delivered,late,by far", "too-many-values", null)]
    [InlineData("V-1,F-1,L-1,yesterday,2026-04-06 08:45,delivered,", "not-a-time", "start")]
    [InlineData("V-1,F-1,L-1,2026-10-25 01:30,2026-10-25 03:00,delivered,", "ambiguous-time", "start")]
    [InlineData("V-1,F-1,L-1,2026-04-06 08:00,2026-04-06 08:45,delivered,a\0b", "not-text", null)]
    public void A_row_is_read_or_refused_by_itself(string row, string? code, string? field)
    {
        var csv = Begin(Header).Value!;
        var (parsed, fault) = csv.Row(Split(row).Single());
        Assert.Equal((code, field), (fault?.Code, fault?.Field));
        Assert.Equal(code is null, parsed is not null);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("", null)]
    public void Columns_are_found_by_their_names_in_any_order(string miles, double? read)
    {
        var csv = Begin("OUTCOME,miles,carers,line_id,Fund Id,visit-id,planned start").Value!;
        var row = csv.Row(Split($"hospital,{miles},2,L-1,F-1,V-1,06/04/2026 08:00").Single()).Parsed;
        var record = Assert.IsType<VisitRow>(row).Record;
        Assert.Equal(("V-1", "F-1", "L-1", 2, (decimal?)read),
            (record.VisitId, record.FundId, record.LineId, record.Carers, record.Miles));
    }

    [Theory]
    [InlineData("two", "not-a-number", "carers")]
    [InlineData("0", "out-of-range", "carers")]
    [InlineData("2.0", "not-a-number", "carers")]
    public void A_number_is_a_number(string carers, string code, string field)
    {
        var csv = Begin("visitId,fundId,lineId,outcome,carers").Value!;
        var fault = csv.Row(Split($"V-1,F-1,L-1,hospital,{carers}").Single()).Fault;
        Assert.Equal((code, field), (fault?.Code, fault?.Field));
    }

    [Fact]
    public void Any_text_is_read_without_a_crash() => Prop.ForAll(
        Gen.Choose(0, 0x2FF).Select(sign => (char)sign).ListOf().ToArbitrary(),
        signs =>
        {
            var rows = Split(Header + "\n" + string.Concat(signs), block: 5);
            var csv = FileReading.Begin(new(FileFormat.VisitsCsv), rows[0], monthFirst: false).Value!;
            return rows.Skip(1).All(row => csv.Row(row) is var (parsed, fault) && parsed is null == fault is not null);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reason_of_a_visit_has_the_same_code_in_a_file() =>
        Assert.Equal("day-not-covered", RowFault.CodeOf(VisitCheck.Refusal.DayNotCovered));
}
