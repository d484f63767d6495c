using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The laws of the books over random sequences of care, weeks, claims, payments and fees: every identity of design §4
/// holds at every day and position, plain additions of the facts agree, and every order of arrival has the same
/// result.
/// </summary>
public sealed class PostingLaws
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private sealed record Fact(int N, int Kind, int Day, int Amount, int Other, int Which)
    {
        public LocalDate On => April.PlusDays(Day);

        public string Provider => $"P-{Which % 2}";

        public string Allocation => Which % 5 == 0 ? "" : $"A-{Which % 3}";

        public SourcePercent[] FundedBy => Which % 4 == 0 ? [new("nhs", 40), new("council", 35)] : [];
    }

    private sealed class History
    {
        private readonly Dictionary<string, (List<Journal> Journals, FactAmounts Amounts)> targets = [];
        private Head head = Head.New(Books.Holder, "F-1");

        public List<Journal> Journals { get; } = [];

        public List<FactAmounts> Amounts { get; } = [];

        public Journal Post(Entry entry, FactAmounts amounts)
        {
            var journal = HashChain.Append(head, entry, Books.Noon);
            head = head.After(journal);
            Journals.Add(journal);
            Amounts.Add(amounts);
            return journal;
        }

        public int NextVersion(string key) => targets.TryGetValue(key, out var posted) ? posted.Journals.Count + 1 : 1;

        public void Post(string key, CumulativePosting target, FactAmounts whole)
        {
            var (journals, before) = targets.GetValueOrDefault(key, ([], new FactAmounts()));
            targets[key] = ([.. journals, Post(target.DifferenceFrom(journals), whole - before)], whole);
        }
    }

    private static readonly Arbitrary<Fact[]> Histories =
        (from kind in Gen.Choose(0, 10)
         from day in Gen.Choose(0, 20)
         from amount in Gen.Choose(1, 50_000)
         from other in Gen.Choose(0, 90)
         from which in Gen.Choose(0, 1000)
         select new Fact(0, kind, day, amount, other, which)).ArrayOf().Resize(20)
        .Select(facts => facts.Select((fact, n) => fact with { N = n }).ToArray()).ToArbitrary();

    [Fact]
    public void Every_identity_holds_at_every_day_and_position() => Prop.ForAll(Histories, facts =>
        AtEvery(HistoryOf(facts), (balance, _) =>
        {
            var (money, promise, time) = (balance.Money, balance.Promise, balance.Time);
            return money.CashPence == money.HeldPence + money.AccruedPence + money.OwedPence
                && money.CashPence == money.ReceivedPence - money.ReturnedPence - money.PaidPence
                && money.HeldPence == money.Held.Sum(sourceLeft => sourceLeft.Pence) - money.OverdrawnPence
                && promise.BudgetPence == promise.FreePence + promise.PromisedPence + promise.UsedPence
                && time.PlannedMinutes + time.ExtraMinutes == time.DeliveredMinutes + time.MissedMinutes
                    + time.BankedMinutes + time.ReleasedMinutes + time.OutstandingMinutes;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void A_separate_account_agrees_at_every_day_and_position() => Prop.ForAll(Histories, facts =>
        AtEvery(HistoryOf(facts), (balance, sum) =>
        {
            var (money, promise, time) = (balance.Money, balance.Promise, balance.Time);
            return money.ReceivedPence == sum.Received && money.ReturnedPence == 0
                && money.HeldPence == sum.Received - sum.Spent - sum.Fees + sum.Credited + sum.Recovered
                && money.AccruedPence == sum.Spent - sum.Claimed
                && money.OwedPence == sum.Claimed + sum.Fees - sum.Credited - sum.Paid
                && money.PaidPence == sum.Paid - sum.Recovered
                && promise.BudgetPence == sum.Budget
                && promise.UsedPence == sum.Spent + sum.Fees - sum.Credited
                && time.PlannedMinutes == sum.Planned && time.ExtraMinutes == sum.Extra
                && time.DeliveredMinutes == sum.Delivered && time.ChargedNotDeliveredMinutes == sum.Charged
                && time.MissedMinutes == sum.Missed + sum.Charged
                && time.BankedMinutes == sum.Banked && time.ReleasedMinutes == sum.Released;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void The_books_are_the_same_whatever_comes_first() => Prop.ForAll(Histories, facts =>
    {
        var (forward, backward) = (HistoryOf(facts),
            HistoryOf([.. facts.OrderByDescending(fact => fact.Kind == 6 ? 5 : fact.Kind)]));
        return forward.Journals.Select(journal => journal.Entry.EffectiveOn).Distinct().All(day =>
            Balances(forward.Journals, day) == Balances(backward.Journals, day));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_target_posted_often_comes_to_its_last_total() => Prop.ForAll(Histories, facts =>
    {
        var repeated = HistoryOf(facts).Journals;
        // The balances are the same if each fact is published only once, in its last version.
        var last = facts.Where((fact, n) => fact.Kind is not (3 or 4)
            || !facts.Skip(n + 1).Any(later => later.Kind == fact.Kind && KeyOf(later) == KeyOf(fact)));
        return Balances(repeated, LocalDate.MaxIsoValue)
            == Balances(HistoryOf([.. last]).Journals, LocalDate.MaxIsoValue);
    }).QuickCheckThrowOnFailure();

    private static string Balances(IEnumerable<Journal> journals, LocalDate upTo) => string.Join(' ',
        from balance in Books.Sum(journals, upTo).Balances where balance.Value != 0
        orderby balance.Key.Book, balance.Key.Path select $"{balance.Key}={balance.Value}");

    private static bool AtEvery(History history, Func<Balance, FactAmounts, bool> law)
    {
        var days = history.Journals.SelectMany(journal => new[] { -1, 0, 1 }.Select(journal.Entry.EffectiveOn.PlusDays))
            .Distinct();
        return days.All(day => Enumerable.Range(0, history.Journals.Count + 1).All(position =>
        {
            var visible = history.Journals.Zip(history.Amounts)
                .Where(entry => entry.First.Entry.EffectiveOn <= day && entry.First.Position <= position).ToList();
            var flows = Books.Sum(visible.Select(entry => entry.First));
            var held = flows.Balances.Where(balance => balance.Key.Kind == "held" && balance.Key != Account.Drawn)
                .ToDictionary(balance => balance.Key.About, balance => balance.Value);
            var left = FundingSplit.Attribute(
                SpendOrder.PersonFirst, held, [new DrawnOnDay(day, -flows.BalanceOf(Account.Drawn))], _ => []);
            return law(
                Balance.Build("F-1", day, position, flows, left),
                visible.Aggregate(new FactAmounts(), (sum, entry) => sum + entry.Second));
        }));
    }

    private static History HistoryOf(Fact[] facts)
    {
        var history = new History();
        Array.ForEach(facts, fact => Post(fact, history));
        return history;
    }

    private static void Post(Fact fact, History history)
    {
        var (on, amount) = (fact.On, Money.OfPence(fact.Amount));
        switch (fact.Kind)
        {
            case 0:
                history.Post(
                    PostingRules.MoneyReceived(
                        "F-1", $"R-{fact.N}", fact.Which % 2 == 0 ? "council" : "nhs", amount, on),
                    new(Received: fact.Amount));
                break;
            case 1:
                history.Post(
                    PostingRules.DayPlanned("F-1", on, fact.N + 1, [new($"L-{fact.Which % 2}", new(fact.Other + 1))]),
                    new(Planned: fact.Other + 1));
                break;
            case 2:
                Visit(fact, history);
                break;
            case 3:
                Adjust(fact, history);
                break;
            case 4:
                CloseWeek(fact, history);
                break;
            case 5 or 6:
                Match(fact, history);
                break;
            case 7:
                history.Post(PostingRules.CreditNoteAccepted(new()
                {
                    FundId = "F-1", CreditNoteId = $"C-{fact.N}", ProviderId = fact.Provider, CareOn = April,
                    AcceptedOn = on, Parts = [new(fact.Allocation, amount, fact.FundedBy)],
                }), new(Credited: fact.Amount));
                break;
            case 8:
                Pay(fact, history);
                break;
            case 9:
                history.Post(
                    PostingRules.VatRecovered("F-1", $"T-{fact.N}", amount, fact.FundedBy, on),
                    new(Recovered: fact.Amount));
                break;
            default:
                var onTop = fact.Which % 2 == 0;
                history.Post(
                    PostingRules.FeeCharged("F-1", $"E-{fact.N}", amount, onTop, on),
                    new(Fees: fact.Amount, Budget: onTop ? fact.Amount : 0));
                break;
        }
    }

    private static void Visit(Fact fact, History history)
    {
        var care = new PricedCare
        {
            VisitId = $"V-{fact.N}", Version = 1, FundId = "F-1", LineId = $"L-{fact.Which % 2}",
            AllocationId = fact.Allocation, ProviderId = fact.Provider, CareOn = fact.On,
            Fulfilled = new Minutes(fact.Other), Extra = new Minutes(fact.Which % 30),
            Charged = new Minutes(fact.Which % 20), Carers = 1, Price = Money.OfPence(fact.Amount),
            FundedBy = fact.FundedBy, ClaimedOnInvoice = fact.Which % 7 == 0,
        };
        history.Post(PostingRules.VisitPriced(care), new(
            Spent: care.ClaimedOnInvoice ? 0 : fact.Amount, Delivered: fact.Other + (fact.Which % 30),
            Charged: fact.Which % 20, Extra: fact.Which % 30));
    }

    private static string KeyOf(Fact fact) =>
        fact.Kind == 3 ? $"{fact.Provider}/{fact.Allocation}" : $"{fact.Which % 2}";

    private static void Adjust(Fact fact, History history)
    {
        var key = $"price {KeyOf(fact)}";
        var pence = (fact.Amount % 601) - 300;
        history.Post(key, PostingRules.PriceAdjusted(ClaimRulesTests.Price with
        {
            AllocationId = fact.Allocation,
            ProviderId = fact.Provider,
            Kind = $"rounding-{fact.Provider}",
            Version = history.NextVersion(key),
            Amount = Money.OfPence(pence),
            FundedBy = fact.FundedBy,
        }), new(Spent: pence));
    }

    private static void CloseWeek(Fact fact, History history)
    {
        var key = $"week {KeyOf(fact)}";
        var (missed, banked) = (fact.Other, fact.Other / 2);
        var (drawn, expired, revalued) = (fact.Amount % 50, fact.Amount % 40, (fact.Amount % 21) - 10);
        history.Post(key, PostingRules.WeekClosed(new ClosedCare
        {
            FundId = "F-1", WeekFrom = April.PlusWeeks(fact.Which % 2), Version = history.NextVersion(key),
            Lines =
            [
                new()
                {
                    LineId = "L-0",
                    Missed =
                    [
                        new(fact.Day % 2 == 0 ? "short" : "no-access", new(missed), new(banked), new(missed / 3)),
                    ],
                    Drawn = new(drawn), Expired = new(expired), Revalued = new(revalued),
                },
            ],
        }), new(
            Missed: missed - banked - (missed / 3), Banked: banked - drawn - expired + revalued,
            Released: (missed / 3) + expired + Math.Max(0, -revalued), Extra: Math.Max(0, revalued) - drawn));
    }

    private static void Match(Fact fact, History history)
    {
        var key = $"invoice {fact.Which % 2}";
        var (delivered, agreed, bought, unclaimed) =
            (fact.Amount, fact.Amount % 700, fact.Other * 10, fact.Amount % 900);
        history.Post(key, PostingRules.InvoiceMatched(ClaimRulesTests.Claim with
        {
            InvoiceId = $"I-{fact.Which % 2}",
            Version = history.NextVersion(key),
            ProviderId = fact.Provider,
            AcceptedOn = fact.On,
            Parts =
            [
                new()
                {
                    AllocationId = fact.Allocation, Delivered = new(delivered), AgreedExtra = new(agreed),
                    Bought = new(bought), Unclaimed = new(unclaimed), FundedBy = fact.FundedBy,
                },
            ],
        }), new(Spent: agreed + bought - unclaimed, Claimed: delivered + agreed + bought));
    }

    private static void Pay(Fact fact, History history)
    {
        var amount = Money.OfPence(fact.Amount);
        var paid = history.Post(
            PostingRules.PaymentMade("F-1", $"M-{fact.N}", fact.Provider, amount, fact.On), new(Paid: fact.Amount));
        if (fact.Which % 3 == 0)
        {
            history.Post(PostingRules.PaymentReturned(paid, fact.On.PlusDays(3)), new(Paid: -fact.Amount));
        }
        else if (fact.Which % 3 == 1)
        {
            history.Post(
                        PostingRules.ProviderRepaid("F-1", $"Q-{fact.N}", fact.Provider, amount, fact.On.PlusDays(2)),
                        new(Paid: -fact.Amount));
        }
    }
}
