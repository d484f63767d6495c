using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Statements.Access;
using Isf.Statements.Domain;
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
        /// <summary>The id of the statement.</summary>
        public required string StatementId { get; init; }
        /// <summary>The fund.</summary>
        public required string FundId { get; init; }
        /// <summary>The first day of its period.</summary>
        public required LocalDate From { get; init; }
        /// <summary>The last day of its period.</summary>
        public required LocalDate To { get; init; }
        /// <summary>The number of journals that the statement counts.</summary>
        public required long IssuedPosition { get; init; }
        /// <summary>The number of journals now.</summary>
        public required long Position { get; init; }
        /// <summary>The closing balance as issued.</summary>
        public required long ClosingPence { get; init; }
        /// <summary>The closing balance as it would be now.</summary>
        public required long ClosingNowPence { get; init; }
        /// <summary>The balance as it would be now, less the one issued.</summary>
        public required long DifferencePence { get; init; }
        /// <summary>A line for each change.</summary>
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

    /// <summary>Shows the changes since a statement was issued, up to its last day.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the statement.</param>
    public static async Task<Response> GetAsync(
        string fundId, string id, Caller caller, Session session, IClock clock)
    {
        var fund = await StatementAccess.FundAsync(session, caller, fundId, clock);
        var issued = await ShowStatement.FindAsync(session, fundId, id);
        var (facts, journals) = await StatementAccess.AllAsync(session, fund);
        return Compare(facts, journals, issued);
    }
}
