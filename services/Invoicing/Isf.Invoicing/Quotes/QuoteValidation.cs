using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Quotes;

/// <summary>
/// Finds the faults of a request for a quote, each with its place in the body. Source: api.md, POST /v1/quotes.
/// </summary>
internal static class QuoteValidation
{
    private const int CarersMax = 20;
    private const string BadNumber = "A number from 0 to 100,000 with 2 places at most.";
    private const string WokenBadly = "A disturbance ends after it starts, lies in the night, and meets no other.";
    private static readonly Duration Longest = Duration.FromMinutes(PriceListCheck.MinutesMax);
    private static readonly Duration LongestStay = Duration.FromDays(3_660);

    /// <summary>
    /// The request, if the quote can be given; otherwise the first refusal that applies, with every place to which it
    /// applies.
    /// </summary>
    public static Decision<QuotePrice.Request, QuotePrice.Refusal> Decide(QuotePrice.Request request)
    {
        var list = PriceListCheck.Faults(request.PriceList).Select(fault => fault.Within("/priceList")).ToArray();
        if (list.Length > 0)
            return (QuotePrice.Refusal.PriceListCannotBeApplied, list[0].Detail, list);
        var visits = Visits(request).ToArray();
        if (visits.Length > 0)
            return (QuotePrice.Refusal.VisitRefused, visits[0].Detail, visits);
        var terms = Terms(request).ToArray();
        return terms.Length > 0 ? (QuotePrice.Refusal.TermsRefused, terms[0].Detail, terms) : request;
    }

    private static IEnumerable<FieldError> Visits(QuotePrice.Request request)
    {
        var list = CompiledPriceList.Compile(request.PriceList, PublicHolidays.CalendarOf(request.Nation));
        var visits = request.Visits;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < visits.Count; i++)
        {
            var at = $"/visits/{i}";
            if (visits[i] is not { } visit)
            {
                yield return new(at, "There is nothing here: describe a visit or take the entry out.", "no-visit");
                continue;
            }
            if (!Ids.IsId(visit.Id))
                yield return new(at + "/id", "An id is 1 to 64 of A–Z a–z 0–9 . _ -", "bad-id");
            else if (!seen.Add(visit.Id))
                yield return new(at + "/id", $"{visit.Id} stands here twice: give each visit its own id.", "id-twice");
            var numbers = Numbers(visit, at).ToArray();
            foreach (var fault in numbers.Length > 0 ? numbers : Times(visit, request.Agreement, list, at))
                yield return fault;
        }
    }

    private static IEnumerable<FieldError> Times(
        QuotePrice.RequestedVisit visit, QuotePrice.AgreementTerms? agreement, CompiledPriceList list, string at)
    {
        var delivered = (visit.Outcome ?? VisitOutcome.Delivered) == VisitOutcome.Delivered;
        var input = QuotePrice.InputFrom(visit, agreement);
        var unit = list.UnitOf(input);
        var timed = delivered && unit is not (PriceUnit.Session or PriceUnit.Item or PriceUnit.Mile);
        var dayless = input.Moment is null && VisitPricing.PercentOf(list, input) > 0 && !HasOnePrice(list, input);
        if (dayless || (timed && visit.Start is null))
        {
            yield return delivered
                ? new(at + "/start", "A delivered visit has a start, with its offset.", "no-start")
                : new(at + "/plannedStart", "Say when it was to begin: its price depends on the day.", "no-start");
        }
        if (timed && visit.End is null)
            yield return new(at + "/end", "A delivered visit has an end, with its offset.", "no-end");
        if (visit is { Start: { } start, End: { } end })
        {
            var length = end.ToInstant() - start.ToInstant();
            var longest = unit is PriceUnit.Day or PriceUnit.Week ? LongestStay : Longest;
            if (length < Duration.Zero)
            {
                yield return new(at + "/end", "The visit ends before it starts.", "ends-before-it-starts");
            }
            else if (length > longest)
            {
                yield return new(at + "/end",
                    $"That lasts more than {longest.TotalHours:0} hours: ask for it in parts.", "too-long");
            }
        }
        var woken = visit.Disturbances ?? [];
        for (var i = 0; i < woken.Count; i++)
        {
            if (!IsWithin(woken[i], visit, woken.Take(i)))
            {
                yield return new($"{at}/disturbances/{i}",
                    WokenBadly, "bad-disturbance");
            }
        }
    }

    /// <summary>
    /// Whether the visit's service has a single rate that always holds, so that the day is not needed.
    /// </summary>
    private static bool HasOnePrice(CompiledPriceList list, VisitToPrice visit) =>
        list.Terms.Rates.Where(rate => (rate.Service ?? CompiledPriceList.UsualService) == visit.Service).ToList()
            is [{ When: null, From: null, To: null }];

    private static bool IsWithin(
        QuotePrice.RequestedDisturbance one, QuotePrice.RequestedVisit night,
        IEnumerable<QuotePrice.RequestedDisturbance> others)
    {
        var (from, to) = (one.Start.ToInstant(), one.End.ToInstant());
        return from < to && from >= night.Start?.ToInstant() && to <= night.End?.ToInstant()
            && !others.Any(other => other.Start.ToInstant() < to && from < other.End.ToInstant());
    }

    private static IEnumerable<FieldError> Numbers(QuotePrice.RequestedVisit visit, string at)
    {
        if (visit.Service is not null && !Ids.IsId(visit.Service))
            yield return new(at + "/service", "Name the service in 1 to 64 of A–Z a–z 0–9 . _ -", "bad-service");
        if (visit.Carers is < 1 or > CarersMax)
            yield return new(at + "/carers", $"A visit is given by 1 to {CarersMax} carers.", "bad-carers");
        if (visit.PlannedMinutes is < 1 or > 1500)
            yield return new(at + "/plannedMinutes", "A visit is planned for 1 to 1,500 minutes.", "bad-minutes");
        if (visit.Disturbances?.Any(woken => woken is null) == true)
            yield return new(at + "/disturbances", WokenBadly, "bad-disturbance");
        if (visit.AbsenceDay is < 1)
            yield return new(at + "/absenceDay", "Days of an absence count from 1, the day of admission.", "bad-day");
        foreach (var (name, value) in new[]
        {
            ("noticeHours", visit.NoticeHours), ("miles", visit.Miles), ("quantity", visit.Quantity),
        })
        {
            if (value is { } number && !IsNumber(number))
                yield return new($"{at}/{name}", BadNumber, "bad-number");
        }
    }

    private static IEnumerable<FieldError> Terms(QuotePrice.Request request)
    {
        if (request.Agreement?.Hospital is { PaidDays: < 0 or > 3_660 })
            yield return new("/agreement/hospital/paidDays", "0 to 3,660 days of a stay are paid.", "bad-days");
        if (request.Agreement?.Banking is { ExpiresAfterWeeks: < 1 or > 520 })
            yield return new("/agreement/banking/expiresAfterWeeks", "A bank lasts 1 to 520 weeks.", "bad-weeks");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var miles = request.SoFar?.Miles ?? [];
        for (var i = 0; i < miles.Count; i++)
        {
            if (miles[i] is not { } one || !Ids.IsId(one.WorkerId) || !seen.Add(one.WorkerId))
                yield return new($"/soFar/miles/{i}/workerId", "Name each worker once, by an id.", "bad-worker");
            else if (!IsNumber(one.Miles))
                yield return new($"/soFar/miles/{i}/miles", BadNumber, "bad-number");
        }
    }

    private static bool IsNumber(decimal number) => number is >= 0 and <= 100_000 && decimal.Round(number, 2) == number;
}
