using System.Text.Json.Serialization;
using MassTransit;
using NodaTime;

// All messages that Statements publishes, about the statements of funds.
namespace Isf.Contracts.Statements;

/// <summary>A statement was issued; it never changes after this.</summary>
[MessageUrn("isf:statements:statement-issued:v1")]
[EntityName("isf.statements.statement-issued.v1")]
public sealed record StatementIssued
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string StatementId { get; init; }
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    public required long Position { get; init; }
    public required Instant IssuedAt { get; init; }
    public required long ClosingPence { get; init; }
}
