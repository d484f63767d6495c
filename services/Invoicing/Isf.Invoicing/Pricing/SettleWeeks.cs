using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Invoicing.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// When a week closes, publishes the difference between the price of its visits together and the sum of their prices. A
/// set-off, a minimum charge and a rounding by invoice each make an adjustment of their own for an allocation and week.
/// An adjustment states its whole amount, and is published again when a late fact changes it. Care that is claimed on
/// invoice gets no adjustment, because its invoices settle its cost. Consumes WeekClosed; publishes PriceAdjusted.
/// Source: design §4 (price adjusted); domain.md §4.4.
/// </summary>
public static class SettleWeeks
{
    /// <summary>The kinds of adjustment, in the words of the contract.</summary>
    private static readonly string[] Kinds = ["set-off", "minimum", "rounding"];

    /// <summary>
    /// The adjustments of an allocation's week that differ from those last published, each with its next version.
    /// </summary>
    /// <param name="week">The allocation's visits of one week, with the terms of each, in order of time.</param>
    /// <param name="monday">The week's first day.</param>
    /// <param name="last">The adjustments last published, by kind.</param>
    /// <param name="planned">
    /// The week's planned carer-minutes by line, for the lines that the closed week lists.
    /// </param>
    internal static IReadOnlyList<AdjustedWeek> Settle(
        IReadOnlyList<(VisitFacts Visit, TermsCopy Terms)> week, LocalDate monday,
        IReadOnlyDictionary<string, LastAdjusted> last, IReadOnlyDictionary<string, long> planned)
    {
        // Care on a day that the allocation does not cover is outside the allocation, and is priced by itself.
        var settled = week.Where(visit => visit.Terms.Claim != "on-invoice" && !visit.Visit.NotCovered).ToList();
        var bill = Bill.Build(
            [.. settled.Select(visit => new BillLine(visit.Terms.List, visit.Visit.Input, visit.Visit.LineId))],
            (line, from) => from == monday && planned.TryGetValue(line, out var minutes) ? minutes : null);
        var least = settled.Zip(bill.Visits).Where(pair => pair.Second.Shortfall != Money.Zero)
            .Select(pair => pair.First.Terms.List).ToArray();
        Money[] targets = [bill.SetOff, bill.Shortfall, bill.Rounding];
        return
        [
            .. from pair in Kinds.Zip(targets)
               let said = last.GetValueOrDefault(pair.First)
               where pair.Second.Pence != said.Pence
               select new AdjustedWeek(pair.First, said.Version + 1, pair.Second.Pence,
                   PriceReasonText.Adjusted(pair.First, monday, monday.PlusDays(6), pair.Second, least)),
        ];
    }

    /// <summary>
    /// Stores closed weeks and settles them. If an allocation or a fund is not known yet, the message is deferred until
    /// it arrives.
    /// </summary>
    internal static async Task<ConsumeResult> CloseAsync(WeekClosed closed, Session session)
    {
        await TermsTable.WaitAloneAsync(session);
        await AdjustedWeekTable.CloseAsync(session, closed.Weeks);
        foreach (var monday in closed.Weeks.GroupBy(week => week.WeekFrom))
        {
            var allocations = await AdjustedWeekTable.AllocationsAsync(
                session, [.. monday.Select(week => week.FundId).Distinct()]);
            if (await SettleAsync(monday.Key, allocations, [], session) is { } waitsFor)
                return ConsumeResult.DeferUntil(waitsFor);
        }
        return ConsumeResult.Done;
    }

    /// <summary>
    /// Settles again the closed weeks that new prices affect, including a week from which a correction has moved a
    /// visit.
    /// </summary>
    internal static async Task AgainAsync(
        IReadOnlyList<PricedRow> rows, IReadOnlyList<StoredPrice> before, Session session)
    {
        var touched = rows.Select(row => row.Visit).Concat(before.Select(last => last.Visit))
            .Select(visit => (visit.FundId, visit.AllocationId, Monday: CarePeriod.MondayOf(visit.CareOn)))
            .Distinct().ToArray();
        var settling = await AdjustedWeekTable.SettlingAsync(session, touched);
        foreach (var monday in settling.GroupBy(entry => entry.Monday))
            await SettleAsync(monday.Key, [.. monday.Select(entry => entry.AllocationId)], rows, session);
    }

    private static async Task<string?> SettleAsync(
        LocalDate monday, List<string> allocations, IReadOnlyList<PricedRow> rows, Session session)
    {
        if (allocations.Count == 0)
            return null;
        await session.LockFoundAsync([.. allocations.Select(allocation => $"week/{allocation}/{monday:uuuu-MM-dd}")]);
        var (terms, waitsFor) = await TermsInForce.ReadAsync(session, allocations);
        if (waitsFor is not null)
            return waitsFor;
        var stored = await PricedTable.OfAllocationsAsync(session, allocations, monday, monday.PlusDays(6));
        var fresh = rows.GroupBy(row => row.Visit.VisitId)
            .ToDictionary(same => same.Key, same => same.MaxBy(row => row.Published.Version)!.Visit);
        var visits = stored.Select(last => last.Visit).Where(visit => !fresh.ContainsKey(visit.VisitId))
            .Concat(fresh.Values.Where(visit => CarePeriod.MondayOf(visit.CareOn) == monday))
            .OrderBy(visit => visit.CareOn).ThenBy(visit => visit.Input.Moment).ThenBy(visit => visit.VisitId)
            .ToLookup(visit => visit.AllocationId);
        var last = await AdjustedWeekTable.LastAsync(session, allocations, monday);
        var planned = (await AdjustedWeekTable.PlannedAsync(session, allocations, monday))
            .ToLookup(line => line.AllocationId);
        foreach (var allocation in allocations.Order(StringComparer.Ordinal))
        {
            var latest = terms.Latest(allocation);
            var adjusted = Settle([.. visits[allocation].Select(visit => (visit, terms.For(visit)!))], monday,
                last.Where(entry => entry.AllocationId == allocation)
                    .ToDictionary(entry => entry.Kind, entry => entry.Last),
                planned[allocation].ToDictionary(line => line.LineId, line => line.Minutes));
            AdjustedWeekTable.Add(session, latest, monday, adjusted);
            foreach (var adjustedWeek in adjusted)
            {
                session.Publish(ToMessage(latest, monday, adjustedWeek),
                    $"{allocation}/{adjustedWeek.Kind}/{monday:uuuu-MM-dd}/{adjustedWeek.Version}", latest.FundId);
            }
        }
        return null;
    }

    private static PriceAdjusted ToMessage(
        TermsCopy terms, LocalDate monday, AdjustedWeek week) =>
        new()
        {
            FundId = terms.FundId,
            AllocationId = terms.AllocationId,
            ProviderId = terms.ProviderId,
            Kind = week.Kind,
            From = monday,
            To = monday.PlusDays(6),
            Version = week.Version,
            Pence = week.Pence,
            Because = week.Because,
            FundedBy = terms.FundedBy,
        };
}

/// <summary>Consumes closed weeks.</summary>
public sealed class SettleWeeksConsumer : IConsume<WeekClosed>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(WeekClosed message, Session session, CancellationToken stop) =>
        SettleWeeks.CloseAsync(message, session);
}
