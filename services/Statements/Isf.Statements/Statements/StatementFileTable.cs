using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>The formats of a statement.</summary>
public enum Format { Json = 1, Html, Text }

/// <summary>
/// An issued statement: its period, its position in the journals, and the balances for the next statement. The rest of
/// its content is only in the bytes of its files.
/// </summary>
public sealed record IssuedStatement
{
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    public required long Position { get; init; }
    public required Instant IssuedAt { get; init; }
    public required long OpeningPence { get; init; }
    public required long ClosingPence { get; init; }
    public required long DueToDatePence { get; init; }
    public required long PaidToDatePence { get; init; }

    /// <summary>The balances from which the next statement continues.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public CarriedForward Carried =>
        new(To, Position, new Money(ClosingPence), new Money(DueToDatePence), new Money(PaidToDatePence));

    /// <summary>The stored fields of a statement, besides its bytes.</summary>
    public static IssuedStatement Create(Statement statement)
    {
        return new IssuedStatement
        {
            Id = statement.StatementId,
            FundId = statement.FundId,
            From = statement.From,
            To = statement.To,
            Position = statement.Position,
            IssuedAt = statement.IssuedAt,
            OpeningPence = statement.Opening.Pence,
            ClosingPence = statement.Closing.Pence,
            DueToDatePence = statement.Carried.DueToDate.Pence,
            PaidToDatePence = statement.Carried.PaidToDate.Pence,
        };
    }
}

/// <summary>
/// Stores the bytes of statements. They are written in the commit that issues a statement, and after that only read.
/// </summary>
internal static class StatementFileTable
{
    internal static void Save(Session session, string statementId, Format format, byte[] bytes) => session.Queue(
        "insert into pages (statement_id, format, bytes) values ($1, $2, $3)",
        statementId, NameOf(format), bytes);

    /// <summary>The bytes of a statement in a format; empty if no such statement was issued.</summary>
    internal static async Task<byte[]> LoadAsync(Session session, string statementId, Format format) =>
        (await session.RowsAsync<byte[]>(
            "select bytes from pages where statement_id = $1 and format = $2",
            statementId, NameOf(format)))
        .SingleOrDefault() ?? [];

    internal static string TypeOf(Format format) => format switch
    {
        Format.Html => "text/html; charset=utf-8",
        Format.Text => "text/plain; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };

    private static string NameOf(Format format) => format switch
    {
        Format.Html => "html",
        Format.Text => "txt",
        _ => "json",
    };
}
