using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Measures;
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
    /// to list; refuses a file that is at fault as a whole.
    /// </summary>
    public static async Task<Decision<string[], FileFault>> RunAsync(
        UploadedBody body, FileTerms terms, CancellationToken stop)
    {
        await using var stream = body.OpenRead();
        var opened = await RowReader.OpenAsync(stream, body.Length, body.Start, terms, stop);
        if (opened.Value is not { } reader)
            return opened.Refused<string[]>();
        if (await reader.NextAsync(stop) is not { } header)
            return Array.Empty<string>();
        var begun = FileReading.Begin(terms, header, monthFirst: false);
        if (begun.Value is not { } reading)
            return begun.Refused<string[]>();
        // The order of day and month in the file is not known yet, so a fund whose id is built from a date is read
        // both ways.
        var scan = new FileScan(reading.FundColumn >= 0 ? [reading]
            : [reading, FileReading.Begin(terms, header, monthFirst: true).Value!]);
        return await scan.ScanAsync(reader, stop);
    }

    private async Task<Decision<string[], FileFault>> ScanAsync(RowReader reader, CancellationToken stop)
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
            return (FileFault.NotAVisitFile, $"None of its first {seen} rows has the columns that its header promises. "
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
        if (reader.IsTooLarge)
        {
            return (FileFault.TooLargeUnpacked, "The file unpacks to far more text than visits come to: "
                + "at most 4 GiB, or 100 times its packed size. Send it in parts, or as it is without gzip.");
        }
        return funds.AreTooMany ? new[] { MessageTracker.AnyFund } : funds.FundIds.ToArray();
    }

    private void Add(IReadOnlyList<string> values)
    {
        foreach (var reading in readings)
            funds.Add(reading.FundOf(values));
    }
}
