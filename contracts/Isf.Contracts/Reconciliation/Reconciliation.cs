using System.Text.Json.Serialization;
using MassTransit;
using NodaTime;

// All messages that Reconciliation publishes, about the checks.
namespace Isf.Contracts.Reconciliation;

/// <summary>A run has finished its comparison. Differences is the number of comparisons that did not agree.</summary>
[MessageUrn("isf:reconciliation:run-completed:v1")]
[EntityName("isf.reconciliation.run-completed.v1")]
public sealed record RunCompleted
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string RunId { get; init; }
    public required string Kind { get; init; }
    public required LocalDate UpTo { get; init; }
    public required Instant CompletedAt { get; init; }
    public required long Checked { get; init; }
    public required long Agreed { get; init; }
    public required long Differences { get; init; }
}

/// <summary>
/// Something does not agree. The message has the evidence in plain words, and the exception stays open until it is
/// resolved.
/// </summary>
[MessageUrn("isf:reconciliation:exception-raised:v1")]
[EntityName("isf.reconciliation.exception-raised.v1")]
public sealed record ExceptionRaised
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string ExceptionId { get; init; }
    /// <summary>
    /// The run that found the difference, or the other service's fact that shows it, such as fund-overdrawn/F-1/813.
    /// </summary>
    public required string RunId { get; init; }
    public string? FundId { get; init; }
    public required string Code { get; init; }
    public required string PlainWords { get; init; }
}

/// <summary>
/// An exception was explained or put right, its cause is gone (code cause-gone), or the message that it is about was
/// discarded (code discarded).
/// </summary>
[MessageUrn("isf:reconciliation:exception-resolved:v1")]
[EntityName("isf.reconciliation.exception-resolved.v1")]
public sealed record ExceptionResolved
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string ExceptionId { get; init; }
    public required string Code { get; init; }
}

/// <summary>A council's feed for a period was issued. Sha256 is the hash of the feed's ZIP file.</summary>
[MessageUrn("isf:reconciliation:feed-issued:v1")]
[EntityName("isf.reconciliation.feed-issued.v1")]
public sealed record FeedIssued
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string CouncilId { get; init; }
    public required string FeedId { get; init; }
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    public required string Sha256 { get; init; }
}

/// <summary>
/// A scheduled run of Reconciliation was requested, by the clock or by hand. Reconciliation publishes this to itself.
/// </summary>
[MessageUrn("isf:reconciliation:reconciliation-run-asked:v1")]
[EntityName("isf.reconciliation.reconciliation-run-asked.v1")]
public sealed record ReconciliationRunAsked
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    /// <summary>The schedule's name: reconcile-books or watch-facts.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>
    /// The night or hour of a scheduled run, asked-1, asked-2 … for a run by hand, or discard-… for a check after a
    /// message was discarded. A schedule runs once for each AskedBy.
    /// </summary>
    public required string AskedBy { get; init; }
}
