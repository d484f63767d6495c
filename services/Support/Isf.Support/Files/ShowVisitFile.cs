using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Files;

/// <summary>Shows how far a file has been read, the results of its rows, and the format that was detected.</summary>
public static class ShowVisitFile
{
    /// <summary>Why a file is not shown.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such file.")] UnknownFile = 1,
    }

    /// <summary>How far a file has been read, the results of its rows, and the format that was detected.</summary>
    public sealed record Response
    {
        /// <summary>The id of the file.</summary>
        public required string Id { get; init; }

        /// <summary>Whether it is being read, is done, or was refused.</summary>
        public required VisitFileState State { get; init; }

        /// <summary>The sender's reference.</summary>
        public required string Reference { get; init; }

        /// <summary>The format of its rows.</summary>
        public required string Format { get; init; }

        /// <summary>The profile by which it is read; null if it has none.</summary>
        public required string? Profile { get; init; }

        /// <summary>Whether it is only tried, and no visit of it kept.</summary>
        public required bool DryRun { get; init; }

        /// <summary>Its size in bytes, as it was sent.</summary>
        public required long Bytes { get; init; }

        /// <summary>The number of its bytes that have been read.</summary>
        public required long BytesRead { get; init; }

        /// <summary>When it was stored.</summary>
        public required Instant StoredAt { get; init; }

        /// <summary>When its reading ended; null until then.</summary>
        public required Instant? DoneAt { get; init; }

        /// <summary>The number of rows read.</summary>
        public required long Read { get; init; }

        /// <summary>The number of rows that recorded a new visit.</summary>
        public required long New { get; init; }

        /// <summary>The number of rows that corrected a visit.</summary>
        public required long Updated { get; init; }

        /// <summary>The number of rows that said nothing new.</summary>
        public required long Unchanged { get; init; }

        /// <summary>The number of rows that were not accepted.</summary>
        public required long Rejected { get; init; }

        /// <summary>The number of rejected rows that are kept and can be listed.</summary>
        public required long RejectionsKept { get; init; }

        /// <summary>The number of rows that moved a known visit to another day or line; each is flagged.</summary>
        public required long Moved { get; init; }

        /// <summary>The number of rows whose end was read as the next morning.</summary>
        public required long EndsNextDay { get; init; }

        /// <summary>The columns that have no meaning here.</summary>
        public required IReadOnlyList<string> IgnoredColumns { get; init; }

        /// <summary>The encoding of its text; null until it is detected.</summary>
        public required string? Encoding { get; init; }

        /// <summary>Whether its text begins with a byte order mark.</summary>
        public required bool ByteOrderMark { get; init; }

        /// <summary>Whether it is packed with gzip.</summary>
        public required bool Gzip { get; init; }

        /// <summary>The sign between its columns; null until it is detected.</summary>
        public required string? Separator { get; init; }

        /// <summary>The name that its rows give it; null if its format has none.</summary>
        public required string? FileReference { get; init; }

        /// <summary>The forms of dates found in it.</summary>
        public required IReadOnlyList<string> Dates { get; init; }

        /// <summary>The forms of times found in it.</summary>
        public required IReadOnlyList<string> Times { get; init; }

        /// <summary>The forms of durations found in it.</summary>
        public required IReadOnlyList<string> Durations { get; init; }

        /// <summary>Why it was refused; null if it was not.</summary>
        public required FileRefusal? Reason { get; init; }

        /// <summary>Why it was refused, or what is wrong with a file that was read; null if nothing is.</summary>
        public required FileProblem? Problem { get; init; }
    }

    /// <summary>What is wrong with a whole file.</summary>
    /// <param name="Code">The stable code of the reason.</param>
    /// <param name="Message">What is wrong and what to do about it, in words for people.</param>
    public sealed record FileProblem(string Code, string Message);

    /// <summary>Shows how far a file has been read, and the results of its rows.</summary>
    /// <param name="id">The file.</param>
    public static async Task<ShowResult<Response>> GetAsync(string id, HttpContext http, Session session)
    {
        var file = await FileOfAsync(session, id);
        return IdempotentPut.Show(http, session.VersionOf<VisitFile>(id), ToJson(file));
    }

    /// <summary>A file as answered.</summary>
    internal static Response ToJson(VisitFile file) => new()
    {
        Id = file.Id,
        State = file.State,
        Reference = file.Reference,
        Format = file.Format,
        Profile = file.ProfileId,
        DryRun = file.DryRun,
        Bytes = file.Bytes,
        BytesRead = file.BytesRead,
        StoredAt = file.StoredAt,
        DoneAt = file.DoneAt,
        Read = file.Read,
        New = file.New,
        Updated = file.Updated,
        Unchanged = file.Unchanged,
        Rejected = file.Rejected,
        RejectionsKept = file.RejectionsKept ?? file.Rejected,
        Moved = file.Moved,
        EndsNextDay = file.EndsNextDay,
        IgnoredColumns = file.IgnoredColumns,
        Encoding = file.Encoding,
        ByteOrderMark = file.ByteOrderMark,
        Gzip = file.Gzip,
        Separator = file.Separator,
        FileReference = file.FileReference,
        Dates = file.Forms?.Dates ?? [],
        Times = file.Forms?.Times ?? [],
        Durations = file.Forms?.Durations ?? [],
        Reason = file.State == VisitFileState.Refused ? file.Problem : null,
        Problem = file.State != VisitFileState.Reading && file.Problem is { } problem
            ? new(problem.Code, problem.PlainWords) : null,
    };

    /// <summary>The file; refused if there is none.</summary>
    internal static async Task<VisitFile> FileOfAsync(Session session, string id) =>
        await session.LoadAsync<VisitFile>(id)
            ?? throw ProblemException.For(Refusal.UnknownFile, $"No file {id} was sent here.");
}
