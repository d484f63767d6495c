using System.Text.Json.Serialization;
using MassTransit;
using NodaTime;

// All messages that the Ledger publishes, about the books. Amounts are pence in the books money and promise,
// carer-minutes in the book time.
namespace Isf.Contracts.Ledger;

/// <summary>
/// Up to 500 journals were posted, of one or many funds. Heads has the last journal of each of these funds.
/// </summary>
[MessageUrn("isf:ledger:journals-posted:v1")]
[EntityName("isf.ledger.journals-posted.v1")]
public sealed record JournalsPosted
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<PostedJournal> Journals { get; init; }
    public required IReadOnlyList<FundHead> Heads { get; init; }
}

/// <summary>One journal, exactly as it is in the books.</summary>
public sealed record PostedJournal
{
    public required string FundId { get; init; }
    /// <summary>The journal's number within the fund: 1, 2, 3 …, without gaps.</summary>
    public required long Position { get; init; }
    public required Guid JournalId { get; init; }
    public required string Kind { get; init; }
    /// <summary>The day on which the journal counts.</summary>
    public required LocalDate EffectiveOn { get; init; }
    /// <summary>The day that the journal is about; null if it is the day on which the journal counts.</summary>
    public LocalDate? CareOn { get; init; }
    public required Instant RecordedAt { get; init; }
    /// <summary>The kind of fact that the journal was posted for, such as visit-priced.</summary>
    public required string CauseMessage { get; init; }
    /// <summary>The fact's own id at its source, such as a visit's id and version.</summary>
    public required string CauseId { get; init; }
    public Guid? Reverses { get; init; }
    /// <summary>
    /// The person's own minutes of a visit (two carers for 45 minutes make 45); below zero in a reversal, null in a
    /// journal without them.
    /// </summary>
    public long? PersonMinutes { get; init; }
    /// <summary>Hexadecimal SHA-256 over this journal and the hash before it.</summary>
    public required string Hash { get; init; }
    /// <summary>
    /// Hexadecimal SHA-256 over a person's salt and the personal words of the journal; the journal's hash covers it.
    /// Null if the journal has no personal words.
    /// </summary>
    public string? Commitment { get; init; }
    public required IReadOnlyList<PostedMove> Moves { get; init; }
}

/// <summary>A positive amount from one account to another, in one book.</summary>
public sealed record PostedMove(string Book, string From, string To, long Amount);

/// <summary>The position and the hash of a fund's last journal.</summary>
public sealed record FundHead(string FundId, long Position, string Hash);

/// <summary>The Ledger states its books of up to 500 funds, so that they can be checked independently.</summary>
[MessageUrn("isf:ledger:books-stated:v1")]
[EntityName("isf.ledger.books-stated.v1")]
public sealed record BooksStated
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    /// <summary>The id of one statement of one holder's books; all parts of the statement share it.</summary>
    public required string StatingId { get; init; }
    public required Instant StatedAt { get; init; }
    /// <summary>Balances count journals effective up to this day.</summary>
    public required LocalDate UpTo { get; init; }
    public required int Part { get; init; }
    public required int Parts { get; init; }
    public required IReadOnlyList<StatedFund> Funds { get; init; }
}

/// <summary>
/// The last position and hash of one fund, and its balances: for each account, the moves into it less the moves out of
/// it.
/// </summary>
public sealed record StatedFund(string FundId, long Position, string Hash, IReadOnlyList<StatedBalance> Balances);

/// <summary>The balance of one account of one book.</summary>
public sealed record StatedBalance(string Book, string Place, long Amount);

/// <summary>
/// A fund's care has cost more than was put in. This is a fact to be seen, never a veto. The message is published once
/// when the amount held falls below zero and once when it rises to zero or more; of two messages about a fund, the one
/// with the higher position holds.
/// </summary>
[MessageUrn("isf:ledger:fund-overdrawn:v1")]
[EntityName("isf.ledger.fund-overdrawn.v1")]
public sealed record FundOverdrawn
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required long Position { get; init; }
    /// <summary>Below zero after a fall, zero or more after a rise.</summary>
    public required long HeldPence { get; init; }
}

/// <summary>
/// More of an allocation was used than is promised. Like FundOverdrawn, this is a fact to be seen, never a veto. The
/// message is published once when the amount left falls below zero and once when it rises to zero or more; of two
/// messages about an allocation, the one with the higher position holds.
/// </summary>
[MessageUrn("isf:ledger:promise-overdrawn:v1")]
[EntityName("isf.ledger.promise-overdrawn.v1")]
public sealed record PromiseOverdrawn
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string AllocationId { get; init; }
    public required long Position { get; init; }
    /// <summary>All pence posted as promised up to this position, on any day.</summary>
    public required long PromisedPence { get; init; }
    public required long UsedPence { get; init; }
    /// <summary>Promised less used: below zero after a fall, zero or more after a rise.</summary>
    public required long LeftPence { get; init; }
}

/// <summary>
/// More money went back than was held, because a return or a voided receipt has brought its source's account or the
/// fund below zero. The journal stays, and somebody has to find the reason. The message is published for each such
/// journal, and once more when neither figure is below zero any longer; of two messages about a source, the one with
/// the higher position holds.
/// </summary>
[MessageUrn("isf:ledger:returned-beyond-held:v1")]
[EntityName("isf.ledger.returned-beyond-held.v1")]
public sealed record ReturnedBeyondHeld
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required long Position { get; init; }
    /// <summary>council, nhs, person, top-up or other.</summary>
    public required string Source { get; init; }
    /// <summary>The kind of fact that brought the balance below zero: money-returned or receipt-voided.</summary>
    public required string CauseMessage { get; init; }
    /// <summary>The return's or the receipt's id.</summary>
    public required string CauseId { get; init; }
    /// <summary>
    /// The balance of held/{source}: the money put in, less returns and less charges that name the source.
    /// </summary>
    public required long SourceHeldPence { get; init; }
    /// <summary>The money of all sources together that the fund holds, less all spending.</summary>
    public required long FundHeldPence { get; init; }
}

/// <summary>
/// A holder's period was closed. From now on, no journal that counts on a day of the period is added to any of the
/// holder's books.
/// </summary>
[MessageUrn("isf:ledger:period-closed:v1")]
[EntityName("isf.ledger.period-closed.v1")]
public sealed record PeriodClosed
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string PeriodId { get; init; }
    /// <summary>The period's first day; null for the first period closed, which includes all earlier days.</summary>
    public LocalDate? From { get; init; }
    public required LocalDate To { get; init; }
    public required Instant ClosedAt { get; init; }
}

/// <summary>
/// A scheduled run of the Ledger was requested, by the clock or by hand. The Ledger publishes this to itself.
/// </summary>
[MessageUrn("isf:ledger:ledger-run-asked:v1")]
[EntityName("isf.ledger.ledger-run-asked.v1")]
public sealed record LedgerRunAsked
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    /// <summary>The schedule's name: state-books.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>
    /// The night or hour of a scheduled run, or asked-1, asked-2 … for a run by hand. A schedule runs once for each
    /// AskedBy.
    /// </summary>
    public required string AskedBy { get; init; }
}
