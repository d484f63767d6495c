using System.Globalization;
using static Isf.Support.Domain.VisitCheck;

namespace Isf.Support.Domain.Files;

/// <summary>Why a file is refused whole, with what to do about it.</summary>
public sealed record FileRefusal(string Code, string PlainWords);

/// <summary>
/// The <c>visits-csv</c> format of api.md: which columns a file has, whatever separates them, and what a row of it
/// offers. Columns come in any order and any case; unknown ones are ignored and named.
/// </summary>
public sealed class VisitsCsv
{
    /// <summary>The columns that api.md names, in its order.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "visitId", "fundId", "lineId", "service", "visitGroup", "workerId", "plannedStart", "plannedMinutes",
        "start", "end", "carers", "outcome", "noticeHours", "miles", "quantity", "note",
    ];

    private static readonly string[] Needed = ["visitId", "fundId", "lineId", "outcome"];
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    private readonly int[] places;
    private readonly int width;

    private VisitsCsv(int[] places, int width, IReadOnlyList<string> ignored) =>
        (this.places, this.width, Ignored) = (places, width, ignored);

    /// <summary>The columns of the file that are not of this format, as it writes them.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>
    /// What separates the values: of comma, semicolon, tab and bar the one that makes most known columns.
    /// </summary>
    public static char SeparatorOf(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return Separators.MaxBy(separator => Split(header, separator).Count(name => PlaceOf(name) >= 0));
    }

    /// <summary>Reads the header row, or says why the file cannot be read at all.</summary>
    public static (VisitsCsv? Csv, FileRefusal? Refusal) Read(SourceRow header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Trouble == RowTrouble.CutShort)
            return (null, new("file-cut-short", "The file breaks off in its first row. Send it again, whole."));
        if (header.Trouble != RowTrouble.None)
            return (null, new("no-header",
                "The first row is not a header that can be read. Export the file again with its column names."));
        var places = Enumerable.Repeat(-1, Columns.Count).ToArray();
        var ignored = new List<string>();
        for (var i = 0; i < header.Values.Count; i++)
        {
            var column = PlaceOf(header.Values[i]);
            if (column < 0)
                ignored.Add(header.Values[i].Length > 64 ? header.Values[i][..64] + "…" : header.Values[i]);
            else if (places[column] >= 0)
                return (null, new("column-twice",
                    $"The column {Columns[column]} is there twice. Keep the right one, and send the file again."));
            else
                places[column] = i;
        }
        var missing = Needed.Where(name => places[PlaceOf(name)] < 0).ToList();
        if (missing.Count == Needed.Length)
            return (null, new("no-header", "The first row names none of the columns of visits-csv. "
                + $"It must name at least {string.Join(", ", Needed)}."));
        return missing.Count > 0
            ? (null, new("missing-column",
                $"The header row lacks {string.Join(", ", missing)}. Add the column, and send the file again."))
            : (new VisitsCsv(places, header.Values.Count, [.. ignored.Where(name => name.Length > 0)]), null);
    }

    /// <summary>
    /// What a row offers, or the first thing wrong with it: the field (or nothing), a stable code, what to do.
    /// </summary>
    public (VisitWords? Words, RowFault? Fault) Row(SourceRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (RowFault.Of(row, width) is { } broken)
            return (null, broken);
        RowFault? fault = null;
        // Decimals of at most two places, by the names that api.md gives them.
        var noticeHours = Amount(row, 12, ref fault, out var parsedHours) ? parsedHours : null;
        var miles = Amount(row, 13, ref fault, out var parsedMiles) ? parsedMiles : null;
        var quantity = Amount(row, 14, ref fault, out var parsedQuantity) ? parsedQuantity : null;
        var offer = new VisitOffer
        {
            VisitId = Text(row, 0) ?? "",
            FundId = Text(row, 1) ?? "",
            LineId = Text(row, 2) ?? "",
            Service = Text(row, 3),
            VisitGroup = Text(row, 4),
            WorkerId = Text(row, 5),
            PlannedStart = Text(row, 6),
            PlannedMinutes = Whole(row, 7, ref fault),
            Start = Text(row, 8),
            End = Text(row, 9),
            Carers = Whole(row, 10, ref fault),
            Outcome = Text(row, 11) ?? "",
            NoticeHours = noticeHours,
            Miles = miles,
            Quantity = quantity,
            Note = Text(row, 15),
        };
        if (fault is not null)
            return (null, fault);
        var (words, refused) = offer.Read(offsetNeeded: false);
        return (words, refused is null ? null : RowFault.Of(refused));
    }

    private string? Text(SourceRow row, int column) =>
        places[column] is var at && at >= 0 && at < row.Values.Count && row.Values[at].Length > 0
            ? row.Values[at]
            : null;

    private int? Whole(SourceRow row, int column, ref RowFault? fault)
    {
        if (fault is not null || Text(row, column) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        fault = RowFault.Of(new Fault(Refusal.NotANumber, Columns[column],
            $"\"{Shortened(text)}\" is no whole number. Write the {Columns[column]} in digits, or leave it empty."));
        return null;
    }

    private bool Amount(SourceRow row, int column, ref RowFault? fault, out decimal? quantity)
    {
        quantity = null;
        if (fault is not null || Text(row, column) is not { } text)
            return true;
        var point = NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, point, CultureInfo.InvariantCulture, out var read))
        {
            quantity = read;
            return true;
        }
        fault = RowFault.Of(new Fault(Refusal.NotANumber, Columns[column],
            $"\"{Shortened(text)}\" is no number. "
            + $"Write the {Columns[column]} in digits, with a full stop before decimals."));
        return false;
    }

    private static IEnumerable<string> Split(string header, char separator) =>
        header.Split(separator).Select(name => name.Trim().Trim('"'));

    private static int PlaceOf(string name)
    {
        var plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit));
        for (var i = 0; i < Columns.Count; i++)
        {
            if (plain.Equals(Columns[i], StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
