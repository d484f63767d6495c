using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The laws of the three books over random histories of one fund: nothing is lost, the identities hold at every day
/// and position, and a separate count, made by plain additions of the facts, agrees on both axes.
/// </summary>
public sealed class BookLaws
{
    private static readonly LocalDate April = new(2026, 4, 6);

    /// <summary>The amounts that one fact adds on one day, computed without accounts or moves.</summary>
    private sealed record DayAmounts(
        long Received = 0, long Returned = 0, long Cost = 0, long Budget = 0, long Promised = 0, long Planned = 0,
        long Fulfilled = 0,
        long Extra = 0)
    {
        public static DayAmounts operator +(DayAmounts a, DayAmounts b) => new(
            a.Received + b.Received, a.Returned + b.Returned, a.Cost + b.Cost, a.Budget + b.Budget, a.Promised
                + b.Promised,
            a.Planned + b.Planned, a.Fulfilled + b.Fulfilled, a.Extra + b.Extra);

        public static DayAmounts operator -(DayAmounts a) => new(
            -a.Received, -a.Returned, -a.Cost, -a.Budget, -a.Promised, -a.Planned, -a.Fulfilled, -a.Extra);
    }

    private sealed record Posting(Entry Entry, DayAmounts Amounts);

    private sealed record Fact(int Kind, int Day, int Amount, int Other, int Which);

    private static readonly Arbitrary<Fact[]> Histories =
        (from kind in Gen.Choose(0, 7)
         from day in Gen.Choose(0, 20)
         from amount in Gen.Choose(1, 50_000)
         from other in Gen.Choose(0, 90)
         from which in Gen.Choose(0, 1000)
         select new Fact(kind, day, amount, other, which)).ArrayOf().Resize(18).ToArbitrary();

    [Fact]
    public void Every_book_sums_to_nothing_at_every_day_and_position() => Prop.ForAll(Histories, facts =>
        AtEvery(Posted(facts), (journals, _, day, position) =>
            Enum.GetValues<Book>().All(book => Books.Sum(journals, day, position).Balances
                .Where(balance => balance.Key.Book == book).Sum(balance => balance.Value) == 0)))
                    .QuickCheckThrowOnFailure();

    [Fact]
    public void The_identities_hold_at_every_day_and_position() => Prop.ForAll(Histories, facts =>
        AtEvery(Posted(facts), (journals, _, day, position) =>
        {
            var balance = BalanceAt(journals, day, position);
            var (money, promise, time) = (balance.Money, balance.Promise, balance.Time);
            return money.CashPence == money.HeldPence + money.AccruedPence + money.OwedPence
                && money.CashPence == money.ReceivedPence - money.ReturnedPence - money.PaidPence
                && money.HeldPence == money.Held.Sum(sourceLeft => sourceLeft.Pence) - money.OverdrawnPence
                && promise.BudgetPence == promise.FreePence + promise.PromisedPence + promise.UsedPence
                && time.PlannedMinutes + time.ExtraMinutes == time.DeliveredMinutes + time.MissedMinutes
                    + time.BankedMinutes + time.ReleasedMinutes + time.OutstandingMinutes;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void A_separate_account_agrees_the_day_before_on_and_after_every_date_and_at_every_position() =>
        Prop.ForAll(Histories, facts => AtEvery(Posted(facts), (journals, amounts, day, position) =>
        {
            var sum = journals.Zip(amounts)
                .Where(entry => entry.First.Entry.EffectiveOn <= day && entry.First.Position <= position)
                .Aggregate(new DayAmounts(), (total, entry) => total + entry.Second);
            var balance = BalanceAt(journals, day, position);
            return balance.Money.ReceivedPence == sum.Received && balance.Money.ReturnedPence == sum.Returned
                && balance.Money.AccruedPence == sum.Cost
                && balance.Money.HeldPence == sum.Received - sum.Returned - sum.Cost
                && balance.Promise.BudgetPence == sum.Budget && balance.Promise.UsedPence == sum.Cost
                && balance.Promise.PromisedPence == sum.Promised - sum.Cost
                && balance.Promise.FreePence == sum.Budget - sum.Promised
                && balance.Time.PlannedMinutes == sum.Planned && balance.Time.ExtraMinutes == sum.Extra
                && balance.Time.DeliveredMinutes == sum.Fulfilled + sum.Extra
                && balance.Time.OutstandingMinutes == sum.Planned - sum.Fulfilled;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void The_chain_holds_from_the_first_journal_to_the_last() => Prop.ForAll(Histories, facts =>
    {
        var head = Head.New(Books.Holder, "F-1");
        foreach (var journal in Posted(facts).Journals)
        {
            if (!HashChain.Holds(head, journal))
                return false;
            head = head.After(journal);
        }
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Balances_and_whose_money_is_left_are_the_same_for_every_order_of_arrival() =>
        Prop.ForAll(Histories, facts =>
    {
        var forward = Posted(facts).Journals;
        var backward = Books.Posted([.. forward.Select(journal => journal.Entry).Reverse()]);
        return forward.Select(journal => journal.Entry.EffectiveOn).Distinct()
            .All(day => Enum.GetValues<SpendOrder>().All(order =>
            TextOf(BalanceAt(forward, day, null, order)) == TextOf(BalanceAt(backward, day, null, order))));
    }).QuickCheckThrowOnFailure();

    private static string TextOf(Balance balance) =>
        $"{balance.Money with { Held = [] }} {string.Join(' ', balance.Money.Held)} {balance.Promise} {balance.Time}"
            .Replace("System.Collections.Generic.List`1[Isf.Ledger.Domain.SourceLeft]", "", StringComparison.Ordinal);

    private static bool AtEvery(
        (List<Journal> Journals, List<DayAmounts> Amounts) history,
        Func<List<Journal>, List<DayAmounts>, LocalDate, long, bool> law)
    {
        var days = history.Journals.SelectMany(journal => new[] { -1, 0, 1 }.Select(journal.Entry.EffectiveOn.PlusDays))
            .Distinct();
        var positions = Enumerable.Range(0, history.Journals.Count + 1).Select(position => (long)position).ToList();
        return days.All(day => positions.All(position => law(history.Journals, history.Amounts, day, position)));
    }

    private static Balance BalanceAt(List<Journal> journals, LocalDate day, long? position,
        SpendOrder order = SpendOrder.ProRata)
    {
        var visible = journals.Where(journal => journal.Entry.EffectiveOn <= day
            && (position is null || journal.Position <= position));
        var flows = Books.Sum(visible);
        var held = flows.Balances.Where(balance => balance.Key.Kind == "held" && balance.Key != Account.Drawn)
            .ToDictionary(balance => balance.Key.About, balance => balance.Value);
        var drawn = visible.SelectMany(journal => journal.Entry.Moves
            .Where(move => move.From == Account.Drawn || move.To == Account.Drawn)
            .Select(move =>
                new DrawnOnDay(journal.Entry.AboutOn,
                    move.From == Account.Drawn ? move.Amount : -move.Amount))).ToList();
        var left = FundingSplit.Attribute(order, held, drawn, on => on.Day % 2 == 0
            ? [new SourceWeight("council", 6), new SourceWeight("person", 1)] : [new SourceWeight("nhs", 1)]);
        return Balance.Build("F-1", day, position ?? journals.Count, flows, left);
    }

    private static (List<Journal> Journals, List<DayAmounts> Amounts) Posted(Fact[] facts)
    {
        var postings = new List<Posting>();
        var budgets = new List<PromiseTerms>();
        var visits = new Dictionary<string, List<Posting>>();
        for (var n = 0; n < facts.Length; n++)
            postings.AddRange(PostingsOf(facts[n], n, budgets, visits, postings));
        return (Books
            .Posted([.. postings.Select(posting => posting.Entry)]), [.. postings.Select(posting => posting.Amounts)]);
    }

    private static List<Posting> PostingsOf(
        Fact fact, int n, List<PromiseTerms> budgets, Dictionary<string, List<Posting>> visits, List<Posting> before)
    {
        var day = April.PlusDays(fact.Day);
        var source = new[] { "council", "person", "nhs" }[fact.Which % 3];
        var amount = Money.OfPence(fact.Amount);
        LineMinutes[] lines = [new($"L-{fact.Which % 2}", new Minutes(fact.Other + 1))];
        return fact.Kind switch
        {
            0 => [new(PostingRules.MoneyReceived("F-1", $"R-{n}", source, amount, day), new(Received: fact.Amount))],
            1 => [new(PostingRules.MoneyReturned("F-1", $"X-{n}", source, amount, day), new(Returned: fact.Amount))],
            2 => Voided(fact, before),
            3 => Budgeted(fact, n, budgets),
            4 => [new(PostingRules.DayPlanned("F-1", day, n + 1, lines), new(Planned: fact.Other + 1))],
            5 => [new(PostingRules.DayUnplanned("F-1", day, n + 1, lines), new(Planned: -fact.Other - 1))],
            6 => Visited(fact, $"V-{n}", visits),
            _ => visits.Count == 0 ? [] : Visited(fact, visits.Keys.ElementAt(fact.Which % visits.Count), visits),
        };
    }

    private static List<Posting> Voided(Fact fact, List<Posting> before)
    {
        var open = before.Where(posting => posting.Entry.Kind is "money-received" or "money-returned"
            && before.All(other => other.Entry.Reverses != Books.Posted(posting.Entry).JournalId)).ToList();
        if (open.Count == 0)
            return [];
        var (entry, amounts) = open[fact.Which % open.Count];
        var journal = Books.Posted(entry);
        return [new(entry.Kind == "money-received"
            ? PostingRules.ReceiptVoided(journal) : PostingRules.ReturnVoided(journal), -amounts)];
    }

    private static List<Posting> Budgeted(Fact fact, int n, List<PromiseTerms> budgets)
    {
        var kind = fact.Which % 2 == 0 ? PromiseKind.Budget : PromiseKind.Allocation;
        var terms = new PromiseTerms
        {
            Kind = kind, Id = $"T-{n}", Version = 1, SetOn = April, From = April.PlusDays(fact.Day),
            To = April.PlusDays(fact.Day + (7 * fact.Other) + 6), Weekly = Money.OfPence(fact.Amount),
            Shares = [new(kind == PromiseKind.Budget ? "council" : $"T-{n}", Money.OfPence(fact.Amount))], OneOff = [],
        };
        budgets.Add(terms);
        var whole = (long)fact.Amount * (fact.Other + 1);
        return
        [
            .. PromiseSchedule.Due([], null, [terms], terms.From).Select(step => new Posting(
                PostingRules.Promise("F-1", terms, step),
                kind == PromiseKind.Budget ? new DayAmounts(Budget: whole) : new DayAmounts(Promised: whole))),
        ];
    }

    private static List<Posting> Visited(Fact fact, string visitId, Dictionary<string, List<Posting>> visits)
    {
        var last = visits.GetValueOrDefault(visitId);
        var visit = new PricedCare
        {
            VisitId = visitId, Version = (last?.Count ?? 0) + 1, FundId = "F-1", LineId = $"L-{fact.Which % 2}",
            AllocationId = $"A-{fact.Which % 3}", ProviderId = $"P-{fact.Which % 2}", CareOn = April.PlusDays(fact.Day),
            Fulfilled = new Minutes(fact.Other), Extra = new Minutes(fact.Which % 30), Carers = 1 + (fact.Which % 2),
            Price = Money.OfPence(fact.Which % 10 == 0 ? 0 : fact.Amount),
            FundedBy = fact.Which % 4 == 0 ? [new("nhs", 40), new("council", 60)] : [], ClaimedOnInvoice = false,
        };
        var amounts = new DayAmounts(Cost: visit.Price.Pence, Fulfilled: fact.Other, Extra: fact.Which % 30);
        if (last is null)
        {
            visits[visitId] = [new(PostingRules.VisitPriced(visit), amounts)];
            return visits[visitId];
        }
        var (reversal, repriced) = PostingRules.VisitRepriced(visit, Books.Posted(last[^1].Entry));
        var before = last[^1].Amounts;
        last.Add(new(repriced, amounts));
        return [new(reversal, -before), last[^1]];
    }
}
