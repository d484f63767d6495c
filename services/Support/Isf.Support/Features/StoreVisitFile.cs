using System.Security.Cryptography;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Support.Domain.Files;
using Isf.Support.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Takes in a file of visits under the sender's reference: streamed into the database in one transaction, so that it
/// is there whole or not at all, and answered when it is there durably. Says VisitFileStored; reading it is
/// ImportVisitFile's.
/// </summary>
public static class StoreVisitFile
{
    /// <summary>The most bytes of a file: 1 GiB (api.md).</summary>
    public const long BytesMost = 1L << 30;

    private const int PartBytes = 1 << 20;

    /// <summary>Why a file is not taken in, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Answer(400, "The format is not known.")] UnknownFormat = 1,
        [Answer(400, "The file needs a reference.")] BadReference = 2,
        [Answer(400, "The dryRun is neither true nor false.")] BadDryRun = 3,
        [Answer(415, "The body is a form, not a file.")] FormNotFile = 4,
        [Answer(413, "The file is too large.")] FileTooLarge = 5,
        [Answer(409, "The reference was used for another file.")] ReferenceUsed = 6,
        [Answer(422, "The profile is not known.")] UnknownProfile = 7,
        [Answer(422, "The profile is of another format.")] ProfileOfOtherFormat = 8,
    }

    /// <summary>What is asked: the address's words and what the headers say of the body.</summary>
    public sealed record Request(string? Format, string? Reference, string? DryRun, string? ContentType, long? Length)
    {
        /// <summary>The profile that the file is to be read by, where one is named.</summary>
        public string? ProfileId { get; init; }
    }

    /// <summary>Whether the body may be taken in; true for a dry run.</summary>
    public static Decision<bool, Refusal> Decide(Request asked, VisitFileProfile? profile = null)
    {
        ArgumentNullException.ThrowIfNull(asked);
        if (FileFormat.Named(asked.Format) is null)
            return (Refusal.UnknownFormat, $"Add ?format= to the address, with one of {Formats}.");
        if (asked.Reference is not { Length: >= 1 and <= 200 } reference || reference.Any(char.IsControl))
            return (Refusal.BadReference,
                "Add &reference= with 1 to 200 characters that name this file, and no other.");
        if (asked.DryRun is not (null or "true" or "false"))
            return (Refusal.BadDryRun, "Write &dryRun=true, or leave it out.");
        if (asked.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
            return (Refusal.FormNotFile, "Send the file itself as the body, with Content-Type: text/csv.");
        if (asked.Length > BytesMost)
            return TooLarge;
        if (asked.ProfileId is not null && profile is null)
            return (Refusal.UnknownProfile, "Check the id in &profile=, or make the profile first: "
                + "PUT /v1/visit-file-profiles/{id}.");
        return profile is not null && profile.Format != asked.Format
            ? (Refusal.ProfileOfOtherFormat, $"Profile {profile.Id} is for files of format {profile.Format}. "
                + "Name that format, or another profile.")
            : asked.DryRun == "true";
    }

    private static readonly string Formats = string.Join(", ", FileFormat.All.Select(format => format.Name));

    private static readonly (Refusal, string) TooLarge =
        (Refusal.FileTooLarge,
            "A file is at most 1 GiB. Compress it with gzip, or send it in parts under references of their own.");

    /// <summary>POST /v1/visit-files?format=&amp;reference=&amp;dryRun=&amp;profile=</summary>
    public static async Task<IResult> PostAsync(string? format, string? reference, string? dryRun, string? profile,
        HttpContext http, Session session, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(clock);
        var asked = new Request(format, reference, dryRun, http.Request.ContentType, http.Request.ContentLength)
        {
            ProfileId = profile,
        };
        var isDryRun = Decide(asked with { ProfileId = null }).OrRefuse();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = BytesMost + 1;
        var id = IdOf(session.HolderId, reference!, isDryRun);
        // One at a time under a reference: whoever comes second sees what the first one stored.
        await session.LockAsync("visit-file/" + id);
        var known = profile is null ? null : await session.LoadAsync<VisitFileProfile>(profile);
        Decide(asked, known).OrRefuse();
        var stored = await session.LoadAsync<VisitFile>(id);
        var bytes = await TakeInAsync(http.Request.Body, session, id, stored is null || isDryRun, http.RequestAborted);
        var file = bytes with
        {
            Reference = reference!, Format = format!, ProfileId = profile, DryRun = isDryRun,
            StoredAt = clock.GetCurrentInstant(), Attempt = (stored?.Attempt ?? 0) + 1,
        };
        if (stored is not null && (stored.State == VisitFileState.Reading || !isDryRun))
            return await AgainAsync(http, session, stored, file);
        session.Store(file);
        if (known is not null)
            session.Store(new ProfileInForce(id, known));
        session.Queue("delete from visit_rejection where holder_id = $1 and file_id = $2", session.HolderId, id);
        Say(session, file);
        await session.SaveChangesAsync();
        return await AnswerAsync(http, session, file, 202);
    }

    /// <summary>A file's id follows from its reference; a dry run has one of its own and claims no reference.</summary>
    public static string IdOf(string holderId, string reference, bool dryRun) =>
        Cause.Id("visit-file", holderId, dryRun ? "dry-run" : "real", reference).ToString("N");

    private static Task<IResult> AgainAsync(HttpContext http, Session session, VisitFile stored, VisitFile sent)
    {
        if (stored.Sha256 != sent.Sha256 || stored.Format != sent.Format || stored.ProfileId != sent.ProfileId)
            throw Refused.Of(Refusal.ReferenceUsed,
                "Another file, or this one to be read differently, was sent under this reference. "
                + "Send it under its own: "
                + "visits that are known already will not count twice.");
        Say(session, stored);
        return AnswerAsync(http, session, stored, 200);
    }

    private static void Say(Session session, VisitFile file) => session.Say(
        new VisitFileStored { HolderId = session.HolderId, FileId = file.Id }, $"{file.Id}/{file.Attempt}");

    private static async Task<IResult> AnswerAsync(HttpContext http, Session session, VisitFile file, int status)
    {
        http.Response.Headers.Location = $"/v1/visit-files/{file.Id}";
        await session.NameFactAsync(http);
        return Results.Json(new { file.Id, file.State, file.Reference, file.DryRun }, IsfJson.Options,
            statusCode: status);
    }

    // Reads the body to its end: a megabyte in memory, a row for each. Without keep it only finds out which bytes
    // they are.
    private static async Task<VisitFile> TakeInAsync(Stream body, Session session, string id, bool keep,
        CancellationToken stop)
    {
        if (keep)
            await FileRows.DropPartsAsync(session, id);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[PartBytes];
        long total = 0;
        for (var number = 0; ; number++)
        {
            var filled = await body.ReadAtLeastAsync(part, PartBytes, throwOnEndOfStream: false, stop);
            if (filled == 0)
                break;
            total += filled;
            if (total > BytesMost)
                throw Refused.Of(TooLarge.Item1, TooLarge.Item2);
            hash.AppendData(part, 0, filled);
            if (keep)
                await FileRows.KeepPartAsync(session, id, number, part.AsMemory(0, filled));
        }
        return new VisitFile
        {
            Id = id,
            Reference = "",
            Format = "",
            DryRun = false,
            Attempt = 0,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            Bytes = total,
            StoredAt = default,
            State = VisitFileState.Reading,
        };
    }
}
