using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>A visit on a bill, with the list that prices it and the line of the plan that it belongs to.</summary>
public readonly record struct BillLine(CompiledPriceList List, VisitToPrice Visit, string LineId = "");

/// <summary>
/// The cost of a visit on a bill, which consists of the visit's own price and the amount that the visit adds to the
/// bill, part by part.
/// </summary>
/// <param name="Price">The visit's price after a set-off, not yet rounded by the bill.</param>
/// <param name="Parts">The amount that each part adds, in the order of the price's parts.</param>
/// <param name="Shortfall">
/// The amount that a least charge adds to the visit; zero unless the visit is the last charged one of its day or week.
/// </param>
/// <param name="MinutesMax">
/// The week's planned minutes that a set-off left for each of the visit's carers; null without a set-off.
/// </param>
public sealed record BilledVisit(
    VisitPrice Price, IReadOnlyList<Money> Parts, Money Shortfall, long? MinutesMax = null)
{
    /// <summary>The amount that the visit adds to the bill.</summary>
    public Money Amount => Money.Sum(Parts) + Shortfall;
}

/// <summary>
/// The cost of visits together. It can differ from the sum of their prices, because a weekly set-off, a least charge
/// and a rounding by invoice depend on more than one visit. The parts sum to the visits and the visits to the bill.
/// Pure. Source: api.md, price list; domain.md §4.4.
/// </summary>
/// <param name="Visits">The visits, in the order of the given lines.</param>
/// <param name="SetOff">The sum of the visits' prices after set-offs, less the sum of their prices one by one.</param>
/// <param name="Shortfall">The amount that least charges add.</param>
/// <param name="Rounding">
/// The amount that rounding the whole once adds to the bill, compared with rounding each visit; below zero if it lowers
/// the bill.
/// </param>
public sealed record Bill(IReadOnlyList<BilledVisit> Visits, Money SetOff, Money Shortfall, Money Rounding)
{
    /// <summary>The total of all visits.</summary>
    public Money Total => Money.Sum(Visits.Select(visit => visit.Amount));

    /// <summary>Prices the visits together.</summary>
    /// <param name="lines">The visits.</param>
    /// <param name="planned">
    /// Returns the planned carer-minutes of a line in the week from a Monday, or null if that plan is not known. If the
    /// function is null or returns null, the visits' own planned minutes count.
    /// </param>
    public static Bill Build(IReadOnlyList<BillLine> lines, Func<string, LocalDate, long?>? planned = null)
    {
        var prices = lines.Select(line => VisitPricing.Price(line.List, line.Visit)).ToArray();
        var alone = Money.Sum(prices.Select(price => price.Amount));
        var max = new long?[prices.Length];
        SetOffWeeks(lines, prices, max, planned);
        var together = Money.Sum(prices.Select(price => price.Amount));
        var visits = Added(lines, prices, Shortfalls(lines, prices), max);
        var shortfall = Money.Sum(visits.Select(visit => visit.Shortfall));
        var total = Money.Sum(visits.Select(visit => visit.Amount));
        return new(visits, together - alone, shortfall, total - shortfall - together);
    }

    /// <summary>
    /// Sets, for each delivered visit priced by the mile, the miles that its worker had driven before it in the same
    /// tax year. Miles without a known worker are not added up.
    /// </summary>
    /// <param name="lines">The visits, in any order.</param>
    /// <param name="before">The miles of a worker in a tax year before all these visits, in hundredths.</param>
    public static BillLine[] WithMilesBefore(IReadOnlyList<BillLine> lines, Func<string, int, long> before)
    {
        var withMiles = lines.ToArray();
        var driven = new Dictionary<(string Worker, int Year), long>();
        var days = lines.Select(line => Days.Dated(WallTime.From(line.Visit).Day)).ToArray();
        foreach (var i in InOrder(lines, days))
        {
            var visit = lines[i].Visit;
            if (visit is { Miles: { } miles, WorkerId: not null } && lines[i].List.UnitOf(visit) == PriceUnit.Mile
                && visit.Outcome == VisitToPrice.Delivered)
            {
                var year = (Worker: visit.WorkerId, Year: VisitPricing.TaxYearOf(days[i]));
                var reached = driven.TryGetValue(year, out var sum) ? sum : before(year.Worker, year.Year);
                withMiles[i] = lines[i] with { Visit = visit with { MilesBeforeHundredths = reached } };
                driven[year] = reached + UnitPricing.Hundredths(miles);
            }
        }
        return withMiles;
    }

    private static IEnumerable<int> InOrder(IReadOnlyList<BillLine> lines, VisitPrice[] prices) =>
        InOrder(lines, Array.ConvertAll(prices, price => price.On));

    private static IEnumerable<int> InOrder(IReadOnlyList<BillLine> lines, LocalDate[] days) =>
        Enumerable.Range(0, lines.Count).OrderBy(i => days[i]).ThenBy(i => lines[i].Visit.Moment ?? Instant.MinValue);

    /// <summary>
    /// Charges a line's week at most its planned carer-minutes, so that minutes left by a short visit pay for a longer
    /// one. Only visits priced by the hour count. If the plan of the week is not known, each service has a limit of its
    /// own, which is the sum of its visits' planned carer-minutes. A service whose visits state no planned minutes has
    /// no limit.
    /// </summary>
    private static void SetOffWeeks(IReadOnlyList<BillLine> lines, VisitPrice[] prices, long?[] max,
        Func<string, LocalDate, long?>? planned)
    {
        bool SetsOff(int i) => lines[i].List.Terms.WeeklySetOff == true;
        foreach (var week in InOrder(lines, prices).Where(i => lines[i].List.UnitOf(lines[i].Visit) == PriceUnit.Hour)
            .GroupBy(i => (lines[i].LineId, Monday: CarePeriod.MondayOf(prices[i].On)))
            .Where(week => week.Any(SetsOff)))
        {
            if (planned?.Invoke(week.Key.LineId, week.Key.Monday) is { } agreed)
            {
                SetOffWithin(agreed, lines, prices, max, week);
                continue;
            }
            foreach (var visits in week.Where(SetsOff).GroupBy(i => lines[i].Visit.Service)
                .Where(visits => visits.Any(i => lines[i].Visit.PlannedMinutes is not null)))
            {
                SetOffWithin(visits.Sum(i => (lines[i].Visit.PlannedMinutes ?? 0L) * lines[i].Visit.Carers),
                    lines, prices, max, visits);
            }
        }
    }

    // Lets the visits, in order of time, use up the minutes that are left; each carer gets whole minutes. A visit whose
    // list has no set-off uses up minutes too.
    private static void SetOffWithin(
        long left, IReadOnlyList<BillLine> lines, VisitPrice[] prices, long?[] max, IEnumerable<int> week)
    {
        foreach (var i in week)
        {
            var (list, visit, _) = lines[i];
            if (list.Terms.WeeklySetOff == true && prices[i].Rate is not null)
            {
                max[i] = left / visit.Carers;
                prices[i] = VisitPricing.Price(list, visit with { MinutesMax = max[i] });
            }
            left = Math.Max(0, left - (prices[i].Charged.Count * visit.Carers));
        }
    }

    /// <summary>
    /// Returns the amount that least charges add to each visit. If the charges of a day or week are below the least
    /// charge in the list of its last charged visit, the difference is added to that visit. The charges of a week
    /// include the amounts added to its days.
    /// </summary>
    private static ExactPence[] Shortfalls(IReadOnlyList<BillLine> lines, VisitPrice[] prices)
    {
        var shortfalls = new ExactPence[prices.Length];
        var charged = InOrder(lines, prices).Where(i => prices[i].Exact != ExactPence.Zero).ToArray();
        foreach (var per in (MinimumPer[])[MinimumPer.Day, MinimumPer.Week])
        {
            foreach (var period in charged.GroupBy(i => PeriodOf(per, prices[i].On))
                .Where(period => lines[period.Last()].List.Terms.Minimum?.Per == per))
            {
                var last = period.Last();
                var sum = period.Aggregate(ExactPence.Zero,
                    (sum, i) => sum + Before(lines[i].List, prices[i]) + shortfalls[i]);
                var least = lines[last].List.LeastCharge;
                if (sum.Grains < least.Grains)
                    shortfalls[last] += least - sum;
            }
        }
        return shortfalls;
    }

    private static LocalDate PeriodOf(MinimumPer per, LocalDate day) =>
        per == MinimumPer.Day ? day : CarePeriod.MondayOf(day);

    /// <summary>The amount of a visit before the bill's own rounding.</summary>
    private static ExactPence Before(CompiledPriceList list, in VisitPrice price) =>
        list.RoundsByInvoice ? price.Exact : ExactPence.From(price.Amount);

    private static BilledVisit[] Added(
        IReadOnlyList<BillLine> lines, VisitPrice[] prices, ExactPence[] shortfalls, long?[] max)
    {
        var reached = ExactPence.Zero;
        var added = new BilledVisit[lines.Count];
        for (var i = 0; i < added.Length; i++)
        {
            var (list, price) = (lines[i].List, prices[i]);
            var parts = price.PartAmounts(list, list.RoundsByInvoice ? reached : ExactPence.Zero).ToArray();
            reached += Before(list, price);
            var with = reached + shortfalls[i];
            added[i] = new(price, parts, with.Rounded - reached.Rounded, max[i]);
            reached = with;
        }
        return added;
    }
}
