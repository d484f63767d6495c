using System.Text.Json.Serialization;
using MassTransit;
using NodaTime;

// The messages by which Funds' documents are compared with their copies. Each night Funds publishes a hash of every
// field of the documents that other services copy, and each of those services compares its own copies.
namespace Isf.Contracts.Funds;

/// <summary>
/// Funds states the content of documents that other services copy, as it is at StatedAt. A message has the documents of
/// some funds, or documents that belong to no single fund (people, providers, the holder's settings).
/// </summary>
[MessageUrn("isf:funds:documents-stated:v1")]
[EntityName("isf.funds.documents-stated.v1")]
public sealed record DocumentsStated
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required Instant StatedAt { get; init; }
    /// <summary>The funds whose documents are stated; empty if the documents belong to no single fund.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }
    public required IReadOnlyList<DocumentFields> Fields { get; init; }
    public required IReadOnlyList<StatedDocument> Documents { get; init; }
}

/// <summary>
/// The names of the fields of one kind of document, in the order of the hashes in <see cref="StatedDocument"/>.
/// </summary>
public sealed record DocumentFields(string Kind, IReadOnlyList<string> Names);

/// <summary>
/// The version of one document, and the hashes of its fields. The hash of a field is the first 8 bytes of the SHA-256
/// of its canonical JSON, or 8 zero bytes if the field is empty. The hashes are joined and written in base 64.
/// </summary>
public sealed record StatedDocument(string? FundId, string Kind, string Id, int Version, string Hashes);

/// <summary>A scheduled run of Funds was requested, by the clock or by hand. Funds publishes this to itself.</summary>
[MessageUrn("isf:funds:funds-run-asked:v1")]
[EntityName("isf.funds.funds-run-asked.v1")]
public sealed record FundsRunAsked
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    /// <summary>The schedule's name: state-documents.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>
    /// The night or hour of a scheduled run, or asked-1, asked-2 … for a run by hand. A schedule runs once for each
    /// AskedBy.
    /// </summary>
    public required string AskedBy { get; init; }
}
