using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Isf.Hosting.Http;

/// <summary>
/// Receives request bodies that may be large. A body is spooled to a temporary file before any database connection is
/// taken, so that a slow sender costs a file and no connection; the uploads of one holder are bounded, and so is how
/// slow each may be.
/// </summary>
public sealed class Uploads(HostSettings settings)
{
    // Room for the framing of a body in tiny chunks; the body itself is counted apart from it.
    private const int FramingFactor = 8;

    // A refused body up to this size is read and forgotten, so that its connection can be used again.
    private const int SmallBody = 64 * 1024;

    private readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>Why an upload is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(429, "Too many files are being sent at a time.")] TooMany = 1,
        [Problem(408, "The file came too slowly.")] TooSlow = 2,
        [Problem(503, "The file cannot be taken in at the moment.")] NotAvailable = 3,
    }

    /// <summary>Takes one of the holder's places for uploads; disposing it gives the place back.</summary>
    /// <exception cref="ProblemException">429 too-many: all places are taken.</exception>
    public IDisposable Enter(string holderId)
    {
        lock (taken)
        {
            var before = taken.GetValueOrDefault(holderId);
            if (before < settings.Uploads.AtATime)
            {
                taken[holderId] = before + 1;
                return new Release(() => Leave(holderId));
            }
        }
        throw Later(Refusal.TooMany, $"At most {settings.Uploads.AtATime} files of a holder are taken in at a time. "
            + "Wait until one of them has been answered, and send this one again.", seconds: 5);
    }

    /// <summary>
    /// Waits until no other of the holder's received bodies is being stored: a holder who sends many files at once
    /// takes one connection for them, not all.
    /// </summary>
    public async Task<IDisposable> TurnAsync(string holderId, CancellationToken stop)
    {
        var turn = turns.GetOrAdd(holderId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        return new Release(() => turn.Release());
    }

    /// <summary>Receives the whole body; null where it has more bytes than a body may have.</summary>
    /// <exception cref="ProblemException">408 too-slow, or 503 not-available where there is no room for it.</exception>
    public async Task<UploadedBody?> ReceiveAsync(HttpContext http)
    {
        var terms = settings.Uploads;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = FramingFactor * terms.BytesMost;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(terms.BytesASecond, terms.Grace);
        var body = new UploadedBody(terms.Folder);
        try
        {
            if (await body.FillAsync(http.Request.Body, terms.BytesMost, http.RequestAborted))
                return body;
        }
        catch (BadHttpRequestException slow) when (slow.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            await body.DisposeAsync();
            throw ProblemException.For(Refusal.TooSlow,
                $"It came at less than {terms.BytesASecond / 1024} KiB a second, and "
                + "nothing of it was kept. Compress it with gzip, or send it over a better line.");
        }
        catch
        {
            await body.DisposeAsync();
            throw;
        }
        await body.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Answers a refused request and closes its connection without reading a large body: who sends a gigabyte to the
    /// wrong address learns it at once.
    /// </summary>
    public static void LeaveRefusedBodiesUnread(IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        IHttpMaxRequestBodySizeFeature? Unread() => http.Response.StatusCode >= 400
            && (http.Request.ContentLength ?? long.MaxValue) > SmallBody
            && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit ? limit : null;
        http.Response.OnStarting(() =>
        {
            if (Unread() is not null)
                http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        await next(http);
        // The server reads what a request leaves, for up to five seconds, unless it is more than may come.
        if (Unread() is { } unread)
            unread.MaxRequestBodySize = 0;
    });

    internal static ProblemException NoRoom() => Later(Refusal.NotAvailable,
        "The host has no room for it. Nothing of it was kept: send it again later.", seconds: 60);

    private static ProblemException Later(Refusal why, string words, int seconds)
    {
        var refused = ProblemException.For(why, words);
        return new ProblemException(refused.Status, refused.Code, refused.Title, words) { RetryAfterSeconds = seconds };
    }

    private void Leave(string holderId)
    {
        lock (taken)
        {
            if (--taken[holderId] == 0)
                taken.Remove(holderId);
        }
    }

    private sealed class Release(Action release) : IDisposable
    {
        private Action? once = release;

        public void Dispose() => Interlocked.Exchange(ref once, null)?.Invoke();
    }
}

/// <summary>
/// A request body, received whole: up to a megabyte in memory, more of it in a temporary file that has no name and goes
/// with the process.
/// </summary>
public sealed class UploadedBody(string folder) : IAsyncDisposable
{
    /// <summary>The bytes of one part: as many as stay in memory.</summary>
    public const int PartBytes = 1 << 20;

    private readonly byte[] first = ArrayPool<byte>.Shared.Rent(PartBytes);
    private FileStream? file;

    /// <summary>How many bytes it has.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of its bytes, in lower-case hexadecimal.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Its first bytes, by which its kind is known.</summary>
    public ReadOnlyMemory<byte> Start { get; private set; }

    /// <summary>The body from its start; several may read it at once.</summary>
    public Stream OpenRead() => new Reader(this);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (file is not null)
            await file.DisposeAsync();
        if (Length >= 0)
            ArrayPool<byte>.Shared.Return(first);
        Length = -1;
    }

    /// <summary>Receives it; false when there is more than the most.</summary>
    internal async Task<bool> FillAsync(Stream body, long most, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int filled; (filled = await body.ReadAtLeastAsync(first.AsMemory(0, PartBytes), PartBytes,
            throwOnEndOfStream: false, stop)) > 0;)
        {
            if (Length + filled > most)
                return false;
            hash.AppendData(first, 0, filled);
            if (Length == 0)
                Start = first.AsSpan(0, Math.Min(filled, 16)).ToArray();
            if (filled == PartBytes || file is not null)
                await SpoolAsync(first.AsMemory(0, filled), stop);
            Length += filled;
        }
        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return true;
    }

    private async Task SpoolAsync(ReadOnlyMemory<byte> part, CancellationToken stop)
    {
        try
        {
            file ??= NamelessFile(folder);
            await RandomAccess.WriteAsync(file.SafeFileHandle, part, Length, stop);
        }
        catch (IOException)
        {
            throw Uploads.NoRoom();
        }
    }

    private static FileStream NamelessFile(string folder)
    {
        var name = Path.Combine(folder, "isf-upload-" + Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(name, options);
        // A killed process leaves nothing behind where an open file can be without a name.
        if (!OperatingSystem.IsWindows())
            File.Delete(name);
        return file;
    }

    private sealed class Reader(UploadedBody body) : ForwardStream
    {
        private long position;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, body.Length - position);
            if (body.file is { } file)
                count = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer[..count], position, cancellationToken);
            else
                body.first.AsMemory((int)position, count).CopyTo(buffer);
            position += count;
            return count;
        }
    }
}
