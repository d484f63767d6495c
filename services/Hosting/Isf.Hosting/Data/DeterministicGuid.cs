using System.Security.Cryptography;
using System.Text;

namespace Isf.Hosting.Data;

/// <summary>Derives an id from its cause, so that a replay has the same id.</summary>
public static class DeterministicGuid
{
    /// <summary>
    /// An id of version 8 (RFC 9562), which is the start of a SHA-256 over the parts, each prefixed with its length.
    /// </summary>
    public static Guid From(params string[] parts)
    {
        using var text = new MemoryStream();
        using (var writer = new BinaryWriter(text, Encoding.UTF8, leaveOpen: true))
            Array.ForEach(parts, writer.Write);
        var bytes = SHA256.HashData(text.ToArray()).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
