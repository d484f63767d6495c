using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Files;

/// <summary>Shows how far a file has been read, the results of its rows, and the format that was detected.</summary>
public static class ShowVisitFile
{
    /// <summary>GET /v1/visit-files/{id}</summary>
    public static async Task<IResult> GetAsync(string id, HttpContext http, Session session)
    {
        var file = await FileOfAsync(session, id);
        return IdempotentPut.Show(http, session.VersionOf<VisitFile>(id), ToJson(file));
    }

    /// <summary>A file as returned.</summary>
    public static object ToJson(VisitFile file)
    {
        return new
        {
            file.Id, file.State, file.Reference, file.Format, profile = file.ProfileId, file.DryRun,
            file.Bytes, file.BytesRead, file.StoredAt, file.DoneAt,
            file.Read, file.New, file.Updated, file.Unchanged, file.Rejected,
            rejectionsKept = file.RejectionsKept ?? file.Rejected, file.Moved, file.EndsNextDay, file.IgnoredColumns,
            file.Encoding, file.ByteOrderMark, file.Gzip, file.Separator, file.FileReference,
            dates = file.Forms?.Dates ?? [], times = file.Forms?.Times ?? [], durations = file.Forms?.Durations ?? [],
            reason = file.State == VisitFileState.Refused ? file.Problem : null,
            problem = file.State != VisitFileState.Reading && file.Problem is { } problem
                ? new { problem.Code, message = problem.PlainWords } : null,
        };
    }

    internal static async Task<VisitFile> FileOfAsync(Session session, string id)
    {
        return await session.LoadAsync<VisitFile>(id)
            ?? throw new ProblemException(404, "unknown-file", "There is no such file.",
                $"No file {id} was sent here.");
    }
}
