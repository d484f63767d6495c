using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Statements.Access;
using Isf.Statements.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>
/// Shows the changes since a statement was issued: every journal recorded later that counts on, or is about, a day up
/// to the statement's last. The statement stays as it was; the next one includes the changes. Source: api.md,
/// Statements.
/// </summary>
public static class ShowSince
{
    /// <summary>
    /// The issued figures, the figures as they would be now, and a line for each change between them.
    /// </summary>
    public sealed record Response
    {
        public required string StatementId { get; init; }
        public required string FundId { get; init; }
        public required LocalDate From { get; init; }
        public required LocalDate To { get; init; }
        public required long IssuedPosition { get; init; }
        public required long Position { get; init; }
        public required long ClosingPence { get; init; }
        public required long ClosingNowPence { get; init; }
        public required long DifferencePence { get; init; }
        public required IReadOnlyList<StatementBody.LineRow> Changes { get; init; }
    }

    /// <summary>Compares an issued statement with the facts known now.</summary>
    public static Response Compare(FundFacts facts, IReadOnlyList<Journal> journals, IssuedStatement issued)
    {
        var late = journals
            .Where(journal => journal.Position > issued.Position)
            .Where(journal => journal.EffectiveOn <= issued.To || journal.About <= issued.To).ToList();
        var (closing, _) = StatementBuilder.MoneyAt(facts, journals, issued.To);
        return new Response
        {
            StatementId = issued.Id,
            FundId = issued.FundId,
            From = issued.From,
            To = issued.To,
            IssuedPosition = issued.Position,
            Position = journals.Count,
            ClosingPence = issued.ClosingPence,
            ClosingNowPence = closing.Pence,
            DifferencePence = closing.Pence - issued.ClosingPence,
            Changes = [.. Lines.OfCorrections(facts, late, journals, _ => true).Select(StatementBody.LineRow.From)],
        };
    }

    public static async Task<IResult> GetAsync(
        string fundId, string id, Caller caller, Session session, IClock clock)
    {
        var fund = await StatementAccess.FundAsync(session, caller, fundId, clock);
        var issued = await ShowStatement.FindAsync(session, fundId, id);
        var (facts, journals) = await StatementAccess.AllAsync(session, fund);
        return Results.Json(Compare(facts, journals, issued), IsfJson.Options);
    }
}
