using Isf.Hosting.Data;
using Isf.Hosting.Http;

namespace Isf.Support.Files;

/// <summary>
/// A stored file as a stream that is read once from its start, with a megabyte in memory at a time. Each part is
/// loaded in a short transaction of its own, so that a long read keeps no transaction open.
/// </summary>
internal sealed class StoredFile(Sessions sessions, string holderId, string fileId) : ForwardStream
{
    private byte[] part = [];
    private int number;
    private int position;
    private bool ended;

    /// <summary>The number of bytes returned so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>
    /// The bytes that come next, at most one part, without consuming them; empty at the end of the file.
    /// </summary>
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

    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (position < part.Length)
            return true;
        if (ended)
            return false;
        await using var session = sessions.Open("support", holderId, null, stop);
        (part, position) = (await FileTable.PartAsync(session, fileId, number++) ?? [], 0);
        ended = part.Length == 0;
        return !ended;
    }
}
