using Isf.Hosting.Data;
using Isf.Support.Domain.Files;

namespace Isf.Support.Files;

/// <summary>Loads the terms by which a stored file is read.</summary>
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
        var (reader, _) = await RowReader.OpenAsync(stored, file.Bytes, await stored.PeekAsync(stop), terms, stop);
        if (reader is null || await reader.NextAsync(stop) is not { } header
            || FileReading.Begin(terms, header, monthFirst: false).Reading is not { } reading)
        {
            return false;
        }
        var order = new DayOrder();
        while (!order.Settled && await reader.NextAsync(stop) is { } row)
            reading.ShowDates(row, order);
        return order.MonthFirst;
    }
}
