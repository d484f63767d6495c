using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts allocations. A regular allocation with an end is posted in full on its first day (weekly × days ÷ 7), an
/// open-ended one a year at a time; a one-off is posted with its total on its first day; a revision or an ending is
/// posted as the difference (design §4). Publishes JournalsPosted.
/// </summary>
public static class PostAllocations
{
    /// <summary>An allocation as the books need it.</summary>
    public static PromiseTerms TermsOf(AllocationTerms terms)
    {
        var weekly = Money.OfPence(terms.WeeklyPence ?? 0);
        var once = Money.OfPence(terms.TotalPence ?? 0);
        return new PromiseTerms
        {
            Kind = PromiseKind.Allocation,
            Id = terms.AllocationId,
            Version = terms.Version,
            SetOn = terms.SetOn,
            From = terms.From,
            To = terms.To,
            Weekly = weekly,
            Shares = weekly == Money.Zero ? [] : [new PromiseShare(terms.AllocationId, weekly)],
            OneOff = once == Money.Zero ? [] : [new PromiseShare(terms.AllocationId, once)],
        };
    }
}

/// <summary>Consumes allocations made, revised and ended.</summary>
internal sealed class PostAllocationsConsumer(IClock clock)
    : IConsume<AllocationMade>, IConsume<AllocationRevised>, IConsume<AllocationEnded>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationMade message, Session session, CancellationToken stop)
    {
        FundProviderTable.Save(session, message.Terms.FundId, message.Terms.ProviderId);
        return Promises.PostAsync(session, clock, message.Terms.FundId, PostAllocations.TermsOf(message.Terms));
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationRevised message, Session session, CancellationToken stop)
    {
        FundProviderTable.Save(session, message.Terms.FundId, message.Terms.ProviderId);
        return Promises.PostAsync(session, clock, message.Terms.FundId, PostAllocations.TermsOf(message.Terms));
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationEnded message, Session session, CancellationToken stop)
    {
        return Promises.PostAsync(
            session, clock, message.FundId, PromiseKind.Allocation, message.AllocationId, message.Version,
            before => before?.EndedBy(message.Version, message.SetOn, message.To)
                ?? throw new ArgumentException(
                    $"Allocation {message.AllocationId} ends before it was made.", nameof(message)));
    }
}
