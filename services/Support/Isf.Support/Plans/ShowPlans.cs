using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Support.Domain;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Plans;

/// <summary>Shows a fund's support plans, one or all, in their latest version.</summary>
public static class ShowPlans
{
    /// <summary>A plan as returned: its latest version.</summary>
    public static object ToJson(Plan plan)
    {
        return new
        {
            planId = plan.Id, fundId = plan.FundId, version = plan.Latest.Version,
            from = plan.Latest.From, to = plan.Latest.To, lines = plan.Latest.Lines,
        };
    }

    /// <summary>GET /v1/funds/{fundId}/plans/{id}</summary>
    public static async Task<IResult> GetAsync(string fundId, string id, HttpContext http, Session session,
        Caller caller)
    {
        await FundOfAsync(session, fundId, caller);
        return await session.LoadAsync<Plan>(id) is { } plan && plan.FundId == fundId
            ? IdempotentPut.Show(http, session.VersionOf<Plan>(id), ToJson(plan))
            : throw new ProblemException(404, "unknown-plan", "There is no such plan.",
                $"Fund {fundId} has no plan {id}.");
    }

    /// <summary>GET /v1/funds/{fundId}/plans</summary>
    public static async Task<IResult> ListAsync(string fundId, Page page, Session session, Caller caller)
    {
        await FundOfAsync(session, fundId, caller);
        await page.CheckAfterAsync(async id => (await session.LoadAsync<Plan>(id))?.FundId == fundId);
        var plans = await session.Query<Plan>().Where(plan => plan.FundId == fundId)
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Results.Json(Page.Of([.. plans.Select(ToJson)], page.Limit, _ => plans[page.Limit - 1].Id),
            IsfJson.Options);
    }

    /// <summary>The fund; throws if there is none or this caller may not see it.</summary>
    internal static async Task<Fund> FundOfAsync(Session session, string fundId, Caller caller) =>
        await VisibleAsync(session, fundId, caller) ?? throw ProblemException.UnknownFund(fundId);

    /// <summary>
    /// The fund if it exists and this caller may see it, else null. A supporter may see it by a consent to see
    /// visits.
    /// </summary>
    internal static async Task<Fund?> VisibleAsync(Session session, string fundId, Caller caller) =>
        await session.LoadAsync<Fund>(fundId) is { } fund && (caller.MaySee(fund.CouncilId, fund.PersonId)
            || await Consents.LetAsync(session, caller, fundId, Consents.Visits)) ? fund : null;
}
