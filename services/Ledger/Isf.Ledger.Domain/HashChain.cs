using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The end of a fund's sequence of journals: the last position, the hash of its journal and the moment it was
/// recorded. Position 0 means that the fund has no journal yet.
/// </summary>
public sealed record Head(string HolderId, string FundId, long Position, ReadOnlyMemory<byte> Hash, Instant RecordedAt)
{
    /// <summary>The head of a fund without journals: position 0 and a hash of 32 zero bytes.</summary>
    public static Head New(string holderId, string fundId) =>
        new(holderId, fundId, 0, new byte[SHA256.HashSizeInBytes], NodaConstants.UnixEpoch);
}

/// <summary>
/// Binds each journal of a fund to the one before it, so that an edit of any field that matters is found (design §4).
/// services/Ledger/README.md describes the hashed bytes, so that anyone can check them without this code.
/// </summary>
public static class HashChain
{
    private static readonly Duration Microsecond = Duration.FromTicks(10);

    /// <summary>
    /// Appends the entry at the next position after the head. The journal is stamped with the given moment or, if that
    /// is not later than the last journal, one microsecond after the last journal.
    /// </summary>
    public static Journal Append(Head head, Entry entry, Instant now) =>
        Append(head, entry, JournalId.From(head.HolderId, entry.FundId, entry.Kind, entry.Cause), now);

    /// <summary>Appends the entry in the same way, for a caller that has derived the journal's id already.</summary>
    public static Journal Append(Head head, Entry entry, Guid journalId, Instant now)
    {
        if (head.FundId != entry.FundId)
            throw new ArgumentException($"The head is of {head.FundId}, the entry of {entry.FundId}.", nameof(entry));
        var whole = Instant.FromUnixTimeTicks(now.ToUnixTimeTicks() / 10 * 10);
        var recordedAt = whole > head.RecordedAt ? whole : head.RecordedAt + Microsecond;
        var journal = new Journal
        {
            HolderId = head.HolderId,
            JournalId = journalId,
            Position = head.Position + 1,
            RecordedAt = recordedAt,
            Entry = entry,
            Hash = default,
        };
        return journal with { Hash = HashOf(journal, head.Hash.Span) };
    }

    /// <summary>The head after this journal.</summary>
    public static Head After(this Head head, Journal journal) =>
        head with { Position = journal.Position, Hash = journal.Hash, RecordedAt = journal.RecordedAt };

    /// <summary>Whether the journal comes directly after the head, and its id and hash fit its content.</summary>
    public static bool Holds(Head head, Journal journal)
    {
        var entry = journal.Entry;
        return journal.HolderId == head.HolderId && entry.FundId == head.FundId
            && journal.Position == head.Position + 1 && journal.RecordedAt > head.RecordedAt
            && journal.JournalId == JournalId.From(head.HolderId, entry.FundId, entry.Kind, entry.Cause)
            && journal.Hash.Span.SequenceEqual(HashOf(journal, head.Hash.Span));
    }

    /// <summary>SHA-256 over every field that matters and the hash of the journal before.</summary>
    public static byte[] HashOf(Journal journal, ReadOnlySpan<byte> previous)
    {
        var entry = journal.Entry;
        var bytes = CanonicalBytes.ForThisThread();
        bytes.Add("isf-journal-1");
        bytes.Add(previous);
        bytes.Add(journal.HolderId);
        bytes.Add(entry.FundId);
        bytes.Add(journal.Position);
        bytes.Add(journal.JournalId.ToString("D"));
        bytes.Add(entry.Kind);
        bytes.Add(Iso(entry.EffectiveOn));
        bytes.Add(entry.CareOn is { } day ? Iso(day) : null);
        bytes.Add(journal.RecordedAt.ToUnixTimeTicks() / 10);
        bytes.Add(entry.Cause.Message);
        bytes.Add(entry.Cause.Id);
        bytes.Add(entry.Reverses?.ToString("D"));
        bytes.Add(entry.PersonMinutes);
        bytes.Add(entry.Moves.Count);
        foreach (var move in entry.Moves)
        {
            bytes.Add(move.Book.WireName());
            bytes.Add(move.From.Path);
            bytes.Add(move.To.Path);
            bytes.Add(move.Amount);
        }
        if (entry.Commitment is { } commitment)
            bytes.Add(Convert.FromHexString(commitment));
        return SHA256.HashData(bytes.Written);
    }

    private static string Iso(LocalDate day) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{day.Year:0000}-{day.Month:00}-{day.Day:00}");
}

/// <summary>
/// Writes values so that no two lists of values of the same types give the same bytes. Each value is written as its
/// length (4 bytes, most significant first) and then its bytes: a text in UTF-8, a number in 8 bytes, most significant
/// first. A missing value has the length −1.
/// </summary>
internal sealed class CanonicalBytes
{
    [ThreadStatic]
    private static CanonicalBytes? ofThisThread;

    private byte[] buffer = new byte[1024];
    private int length;

    private CanonicalBytes() { }

    /// <summary>Returns this thread's buffer, emptied. The next call on the same thread empties it again.</summary>
    public static CanonicalBytes ForThisThread()
    {
        var bytes = ofThisThread ??= new CanonicalBytes();
        bytes.length = 0;
        return bytes;
    }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Add(string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteInt32BigEndian(Reserve(4), -1);
            return;
        }
        var size = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), size);
        Encoding.UTF8.GetBytes(text, Reserve(size));
    }

    public void Add(long? number)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), number is null ? -1 : 8);
        if (number is { } some)
            BinaryPrimitives.WriteInt64BigEndian(Reserve(8), some);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
    }

    private Span<byte> Reserve(int size)
    {
        if (length + size > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size));
        length += size;
        return buffer.AsSpan(length - size, size);
    }
}
