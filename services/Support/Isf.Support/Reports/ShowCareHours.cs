using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Reports;

/// <summary>
/// Shows the hours of a holder, or of one provider, by line and week, with their sums, in pages or as CSV. The
/// figures are Support's own, from plans, visits and closed weeks; the hours of one fund are read from the Ledger
/// (api.md, hours).
/// </summary>
public static class ShowCareHours
{
    private const int DaysMax = 366;

    /// <summary>GET /v1/hours?from=&amp;to=</summary>
    public static Task<IResult> GetOfHolderAsync(HttpContext http, Page page, Session session, IClock clock) =>
        RespondAsync(http, page, session, clock, null);

    /// <summary>GET /v1/providers/{providerId}/hours?from=&amp;to=</summary>
    public static Task<IResult> GetOfProviderAsync(
        string providerId, HttpContext http, Page page, Session session, IClock clock) =>
        RespondAsync(http, page, session, clock, providerId);

    private static async Task<IResult> RespondAsync(
        HttpContext http, Page page, Session session, IClock clock, string? providerId)
    {
        var range = RangeOf(http, London.Today(clock));
        return await CareTables.RespondAsync(http, page, "hours",
            (after, max) => HoursTable.PageAsync(session, range, providerId, after, max), week => week.Id,
            week => new
            {
                week.WeekFrom, week.FundId, week.LineId, week.AllocationId, week.ProviderId, week.Visits,
                week.Hours.PlannedMinutes, week.Hours.ExtraMinutes, week.Hours.DeliveredMinutes,
                week.Hours.MissedMinutes, week.Hours.ChargedNotDeliveredMinutes, week.Hours.BankedMinutes,
                week.Hours.ReleasedMinutes, week.Hours.OutstandingMinutes, week.Hours.PersonMinutes,
            },
            after => Task.FromResult(HoursTable.IsWeek(after)),
            async () => new
            {
                providerId, range.From, range.To, totals = await HoursTable.TotalsAsync(session, range, providerId),
            });
    }

    // The range is widened to whole weeks, so that a week's plan and its outcome are counted together; by default it
    // is four weeks long.
    private static CarePeriod RangeOf(HttpContext http, LocalDate today)
    {
        var to = CarePeriod.MondayOf(CareTables.Day(http, "to") ?? today).PlusDays(6);
        var from = CarePeriod.MondayOf(CareTables.Day(http, "from") ?? to.PlusDays(-27));
        if (to < from)
            throw new ProblemException(400, "bad-range", "The range of days cannot be read.", "?to= is before ?from=.");
        var range = new CarePeriod(from, to);
        return range.Days <= DaysMax + 6 ? range : throw new ProblemException(
            400, "range-too-long", "The range of days is too long.", $"Ask for at most {DaysMax} days at a time.");
    }
}
