using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Support.Domain.Files;

namespace Isf.Support.Files;

/// <summary>Loads the terms by which a stored file is read, and begins to read it.</summary>
internal sealed class ReadBy(Sessions sessions, string holderId, Guid? fact, CancellationToken stop)
{
    /// <summary>The file's format, and its profile as it was when the file was sent.</summary>
    public async Task<FileTerms> TermsAsync(VisitFile file)
    {
        var format = FileFormat.Named(file.Format)!;
        if (file.ProfileId is null)
            return new FileTerms(format);
        await using var session = sessions.Open("support", holderId, fact, stop);
        return new FileTerms(format, (await session.LoadAsync<ProfileInForce>(file.Id))!.Profile);
    }

    /// <summary>Opens a stored file and reads its header row; refuses a file that cannot be read at all.</summary>
    public async Task<Decision<(RowReader Rows, FileReading Reading), FileFault>> BeginAsync(
        StoredFile stored, VisitFile file, FileTerms terms)
    {
        var opened = await RowReader.OpenAsync(stored, file.Bytes, await stored.PeekAsync(stop), terms, stop);
        if (opened.Value is not { } rows)
            return opened.Refused<(RowReader, FileReading)>();
        if (await rows.NextAsync(stop) is not { } header)
            return (FileFault.EmptyFile, "The file is empty. Send it with its header row and its visits.");
        return FileReading.Begin(terms, header, file.MonthFirst!.Value, file)
            .Then<(RowReader, FileReading)>(reading => (rows, reading));
    }

    /// <summary>
    /// Whether the file's dates begin with the month; false if its profile names the format of dates. A single date
    /// may not show whether 04/05 is in April or in May, so the file is read until a date settles the order, or to
    /// its end.
    /// </summary>
    public async Task<bool> MonthFirstAsync(VisitFile file, FileTerms terms)
    {
        if (terms.Profile?.Dates is not null)
            return false;
        await using var stored = new StoredFile(sessions, holderId, file.Id);
        var opened = await RowReader.OpenAsync(stored, file.Bytes, await stored.PeekAsync(stop), terms, stop);
        if (opened.Value is not { } reader || await reader.NextAsync(stop) is not { } header
            || FileReading.Begin(terms, header, monthFirst: false).Value is not { } reading)
        {
            return false;
        }
        var order = new DayOrder();
        while (!order.Settled && await reader.NextAsync(stop) is { } row)
            reading.ShowDates(row, order);
        return order.MonthFirst;
    }
}
