using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Plans;

/// <summary>Shows a fund's support plans, one or all, in their latest version.</summary>
public static class ShowPlans
{
    /// <summary>Why a plan is not shown.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such plan.")] UnknownPlan = 1,
    }

    /// <summary>A support plan in its latest version.</summary>
    /// <param name="PlanId">The id of the plan.</param>
    /// <param name="FundId">The fund.</param>
    /// <param name="Version">The number of the version, from 1.</param>
    /// <param name="From">The first day of this version; the days before it stay as they were planned.</param>
    /// <param name="To">Its last day; null if it lasts as long as its allocations.</param>
    /// <param name="Lines">The care to expect, line by line.</param>
    public sealed record Response(
        string PlanId, string FundId, int Version, LocalDate From, LocalDate? To, IReadOnlyList<PlanLine> Lines);

    /// <summary>Shows a plan in its latest version.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the plan.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string fundId, string id, HttpContext http, Session session, Caller caller)
    {
        await FundOfAsync(session, fundId, caller);
        return await session.LoadAsync<Plan>(id) is { } plan && plan.FundId == fundId
            ? IdempotentPut.Show(http, session.VersionOf<Plan>(id), ToJson(plan))
            : throw ProblemException.For(Refusal.UnknownPlan, $"Fund {fundId} has no plan {id}.");
    }

    /// <summary>Lists the plans of a fund in order of id, each in its latest version.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ItemPage<Response>> ListAsync(string fundId, Page page, Session session, Caller caller)
    {
        await FundOfAsync(session, fundId, caller);
        await page.CheckAfterAsync(async id => (await session.LoadAsync<Plan>(id))?.FundId == fundId);
        var plans = await session.Query<Plan>().Where(plan => plan.FundId == fundId)
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Page.Of([.. plans.Select(ToJson)], page.Limit, plan => plan.PlanId);
    }

    /// <summary>A plan as answered.</summary>
    internal static Response ToJson(Plan plan) =>
        new(plan.Id, plan.FundId, plan.Latest.Version, plan.Latest.From, plan.Latest.To, plan.Latest.Lines);

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
