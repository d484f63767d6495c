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
    public sealed record Response(
        string StatementId, string FundId, LocalDate From, LocalDate To, long IssuedPosition, long Position,
        long ClosingPence, long ClosingNowPence, long DifferencePence, IReadOnlyList<StatementBody.LineRow> Changes);

    /// <summary>Compares an issued statement with the facts known now.</summary>
    public static Response Compare(FundFacts facts, IReadOnlyList<Journal> journals, IssuedStatement issued)
    {
        var late = journals
            .Where(journal => journal.Position > issued.Position)
            .Where(journal => journal.EffectiveOn <= issued.To || journal.About <= issued.To).ToList();
        var (closing, _) = StatementBuilder.MoneyAt(facts, journals, issued.To);
        return new Response(
            issued.Id, issued.FundId, issued.From, issued.To, issued.Position, journals.Count, issued.ClosingPence,
            closing.Pence, closing.Pence - issued.ClosingPence,
            [.. Lines.OfCorrections(facts, late, journals, _ => true).Select(StatementBody.LineRow.From)]);
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
