using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts priced visits, with one journal for each, which has the time that Support published and the price that
/// Invoicing published (design §4). Hundreds of journals take only a few SQL statements. If a visit is priced again,
/// its journal is reversed and a new one is posted; the message is deferred until the previous version of the visit is
/// posted. Publishes JournalsPosted, and FundOverdrawn if the money held falls below zero or rises back to zero or
/// more.
/// </summary>
public static class PostVisits
{
    /// <summary>
    /// A priced visit as the books need it; without an allocation if its allocation does not cover the day of care.
    /// </summary>
    public static PricedCare CareOf(PricedVisit visit)
    {
        return new PricedCare
        {
            VisitId = visit.VisitId,
            Version = visit.Version,
            FundId = visit.FundId,
            LineId = visit.LineId,
            AllocationId = visit.NotCovered == true ? "" : visit.AllocationId,
            ProviderId = visit.ProviderId,
            CareOn = visit.CareOn,
            Fulfilled = new Minutes(visit.AnswersMinutes),
            Extra = new Minutes(visit.ExtraMinutes),
            Charged = new Minutes(visit.ChargedNotGivenMinutes ?? 0),
            Carers = visit.Carers,
            PersonMinutes = visit.PersonMinutes,
            Price = Money.OfPence(visit.Pence),
            FundedBy = Postings.SourcesOf(visit.FundedBy),
            ClaimedOnInvoice = visit.Claim == "on-invoice",
        };
    }

    internal static async Task<ConsumeResult> PriceAsync(IReadOnlyList<PricedVisit> visits, Session session,
        IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [.. visits.Select(visit => visit.FundId)]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        var entries = visits.Select(visit => PostingRules.VisitPriced(CareOf(visit))).ToList();
        await batch.LoadExistingAsync(entries);
        foreach (var entry in entries)
            batch.Post(entry);
        await batch.CompleteAsync();
        session.ReleaseDeferred([.. visits.Select(visit => KeyOf(visit.VisitId, visit.Version))]);
        return ConsumeResult.Done;
    }

    internal static async Task<ConsumeResult> RepriceAsync(IReadOnlyList<PricedVisit> visits, Session session,
        IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [.. visits.Select(visit => visit.FundId)]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        await batch.LoadExistingAsync(
        [
            .. visits.SelectMany(visit => new[] { visit.Version - 1, visit.Version }.Select(version =>
                (visit.FundId, IdOf(session, visit, version)))),
        ]);
        await LoadRefusalsAsync(visits, batch, session);
        foreach (var visit in visits)
        {
            if (batch.Find(IdOf(session, visit, visit.Version - 1)) is not { } last)
                return ConsumeResult.DeferUntil(KeyOf(visit.VisitId, visit.Version - 1));
            var (reversal, posting) = PostingRules.VisitRepriced(CareOf(visit), last);
            // The reversal of the last price and the new price are posted together, so the reversal is not posted
            // again if the new price is on the books. Nor is it posted if the fund had closed and the last price was
            // refused, because a refusal has reversed the last price already.
            if (batch.Find(IdOf(session, visit, visit.Version)) is null
                && batch.Find(ClosingRules.RefusalOf(session.HolderId, last)) is null)
            {
                batch.Post(reversal);
            }
            batch.Post(posting);
        }
        await batch.CompleteAsync();
        session.ReleaseDeferred([.. visits.Select(visit => KeyOf(visit.VisitId, visit.Version))]);
        return ConsumeResult.Done;
    }

    private static Task LoadRefusalsAsync(IReadOnlyList<PricedVisit> visits, PostingBatch batch, Session session)
    {
        var refusals =
            from visit in visits
            where batch.ClosedOn(visit.FundId) is not null
            let last = batch.Find(IdOf(session, visit, visit.Version - 1))
            where last is not null
            select (visit.FundId, ClosingRules.RefusalOf(session.HolderId, last));
        return refusals.ToList() is { Count: > 0 } some ? batch.LoadExistingAsync(some) : Task.CompletedTask;
    }

    private static Guid IdOf(Session session, PricedVisit visit, int version) =>
        PostingRules.VisitJournal(session.HolderId, visit.FundId, visit.VisitId, version);

    private static string KeyOf(string visitId, int version) => $"visit/{visitId}/v{version}";
}

/// <summary>Consumes visits priced and priced again.</summary>
public sealed class PostVisitsConsumer(IClock clock) : IConsume<VisitsPriced>, IConsume<VisitRepriced>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(VisitsPriced message, Session session, CancellationToken stop) =>
        PostVisits.PriceAsync(message.Visits, session, clock);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(VisitRepriced message, Session session, CancellationToken stop) =>
        PostVisits.RepriceAsync(message.Visits, session, clock);
}
