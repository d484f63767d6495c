using System.Security.Cryptography;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The fact that a journal was posted for: the word for its kind, such as money-received, and its own id in the
/// service that published it.
/// </summary>
public readonly record struct PostingCause(string Message, string Id);

/// <summary>
/// The posting of a fact to one fund, before the posting has a position in the fund's journal. An entry without moves,
/// such as that of a visit that cost nothing and took no time, still puts its cause on the books.
/// </summary>
public sealed record Entry
{
    /// <summary>The fund that the entry is about.</summary>
    public required string FundId { get; init; }

    /// <summary>The sort of journal: money-received, visit-priced, visit-reversed …</summary>
    public required string Kind { get; init; }

    /// <summary>The day on which the entry counts.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The day that the entry is about; null if it is the day on which the entry counts.</summary>
    public LocalDate? CareOn { get; init; }

    /// <summary>The fact that the entry is posted for.</summary>
    public required PostingCause Cause { get; init; }

    /// <summary>
    /// The moves: time first, then promise, then money; in a posting by hand, the order of the request.
    /// </summary>
    public required IReadOnlyList<Move> Moves { get; init; }

    /// <summary>The journal that this entry reverses in full; null if it reverses none.</summary>
    public Guid? Reverses { get; init; }

    /// <summary>
    /// The person's own minutes of a visit (two carers for 45 minutes are 45); below zero in a reversal; null if the
    /// entry is not about care that was given.
    /// </summary>
    public long? PersonMinutes { get; init; }

    /// <summary>
    /// The hash that binds the entry to its personal words without revealing them (<see cref="Commitment"/>); null if
    /// the entry has no such words.
    /// </summary>
    public string? Commitment { get; init; }

    /// <summary>The day that the entry is about: CareOn, or EffectiveOn if CareOn is null.</summary>
    public LocalDate AboutOn => CareOn ?? EffectiveOn;

    /// <summary>
    /// The entry, moved to the first open day if the day on which it counts is closed; the day that it is about is
    /// kept (design §4, Periods). <paramref name="closedTo"/> is the last closed day, or null if no day is closed.
    /// </summary>
    public Entry OnOpenDay(LocalDate? closedTo)
    {
        if (closedTo is not { } last || EffectiveOn > last)
            return this;
        var open = last.PlusDays(1);
        return this with { EffectiveOn = open, CareOn = AboutOn == open ? null : AboutOn };
    }

    /// <summary>
    /// Whether two entries have the same content. The effective day is not compared, because a closed period may have
    /// moved it on; the day that the entry is about stays.
    /// </summary>
    public bool HasSameContentAs(Entry other)
    {
        return FundId == other.FundId && Kind == other.Kind && Cause == other.Cause && AboutOn == other.AboutOn
            && Reverses == other.Reverses && PersonMinutes == other.PersonMinutes && Moves.SequenceEqual(other.Moves)
            && Commitment == other.Commitment;
    }
}

/// <summary>
/// One journal of a fund: an entry with its number, its moment and its hash, which binds it to the journal before.
/// </summary>
public sealed record Journal
{
    /// <summary>The holder that has the fund.</summary>
    public required string HolderId { get; init; }

    /// <summary>The journal's id, derived from the cause, so that the same fact always has the same journal.</summary>
    public required Guid JournalId { get; init; }

    /// <summary>The journal's number within the fund: 1, 2, 3 …</summary>
    public required long Position { get; init; }

    /// <summary>
    /// The moment at which the journal was written, in whole microseconds; strictly increasing within the fund.
    /// </summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The content of the journal.</summary>
    public required Entry Entry { get; init; }

    /// <summary>SHA-256 over all of the fields above and the hash of the journal before; 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }
}

/// <summary>Derives a journal's id from its cause (design §4).</summary>
public static class JournalId
{
    /// <summary>The id of a fund's journal of the given kind for the given cause.</summary>
    public static Guid From(string holderId, string fundId, string kind, PostingCause cause)
    {
        var bytes = CanonicalBytes.ForThisThread();
        bytes.Add("isf-journal-id-1");
        bytes.Add(holderId);
        bytes.Add(fundId);
        bytes.Add(kind);
        bytes.Add(cause.Message);
        bytes.Add(cause.Id);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes.Written, hash);
        // A UUID of version 8 (RFC 9562): 122 bits of the hash.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
