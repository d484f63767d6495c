using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>The person's contribution to the fund, and the money of the fund that is spoken for (design §4).</summary>
public static class Contributions
{
    /// <summary>
    /// The contribution due from the person up to a day: the person's weekly share of each budget × days ÷ 7, for the
    /// days on which the agreement has the person pay the holder. Each unbroken run of days is rounded once. The
    /// contribution due in a period is therefore the sum due up to its end less the sum due before it. After a closed
    /// fund's last day nothing more is due.
    /// </summary>
    public static Money DueUpTo(FundFacts facts, LocalDate to)
    {
        var last = facts.Closure is { } closure ? LocalDate.Min(to, closure.On) : to;
        return Money.Sum(
            from budget in facts.Budgets
            let share = budget.WeeklyBySource.GetValueOrDefault("person")
            from stretch in DaysToHolder(facts)
            let days = stretch.Overlap(budget.Over)?.Overlap(new CarePeriod(LocalDate.MinIsoValue, last))
            where days is not null
            select Rate.OfWeeklyForDays(share, days.Value.Days));
    }

    /// <summary>
    /// The contribution of a period. The amount due is the sum due by the period's end, less the sum that the previous
    /// statement gave as due. So if a budget is corrected later, the difference is due in the next statement. The
    /// amount paid in the period is added to the sum that the previous statement gave as paid.
    /// </summary>
    public static Contribution ContributionOf(
        FundFacts facts, CarriedForward? previous, LocalDate from, LocalDate to, Money paidBefore, Money paid)
    {
        var dueToDate = DueUpTo(facts, to);
        var dueBefore = previous?.DueToDate ?? DueUpTo(facts, from.PlusDays(-1));
        var paidToDate = (previous?.PaidToDate ?? paidBefore) + paid;
        var toHolder = facts.Agreements.Any(terms => terms.Contribution == "to-holder");
        return new Contribution(dueToDate - dueBefore, toHolder ? paid : Money.Zero, dueToDate, paidToDate, toHolder);
    }

    /// <summary>
    /// Money that is held but not free to use: the unused part of one-off allocations that are not ended, receipts
    /// given for days still to come, and money that providers owe back and have not paid back yet. Once the fund is
    /// closed, only the money that providers owe back counts.
    /// </summary>
    public static SpokenFor SpokenForAt(
        FundFacts facts, IReadOnlyList<Journal> journals, Balances balances, LocalDate to)
    {
        var isClosed = facts.Closure?.On <= to;
        var oneOffs = facts.Allocations
            .Where(promise => promise.OneOff && !(promise.EndedOn <= to) && !isClosed)
            .Select(promise => promise.AllocationId).ToHashSet();
        var unused = balances.In(Book.Promise, "promised")
            .Where(place => oneOffs.Contains(place.Of) && place.Amount > 0).Sum(place => place.Amount);
        var toProviders = balances.In(Book.Money, "accrued").Concat(balances.In(Book.Money, "owed"))
            .GroupBy(place => place.Of, place => place.Amount).Select(provider => provider.Sum());
        return new SpokenFor(
            new Money(unused), isClosed ? Money.Zero : PaidAhead(facts, journals, to),
            new Money(-toProviders.Where(amount => amount < 0).Sum()));
    }

    private static Money PaidAhead(FundFacts facts, IReadOnlyList<Journal> journals, LocalDate to)
    {
        var received = journals.Select(JournalEffect.From).Where(effect => effect.In != default).ToList();
        var undone = received.Select(effect => effect.Journal.Reverses).ToHashSet();
        var live = received
            .Where(effect => effect.Journal.Reverses is null && !undone.Contains(effect.Journal.JournalId))
            .Select(effect => effect.Journal.Subject).ToHashSet();
        return Money.Sum(
            from receipt in facts.Receipts
            where live.Contains(receipt.ReceiptId)
            let ahead = receipt.ForDays?.Overlap(new CarePeriod(to.PlusDays(1), null))
            where ahead is { To: not null }
            select Rate.ShareRoundedHalfUp(receipt.Amount, ahead.Value.Days, receipt.ForDays!.Value.Days));
    }

    // The periods in which the person pays the holder. On each day the latest version of the agreement that was signed
    // by then applies, or the first version if none was signed by then. A new version with the same terms does not
    // split a period.
    private static IEnumerable<CarePeriod> DaysToHolder(FundFacts facts)
    {
        var from = PaysHolder(facts, LocalDate.MinIsoValue) ? LocalDate.MinIsoValue : (LocalDate?)null;
        foreach (var day in facts.Agreements.Select(terms => terms.SignedOn).Distinct().Order())
        {
            var pays = PaysHolder(facts, day);
            if (pays == from is not null)
                continue;
            if (from is { } began)
                yield return new CarePeriod(began, day.PlusDays(-1));
            from = pays ? day : null;
        }
        if (from is { } last)
            yield return new CarePeriod(last, null);
    }

    private static bool PaysHolder(FundFacts facts, LocalDate day) => facts.Agreements
        .Where(terms => terms.SignedOn <= day || terms.Version == facts.Agreements.Min(version => version.Version))
        .MaxBy(terms => terms.Version)?.Contribution == "to-holder";
}
