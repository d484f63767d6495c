using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>A visit on a bill: by which list it is priced, and to which line of the plan it belongs.</summary>
public readonly record struct BillLine(CompiledPriceList List, VisitToPrice Visit, string LineId = "");

/// <summary>What a visit comes to on a bill: its price, and what it adds to the bill, part by part.</summary>
/// <param name="Price">Its price after a set-off; exact.</param>
/// <param name="Parts">What each part adds, in the order of the price's parts.</param>
/// <param name="Shortfall">What a least charge adds, on the last charged visit of its day or week.</param>
/// <param name="MinutesMost">What a set-off left for it of its week's planned minutes; null without one.</param>
public sealed record BilledVisit(
    VisitPrice Price, IReadOnlyList<Money> Parts, Money Shortfall, long? MinutesMost = null)
{
    /// <summary>What the visit adds to the bill.</summary>
    public Money Amount => Money.Sum(Parts) + Shortfall;
}

/// <summary>
/// What visits come to together: a weekly set-off, a least charge and a rounding by invoice look at more than one of
/// them. Parts sum to visits and visits to the bill. Pure. Source: api.md, price list; domain.md §4.4.
/// </summary>
/// <param name="Visits">In the order in which they were asked.</param>
/// <param name="SetOff">What the set-off changed, against each visit by itself.</param>
/// <param name="Shortfall">What least charges added.</param>
/// <param name="Rounding">What one rounding of the whole changed, against one of each visit.</param>
public sealed record Bill(IReadOnlyList<BilledVisit> Visits, Money SetOff, Money Shortfall, Money Rounding)
{
    /// <summary>What it all comes to.</summary>
    public Money Total => Money.Sum(Visits.Select(visit => visit.Amount));

    /// <summary>Prices the visits together.</summary>
    /// <param name="lines">The visits.</param>
    /// <param name="planned">
    /// The planned carer-minutes of a line's week, where its plan is known; otherwise those count that the visits say.
    /// </param>
    public static Bill Of(IReadOnlyList<BillLine> lines, Func<string, LocalDate, long?>? planned = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var prices = lines.Select(line => VisitPricing.Price(line.List, line.Visit)).ToArray();
        var alone = Money.Sum(prices.Select(price => price.Amount));
        var most = new long?[prices.Length];
        SetOffWeeks(lines, prices, most, planned);
        var together = Money.Sum(prices.Select(price => price.Amount));
        var visits = Added(lines, prices, Shortfalls(lines, prices), most);
        var shortfall = Money.Sum(visits.Select(visit => visit.Shortfall));
        var total = Money.Sum(visits.Select(visit => visit.Amount));
        return new(visits, together - alone, shortfall, total - shortfall - together);
    }

    /// <summary>
    /// Tells each visit priced by the mile how many miles its worker had driven before it in the same tax year. Miles
    /// of nobody known are not counted together.
    /// </summary>
    /// <param name="lines">The visits, in any order.</param>
    /// <param name="before">What a worker had driven in a tax year before all of them, in hundredths.</param>
    public static BillLine[] WithMilesBefore(IReadOnlyList<BillLine> lines, Func<string, int, long> before)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(before);
        var told = lines.ToArray();
        var driven = new Dictionary<(string Worker, int Year), long>();
        var days = lines.Select(line => Days.Dated(WallTime.Of(line.Visit).Day)).ToArray();
        foreach (var i in InOrder(lines, days))
        {
            var visit = lines[i].Visit;
            if (visit is { Miles: { } miles, WorkerId: not null } && lines[i].List.UnitOf(visit) == PriceUnit.Mile
                && visit.Outcome == VisitToPrice.Delivered)
            {
                var year = (Worker: visit.WorkerId, Year: VisitPricing.TaxYearOf(days[i]));
                var reached = driven.TryGetValue(year, out var sum) ? sum : before(year.Worker, year.Year);
                told[i] = lines[i] with { Visit = visit with { MilesBeforeHundredths = reached } };
                driven[year] = reached + UnitPricing.Hundredths(miles);
            }
        }
        return told;
    }

    private static IEnumerable<int> InOrder(IReadOnlyList<BillLine> lines, VisitPrice[] prices) =>
        InOrder(lines, Array.ConvertAll(prices, price => price.On));

    private static IEnumerable<int> InOrder(IReadOnlyList<BillLine> lines, LocalDate[] days) =>
        Enumerable.Range(0, lines.Count).OrderBy(i => days[i]).ThenBy(i => lines[i].Visit.Moment ?? Instant.MinValue);

    /// <summary>
    /// A line's week is charged at most its planned minutes, so that a short visit makes room for a longer one. Only
    /// what is priced by the hour counts, in carer-minutes on both sides. Where the plan of the week is not known, the
    /// visits of each service are bounded by the planned minutes that they say themselves; where they say none either,
    /// the week has no bound.
    /// </summary>
    private static void SetOffWeeks(IReadOnlyList<BillLine> lines, VisitPrice[] prices, long?[] most,
        Func<string, LocalDate, long?>? planned)
    {
        bool SetsOff(int i) => lines[i].List.Terms.WeeklySetOff == true;
        foreach (var week in InOrder(lines, prices).Where(i => lines[i].List.UnitOf(lines[i].Visit) == PriceUnit.Hour)
            .GroupBy(i => (lines[i].LineId, Monday: CarePeriod.MondayOf(prices[i].On)))
            .Where(week => week.Any(SetsOff)))
        {
            if (planned?.Invoke(week.Key.LineId, week.Key.Monday) is { } agreed)
            {
                SetOffWithin(agreed, lines, prices, most, week);
                continue;
            }
            foreach (var visits in week.Where(SetsOff).GroupBy(i => lines[i].Visit.Service)
                .Where(visits => visits.Any(i => lines[i].Visit.PlannedMinutes is not null)))
            {
                SetOffWithin(visits.Sum(i => (lines[i].Visit.PlannedMinutes ?? 0L) * lines[i].Visit.Carers),
                    lines, prices, most, visits);
            }
        }
    }

    // In order of time; whole minutes for each carer. A visit whose list sets nothing off takes its room all the same.
    private static void SetOffWithin(
        long left, IReadOnlyList<BillLine> lines, VisitPrice[] prices, long?[] most, IEnumerable<int> week)
    {
        foreach (var i in week)
        {
            var (list, visit, _) = lines[i];
            if (list.Terms.WeeklySetOff == true && prices[i].Rate is not null)
            {
                most[i] = left / visit.Carers;
                prices[i] = VisitPricing.Price(list, visit with { MinutesMost = most[i] });
            }
            left = Math.Max(0, left - (prices[i].Charged.Count * visit.Carers));
        }
    }

    /// <summary>
    /// What is short of the least charge of a day or week in which something was charged, on its last charged visit.
    /// The list of that visit says what the least charge is; a week's counts what its days were made up to.
    /// </summary>
    private static Exact[] Shortfalls(IReadOnlyList<BillLine> lines, VisitPrice[] prices)
    {
        var shortfalls = new Exact[prices.Length];
        var charged = InOrder(lines, prices).Where(i => prices[i].Exact != Exact.Zero).ToArray();
        foreach (var per in (MinimumPer[])[MinimumPer.Day, MinimumPer.Week])
        {
            foreach (var period in charged.GroupBy(i => PeriodOf(per, prices[i].On))
                .Where(period => lines[period.Last()].List.Terms.Minimum?.Per == per))
            {
                var last = period.Last();
                var sum = period.Aggregate(Exact.Zero,
                    (sum, i) => sum + Before(lines[i].List, prices[i]) + shortfalls[i]);
                var least = lines[last].List.LeastCharge;
                if (sum.Grains < least.Grains)
                {
                    shortfalls[last] += least - sum;
                }
            }
        }
        return shortfalls;
    }

    private static LocalDate PeriodOf(MinimumPer per, LocalDate day) =>
        per == MinimumPer.Day ? day : CarePeriod.MondayOf(day);

    /// <summary>What a visit brings to the bill before the bill's own rounding.</summary>
    private static Exact Before(CompiledPriceList list, in VisitPrice price) =>
        list.RoundsByInvoice ? price.Exact : Exact.Of(price.Amount);

    private static BilledVisit[] Added(
        IReadOnlyList<BillLine> lines, VisitPrice[] prices, Exact[] shortfalls, long?[] most)
    {
        var reached = Exact.Zero;
        var added = new BilledVisit[lines.Count];
        for (var i = 0; i < added.Length; i++)
        {
            var (list, price) = (lines[i].List, prices[i]);
            var parts = price.PartAmounts(list, list.RoundsByInvoice ? reached : Exact.Zero).ToArray();
            reached += Before(list, price);
            var with = reached + shortfalls[i];
            added[i] = new(price, parts, with.Rounded - reached.Rounded, most[i]);
            reached = with;
        }
        return added;
    }
}
