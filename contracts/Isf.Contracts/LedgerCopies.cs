using Isf.Contracts.Support;
using MassTransit;
using NodaTime;

// How the Ledger's copies of Funds' documents compare with what Funds states.
namespace Isf.Contracts.Ledger;

/// <summary>Copies of documents that the Ledger keeps are not what their owner stated, or are so again.</summary>
[MessageUrn("isf:ledger:copy-differs:v1")]
[EntityName("isf.ledger.copy-differs.v1")]
public sealed record CopyDiffers
{
    public required string HolderId { get; init; }
    public required Instant StatedAt { get; init; }
    public required IReadOnlyList<CopyDifference> Found { get; init; }
    /// <summary>Differences that were found earlier and are there no longer.</summary>
    public required IReadOnlyList<CopyDifference> Gone { get; init; }
}
