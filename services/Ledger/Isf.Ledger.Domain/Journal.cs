using System.Security.Cryptography;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>What a journal was posted for: the kind of fact, and the fact's own id at its source.</summary>
public readonly record struct PostingCause(string Message, string Id);

/// <summary>
/// What a fact asks to be posted to one fund, before it has its place in the journal. An entry without moves puts its
/// cause on the books: a visit that cost nothing and took no time.
/// </summary>
public sealed record Entry
{
    /// <summary>The fund it is about.</summary>
    public required string FundId { get; init; }

    /// <summary>What sort of journal: money-received, visit-priced, visit-reversed …</summary>
    public required string Kind { get; init; }

    /// <summary>The day it counts on.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The day it is about, where that differs.</summary>
    public LocalDate? CareOn { get; init; }

    /// <summary>What it was posted for.</summary>
    public required PostingCause Cause { get; init; }

    /// <summary>What moves; time first, then promise, then money.</summary>
    public required IReadOnlyList<Move> Moves { get; init; }

    /// <summary>The journal that this one takes back, whole.</summary>
    public Guid? Reverses { get; init; }

    /// <summary>
    /// A visit's minutes of the person's own time (two carers for 45 are 45); below zero where taken back.
    /// </summary>
    public long? PersonMinutes { get; init; }

    /// <summary>
    /// What binds it to the personal words that belong to it, without telling them: <see cref="Commitment"/>.
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
    /// Whether two entries say the same. The effective day is not compared: a closed period may have moved it on, and
    /// the day that it is about stays.
    /// </summary>
    public bool SaysTheSameAs(Entry other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return FundId == other.FundId && Kind == other.Kind && Cause == other.Cause && AboutOn == other.AboutOn
            && Reverses == other.Reverses && PersonMinutes == other.PersonMinutes && Moves.SequenceEqual(other.Moves)
            && Commitment == other.Commitment;
    }
}

/// <summary>
/// A fund's journal entry in its place: numbered without gaps, stamped, and bound to the one before by its hash.
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

    /// <summary>What it says.</summary>
    public required Entry Entry { get; init; }

    /// <summary>SHA-256 over all of the above and the hash before it; 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }
}

/// <summary>Derives a journal's id from its cause (design §4).</summary>
public static class JournalId
{
    /// <summary>The id of the journal of this kind that this fact has in this fund.</summary>
    public static Guid Of(string holderId, string fundId, string kind, PostingCause cause)
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
