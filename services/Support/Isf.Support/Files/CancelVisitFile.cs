using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Files;

/// <summary>
/// Cancels a file that is being read or waits to be read. No further row is recorded, and the file's reference is
/// free again. Rows that were recorded before stay, and are corrected like any others.
/// </summary>
public static class CancelVisitFile
{
    private const string Code = "cancelled";

    /// <summary>Why a file is not cancelled.</summary>
    public enum Refusal
    {
        [Problem(422, "The file has been read already.")] AlreadyRead = 1,
    }

    /// <summary>The cancelled file; a file cancelled before is returned unchanged.</summary>
    public static Decision<VisitFile, Refusal> Decide(VisitFile file, Instant now)
    {
        if (file is { State: VisitFileState.Refused, Problem.Code: Code })
            return file;
        if (file.State != VisitFileState.Reading)
        {
            return (Refusal.AlreadyRead, "There is nothing left of it to cancel. Correct visits of it that are wrong "
                + "with a further file, or one by one.");
        }
        return file with
        {
            State = VisitFileState.Refused,
            DoneAt = now,
            Problem = new(Code, $"It was cancelled behind line {file.Line}. What was taken before stays."),
        };
    }

    /// <summary>Cancels a file that is being read; what was recorded of it before stays.</summary>
    /// <param name="id">The file.</param>
    public static async Task<ShowResult<ShowVisitFile.Response>> DeleteAsync(
        string id, HttpContext http, Session session, IClock clock)
    {
        await FileTable.LockAsync(session, id);
        var file = await ShowVisitFile.FileOfAsync(session, id);
        var version = session.VersionOf<VisitFile>(id);
        var cancelled = Decide(file, clock.GetCurrentInstant()).OrRefuse();
        if (cancelled != file)
        {
            FileTable.End(session, cancelled);
            FileTable.ConcernNoFund(session, StoreVisitFile.MessageOf(session.HolderId, file));
            await session.SaveChangesAsync();
            version++;
        }
        return IdempotentPut.Show(http, version, ShowVisitFile.ToJson(cancelled));
    }
}
