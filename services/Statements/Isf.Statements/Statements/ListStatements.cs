using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Statements.Access;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>Lists a fund's statements, the oldest first. Source: api.md, Statements.</summary>
public static class ListStatements
{
    /// <summary>
    /// A statement in the list: its period, its position in the journals, and its opening and closing balances.
    /// </summary>
    public sealed record Item(
        string StatementId, string FundId, LocalDate From, LocalDate To, long Position, Instant IssuedAt,
        long OpeningPence, long ClosingPence);

    public static async Task<IResult> GetAsync(
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
        return Results.Json(Page.Of([.. items], page.Limit, item => item.StatementId), IsfJson.Options);
    }
}
