using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts the part of each budget that this fund holds. A budget with an end is posted in full on its first day (weekly
/// × days ÷ 7), an open-ended one a year at a time; one-off amounts are posted on the first day, and a revision is
/// posted as the difference (design §4). Publishes JournalsPosted.
/// </summary>
public static class PostBudgets
{
    /// <summary>A budget as the books need it.</summary>
    public static PromiseTerms TermsOf(BudgetSet budget)
    {
        return new PromiseTerms
        {
            Kind = PromiseKind.Budget,
            Id = budget.BudgetId,
            Version = budget.Version,
            SetOn = budget.SetOn,
            From = budget.From,
            To = budget.To,
            Weekly = Money.OfPence(budget.IsfWeeklyPence),
            Shares =
                [.. budget.Sources.Select(share => new PromiseShare(share.Source, Money.OfPence(share.WeeklyPence)))],
            OneOff = [.. budget.OneOff.Select(once => new PromiseShare(once.Source, Money.OfPence(once.Pence)))],
        };
    }
}

/// <summary>Consumes budgets set and revised.</summary>
internal sealed class PostBudgetsConsumer(IClock clock) : IConsume<BudgetSet>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(BudgetSet message, Session session, CancellationToken stop) =>
        Promises.PostAsync(session, clock, message.FundId, PostBudgets.TermsOf(message));
}
