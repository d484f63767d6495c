using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain.Files;

namespace Isf.Support.Files;

/// <summary>Stores the bytes and the rejected rows of a file, and takes the lock for reading it.</summary>
internal static class FileTable
{
    private const string DropParts = "delete from visit_file_part where file_id = $1";

    /// <summary>Stores a body in rows of a megabyte each, in place of any body stored before.</summary>
    public static async Task SaveAsync(Session session, string fileId, UploadedBody body, CancellationToken stop)
    {
        await session.ExecuteAsync(DropParts, fileId);
        await using var stream = body.OpenRead();
        var part = new byte[Math.Min(UploadedBody.PartBytes, body.Length)];
        for (int number = 0, filled; (filled = await stream.ReadAtLeastAsync(part, part.Length, false, stop)) > 0;
            number++)
        {
            await session.ExecuteAsync(
                "insert into visit_file_part (file_id, part, bytes) values ($1, $2, $3)",
                fileId, number, (ReadOnlyMemory<byte>)part.AsMemory(0, filled));
        }
    }

    /// <summary>The part of this number, counted from 0, at most a megabyte long; null after the last part.</summary>
    public static async Task<byte[]?> PartAsync(Session session, string fileId, int part) =>
        (await session.RowsAsync<byte[]>(
            "select bytes from visit_file_part where file_id = $1 and part = $2", fileId, part)).SingleOrDefault();

    /// <summary>
    /// With the next commit, saves a file that has ended, and deletes its bytes and the visits of its dry run.
    /// </summary>
    public static void End(Session session, VisitFile file)
    {
        session.Store(file);
        session.Queue(DropParts, file.Id);
        session.Queue("delete from visit_trial where file_id = $1", file.Id);
    }

    /// <summary>
    /// Waits for rows of the file that are being committed, and blocks further ones until this commit.
    /// </summary>
    public static Task LockAsync(Session session, string fileId) => session.RowsAsync<string>(
        "select id from visitfile_documents where id = $1 for update",
        fileId);

    /// <summary>
    /// Takes the lock for reading the file until the session's transaction ends; false if another process reads the
    /// file.
    /// </summary>
    public static async Task<bool> TryLockAsync(Session session, string fileId) => (await session.RowsAsync<bool>(
        "select pg_try_advisory_xact_lock(hashtextextended($1, 0))",
        $"support/reading/{session.HolderId}/{fileId}"))[0];

    /// <summary>
    /// With the next commit, removes the funds from the file's message, which is not consumed yet, so that no
    /// question about a fund waits for the file.
    /// </summary>
    public static void ConcernNoFund(Session session, Guid messageId)
    {
        session.Queue("update outbox set funds = '{}' where message_id = $1",
            messageId);
        session.Queue("update parked set funds = '{}' where message_id = $1",
            messageId);
    }

    /// <summary>Deletes the rejected rows of an earlier attempt, with the next commit.</summary>
    public static void DropRejections(Session session, string fileId) => session.Queue(
        "delete from visit_rejection where file_id = $1", fileId);

    /// <summary>Keeps the rejected rows, with the next commit.</summary>
    public static void SaveRejections(Session session, string fileId, IReadOnlyList<Rejection> rejections)
    {
        if (rejections.Count == 0)
            return;
        var rows = new RowColumns<Rejection>(rejections)
            .Add("line", rejection => rejection.Line)
            .Add("file_id", _ => fileId)
            .Add("field", rejection => rejection.Field)
            .Add("code", rejection => rejection.Code)
            .Add("message", rejection => rejection.Message)
            .Add("original", rejection => rejection.Row);
        session.Queue(rows.InsertInto("visit_rejection"), rows.Values);
    }

    /// <summary>The rejected rows after a line, at most this many, in order of line.</summary>
    public static Task<List<Rejection>> RejectionsAsync(Session session, string fileId, long after, int max) =>
        session.RowsAsync<Rejection>(
            """
            select line, field, code, message, original as row from visit_rejection
            where file_id = $1 and line > $2 order by line limit $3
            """,
            fileId, after, max);
}
