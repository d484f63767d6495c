using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Reports;

/// <summary>
/// Shows the lines whose given care is far from the plan: too little in several periods, none for weeks, or too much.
/// Care is counted in minutes, or in visits if their price has no minutes. The list is in pages or CSV. A difference
/// may be the person's choice or the provider's failure, so somebody should ask (domain.md §6).
/// </summary>
public static class ShowDeliveries
{
    /// <summary>
    /// GET /v1/deliveries/under lists the lines with less than ?percent=85 of the plan in each of the last ?periods=2
    /// periods of ?weeks=4 weeks.
    /// </summary>
    public static Task<IResult> GetUnderAsync(HttpContext http, Page page, Session session, IClock clock)
    {
        var (weeks, stretches, percent) = (CareTables.Number(http, "weeks", 4, 1, 13),
            CareTables.Number(http, "periods", 2, 1, 13), CareTables.Number(http, "percent", 85, 1, 100));
        return RespondAsync(http, page, session, clock, weeks, stretches,
            line => DeliveryChecks.IsUnder(line.Planned, line.Delivered, stretches, percent));
    }

    /// <summary>
    /// GET /v1/deliveries/none lists the lines with planned care but no visit given in the last ?weeks=4 weeks.
    /// </summary>
    public static Task<IResult> GetNoneAsync(HttpContext http, Page page, Session session, IClock clock) =>
        RespondAsync(http, page, session, clock, CareTables.Number(http, "weeks", 4, 1, 52), 1,
            line => DeliveryChecks.IsNone(line.Planned, line.Visits));

    /// <summary>
    /// GET /v1/deliveries/over lists the lines with more than ?percent=115 of the plan in the last ?weeks=4 weeks.
    /// </summary>
    public static Task<IResult> GetOverAsync(HttpContext http, Page page, Session session, IClock clock)
    {
        var percent = CareTables.Number(http, "percent", 115, 100, 1000);
        return RespondAsync(http, page, session, clock, CareTables.Number(http, "weeks", 4, 1, 52), 1,
            line => DeliveryChecks.IsOver(line.Planned, line.Delivered, percent));
    }

    private static async Task<IResult> RespondAsync(
        HttpContext http, Page page, Session session, IClock clock, int weeks, int stretches,
        Func<LineDelivery, bool> isOne)
    {
        // Only whole weeks count, up to the last Sunday that is not after ?to= or, without ?to=, the last Sunday
        // before today.
        var to = CarePeriod.MondayOf(CareTables.Day(http, "to")?.PlusDays(1) ?? London.Today(clock)).PlusDays(-1);
        return await CareTables.RespondAsync(http, page, "deliveries",
            (after, max) => HoursTable.DeliveriesAsync(session, to, weeks, stretches, isOne, after, max),
            line => line.Id,
            line => new
            {
                line.FundId, line.LineId, line.Unit, line.Planned, line.Delivered,
                percent = line.Planned.Zip(line.Delivered)
                    .Select(both => DeliveryChecks.Percent(both.First, both.Second)),
            },
            after => Task.FromResult(HoursTable.IsDelivery(after)),
            () => Task.FromResult<object>(new { to, weeks, periods = stretches }));
    }
}
