using Isf.Contracts.Funds;
using MassTransit;
using NodaTime;

// How Support states its own documents, and how its copies of Funds' documents compare with what Funds states.
namespace Isf.Contracts.Support;

/// <summary>The content of Support's plans at a moment: all plans of some funds.</summary>
[MessageUrn("isf:support:documents-stated:v1")]
[EntityName("isf.support.documents-stated.v1")]
public sealed record DocumentsStated
{
    public required string HolderId { get; init; }
    public required Instant StatedAt { get; init; }
    /// <summary>The funds whose plans are stated.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }
    public required IReadOnlyList<DocumentFields> Fields { get; init; }
    public required IReadOnlyList<StatedDocument> Documents { get; init; }
}

/// <summary>Copies of documents that Support keeps differ from what their owner stated, or agree again.</summary>
[MessageUrn("isf:support:copy-differs:v1")]
[EntityName("isf.support.copy-differs.v1")]
public sealed record CopyDiffers
{
    public required string HolderId { get; init; }
    public required Instant StatedAt { get; init; }
    public required IReadOnlyList<CopyDifference> Found { get; init; }
    /// <summary>Differences that were found earlier and are gone.</summary>
    public required IReadOnlyList<CopyDifference> Gone { get; init; }
}

/// <summary>
/// One field of a copy, or its version (field “version”) where the whole copy is behind its owner or ahead.
/// </summary>
public sealed record CopyDifference(
    string? FundId, string Kind, string Id, string Field, int StatedVersion, int CopyVersion);
