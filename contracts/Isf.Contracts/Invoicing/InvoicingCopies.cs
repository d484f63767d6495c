using System.Text.Json.Serialization;
using Isf.Contracts.Support;
using MassTransit;
using NodaTime;

// The message about Invoicing's copies of Funds' documents that differ from what Funds stated.
namespace Isf.Contracts.Invoicing;

/// <summary>
/// Invoicing's copies of documents differ from what the documents' owner stated, or agree with it again.
/// </summary>
[MessageUrn("isf:invoicing:copy-differs:v1")]
[EntityName("isf.invoicing.copy-differs.v1")]
public sealed record CopyDiffers
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required Instant StatedAt { get; init; }
    public required IReadOnlyList<CopyDifference> Found { get; init; }
    /// <summary>Differences that were found earlier and are gone.</summary>
    public required IReadOnlyList<CopyDifference> Gone { get; init; }
}
