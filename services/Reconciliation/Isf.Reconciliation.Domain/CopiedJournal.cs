using NodaTime;

namespace Isf.Reconciliation.Domain;

/// <summary>
/// One journal as the Ledger published it when it was posted, from Reconciliation's own copy. Nothing here is computed;
/// the checks compute figures of their own and compare them with these (design.md §4).
/// </summary>
public sealed record CopiedJournal
{
    /// <summary>The holder of the journal's fund.</summary>
    public required string HolderId { get; init; }
    /// <summary>The fund in whose books the journal is.</summary>
    public required string FundId { get; init; }
    /// <summary>1, 2, 3 … within the fund, without gaps.</summary>
    public required long Position { get; init; }
    /// <summary>The id of the journal, derived from its cause.</summary>
    public required Guid JournalId { get; init; }
    /// <summary>The kind of posting.</summary>
    public required string Kind { get; init; }
    /// <summary>The day on which the journal counts.</summary>
    public required LocalDate EffectiveOn { get; init; }
    /// <summary>The day that the journal is about; null if it is the day on which the journal counts.</summary>
    public LocalDate? CareOn { get; init; }
    /// <summary>When the Ledger posted the journal.</summary>
    public required Instant RecordedAt { get; init; }
    /// <summary>The kind of fact for which the journal was posted.</summary>
    public required string CauseMessage { get; init; }
    /// <summary>The id of that fact at its source.</summary>
    public required string CauseId { get; init; }
    /// <summary>The id of the journal that this one reverses; null if it reverses none.</summary>
    public Guid? Reverses { get; init; }
    /// <summary>
    /// The person's own minutes of a visit (two carers for 45 minutes make 45); null if the journal states none.
    /// </summary>
    public long? PersonMinutes { get; init; }
    /// <summary>Hexadecimal SHA-256 over this journal and the hash before it, as the Ledger published it.</summary>
    public required string Hash { get; init; }
    /// <summary>Hexadecimal commitment to personal words that the Ledger holds; null if there are none.</summary>
    public string? Commitment { get; init; }
    /// <summary>The moves of the journal, in the order of the posting.</summary>
    public required IReadOnlyList<CopiedMove> Moves { get; init; }

    /// <summary>The day of the care or event that the journal is about.</summary>
    public LocalDate About => CareOn ?? EffectiveOn;
}

/// <summary>
/// An amount out of one account into another, in one book. It is in pence in the books money and promise, and in
/// carer-minutes in the book time.
/// </summary>
public sealed record CopiedMove(string Book, string From, string To, long Amount);
