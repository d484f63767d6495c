using Isf.Hosting;
using Isf.Statements.Persistence;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Statements.Features;

/// <summary>Lists a fund's statements, the oldest first. Source: api.md, Statements.</summary>
public static class ListStatements
{
    /// <summary>A statement in the list: its period, what it saw and its ends.</summary>
    public sealed record Item(
        string StatementId, string FundId, LocalDate From, LocalDate To, long Position, Instant IssuedAt,
        long OpeningPence, long ClosingPence);

    public static async Task<IResult> HandleAsync(
        string fundId, Page page, Caller caller, Session session, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(session);
        await Readers.FundAsync(session, caller, fundId, clock);
        ArgumentNullException.ThrowIfNull(page);
        await page.CheckAfterAsync(async id => (await session.LoadAsync<IssuedStatement>(id))?.FundId == fundId);
        // Statements of a fund follow one another, so the order of their days is the order in which they were issued.
        var issued = await session.QueryAsync<IssuedStatement>("""
            fund_id = $1 and from_on > coalesce(
              (select after.from_on from mt_doc_issuedstatement after
               where after.tenant_id = current_setting('isf.holder') and after.id = $2
                 and after.fund_id = $1), '')
            order by from_on limit $3
            """, fundId, page.After ?? "", page.Limit + 1);
        var items = issued.Select(one => new Item(
            one.Id, one.FundId, one.From, one.To, one.Position, one.IssuedAt, one.OpeningPence, one.ClosingPence));
        return Results.Json(Page.Of([.. items], page.Limit, item => item.StatementId), IsfJson.Options);
    }
}
