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
/// Receives large request bodies. A body is received into memory or a temporary file before a database connection is
/// taken, so that a slow sender occupies no connection. A holder's uploads are limited in number, and each must reach
/// a minimum speed.
/// </summary>
public sealed class Uploads(HostSettings settings)
{
    // The server's limit also counts the framing of a body that is sent in tiny chunks, so the limit is larger than
    // the maximum by this factor. The bytes of the body are counted separately.
    private const int FramingFactor = 8;

    // A refused body up to this size is read and discarded, so that its connection can be reused.
    private const int SmallBody = 64 * 1024;

    private readonly Dictionary<string, int> inUse = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>The reasons to refuse an upload, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(429, "Too many files are being sent at a time.", RetryAfterSeconds = 5)] TooMany = 1,
        [Problem(408, "The file came too slowly.")] TooSlow = 2,
        [Problem(503, "The file cannot be taken in at the moment.", RetryAfterSeconds = 60)] NotAvailable = 3,
    }

    /// <summary>Takes one of the holder's upload places; disposing the result returns the place.</summary>
    /// <exception cref="ProblemException">429 too-many: all places are taken.</exception>
    public IDisposable Enter(string holderId)
    {
        lock (inUse)
        {
            var before = inUse.GetValueOrDefault(holderId);
            if (before < settings.Uploads.AtATime)
            {
                inUse[holderId] = before + 1;
                return new Release(() => Leave(holderId));
            }
        }
        throw ProblemException.For(Refusal.TooMany,
            $"At most {settings.Uploads.AtATime} files of a holder are taken in at a time. "
            + "Wait until one of them has been answered, and send this one again.");
    }

    /// <summary>
    /// Waits until no other upload of the holder is being stored, so that a holder with many files at once takes one
    /// connection and not all. Disposing the result lets the holder's next upload go on.
    /// </summary>
    public async Task<IDisposable> TurnAsync(string holderId, CancellationToken stop)
    {
        var turn = turns.GetOrAdd(holderId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        return new Release(() => turn.Release());
    }

    /// <summary>Receives the whole body; null if it exceeds the maximum size.</summary>
    /// <exception cref="ProblemException">408 too-slow, or 503 not-available if the host has no room for the
    /// body.</exception>
    public async Task<UploadedBody?> ReceiveAsync(HttpContext http)
    {
        var terms = settings.Uploads;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = FramingFactor * terms.BytesMax;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(terms.BytesASecond, terms.Grace);
        var body = new UploadedBody(terms.Folder);
        try
        {
            if (await body.FillAsync(http.Request.Body, terms.BytesMax, http.RequestAborted))
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
    /// Answers a refused request and closes its connection without reading a large body, so that a caller who sends a
    /// gigabyte to the wrong URL learns it at once.
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
        // The server would go on reading the body for up to five seconds. It stops if the body exceeds the maximum
        // size, so the maximum is set to 0.
        if (Unread() is { } unread)
            unread.MaxRequestBodySize = 0;
    });

    internal static ProblemException NoRoom() => ProblemException.For(Refusal.NotAvailable,
        "The host has no room for it. Nothing of it was kept: send it again later.");

    private void Leave(string holderId)
    {
        lock (inUse)
        {
            if (--inUse[holderId] == 0)
                inUse.Remove(holderId);
        }
    }

    private sealed class Release(Action release) : IDisposable
    {
        private Action? once = release;

        public void Dispose() => Interlocked.Exchange(ref once, null)?.Invoke();
    }
}

/// <summary>
/// A received request body. A body smaller than a mebibyte is in memory, and any other in an unnamed temporary file
/// that disappears with the process.
/// </summary>
public sealed class UploadedBody(string folder) : IAsyncDisposable
{
    /// <summary>The size of the part in memory, in bytes.</summary>
    public const int PartBytes = 1 << 20;

    private readonly byte[] first = ArrayPool<byte>.Shared.Rent(PartBytes);
    private FileStream? file;

    /// <summary>The size in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of the received body, in lower-case hexadecimal.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>The first bytes, which identify the file's format.</summary>
    public ReadOnlyMemory<byte> Start { get; private set; }

    /// <summary>A stream over the whole body; several may be open at once.</summary>
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

    /// <summary>Receives the body; false if it exceeds the maximum size.</summary>
    internal async Task<bool> FillAsync(Stream body, long max, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int filled; (filled = await body.ReadAtLeastAsync(first.AsMemory(0, PartBytes), PartBytes,
            throwOnEndOfStream: false, stop)) > 0;)
        {
            if (Length + filled > max)
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
        // An open file without a name disappears with a killed process. Windows has no such files.
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
