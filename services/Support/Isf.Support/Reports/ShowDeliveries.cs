using System.ComponentModel.DataAnnotations;
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
    /// <summary>The lines whose given care is far from the plan.</summary>
    /// <param name="To">The last day of the latest period, a Sunday.</param>
    /// <param name="Weeks">The number of weeks of a period.</param>
    /// <param name="Periods">The number of periods.</param>
    /// <param name="Items">The lines, in order of fund and line.</param>
    /// <param name="Next">The id after which the next page begins (?after=); null on the last page.</param>
    public sealed record Response(LocalDate To, int Weeks, int Periods, IReadOnlyList<Item> Items, string? Next);

    /// <summary>The planned and given care of a line in each period, the latest one first.</summary>
    /// <param name="FundId">The fund.</param>
    /// <param name="LineId">The line of the plan.</param>
    /// <param name="Unit">What is counted: minutes, or visits if their price has no minutes.</param>
    /// <param name="Planned">The units planned in each period.</param>
    /// <param name="Delivered">The units given in each period.</param>
    /// <param name="Percent">The share of the plan that was given, rounded down; null without a plan.</param>
    public sealed record Item(string FundId, string LineId, string Unit, IReadOnlyList<long> Planned,
        IReadOnlyList<long> Delivered, IReadOnlyList<long?> Percent);

    /// <summary>
    /// Lists the lines with less than a percentage of the plan in each of the last periods, in pages or all as CSV.
    /// </summary>
    /// <param name="to">A day; the last period ends on the last Sunday up to it, before today by default.</param>
    /// <param name="weeks">The number of weeks of a period; 4 by default.</param>
    /// <param name="periods">The number of periods; 2 by default.</param>
    /// <param name="percent">The percentage of the plan; 85 by default.</param>
    public static Task<IResult> GetUnderAsync(
        HttpContext http, Page page, Session session, IClock clock, string? to = null,
        [Range(1, 13)] string? weeks = null, [Range(1, 13)] string? periods = null,
        [Range(1, 100)] string? percent = null)
    {
        var length = CareTables.Weeks(weeks, 13);
        var stretches = CareTables.Number("periods", periods, OptionRefusal.BadPeriods, 2, 1, 13);
        var least = CareTables.Number("percent", percent, OptionRefusal.BadPercent, 85, 1, 100);
        return RespondAsync(http, page, session, SundayOf(to, clock), length, stretches,
            line => DeliveryChecks.IsUnder(line.Planned, line.Delivered, stretches, least));
    }

    /// <summary>
    /// Lists the lines with planned care but no visit given in the last weeks, in pages or all as CSV.
    /// </summary>
    /// <param name="to">A day; the weeks end on the last Sunday up to it, before today by default.</param>
    /// <param name="weeks">The number of weeks; 4 by default.</param>
    public static Task<IResult> GetNoneAsync(HttpContext http, Page page, Session session, IClock clock,
        string? to = null, [Range(1, 52)] string? weeks = null)
    {
        var length = CareTables.Weeks(weeks, 52);
        return RespondAsync(http, page, session, SundayOf(to, clock), length, 1,
            line => DeliveryChecks.IsNone(line.Planned, line.Visits));
    }

    /// <summary>
    /// Lists the lines with more than a percentage of the plan in the last weeks, in pages or all as CSV.
    /// </summary>
    /// <param name="to">A day; the weeks end on the last Sunday up to it, before today by default.</param>
    /// <param name="weeks">The number of weeks; 4 by default.</param>
    /// <param name="percent">The percentage of the plan; 115 by default.</param>
    public static Task<IResult> GetOverAsync(HttpContext http, Page page, Session session, IClock clock,
        string? to = null, [Range(1, 52)] string? weeks = null, [Range(100, 1000)] string? percent = null)
    {
        var most = CareTables.Number("percent", percent, OptionRefusal.BadPercent, 115, 100, 1000);
        var length = CareTables.Weeks(weeks, 52);
        return RespondAsync(http, page, session, SundayOf(to, clock), length, 1,
            line => DeliveryChecks.IsOver(line.Planned, line.Delivered, most));
    }

    // Only whole weeks count, up to the last Sunday that is not after ?to= or, without ?to=, the last Sunday before
    // today.
    private static LocalDate SundayOf(string? to, IClock clock) =>
        CarePeriod.MondayOf(CareTables.To(to)?.PlusDays(1) ?? London.Today(clock)).PlusDays(-1);

    private static Task<IResult> RespondAsync(HttpContext http, Page page, Session session, LocalDate to, int weeks,
        int stretches, Func<LineDelivery, bool> isOne) =>
        CareTables.RespondAsync(http, page, "deliveries",
            (after, max) => HoursTable.DeliveriesAsync(session, to, weeks, stretches, isOne, after, max),
            line => line.Id,
            line => new Item(line.FundId, line.LineId, line.Unit, line.Planned, line.Delivered,
                [.. line.Planned.Zip(line.Delivered, DeliveryChecks.Percent)]),
            after => Task.FromResult(HoursTable.IsDelivery(after)),
            lines => Task.FromResult(new Response(to, weeks, stretches, lines.Items, lines.Next)));
}
