using System.Globalization;
using System.Text;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// Every reader of files reads seeded random mutations of good files, and truncated files, without a crash or a hang.
/// Its memory is bounded by the size of the input.
/// </summary>
public sealed class FilesAreFuzzedTests
{
    private const int Runs = 4000;
    private const string Cut = "visitId,fundId,lineId,start,end,note,outcome\n";

    private static readonly VisitFileProfile Profile = new()
    {
        Id = "p", Format = "visits-csv", Dates = "dd-mmm-yy", Times = "hhmm", Durations = "hours",
        Fields = new Dictionary<string, FieldRule>
        {
            ["visitId"] = new() { From = "{Ref}/{Day:date}" },
            ["start"] = new() { From = "{Day:date} {In:time}" },
            ["duration"] = new() { From = "{Took}" },
            ["outcome"] = new() { From = "{How}", Values = new Dictionary<string, string> { ["ok"] = "delivered" } },
        },
    };

    private static readonly (FileTerms Terms, string Text)[] Good =
    [
        (new(FileFormat.VisitsCsv), "visitId,fundId,lineId,plannedStart,plannedMinutes,start,end,carers,outcome,miles,"
            + "note\nV-1,F-1,L-1,2026-04-06T08:00:00+01:00,45,2026-04-06T08:01:00+01:00,2026-04-06T08:44:00+01:00,1,"
            + "delivered,1.5,\"Zoë, \"\"late\"\"\"\nV-2,F-1,L-1,06/04/2026 08:00,45,,,2,hospital,,\n"),
        (new(FileFormat.AbacusCsv), "FileReference;WeekEnding;ContractNumber;ServiceUserRef;VisitDate;StartTimeClaimed;"
            + "DurationClaimed;ActualStartTime;ActualDuration;SecondaryVisit;NumberOfCarers\r\nFR;12/04/2026;L-1;F-1;"
            + "06/04/2026;08:00:00;00:45:00;08:00:00;00:45:00;False;2\r\nFR;12/04/2026;L-1;F-1;06/04/2026;08:00;45;;0;"
            + "True;2\r\n"),
        (new(FileFormat.ActualsCsv), "fundId\tlineId\tweekEnding\tquantity\tunit\tmissed\textra\tfrustrated\tcomment\n"
            + "F-1\tL-1\t2026-04-12\t2.25\thour\t0\t0\t0\t\nF-1\tL-1\t12/04/2026\t2\tvisits\t1\t\t\till\n"),
        (new(FileFormat.VisitsCsv, Profile), "Ref|Day|In|Took|How|fundId|lineId\n1|06-Apr-26|0800|0.75|ok|F-1|L-1\n"),
    ];

    private static readonly byte[][] Pieces =
    [
        "\""u8.ToArray(), ","u8.ToArray(), ";"u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(), [0], [0xFF], [0xC3],
        "99999999999999999999"u8.ToArray(), "-1"u8.ToArray(), "31/02/2026"u8.ToArray(), "2026-10-25T01:30"u8.ToArray(),
        "{"u8.ToArray(), "0.001"u8.ToArray(), [0xEF, 0xBB, 0xBF], [0xFF, 0xFE],
    ];

    [Fact]
    public void No_mutation_of_a_file_breaks_its_reading()
    {
        var random = new Random(20261122);
        var book = Plans(Line("L-1", 1, Slot("Mon Wed Fri", "08:00", 45)));
        for (var run = 0; run < Runs; run++)
        {
            var (terms, text) = Good[run % Good.Length];
            var bytes = Mutated(random, Written(random, text));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var rows = Read(terms, bytes, random.Next(1, 4096), Fund(book));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(rows <= bytes.Length + 1);
            Assert.True(allocated < 2_000_000 + (bytes.Length * 400L), $"run {run}: {allocated} of {bytes.Length}");
        }
    }

    [Fact]
    public void A_file_cut_anywhere_gives_its_whole_rows_and_nothing_else()
    {
        var text = new StringBuilder(Cut);
        for (var i = 0; i < 5000; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"V-{i},F-1,L-1,2026-04-06T08:0{i % 10}:00+01:00,2026-04-06T08:45:00+01:00,n{i},delivered\n");
        }
        var whole = Encoding.UTF8.GetBytes(text.ToString());
        for (var cut = 1000; cut < whole.Length; cut += 1000)
        {
            // Only the last part before the cut is read, to save time. Everything read up to the cut equals what the
            // whole file has there.
            var from = cut < 3000 ? 0 : whole.AsSpan(0, cut - 2000).LastIndexOf((byte)'\n') + 1;
            var (part, all) = (Ids(whole, from, cut), Ids(whole, from, Math.Min(whole.Length, cut + 2000)));
            // A last row without a line end counts as a row if it has all its values.
            var lines = whole.AsSpan(from, cut - from).Count((byte)'\n') - (from == 0 ? 1 : 0);
            Assert.InRange(part.Count, lines, lines + 1);
            Assert.Equal(all.Take(part.Count), part);
        }
    }

    [Fact]
    public void No_text_of_a_profile_breaks_its_check()
    {
        var random = new Random(7);
        const string signs = "{}:/dmyhs-. abc0|\"~\0é";
        for (var run = 0; run < Runs; run++)
        {
            string Any() => string.Concat(Enumerable.Range(0, random.Next(0, 12))
                .Select(_ => signs[random.Next(signs.Length)]));
            var profile = Profile with
            {
                Separator = Any(),
                Dates = Any(),
                Times = Any(),
                Encoding = random.Next(2) == 0 ? null : Any(),
                Fields = new Dictionary<string, FieldRule>
                {
                    ["note"] = new() { From = Any(), Values = new Dictionary<string, string> { [Any()] = Any() } },
                },
            };
            Assert.NotEqual("", ProfileCheck.Fault(profile)?.Detail);
            _ = DayPattern.Read(Any())?.TryRead(Any(), out _);
            _ = TimePattern.Read(Any())?.TryRead(Any(), out _, out _, out _, out _);
        }
    }

    private static byte[] Written(Random random, string text) => random.Next(5) switch
    {
        0 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        1 => Encoding.BigEndianUnicode.GetBytes(text),
        2 => Encoding.Latin1.GetBytes(text),
        3 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        _ => Encoding.UTF8.GetBytes(text),
    };

    private static byte[] Mutated(Random random, byte[] bytes)
    {
        var mutated = bytes.ToList();
        for (var times = random.Next(1, 8); times > 0; times--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: mutated.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
                case 2: mutated.RemoveRange(at, Math.Min(random.Next(1, 30), mutated.Count - at)); break;
                case 3: mutated.InsertRange(at, mutated.GetRange(0, Math.Min(random.Next(200), mutated.Count))); break;
                case 4: mutated.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(3000))); break;
                default: mutated.RemoveRange(at, mutated.Count - at); break;
            }
            if (mutated.Count == 0)
                mutated.Add(0);
        }
        return [.. mutated];
    }

    // Reads a file as the service does, and returns the number of its rows.
    private static int Read(FileTerms terms, byte[] bytes, int block, FundCare fund)
    {
        var head = bytes.AsSpan(0, Math.Min(bytes.Length, 4096));
        if (TextEncoding.Detect(head) is not { } written)
            return 0;
        var letters = new char[bytes.Length + 16];
        var count = written.Decoder.GetChars(bytes, written.SkipBytes, bytes.Length - written.SkipBytes, letters, 0,
            flush: true);
        var rows = Split(terms, letters.AsSpan(0, count), block);
        if (rows.Count > 0 && FileReading.Begin(terms, rows[0], block % 3 == 0).Value is { } reading)
            ReadRows(reading, rows.Skip(1), fund);
        return rows.Count;
    }

    private static List<SourceRow> Split(FileTerms terms, ReadOnlySpan<char> letters, int block)
    {
        var first = letters.TrimStart("\r\n ");
        var line = first.IndexOfAny('\r', '\n') is var end && end < 0 ? first : first[..end];
        var rows = new List<SourceRow>();
        var splitter = new RowSplitter(terms.SeparatorOf(line.ToString()));
        for (var at = 0; at < letters.Length; at += block)
            splitter.Push(letters.Slice(at, Math.Min(block, letters.Length - at)), rows);
        splitter.End(block % 2 == 0, rows);
        return rows;
    }

    private static void ReadRows(FileReading reading, IEnumerable<SourceRow> rows, FundCare fund)
    {
        var order = new DayOrder();
        foreach (var row in rows)
        {
            reading.ShowDates(row, order);
            var (parsed, fault) = reading.Row(row);
            Assert.True(parsed is null == fault is not null);
            if (parsed?.Visits(fund, []) is (var visits, var wrong))
                Assert.True(wrong is not null || visits.Count > 0 || parsed is WeekRow);
        }
    }

    private static List<string> Ids(byte[] whole, int from, int to)
    {
        var rows = new List<SourceRow>();
        var splitter = new RowSplitter(',');
        if (from > 0)
            splitter.Push(Cut, rows);
        splitter.Push(Encoding.UTF8.GetString(whole, from, to - from), rows);
        splitter.End(cutShort: false, rows);
        var reading = FileReading.Begin(new(FileFormat.VisitsCsv), rows[0], monthFirst: false).Value!;
        return [.. rows.Skip(1).Select(row => reading.Row(row).Parsed).OfType<VisitRow>()
            .Select(row => $"{row.Record.VisitId} {row.Record.Start} {row.Record.Note}")];
    }
}
