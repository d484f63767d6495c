using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Domain;
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

    /// <summary>Why a range is refused, in order.</summary>
    public enum Refusal
    {
        [Problem(400, "The range of days cannot be read.")] BadRange = 1,
        [Problem(400, "The range of days is too long.")] RangeTooLong = 2,
    }

    /// <summary>The hours of a holder or a provider, by line and week, with their sums.</summary>
    /// <param name="ProviderId">The provider; null for all providers of the holder.</param>
    /// <param name="From">The first day, a Monday.</param>
    /// <param name="To">The last day, a Sunday.</param>
    /// <param name="Totals">The sums of all lines and weeks, those of other pages included.</param>
    /// <param name="Items">The weeks of lines, in order of fund, line and week.</param>
    /// <param name="Next">The id after which the next page begins (?after=); null on the last page.</param>
    public sealed record Response(string? ProviderId, LocalDate From, LocalDate To, CareHours Totals,
        IReadOnlyList<Item> Items, string? Next);

    /// <summary>The hours of one line in one week.</summary>
    public sealed record Item : CareHours
    {
        /// <summary>Shows the hours with their line and week.</summary>
        internal Item(LineHours week) : base(week.Hours) => (WeekFrom, FundId, LineId, AllocationId, ProviderId, Visits)
            = (week.WeekFrom, week.FundId, week.LineId, week.AllocationId, week.ProviderId, week.Visits);

        /// <summary>The Monday.</summary>
        public LocalDate WeekFrom { get; init; }

        /// <summary>The fund.</summary>
        public string FundId { get; init; }

        /// <summary>The line of the plan.</summary>
        public string LineId { get; init; }

        /// <summary>The allocation that pays for it; null if no plan has the line any more.</summary>
        public string? AllocationId { get; init; }

        /// <summary>The provider that is paid; null if it is not known.</summary>
        public string? ProviderId { get; init; }

        /// <summary>The number of visits given.</summary>
        public long Visits { get; init; }
    }

    /// <summary>Shows the hours of the holder by line and week, in pages or all as CSV.</summary>
    /// <param name="from">A day of the first week; four weeks in all by default.</param>
    /// <param name="to">A day of the last week; this week by default.</param>
    public static Task<IResult> GetOfHolderAsync(HttpContext http, Page page, Session session, IClock clock,
        string? from = null, string? to = null) => RespondAsync(http, page, session, RangeOf(from, to, clock), null);

    /// <summary>Shows the hours of a provider by line and week, in pages or all as CSV.</summary>
    /// <param name="providerId">The provider.</param>
    /// <param name="from">A day of the first week; four weeks in all by default.</param>
    /// <param name="to">A day of the last week; this week by default.</param>
    public static Task<IResult> GetOfProviderAsync(string providerId, HttpContext http, Page page, Session session,
        IClock clock, string? from = null, string? to = null) =>
        RespondAsync(http, page, session, RangeOf(from, to, clock), providerId);

    private static Task<IResult> RespondAsync(
        HttpContext http, Page page, Session session, CarePeriod range, string? providerId) =>
        CareTables.RespondAsync(http, page, "hours",
            (after, max) => HoursTable.PageAsync(session, range, providerId, after, max), week => week.Id,
            week => new Item(week), after => Task.FromResult(HoursTable.IsWeek(after)),
            async weeks => new Response(providerId, range.From, range.To!.Value,
                await HoursTable.TotalsAsync(session, range, providerId), weeks.Items, weeks.Next));

    /// <summary>The whole weeks requested, or the refusal.</summary>
    public static Decision<CarePeriod, Refusal> Decide(LocalDate from, LocalDate to)
    {
        if (to < from)
            return (Refusal.BadRange, "?to= is before ?from=.");
        var range = new CarePeriod(from, to);
        return range.Days <= DaysMax + 6
            ? range : (Refusal.RangeTooLong, $"Ask for at most {DaysMax} days at a time.");
    }

    // The range is widened to whole weeks, so that a week's plan and its outcome are counted together; by default it
    // is four weeks long.
    private static CarePeriod RangeOf(string? first, string? last, IClock clock)
    {
        var to = CarePeriod.MondayOf(CareTables.To(last) ?? London.Today(clock)).PlusDays(6);
        var from = CarePeriod.MondayOf(CareTables.From(first) ?? to.PlusDays(-27));
        return Decide(from, to).OrRefuse();
    }
}
