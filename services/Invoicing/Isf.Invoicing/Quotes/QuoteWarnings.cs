using Isf.Hosting;
using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Quotes;

/// <summary>
/// Finds warnings about prices; a quote with warnings is given all the same. They are about rates under the floors,
/// about fields that were given and do not count, and about missing fields that would have counted. Source: api.md,
/// POST /v1/quotes; domain.md §4.6.
/// </summary>
internal static class QuoteWarnings
{
    /// <summary>
    /// All warnings, first about each visit, then about each rate that priced a visit. A rate is compared with the
    /// floors of the last day on which it priced a visit.
    /// </summary>
    public static IReadOnlyList<PriceWarning> Find(
        QuotePrice.Request request, IReadOnlyList<BillLine> lines, Bill bill) =>
    [
        .. lines.SelectMany((line, i) => OfVisit(request.Visits[i].Id, line, bill.Visits[i].Price)),
        .. bill.Visits.SelectMany(visit => Rates(visit.Price)).GroupBy(used => used.Rate)
            .SelectMany(used => PriceFloors.Of(used.Key, ProblemException.CodeOf(request.Nation),
                used.Max(entry => entry.On))),
    ];

    private static IEnumerable<(PriceRate Rate, LocalDate On)> Rates(VisitPrice price) =>
        Enumerable.Range(0, price.PartCount).Select(i => (price.Part(i).Rate, price.On));

    private static IEnumerable<PriceWarning> OfVisit(string id, BillLine line, VisitPrice price)
    {
        PriceWarning Warning(string code, string detail) => new(code, $"Visit {id}: {detail}");
        var (list, visit, _) = line;
        if (price.Reason is PriceReason.NoRate or PriceReason.NoTimes || price.Unpriced > 0)
        {
            yield return Warning(price.Reason == PriceReason.NoTimes ? "no-times"
                : list.HasRateFor(visit.Service) ? "no-rate" : "service-not-priced",
                PriceReasonText.Because(list, visit, price) + ".");
        }
        if (price.Reason == PriceReason.Rate && visit.Moment is not null
            && list.NamesHolidays && !list.Holidays.Covers(price.On))
        {
            yield return Warning("holidays-not-known",
                $"the public holidays of {price.On.Year} are not known here, so none was counted.");
        }
        var unit = list.UnitOf(visit);
        if (unit == PriceUnit.Hour && visit.Outcome == VisitToPrice.Delivered && visit.PlannedMinutes is null
            && (list.Terms.Basis is PriceBasis.Planned or PriceBasis.ActualCappedAtPlanned
                || list.Terms.WeeklySetOff == true))
        {
            yield return Warning("planned-not-known", "without its planned minutes it is charged as it was given.");
        }
        if (visit is { Outcome: "cancelled-by-person", NoticeHours: null } && list.Terms.Cancellation is { Count: > 0 })
        {
            yield return Warning("notice-not-known",
                "without its hours of notice it does not count as cancelled late.");
        }
        if (visit is { Outcome: "hospital", HospitalPaidDays: not null, AbsenceDay: null })
            yield return Warning("absence-day-not-known", "without the day of the stay it is none of the paid ones.");
        foreach (var warning in NotCounted(visit, unit))
            yield return Warning(warning.Code, warning.PlainWords);
    }

    private static IEnumerable<PriceWarning> NotCounted(VisitToPrice visit, PriceUnit? unit)
    {
        var service = $"{visit.Service} is not priced by";
        if (visit.Miles > 0 && unit != PriceUnit.Mile)
            yield return new("miles-not-counted", $"{service} the mile; miles are a visit of their own service.");
        if (visit.Quantity is not null
            && unit is not (PriceUnit.Visit or PriceUnit.Night or PriceUnit.Session or PriceUnit.Item))
        {
            yield return new("quantity-not-counted", $"{service} visit, night, session or item.");
        }
        if (visit.Disturbances is not null && unit != PriceUnit.Night)
            yield return new("disturbances-not-counted", $"{service} the night.");
    }
}
