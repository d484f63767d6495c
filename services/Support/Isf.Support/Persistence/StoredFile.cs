using Isf.Hosting;

namespace Isf.Support.Persistence;

/// <summary>
/// A stored file as a stream that is read once from its start, a megabyte in memory at a time. Each part is a short
/// transaction of its own, so that a long reading holds nothing open.
/// </summary>
internal sealed class StoredFile(Sessions sessions, string holderId, string fileId) : Stream
{
    private byte[] part = [];
    private int number;
    private int position;
    private bool ended;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>How many bytes have been handed over.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The first bytes, without reading past them.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(CancellationToken stop)
    {
        await FillAsync(stop);
        return part.AsMemory(position);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!await FillAsync(cancellationToken))
            return 0;
        var count = Math.Min(buffer.Length, part.Length - position);
        part.AsMemory(position, count).CopyTo(buffer);
        position += count;
        BytesRead += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A stored file is read asynchronously.");

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (position < part.Length)
            return true;
        if (ended)
            return false;
        await using var session = sessions.Open("support", holderId, null, stop);
        (part, position) = (await FileRows.PartAsync(session, fileId, number++) ?? [], 0);
        ended = part.Length == 0;
        return !ended;
    }
}
