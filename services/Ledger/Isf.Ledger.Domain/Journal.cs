using System.Security.Cryptography;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>The fact that a journal was posted for: its kind, and its own id at its source.</summary>
public readonly record struct PostingCause(string Message, string Id);

/// <summary>
/// The posting of a fact to one fund, before it has a position in the journal. An entry without moves still puts its
/// cause on the books: a visit that cost nothing and took no time.
/// </summary>
public sealed record Entry
{
    /// <summary>The fund it is about.</summary>
    public required string FundId { get; init; }

    /// <summary>The sort of journal: money-received, visit-priced, visit-reversed …</summary>
    public required string Kind { get; init; }

    /// <summary>The day it counts on.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The day that the entry is about; null if it is the day on which the entry counts.</summary>
    public LocalDate? CareOn { get; init; }

    /// <summary>The fact that the entry is posted for.</summary>
    public required PostingCause Cause { get; init; }

    /// <summary>The moves; time first, then promise, then money.</summary>
    public required IReadOnlyList<Move> Moves { get; init; }

    /// <summary>The journal that this one reverses, whole.</summary>
    public Guid? Reverses { get; init; }

    /// <summary>The person's own minutes of a visit (two carers for 45 are 45); below zero in a reversal.</summary>
    public long? PersonMinutes { get; init; }

    /// <summary>
    /// The hash that binds the entry to its personal words without revealing them: <see cref="Commitment"/>.
    /// </summary>
    public string? Commitment { get; init; }

    /// <summary>The day it is about.</summary>
    public LocalDate AboutOn => CareOn ?? EffectiveOn;

    /// <summary>
    /// The entry as it counts where all days up to one are closed: on the first open day, with the day that it is about
    /// kept (design §4, Periods).
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
/// A fund's journal: an entry numbered without gaps, stamped, and bound to the one before by its hash.
/// </summary>
public sealed record Journal
{
    /// <summary>The holder whose fund it is.</summary>
    public required string HolderId { get; init; }

    /// <summary>Derived from the cause, so that the same fact always has the same journal.</summary>
    public required Guid JournalId { get; init; }

    /// <summary>1, 2, 3 … within the fund.</summary>
    public required long Position { get; init; }

    /// <summary>When it was written, strictly increasing within the fund; whole microseconds.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The content of the journal.</summary>
    public required Entry Entry { get; init; }

    /// <summary>SHA-256 over all of the above and the hash before it; 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }
}

/// <summary>Derives a journal's id from its cause (design §4).</summary>
public static class JournalId
{
    /// <summary>The id of the journal of this kind that a fund has for this fact.</summary>
    public static Guid From(string holderId, string fundId, string kind, PostingCause cause)
    {
        var bytes = CanonicalBytes.Anew();
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
