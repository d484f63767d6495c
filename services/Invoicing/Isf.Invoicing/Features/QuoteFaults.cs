using Isf.Hosting;
using Isf.Invoicing.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Features;

/// <summary>
/// What is wrong with a request for a quote, each thing with its place. Source: api.md, POST /v1/quotes.
/// </summary>
internal static class QuoteFaults
{
    private const int CarersMost = 20;
    private static readonly Duration Longest = Duration.FromHours(25);

    /// <summary>
    /// The first kind of refusal that applies, with all its places; nothing where the quote can be given.
    /// </summary>
    public static Refused? Of(QuotePrice.Request asked)
    {
        var list = PriceListCheck.Faults(asked.PriceList)
            .Select(fault => new FieldError("/priceList" + fault.Pointer, fault.PlainWords, fault.Code)).ToArray();
        if (list.Length > 0)
        {
            return Refused.Of(QuotePrice.Refusal.PriceListCannotBeApplied, list[0].Detail, list);
        }
        var visits = Visits(asked.Visits).ToArray();
        if (visits.Length > 0)
        {
            return Refused.Of(QuotePrice.Refusal.VisitRefused, visits[0].Detail, visits);
        }
        var more = NotPriced(asked).ToArray();
        return more.Length > 0 ? Refused.Of(QuotePrice.Refusal.NotPriced, more[0].Detail, more) : null;
    }

    private static IEnumerable<FieldError> Visits(IReadOnlyList<QuotePrice.AskedVisit> visits)
    {
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
            {
                yield return new(at + "/id", "An id is 1 to 64 of A–Z a–z 0–9 . _ -", "bad-id");
            }
            else if (!seen.Add(visit.Id))
            {
                yield return new(at + "/id", $"{visit.Id} stands here twice: give each visit its own id.", "id-twice");
            }
            foreach (var fault in Times(visit, at).Concat(Numbers(visit, at)))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<FieldError> Times(QuotePrice.AskedVisit visit, string at)
    {
        if ((visit.Outcome ?? VisitOutcome.Delivered) == VisitOutcome.Delivered)
        {
            if (visit.Start is null)
            {
                yield return new(at + "/start", "A delivered visit has a start, with its offset.", "no-start");
            }
            if (visit.End is null)
            {
                yield return new(at + "/end", "A delivered visit has an end, with its offset.", "no-end");
            }
        }
        if (visit is { Start: { } start, End: { } end })
        {
            var length = end.ToInstant() - start.ToInstant();
            if (length <= Duration.Zero)
            {
                yield return new(at + "/end", "The visit ends before it starts.", "ends-before-it-starts");
            }
            else if (length > Longest)
            {
                yield return new(at + "/end", "A visit lasts 25 hours at most: ask for it in parts.", "too-long");
            }
        }
    }

    private static IEnumerable<FieldError> Numbers(QuotePrice.AskedVisit visit, string at)
    {
        if (visit.Service is not null && !Ids.IsId(visit.Service))
        {
            yield return new(at + "/service", "Name the service in 1 to 64 of A–Z a–z 0–9 . _ -", "bad-service");
        }
        if (visit.Carers is < 1 or > CarersMost)
        {
            yield return new(at + "/carers", $"A visit is given by 1 to {CarersMost} carers.", "bad-carers");
        }
        if (visit.PlannedMinutes is < 1 or > 1500)
        {
            yield return new(at + "/plannedMinutes", "A visit is planned for 1 to 1,500 minutes.", "bad-minutes");
        }
        if (visit.AbsenceDay is < 1)
        {
            yield return new(at + "/absenceDay", "Days of an absence count from 1, the day of admission.", "bad-day");
        }
        foreach (var (name, value) in new[]
        {
            ("noticeHours", visit.NoticeHours), ("miles", visit.Miles), ("quantity", visit.Quantity),
        })
        {
            if (value is { } number && (number is < 0 or > 100_000 || decimal.Round(number, 2) != number))
            {
                yield return new($"{at}/{name}", "A number from 0 to 100,000 with 2 places at most.", "bad-number");
            }
        }
    }

    private static IEnumerable<FieldError> NotPriced(QuotePrice.Request asked)
    {
        static FieldError Say(string at, string what) =>
            new(at, $"This platform does not price {what}: ask without it.", "not-priced");
        if (asked.Agreement?.Hospital is not null)
        {
            yield return Say("/agreement/hospital", "the paid days of a hospital stay");
        }
        if (asked.Agreement?.Banking is not null)
        {
            yield return Say("/agreement/banking", "banked minutes");
        }
        if (asked.SoFar is { Miles.Count: > 0 })
        {
            yield return Say("/soFar/miles", "a yearly mileage allowance");
        }
        for (var i = 0; i < asked.Visits.Count; i++)
        {
            if (asked.Visits[i].Miles > 0)
            {
                yield return Say($"/visits/{i}/miles", "miles");
            }
            if (asked.Visits[i].Quantity > 0)
            {
                yield return Say($"/visits/{i}/quantity", "quantities");
            }
            if (asked.Visits[i].Disturbances is { Count: > 0 })
            {
                yield return Say($"/visits/{i}/disturbances", "disturbances");
            }
        }
    }
}
