using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>Reads one file row by row, by its format and profile.</summary>
public sealed class FileReading
{
    private readonly RowMap map;
    private readonly DateTimeFormats forms;
    private readonly VisitsCsv? visits;
    private readonly ActualsCsv? weeks;

    private FileReading(RowMap map, DateTimeFormats forms, bool isWeeks, string? reference)
    {
        (this.map, this.forms, FileReference) = (map, forms, reference);
        _ = isWeeks ? (object)(weeks = new(map, forms)) : visits = new(map, forms);
    }

    /// <summary>The columns of the file that are unknown and therefore ignored.</summary>
    public IReadOnlyList<string> Ignored => map.Ignored;

    /// <summary>The forms of dates and times found so far.</summary>
    public DetectedFormats Found => forms.Found;

    /// <summary>The sender's name for the file, from the first row that has one; null until then.</summary>
    public string? FileReference { get; private set; }

    /// <summary>Starts with the header row; refuses the file if it cannot be read at all.</summary>
    /// <param name="terms">The file's format and profile.</param>
    /// <param name="header">The file's first row.</param>
    /// <param name="monthFirst">Whether the file's dates were found to have the month first.</param>
    /// <param name="before">The file's record so far, which has the forms and the reference already found.</param>
    public static Decision<FileReading, FileFault> Begin(
        FileTerms terms, SourceRow header, bool monthFirst, VisitFile? before = null)
    {
        var forms = new DateTimeFormats(terms.Profile, monthFirst, before?.Forms);
        return RowMap.Read(terms, header, forms).Then<FileReading>(map =>
            new FileReading(map, forms, terms.Format.IsWeeks, before?.FileReference));
    }

    /// <summary>The row's content, or the first fault found in it.</summary>
    public (ParsedRow? Parsed, RowFault? Fault) Row(SourceRow row)
    {
        if (OtherReference(row) is { } fault)
            return (null, fault);
        return visits is not null ? visits.Row(row) : weeks!.Row(row);
    }

    /// <summary>
    /// The index of the column whose value is the fund's id unchanged; negative if there is no such column.
    /// </summary>
    public int FundColumn => map.ColumnOf(FileField.FundId);

    /// <summary>The fund that a row names, even if the row has other faults; null if it names none.</summary>
    public string? FundOf(IReadOnlyList<string> values)
    {
        RowFault? fault = null;
        return map.Text(FileField.FundId, new SourceRow(0, "", values, RowTrouble.None), ref fault);
    }

    /// <summary>Whether a row is intact and long enough to have every column that its format needs.</summary>
    public bool HasNeededColumns(SourceRow row) =>
        row.Trouble == RowTrouble.None && row.Values.Count >= map.NeededWidth;

    /// <summary>Passes the dates of a row to the detection of the order of day and month.</summary>
    public void ShowDates(SourceRow row, DayOrder order)
    {
        foreach (var column in map.DateColumns)
        {
            if (column < row.Values.Count && row.Values[column].Length > 0)
                order.See(row.Values[column]);
        }
    }

    private RowFault? OtherReference(SourceRow row)
    {
        if (row.Trouble != RowTrouble.None || !map.IsThere(FileField.FileReference))
            return null;
        RowFault? fault = null;
        var reference = map.Text(FileField.FileReference, row, ref fault);
        if (reference is null || reference == (FileReference ??= reference))
        {
            return fault ?? (reference is null ? new(map.NameOf("fileReference"), "field-missing",
                "The file's reference is missing in this row. Write the one that the other rows have.") : null);
        }
        return new(map.NameOf("fileReference"), "other-file-reference",
            $"This row belongs to file {Texts.Quoted(reference)}, and the first to file "
            + $"{Texts.Quoted(FileReference)}. Send the rows of each in a file of its own.");
    }
}
