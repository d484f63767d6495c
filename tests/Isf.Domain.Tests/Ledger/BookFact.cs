using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Ledger.Draws;

namespace Isf.Domain.Tests.Ledger;

/// <summary>A fact about receipts, promises, plans or visits: what the Ledger posts, and what it adds.</summary>
internal abstract record BookFact
{
    private BookFact()
    {
    }

    public static readonly Gen<BookFact> Any = Gen.OneOf<BookFact>(
        from day in Days from source in Sources from amount in Amounts
        select (BookFact)new Received(day, source, amount),
        from day in Days from source in Sources from amount in Amounts
        select (BookFact)new Returned(day, source, amount),
        from which in Gen.Choose(0, 1000) select (BookFact)new Voided(which),
        from kind in Gen.Elements(PromiseKind.Budget, PromiseKind.Allocation) from day in Days
        from weeks in Gen.Choose(1, 91) from amount in Amounts
        select (BookFact)new Promised(kind, day, weeks, amount),
        from day in Days from line in Lines select (BookFact)new Planned(day, line),
        from day in Days from line in Lines select (BookFact)new Unplanned(day, line),
        from care in Care select (BookFact)new Visited(care),
        from which in Gen.Choose(0, 1000) from care in Care select (BookFact)new Revisited(which, care));

    /// <summary>Posts the fact under an id made from its number.</summary>
    public abstract void PostTo(CountedBooks books, int number);

    private sealed record Received(LocalDate On, string Source, Money Amount) : BookFact
    {
        public override void PostTo(CountedBooks books, int number) => books.Post(
            PostingRules.MoneyReceived("F-1", $"R-{number}", Source, Amount, On), new(Received: Amount.Pence));
    }

    private sealed record Returned(LocalDate On, string Source, Money Amount) : BookFact
    {
        public override void PostTo(CountedBooks books, int number) => books.Post(
            PostingRules.MoneyReturned("F-1", $"X-{number}", Source, Amount, On), new(Returned: Amount.Pence));
    }

    /// <summary>One of the receipts and returns in force is voided, if there are any.</summary>
    private sealed record Voided(int Which) : BookFact
    {
        public override void PostTo(CountedBooks books, int number)
        {
            if (books.MoneyInForce is not { Count: > 0 } inForce)
                return;
            var journal = inForce[Which % inForce.Count];
            books.PostReversal(journal.Entry.Kind == "money-received"
                ? PostingRules.ReceiptVoided(journal) : PostingRules.ReturnVoided(journal), journal);
        }
    }

    private sealed record Promised(PromiseKind Kind, LocalDate From, int Weeks, Money Weekly) : BookFact
    {
        public override void PostTo(CountedBooks books, int number)
        {
            var isBudget = Kind == PromiseKind.Budget;
            var terms = new PromiseTerms
            {
                Kind = Kind, Id = $"T-{number}", Version = 1, SetOn = April, From = From,
                To = From.PlusWeeks(Weeks).PlusDays(-1), Weekly = Weekly,
                Shares = [new(isBudget ? "council" : $"T-{number}", Weekly)], OneOff = [],
            };
            var whole = Weekly.Pence * Weeks;
            books.Post(
                PostingRules.Promise("F-1", terms, Assert.Single(PromiseSchedule.Due([], null, [terms], From))),
                isBudget ? new(Budget: whole) : new(Promised: whole));
        }
    }

    private sealed record Planned(LocalDate On, LineMinutes Line) : BookFact
    {
        public override void PostTo(CountedBooks books, int number) => books.Post(
            PostingRules.DayPlanned("F-1", On, number + 1, [Line]), new(Planned: Line.Amount.Count));
    }

    private sealed record Unplanned(LocalDate On, LineMinutes Line) : BookFact
    {
        public override void PostTo(CountedBooks books, int number) => books.Post(
            PostingRules.DayUnplanned("F-1", On, number + 1, [Line]), new(Planned: -Line.Amount.Count));
    }

    private sealed record Visited(PricedCare Care) : BookFact
    {
        public override void PostTo(CountedBooks books, int number)
        {
            var care = Care with { VisitId = $"V-{number}" };
            books.Visits[care.VisitId] = (care, books.Post(PostingRules.VisitPriced(care), AmountsOf(care)));
        }
    }

    /// <summary>One of the visits is corrected, if there are any.</summary>
    private sealed record Revisited(int Which, PricedCare Care) : BookFact
    {
        public override void PostTo(CountedBooks books, int number)
        {
            if (books.Visits.Count == 0)
                return;
            var (id, (before, journal)) = books.Visits.ElementAt(Which % books.Visits.Count);
            var care = Care with { VisitId = id, Version = before.Version + 1 };
            var (reversal, posting) = PostingRules.VisitRepriced(care, journal);
            books.PostReversal(reversal, journal);
            books.Visits[id] = (care, books.Post(posting, AmountsOf(care)));
        }
    }
}
