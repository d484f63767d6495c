using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Support.Domain.Files;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Isf.Support.Files;

/// <summary>
/// Reads a stored file of visits, a thousand rows in one transaction. Each row by itself is new, updated, unchanged
/// or rejected. The position is saved together with the rows before it, so that a restart continues after the last
/// saved row. A dry run does the same in tables of its own, and publishes nothing. Consumes VisitFileStored;
/// publishes VisitsRecorded and VisitCorrected.
/// </summary>
public static class ImportVisitFile
{
    /// <summary>The number of rows in one transaction.</summary>
    public const int RowsAtATime = 1000;

    /// <summary>The number of rows in one transaction if each row is a week with its visits.</summary>
    public const int WeeksAtATime = 100;

    /// <summary>
    /// The number of rows that can be recorded together. A row with the key of an earlier row of the batch but other
    /// content begins the next batch. If more rows follow in the file, the rows of the last fund move to the next
    /// batch, so that they stay together, unless that makes this batch much smaller.
    /// </summary>
    public static int BatchLength(IReadOnlyList<ParsedRow?> rows, bool more = false)
    {
        var seen = new Dictionary<string, ParsedRow>(rows.Count, StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is { } parsed && !seen.TryAdd(parsed.Key, parsed) && !seen[parsed.Key].HasSameContentAs(parsed))
                return i;
        }
        var count = rows.Count;
        while (more && count > 0 && rows[count - 1]?.FundId == rows[^1]?.FundId)
            count--;
        return count >= rows.Count * 3 / 4 ? count : rows.Count;
    }

    internal static string KeyOf(string fileId) => "visit-file/" + fileId;
}

/// <summary>
/// Consumes the message that a file was stored. A repeated message is deferred until the file has been read, so that
/// two processes never read a file at once and no file is left unread. After a permanent failure the file is refused,
/// and nobody waits for it any more. After a temporary failure, such as a database that is down, the message is
/// consumed again.
/// </summary>
internal sealed class ImportVisitFileConsumer(Sessions sessions, IClock clock, ILogger<ImportVisitFileConsumer> log)
    : IConsume<VisitFileStored>
{
    // A broken connection can look like a permanent failure for a moment, so only this many failures end the file.
    private const int TriesMax = 3;

    public async Task<ConsumeResult> ConsumeAsync(VisitFileStored message, Session session, CancellationToken stop)
    {
        // The lock is held by a separate idle transaction while the file is read; if this process ends, that
        // transaction ends too.
        await using var turn = sessions.Open("support", message.HolderId, session.Fact, stop);
        if (!await FileTable.TryLockAsync(turn, message.FileId))
            return ConsumeResult.DeferUntil(ImportVisitFile.KeyOf(message.FileId));
        for (var tries = 1; await LookAsync(message, session, stop) is { } file; tries++)
        {
            try
            {
                await new ImportRows.Run(sessions, clock, message.HolderId, file.Id, session.Fact, stop)
                    .ReadAsync(file);
                break;
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                // If the file was cancelled meanwhile, it has ended, and the failure is ignored.
                if (await LookAsync(message, session, stop) is null)
                    break;
                if (ErrorClassifier.IsTransient(fault))
                    throw;
                if (tries == TriesMax)
                    await RefuseAsync(message, session, fault, stop);
                else
                    await Task.Delay(TimeSpan.FromMilliseconds(500 * tries), stop);
            }
        }
        // The deferred message is released in the message's own transaction. That transaction has locked the deferred
        // row, so another transaction would wait for the lock.
        session.ReleaseDeferred(ImportVisitFile.KeyOf(message.FileId));
        return ConsumeResult.Done;
    }

    // The file if it is still to be read; null if it was cancelled or has been read.
    private async Task<VisitFile?> LookAsync(VisitFileStored message, Session session, CancellationToken stop)
    {
        await using var look = sessions.Open("support", message.HolderId, session.Fact, stop);
        return await look.LoadAsync<VisitFile>(message.FileId) is { State: VisitFileState.Reading } file ? file : null;
    }

    private async Task RefuseAsync(VisitFileStored message, Session session, Exception fault, CancellationToken stop)
    {
        log.LogError(fault, "File {File} is refused, as it could not be read: number {Number}", message.FileId,
            session.Fact);
        await using var ends = sessions.Open("support", message.HolderId, session.Fact, stop);
        await FileTable.LockAsync(ends, message.FileId);
        if (await ends.LoadAsync<VisitFile>(message.FileId) is not { State: VisitFileState.Reading } file)
            return;
        FileTable.End(ends, file with
        {
            State = VisitFileState.Refused,
            DoneAt = clock.GetCurrentInstant(),
            Problem = new("could-not-be-read", $"Behind line {file.Line} something in this file stops us from reading "
                + "on, and the fault is ours. The rows before it stay. Please tell support this number: "
                + $"{session.Fact}. The reference is free again."),
        });
        await ends.SaveChangesAsync();
    }
}
