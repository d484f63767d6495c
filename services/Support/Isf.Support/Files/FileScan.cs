using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Support.Domain.Files;

namespace Isf.Support.Files;

/// <summary>
/// Finds two facts about a file while it is being stored. The first is the funds that the file names, because a
/// question about one of them waits until the file is read. The second is a fault of the whole file, because none of
/// such a file's rows is recorded.
/// </summary>
internal sealed class FileScan
{
    private const int FirstRows = 1000;

    private readonly FundsNamed funds = new();
    private readonly IReadOnlyList<FileReading> readings;

    private FileScan(IReadOnlyList<FileReading> readings) => this.readings = readings;

    /// <summary>
    /// Scans an uploaded body. Returns the funds that the file names, or MessageTracker.AnyFund if there are too many
    /// to list; and the fault of the whole file, or null if it has none.
    /// </summary>
    public static async Task<(IReadOnlyCollection<string> Funds, FileRefusal? Refusal)> RunAsync(
        UploadedBody body, FileTerms terms, CancellationToken stop)
    {
        await using var stream = body.OpenRead();
        var (reader, refusal) = await RowReader.OpenAsync(stream, body.Length, body.Start, terms, stop);
        if (reader is null || await reader.NextAsync(stop) is not { } header)
            return ([], refusal);
        (var reading, refusal) = FileReading.Begin(terms, header, monthFirst: false);
        if (reading is null)
            return ([], refusal);
        // The order of day and month in the file is not known yet, so a fund whose id is built from a date is read
        // both ways.
        var scan = new FileScan(reading.FundColumn >= 0 ? [reading]
            : [reading, FileReading.Begin(terms, header, monthFirst: true).Reading!]);
        refusal = await scan.ScanAsync(reader, stop);
        return (scan.funds.AreTooMany ? [MessageTracker.AnyFund] : [.. scan.funds.FundIds], refusal);
    }

    private async Task<FileRefusal?> ScanAsync(RowReader reader, CancellationToken stop)
    {
        var (seen, fitting) = (0, 0);
        while (seen < FirstRows && await reader.NextAsync(stop) is { } row)
        {
            // A row with a fault does not count, nor does a last row without a line end, which may be cut off.
            seen += row.IsOpen || row.Trouble != RowTrouble.None ? 0 : 1;
            fitting += readings[0].HasNeededColumns(row) ? 1 : 0;
            Add(row.Values);
        }
        if (seen > 0 && fitting == 0)
        {
            return new("not-a-visit-file", $"None of its first {seen} rows has the columns that its header promises. "
                + "Check that this is the right file, and what separates its values.");
        }
        var column = readings[0].FundColumn;
        await reader.ScanAsync(row => Add(row.Values), (splitter, text) =>
        {
            if (column >= 0)
                funds.Add(splitter.Value(text, column));
            else
                Add(splitter.Values(text));
        }, stop);
        return !reader.IsTooLarge ? null : new("too-large-unpacked", "The file unpacks to far more text than visits "
            + "come to: at most 4 GiB, or 100 times its packed size. Send it in parts, or as it is without gzip.");
    }

    private void Add(IReadOnlyList<string> values)
    {
        foreach (var reading in readings)
            funds.Add(reading.FundOf(values));
    }
}
