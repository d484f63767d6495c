using System.ComponentModel.DataAnnotations;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Domain.Files;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Files;

/// <summary>
/// Stores a file of visits under the sender's reference. The body is received whole before a connection is taken, then
/// stored in one transaction, and the request is answered once the file is durable. Publishes VisitFileStored, marked
/// with every fund that the file names. Statements, period closings and requests with afterFact for these funds
/// therefore wait until ImportVisitFile has read the file.
/// </summary>
public static class StoreVisitFile
{
    /// <summary>The largest size of a file in bytes: 1 GiB (api.md).</summary>
    public const long BytesMax = 1L << 30;
    private static readonly string Formats = string.Join(", ", FileFormat.All.Select(format => format.Name));

    private static readonly (Refusal, string) TooLarge =
        (Refusal.FileTooLarge,
            "A file is at most 1 GiB. Compress it with gzip, or send it in parts under references of their own.");

    /// <summary>Why a file is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(400, "The format is not known.")] UnknownFormat = 1,
        [Problem(400, "The file needs a reference.")] BadReference = 2,
        [Problem(400, "The dryRun is neither true nor false.")] BadDryRun = 3,
        [Problem(415, "The body is a form, not a file.")] FormNotFile = 4,
        [Problem(413, "The file is too large.")] FileTooLarge = 5,
        [Problem(409, "The reference was used for another file.")] ReferenceUsed = 6,
        [Problem(422, "The profile is not known.")] UnknownProfile = 7,
        [Problem(422, "The profile is of another format.")] ProfileOfOtherFormat = 8,
    }

    /// <summary>The request: the query string, and the headers about the body.</summary>
    public sealed record Request(string? Format, string? Reference, string? DryRun, string? ContentType, long? Length)
    {
        /// <summary>The profile by which the file is read; null if none is named.</summary>
        public string? ProfileId { get; init; }

        /// <summary>The largest size of this body in bytes.</summary>
        public long BytesMax { get; init; } = StoreVisitFile.BytesMax;
    }

    /// <summary>A file that was stored and will be read.</summary>
    /// <param name="Id">The id of the file.</param>
    /// <param name="State">Reading; or done, if the same file was sent before.</param>
    /// <param name="Reference">The sender's reference.</param>
    /// <param name="DryRun">Whether the file is only tried, and no visit of it kept.</param>
    public sealed record Response(string Id, VisitFileState State, string Reference, bool DryRun);

    /// <summary>Accepts or refuses a file; the value of an accepted file is true for a dry run, else false.</summary>
    public static Decision<bool, Refusal> Decide(Request request, VisitFileProfile? profile = null)
    {
        if (FileFormat.Named(request.Format) is null)
            return (Refusal.UnknownFormat, $"Add ?format= to the address, with one of {Formats}.");
        if (!Texts.Fits(request.Reference, 200) || Texts.Control(request.Reference!) is not null)
        {
            return (Refusal.BadReference,
                "Add &reference= with 1 to 200 characters that name this file, and no other.");
        }
        if (request.DryRun is not (null or "true" or "false"))
            return (Refusal.BadDryRun, "Write &dryRun=true, or leave it out.");
        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
            return (Refusal.FormNotFile, "Send the file itself as the body, with Content-Type: text/csv.");
        if (request.Length > request.BytesMax)
            return TooLarge;
        if (request.ProfileId is not null && profile is null)
        {
            return (Refusal.UnknownProfile, "Check the id in &profile=, or make the profile first: "
                + "PUT /v1/visit-file-profiles/{id}.");
        }
        return profile is not null && profile.Format != request.Format
            ? (Refusal.ProfileOfOtherFormat, $"Profile {profile.Id} is for files of format {profile.Format}. "
                + "Name that format, or another profile.")
            : request.DryRun == "true";
    }

    /// <summary>
    /// Stores the file that is the body, such as text/csv, also packed with gzip; it is read afterwards.
    /// </summary>
    /// <param name="format">The format of the file's rows; needed.</param>
    /// <param name="reference">1 to 200 characters that name this file and no other; needed.</param>
    /// <param name="dryRun">Whether the file is only tried, and no visit of it kept; false by default.</param>
    /// <param name="profile">The profile that says how the export is written.</param>
    public static async Task<IResult> PostAsync(
        [AllowedValues("visits-csv", "abacus-csv", "actuals-csv")] string? format, string? reference,
        [AllowedValues("true", "false")] string? dryRun, string? profile, HttpContext http, Session session,
        Uploads uploads, HostSettings settings, IClock clock)
    {
        var request = new Request(format, reference, dryRun, http.Request.ContentType, http.Request.ContentLength)
        {
            ProfileId = profile, BytesMax = settings.Uploads.BytesMax,
        };
        // Refusals that do not need the body come before it is read.
        var used = profile is null ? null : await session.LoadAsync<VisitFileProfile>(profile);
        var isDryRun = Decide(request, used).OrRefuse();
        var file = new VisitFile
        {
            Id = IdOf(session.HolderId, reference!, isDryRun), Reference = reference!, Format = format!,
            ProfileId = profile, DryRun = isDryRun, State = VisitFileState.Reading, RejectionsKept = 0,
            StoredAt = clock.GetCurrentInstant(), Attempt = 1, Sha256 = "", Bytes = request.Length ?? 0,
        };
        if (await session.LoadAsync<VisitFile>(file.Id) is { } before && before.HoldsReference()
            && (IsReadOtherwise(before, file) || (request.Length is { } length && length != before.Bytes)))
        {
            throw Used;
        }
        await session.EndReadingAsync();
        using var place = uploads.Enter(session.HolderId);
        await using var body = await uploads.ReceiveAsync(http)
            ?? throw ProblemException.For(TooLarge.Item1, TooLarge.Item2);
        using var turn = await uploads.TurnAsync(session.HolderId, http.RequestAborted);
        return await StoreAsync(http, session, file with { Sha256 = body.Sha256, Bytes = body.Length }, used, body);
    }

    private static async Task<IResult> StoreAsync(
        HttpContext http, Session session, VisitFile file, VisitFileProfile? profile, UploadedBody body)
    {
        // The scan runs in parallel with the storing, because one needs the processor while the other waits for the
        // disk.
        var terms = new FileTerms(FileFormat.Named(file.Format)!, profile);
        var scan = Task.Run(() => FileScan.RunAsync(body, terms, http.RequestAborted));
        try
        {
            // Requests under one reference run one after another, so that the second sees the file that the first
            // stored.
            await session.LockAsync("visit-file/" + file.Id);
            var stored = await session.LoadAsync<VisitFile>(file.Id);
            if (stored?.HoldsReference() == true)
                return await AgainAsync(http, session, stored, file);
            await FileTable.SaveAsync(session, file.Id, body, http.RequestAborted);
            var scanned = await scan;
            file = file with { Attempt = (stored?.Attempt ?? 0) + 1, Problem = FileRefusal.From(scanned) };
            session.Store(file);
            if (profile is not null)
                session.Store(new ProfileInForce(file.Id, profile));
            FileTable.DropRejections(session, file.Id);
            Publish(session, file, scanned.Value ?? []);
            await session.SaveChangesAsync();
            return await RespondAsync(http, session, file, 202);
        }
        finally
        {
            await ((Task)scan).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// A file's id follows from its reference. A dry run has a different id, so that the file can be sent for real
    /// under the same reference.
    /// </summary>
    public static string IdOf(string holderId, string reference, bool dryRun) =>
        DeterministicGuid.From("visit-file", holderId, dryRun ? "dry-run" : "real", reference).ToString("N");

    /// <summary>The id of the VisitFileStored message that the file's present attempt publishes.</summary>
    internal static Guid MessageOf(string holderId, VisitFile file) =>
        DeterministicGuid.From(MessageNames.UrnOf(typeof(VisitFileStored)), holderId, CauseOf(file));

    private static string CauseOf(VisitFile file) => $"{file.Id}/{file.Attempt}";

    private static Task<IResult> AgainAsync(HttpContext http, Session session, VisitFile stored, VisitFile sent)
    {
        if (stored.Sha256 != sent.Sha256 || IsReadOtherwise(stored, sent))
            throw Used;
        // The session is not saved. The message is published in it only so that the response can name the message's
        // fact.
        Publish(session, stored, []);
        return RespondAsync(http, session, stored, 200);
    }

    private static bool IsReadOtherwise(VisitFile stored, VisitFile sent) =>
        stored.Format != sent.Format || stored.ProfileId != sent.ProfileId;

    private static ProblemException Used => ProblemException.For(Refusal.ReferenceUsed,
        "Another file, or this one to be read differently, was sent under this reference. Send it under its own: "
        + "visits that are known already will not count twice.");

    // A dry run changes no fund, so nobody waits for it.
    private static void Publish(Session session, VisitFile file, IReadOnlyCollection<string> funds) => session.Publish(
        new VisitFileStored { FileId = file.Id }, CauseOf(file),
        file.DryRun ? [] : [.. funds]);

    private static async Task<IResult> RespondAsync(HttpContext http, Session session, VisitFile file, int status)
    {
        http.Response.Headers.Location = $"/v1/visit-files/{file.Id}";
        await session.NameFactAsync(http);
        return Results.Json(new Response(file.Id, file.State, file.Reference, file.DryRun), IsfJson.Options,
            statusCode: status);
    }
}
