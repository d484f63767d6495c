using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Invoicing.Domain;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// Stores new prices and their consequences. Other visits whose price or reason changes with their worker's miles of
/// the year are priced again, and closed weeks are settled again. Publishes VisitRepriced and PriceAdjusted. Source:
/// api.md, price list; domain.md §4.4 (travel).
/// </summary>
internal static class SavePrices
{
    private const int VisitsAtOnce = 500;

    /// <summary>
    /// Counts the miles of a worker's tax year together, so that each visit is priced by the miles driven before it.
    /// </summary>
    /// <param name="priced">The visits being priced, in any order.</param>
    /// <param name="others">The other visits with miles of the same workers and years, as last priced.</param>
    /// <param name="terms">The terms of the allocations of all these visits.</param>
    /// <returns>
    /// The visits being priced, at prices that count the miles before them, and those other visits whose price or
    /// reason has changed.
    /// </returns>
    internal static (IReadOnlyList<PricedRow> Priced, IReadOnlyList<PricedRow> Others) Reprice(
        IReadOnlyList<PricedRow> priced, IReadOnlyList<StoredPrice> others, TermsInForce terms)
    {
        // Where one message prices a visit twice, only the miles of its last version count.
        var latest = priced.GroupBy(row => row.Visit.VisitId)
            .Select(rows => rows.MaxBy(row => row.Published.Version)!.Visit);
        var all = latest.Concat(others.Select(other => other.Visit))
            .OrderBy(visit => visit.VisitId, StringComparer.Ordinal).ToArray();
        var withMiles = Bill.WithMilesBefore(
            [.. all.Select(visit => new BillLine(terms.For(visit)!.List, visit.Input))], (_, _) => 0);
        var before = all.Zip(withMiles).ToDictionary(
            pair => pair.First.VisitId, pair => pair.Second.Visit.MilesBeforeHundredths);
        return (
            [.. priced.Select(row => After(row.Visit, row.Published.Version))],
            [
                .. from other in others
                   where before[other.Visit.VisitId] != other.Visit.Input.MilesBeforeHundredths
                   let row = After(other.Visit, other.Version + 1)
                   where row.Published.Pence != other.Pence || row.Published.Because != other.Because
                   select row,
            ]);

        PricedRow After(VisitFacts visit, int version)
        {
            var inForce = terms.For(visit)!;
            var facts = visit with
            {
                Input = visit.Input with { MilesBeforeHundredths = before[visit.VisitId] },
            };
            return new(facts, inForce.Version, facts.PricedBy(inForce, version));
        }
    }

    /// <summary>Adds prices and all their consequences to the commit.</summary>
    /// <param name="priced">The prices.</param>
    /// <param name="terms">The terms of the allocations.</param>
    /// <param name="cause">The cause of the prices, from which the ids of further messages are derived.</param>
    /// <param name="session">The unit of work that stores the prices.</param>
    /// <param name="reached">
    /// Visits whose terms changed, even if their own price is the same; null if no terms changed.
    /// </param>
    /// <returns>The prices as they are stored.</returns>
    public static async Task<IReadOnlyList<PricedRow>> AddAsync(
        IReadOnlyList<PricedRow> priced, TermsInForce terms, string cause, Session session,
        IReadOnlyList<StoredPrice>? reached = null)
    {
        var moved = priced.Where(row => row.Published.Version > 1).Select(row => row.Visit.VisitId).Distinct()
            .ToArray();
        var before = moved.Length == 0 ? [] : await PricedTable.OfAsync(session, moved);
        var (corrected, others) = await WithMilesAsync(priced, before, terms, session);
        IReadOnlyList<PricedRow> rows = [.. corrected, .. others];
        if (rows.Count > 0)
            PricedTable.Add(session, rows);
        PublishRepriced(others, $"{cause}/miles", session);
        IReadOnlyList<StoredPrice> touched = [.. before, .. reached ?? []];
        if (touched.Count + others.Count > 0 || priced.Any(row => terms.SettlesLater(row.Visit.AllocationId)))
            await SettleWeeks.AgainAsync(rows, touched, session);
        return corrected;
    }

    /// <summary>Publishes prices that replace others, in messages of up to 500.</summary>
    public static void PublishRepriced(IReadOnlyList<PricedRow> rows, string cause, Session session)
    {
        foreach (var (part, number) in rows.Chunk(VisitsAtOnce).Select((part, number) => (part, number)))
        {
            session.Publish(
                new VisitRepriced { Visits = [.. part.Select(row => row.Published)] },
                $"{cause}/{number}", [.. part.Select(row => row.Visit.FundId).Distinct()]);
        }
    }

    private static async Task<(IReadOnlyList<PricedRow> Priced, IReadOnlyList<PricedRow> Others)> WithMilesAsync(
        IReadOnlyList<PricedRow> priced, IReadOnlyList<StoredPrice> before, TermsInForce terms, Session session)
    {
        var years = priced.Select(row => row.Visit).Concat(before.Select(last => last.Visit))
            .Where(visit => visit.Input is { Miles: not null, WorkerId: not null })
            .Select(visit => (Worker: visit.Input.WorkerId!, Year: VisitPricing.TaxYearOf(visit.CareOn))).ToHashSet();
        if (years.Count == 0)
            return (priced, []);
        await session.LockFoundAsync([.. years.Select(year => $"miles/{year.Worker}/{year.Year}")]);
        var driven = await PricedTable.WithMilesAsync(session, [.. years.Select(year => year.Worker).Distinct()],
            new LocalDate(years.Min(year => year.Year), 4, 6), new LocalDate(years.Max(year => year.Year) + 1, 4, 5));
        var own = priced.Select(row => row.Visit.VisitId).ToHashSet();
        var others = driven.Where(last => !own.Contains(last.Visit.VisitId)
            && years.Contains((last.Visit.Input.WorkerId!, VisitPricing.TaxYearOf(last.Visit.CareOn)))).ToList();
        var allocations = others.Select(last => last.Visit.AllocationId)
            .Concat(priced.Select(row => row.Visit.AllocationId)).Distinct().ToArray();
        var (inForce, _) = others.Count == 0 ? (terms, null) : await TermsInForce.ReadAsync(session, allocations);
        return Reprice(priced, others, inForce);
    }
}
