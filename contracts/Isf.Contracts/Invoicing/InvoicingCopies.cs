using Isf.Contracts.Support;
using MassTransit;
using NodaTime;

// How Invoicing's copies of Funds' documents compare with what Funds states.
namespace Isf.Contracts.Invoicing;

/// <summary>Copies of documents that Invoicing keeps differ from what their owner stated, or agree again.</summary>
[MessageUrn("isf:invoicing:copy-differs:v1")]
[EntityName("isf.invoicing.copy-differs.v1")]
public sealed record CopyDiffers
{
    public required string HolderId { get; init; }
    public required Instant StatedAt { get; init; }
    public required IReadOnlyList<CopyDifference> Found { get; init; }
    /// <summary>Differences that were found earlier and are gone.</summary>
    public required IReadOnlyList<CopyDifference> Gone { get; init; }
}
