using System.Text.Json.Serialization;
using Isf.Contracts.Funds;
using MassTransit;
using NodaTime;

// The messages by which Support states its own documents, and tells which of its copies of Funds' documents differ.
namespace Isf.Contracts.Support;

/// <summary>Support states the content of all plans of some funds, as it is at StatedAt.</summary>
[MessageUrn("isf:support:documents-stated:v1")]
[EntityName("isf.support.documents-stated.v1")]
public sealed record DocumentsStated
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required Instant StatedAt { get; init; }
    /// <summary>The funds whose plans are stated.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }
    public required IReadOnlyList<DocumentFields> Fields { get; init; }
    public required IReadOnlyList<StatedDocument> Documents { get; init; }
}

/// <summary>
/// Support's copies of documents differ from what the documents' owner stated, or agree with it again.
/// </summary>
[MessageUrn("isf:support:copy-differs:v1")]
[EntityName("isf.support.copy-differs.v1")]
public sealed record CopyDiffers
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required Instant StatedAt { get; init; }
    public required IReadOnlyList<CopyDifference> Found { get; init; }
    /// <summary>Differences that were found earlier and are gone.</summary>
    public required IReadOnlyList<CopyDifference> Gone { get; init; }
}

/// <summary>
/// A field of a copy that differs. The field is “version” if the whole copy is older or newer than its owner's
/// document, or if one of the two is missing.
/// </summary>
public sealed record CopyDifference(
    string? FundId, string Kind, string Id, string Field, int StatedVersion, int CopyVersion);
