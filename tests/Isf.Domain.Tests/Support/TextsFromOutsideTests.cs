using System.Globalization;
using Isf.Measures;
using Isf.Support.Domain.Files;
using Xunit;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// However a file's text is shortened or refused, nothing stored contains a part of a character or anything invisible.
/// The texts have characters of several code units across each limit.
/// </summary>
public sealed class TextsFromOutsideTests
{
    private const string Header = "visitId,fundId,lineId,service,workerId,plannedStart,start,end,outcome,carers,note";

    // Characters of several code units, and one that is not seen.
    private static readonly Dictionary<string, string> Wide = new()
    {
        ["a smile"] = "\U0001F600",
        ["a family"] = "\U0001F469\u200D\U0001F469\u200D\U0001F467",
        ["a letter with two marks"] = "e\u0302\u0301",
        ["an invisible mark"] = "\u200E",
        ["a flag"] = "\U0001F1EC\U0001F1E7",
    };

    private static readonly int[] BeforeALimit =
        [0, 1, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 998, 999, 1000, 1998, 1999, 2000];

    public static TheoryData<string, int> Across =>
        (from wide in Wide.Keys from before in BeforeALimit select (wide, before)).ToTheoryData();

    private static string TextOf(string wide, int before) =>
        new string('x', before) + Wide[wide] + Wide[wide] + Wide[wide];

    private static List<SourceRow> Split(string text, int longest = RowSplitter.LongestRow)
    {
        var (splitter, rows) = (new RowSplitter(',', longest), new List<SourceRow>());
        splitter.Push(text, rows);
        splitter.End(false, rows);
        return rows;
    }

    private static FileReading Begin(string header, VisitFileProfile? profile = null) =>
        FileReading.Begin(new(FileFormat.VisitsCsv, profile), Split(header)[0], monthFirst: false).Value!;

    // A shortened text ends in …, and its part before the … consists of whole grapheme clusters of the original.
    private static void IsWhole(string stored, string sent)
    {
        Assert.Equal(Texts.Whole(stored), stored);
        Assert.DoesNotContain('\u200E', stored);
        for (var cut = stored.IndexOf('…'); cut >= 0; cut = stored.IndexOf('…', cut + 1))
        {
            var element = StringInfo.GetNextTextElement(stored, StringInfo.ParseCombiningCharacters(stored[..cut])[^1]);
            Assert.True(element is "x" or ">" || Nfc.Normalize(sent).Contains(element, StringComparison.Ordinal),
                stored);
        }
    }

    [Theory]
    [MemberData(nameof(Across))]
    public void Whatever_a_row_holds_its_rejection_can_be_stored_and_read(string wide, int before)
    {
        var text = TextOf(wide, before);
        Assert.All(Header.Split(','), (_, column) =>
        {
            var cells = new[] { "V-1", "F-1", "L-1", "", "", "", "", "", "hospital", "", "" };
            cells[column] = text;
            if (Begin(Header).Row(Split(string.Join(',', cells) + "\n")[0]).Fault is { } fault)
                IsWhole(fault.PlainWords, text);
        });
    }

    [Theory]
    [MemberData(nameof(Across))]
    public void Names_of_columns_that_are_not_known_can_be_stored_and_read(string wide, int before)
    {
        var text = TextOf(wide, before);
        Assert.All(Begin($"visitId,fundId,lineId,outcome,{text}").Ignored, name => IsWhole(name, text));
    }

    private static readonly VisitFileProfile OnlyDelivered = new()
    {
        Id = "P", Format = "visits-csv", Fields = new Dictionary<string, FieldRule>
        {
            ["outcome"] = new()
            {
                From = "{outcome}", Values = new Dictionary<string, string> { ["a"] = "delivered" },
            },
        },
    };

    [Theory]
    [MemberData(nameof(Across))]
    public void Values_that_a_profile_does_not_know_can_be_named(string wide, int before)
    {
        var text = TextOf(wide, before);
        var fault = Begin(Header, OnlyDelivered).Row(Split($"V-1,F-1,L-1,,,,,,{text},,\n")[0]).Fault!;
        IsWhole(fault.PlainWords, text);
    }

    [Theory]
    [MemberData(nameof(Across))]
    public void What_is_stored_of_a_row_that_is_too_long_is_whole(string wide, int before)
    {
        var text = TextOf(wide, before);
        for (var longest = 1; longest < text.Length; longest += 1 + (text.Length / 50))
            Assert.All(Split(text + "\n", longest), row => Assert.Equal(Texts.Whole(row.Original), row.Original));
    }

    [Theory]
    [MemberData(nameof(Across))]
    public void What_is_stored_of_a_quote_that_nothing_closes_is_whole(string wide, int before) => Assert.All(
        Split($"\"{TextOf(wide, before)}\nb,c"), row => Assert.Equal(Texts.Whole(row.Original), row.Original));

    [Theory]
    [InlineData("note", 2000)]
    [InlineData("workerId", 64)]
    public void Limits_count_what_a_reader_counts(string field, int max)
    {
        RowFault? Of(string text) => Begin($"visitId,fundId,lineId,outcome,plannedStart,{field}")
            .Row(Split($"V-1,F-1,L-1,hospital,2026-04-06 08:00,{text}\n")[0]).Fault;
        var element = Wide["a family"];
        Assert.Null(Of(string.Concat(Enumerable.Repeat(element, max))));
        var tooLong = Of(string.Concat(Enumerable.Repeat(element, max + 1)))!;
        Assert.Equal("text-too-long", tooLong.Code);
        Assert.Contains($"has {max + 1} characters", tooLong.PlainWords);
    }

    [Theory]
    [InlineData("a\u0007b", "control-character", null)]
    [InlineData("\"a\tb\"", "control-character", "workerId")]
    public void Control_characters_are_refused_by_their_code(string worker, string code, string? field)
    {
        var fault = Begin("visitId,fundId,lineId,outcome,plannedStart,workerId")
            .Row(Split($"V-1,F-1,L-1,hospital,2026-04-06 08:00,{worker}\n")[0]).Fault!;
        Assert.Equal((code, field), (fault.Code, fault.Field));
        Assert.Contains("U+000", fault.PlainWords);
    }

    [Theory]
    [InlineData("0026-04-06T08:00:00+01:00", "date-out-of-range")]
    [InlineData("1899-12-31 23:00", "date-out-of-range")]
    [InlineData("31/12/9999 08:00", "date-out-of-range")]
    [InlineData("2200-01-01T00:00:00Z", "date-out-of-range")]
    [InlineData("1900-01-01T00:00:00+05:00", "date-out-of-range")]
    [InlineData("2199-12-31 08:00", null)]
    [InlineData("1900-01-01 08:00", null)]
    [InlineData("2026-13-01 08:00", "not-a-time")]
    public void A_day_out_of_range_rejects_its_row(string moment, string? code)
    {
        var fault = Begin("visitId,fundId,lineId,outcome,plannedStart")
            .Row(Split($"V-1,F-1,L-1,hospital,{moment}\n")[0]).Fault;
        Assert.Equal((code, code is null ? null : "plannedStart"), (fault?.Code, fault?.Field));
    }

    [Theory]
    [InlineData("9999-12-31", "date-out-of-range")]
    [InlineData("03/01/1800", "date-out-of-range")]
    [InlineData("2026-04-05", null)]
    public void A_week_out_of_range_rejects_its_row(string weekEnding, string? code)
    {
        var header = Split("fundId,lineId,weekEnding,quantity,unit")[0];
        var reading = FileReading.Begin(new(FileFormat.ActualsCsv), header, monthFirst: false).Value!;
        Assert.Equal(code, reading.Row(Split($"F-1,L-1,{weekEnding},1,hour\n")[0]).Fault?.Code);
    }
}
