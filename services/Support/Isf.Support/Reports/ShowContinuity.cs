using System.ComponentModel.DataAnnotations;
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
    /// <summary>Why a range is refused.</summary>
    public enum Refusal
    {
        [Problem(400, "The range of days cannot be read.")] BadRange = 1,
    }

    /// <summary>The continuity of a fund's care, line by line.</summary>
    /// <param name="FundId">The fund.</param>
    /// <param name="From">The first day.</param>
    /// <param name="To">The last day.</param>
    /// <param name="ToleranceMinutes">The minutes by which a visit may be late or short.</param>
    /// <param name="Items">The lines, in order of id.</param>
    /// <param name="Next">The id after which the next page begins (?after=); null on the last page.</param>
    public sealed record Response(string FundId, LocalDate From, LocalDate To, int ToleranceMinutes,
        IReadOnlyList<Item> Items, string? Next);

    /// <summary>The continuity of a line's visits.</summary>
    public sealed record Item
    {
        /// <summary>The line.</summary>
        public required string LineId { get; init; }

        /// <summary>The number of visits given.</summary>
        public required int Visits { get; init; }

        /// <summary>The number of workers who came.</summary>
        public required int Workers { get; init; }

        /// <summary>
        /// The number of visits by workers whom the person wants; null if the plan names no such worker.
        /// </summary>
        public required int? WantedVisits { get; init; }

        /// <summary>Their share of all visits in per cent, rounded down; null if the plan names no worker.</summary>
        public required int? WantedPercent { get; init; }

        /// <summary>The number of visits that began later than the tolerance allows.</summary>
        public required int LateVisits { get; init; }

        /// <summary>The minutes by which these visits were late, in all.</summary>
        public required long LateMinutes { get; init; }

        /// <summary>The number of visits that were shorter than the tolerance allows.</summary>
        public required int ShortVisits { get; init; }

        /// <summary>The person's minutes by which these visits were short, in all.</summary>
        public required long ShortMinutes { get; init; }
    }

    /// <summary>The days requested, or the refusal.</summary>
    public static Decision<CarePeriod, Refusal> Decide(LocalDate from, LocalDate to) =>
        to < from || new CarePeriod(from, to).Days > 366
            ? (Refusal.BadRange, "Ask for at most 366 days, the first not after the last.") : new CarePeriod(from, to);

    /// <summary>Shows how many workers came to a person, and how near to the planned time.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="from">The first day; 28 days in all by default.</param>
    /// <param name="to">The last day; today by default.</param>
    /// <param name="toleranceMinutes">The minutes by which a visit may be late or short; 15 by default.</param>
    public static async Task<IResult> GetAsync(string fundId, HttpContext http, Page page, Session session,
        Caller caller, IClock clock, string? from = null, string? to = null,
        [Range(0, 1500)] string? toleranceMinutes = null)
    {
        await ShowPlans.FundOfAsync(session, fundId, caller);
        var last = CareTables.To(to) ?? London.Today(clock);
        var first = CareTables.From(from) ?? last.PlusDays(-27);
        var tolerance = CareTables.Number(
            "toleranceMinutes", toleranceMinutes, OptionRefusal.BadToleranceMinutes, 15, 0, 1500);
        Decide(first, last).OrRefuse();
        var funds = await FundTable.CareAsync(session, [fundId]);
        var visits = await new VisitTable(session).OfFundAsync(fundId, first, last);
        var lines = Continuity.Measure(funds[fundId].Plans, visits, new(tolerance)).ToList();
        return await CareTables.RespondAsync(http, page, "continuity",
            (after, max) => Task.FromResult(lines.Where(line => string.CompareOrdinal(line.LineId, after) > 0)
                .Take(max).ToList()),
            line => line.LineId, ToItem, after => Task.FromResult(lines.Any(line => line.LineId == after)),
            shown => Task.FromResult(new Response(fundId, first, last, tolerance, shown.Items, shown.Next)));
    }

    private static Item ToItem(Continuity line) => new()
    {
        LineId = line.LineId,
        Visits = line.Visits,
        Workers = line.Workers,
        WantedVisits = line.ByPreferred,
        WantedPercent = line.PreferredPercent,
        LateVisits = line.LateVisits,
        LateMinutes = line.Late.Count,
        ShortVisits = line.ShortVisits,
        ShortMinutes = line.Short.Count,
    };
}
