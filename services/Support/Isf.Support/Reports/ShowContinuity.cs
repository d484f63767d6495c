using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Plans;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Reports;

/// <summary>
/// Shows for each line of a fund how many workers came, how often a worker whom the person wants came, and how many
/// visits began late or were short by more than a tolerance.
/// </summary>
public static class ShowContinuity
{
    /// <summary>
    /// GET /v1/funds/{fundId}/continuity?from=&amp;to=&amp;toleranceMinutes= covers the last 28 days with a tolerance
    /// of 15 minutes by default.
    /// </summary>
    public static async Task<IResult> GetAsync(
        string fundId, HttpContext http, Page page, Session session, Caller caller, IClock clock)
    {
        await ShowPlans.FundOfAsync(session, fundId, caller);
        var to = CareTables.Day(http, "to") ?? London.Today(clock);
        var from = CareTables.Day(http, "from") ?? to.PlusDays(-27);
        var tolerance = CareTables.Number(http, "toleranceMinutes", 15, 0, 1500);
        if (to < from || new CarePeriod(from, to).Days > 366)
        {
            throw new ProblemException(400, "bad-range", "The range of days cannot be read.",
                "Ask for at most 366 days, the first not after the last.");
        }
        var funds = await FundTable.CareAsync(session, [fundId]);
        var visits = await new VisitTable(session).OfFundAsync(fundId, from, to);
        var lines = Continuity.Measure(funds[fundId].Plans, visits, new(tolerance)).ToList();
        return await CareTables.RespondAsync(http, page, "continuity",
            (after, max) => Task.FromResult(lines.Where(line => string.CompareOrdinal(line.LineId, after) > 0)
                .Take(max).ToList()),
            line => line.LineId,
            line => new
            {
                line.LineId, line.Visits, line.Workers, wantedVisits = line.ByPreferred,
                wantedPercent = line.PreferredPercent, line.LateVisits, lateMinutes = line.Late.Count, line.ShortVisits,
                shortMinutes = line.Short.Count,
            },
            after => Task.FromResult(lines.Any(line => line.LineId == after)),
            () => Task.FromResult<object>(new { fundId, from, to, toleranceMinutes = tolerance }));
    }
}
