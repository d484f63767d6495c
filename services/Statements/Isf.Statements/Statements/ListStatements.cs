using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Statements.Access;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>Lists a fund's statements, the oldest first. Source: api.md, Statements.</summary>
public static class ListStatements
{
    /// <summary>A statement in the list.</summary>
    /// <param name="StatementId">The id of the statement.</param>
    /// <param name="FundId">The fund.</param>
    /// <param name="From">The first day of its period.</param>
    /// <param name="To">The last day of its period.</param>
    /// <param name="Position">The number of journals that it counts.</param>
    /// <param name="IssuedAt">When it was issued.</param>
    /// <param name="OpeningPence">The money held before its first day.</param>
    /// <param name="ClosingPence">The money held at the end of its last day.</param>
    public sealed record Item(
        string StatementId, string FundId, LocalDate From, LocalDate To, long Position, Instant IssuedAt,
        long OpeningPence, long ClosingPence);

    /// <summary>Lists a fund's statements, the oldest first.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ItemPage<Item>> GetAsync(
        string fundId, Page page, Caller caller, Session session, IClock clock)
    {
        await StatementAccess.FundAsync(session, caller, fundId, clock);
        await page.CheckAfterAsync(async id => (await session.LoadAsync<IssuedStatement>(id))?.FundId == fundId);
        // A fund's statements follow one another, so the order of their days is the order of issue.
        var ofFund = session.Query<IssuedStatement>().Where(statement => statement.FundId == fundId);
        var last = page.After is null ? null : await session.LoadAsync<IssuedStatement>(page.After);
        var issued = await (last?.FundId == fundId ? ofFund.Where(statement => statement.From > last.From) : ofFund)
            .OrderBy(statement => statement.From).Take(page.Limit + 1).ToListAsync();
        var items = issued.Select(statement => new Item(
            statement.Id, statement.FundId, statement.From, statement.To, statement.Position, statement.IssuedAt,
            statement.OpeningPence, statement.ClosingPence));
        return Page.Of([.. items], page.Limit, item => item.StatementId);
    }
}
