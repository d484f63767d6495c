using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>The reading of one file, row by row, by its format and profile.</summary>
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

    /// <summary>The columns of the file that nothing is known of.</summary>
    public IReadOnlyList<string> Ignored => map.Ignored;

    /// <summary>The forms of dates and times that were found so far.</summary>
    public DetectedFormats Found => forms.Found;

    /// <summary>The name that the file gives itself in its rows: that of the first.</summary>
    public string? FileReference { get; private set; }

    /// <summary>Begins with the header row, or says why the file cannot be read at all.</summary>
    /// <param name="terms">Its format and profile.</param>
    /// <param name="header">Its first row.</param>
    /// <param name="monthFirst">Whether its dates have been found to write the month first.</param>
    /// <param name="before">What has been read of it before.</param>
    public static (FileReading? Reading, FileRefusal? Refusal) Begin(
        FileTerms terms, SourceRow header, bool monthFirst, VisitFile? before = null)
    {
        var forms = new DateTimeFormats(terms.Profile, monthFirst, before?.Forms);
        var (map, refusal) = RowMap.Read(terms, header, forms);
        return map is null ? (null, refusal)
            : (new(map, forms, terms.Format.IsWeeks, before?.FileReference), null);
    }

    /// <summary>What a row offers, or the first thing wrong with it.</summary>
    public (ParsedRow? Words, RowFault? Fault) Row(SourceRow row)
    {
        if (OtherReference(row) is { } fault)
            return (null, fault);
        return visits is not null ? visits.Row(row) : weeks!.Row(row);
    }

    /// <summary>The column that names the fund as it is; below zero where more is needed to tell it.</summary>
    public int FundColumn => map.ColumnOf(FileField.FundId);

    /// <summary>The fund that a row names, whatever else may be wrong with the row.</summary>
    public string? FundOf(IReadOnlyList<string> values)
    {
        RowFault? fault = null;
        return map.Text(FileField.FundId, new SourceRow(0, "", values, RowTrouble.None), ref fault);
    }

    /// <summary>Whether a row reaches as far as the columns that its format needs.</summary>
    public bool HasNeededColumns(SourceRow row)
    {
        return row.Trouble == RowTrouble.None && row.Values.Count >= map.NeededWidth;
    }

    /// <summary>Shows the dates of a row to whoever finds out in which order they are written.</summary>
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
            return fault ?? (reference is null ? new(map.NameOf("fileReference"), "field-missing",
                "The file's reference is missing in this row. Write the one that the other rows have.") : null);
        return new(map.NameOf("fileReference"), "other-file-reference",
            $"This row belongs to file {Texts.Said(reference)}, and the first to file "
            + $"{Texts.Said(FileReference)}. Send the rows of each in a file of its own.");
    }
}
