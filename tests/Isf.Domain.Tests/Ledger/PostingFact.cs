using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using static Isf.Domain.Tests.Ledger.Draws;

namespace Isf.Domain.Tests.Ledger;

/// <summary>A fact about care, weeks, claims, payments or fees: what the Ledger posts, and what it adds.</summary>
internal abstract record PostingFact
{
    private PostingFact()
    {
    }

    public static readonly Gen<PostingFact> Any = Gen.OneOf<PostingFact>(
        from day in Days from source in Sources from amount in Amounts
        select (PostingFact)new Received(day, source, amount),
        from day in Days from line in Lines select (PostingFact)new Planned(day, line),
        from care in Care select (PostingFact)new Visited(care),
        from provider in Providers from allocation in Allocations from fundedBy in FundedBy
        from pence in Gen.Choose(-300, 300)
        select (PostingFact)new PriceAdjusted(provider, allocation, fundedBy, pence),
        WeekClosed.Any,
        InvoiceMatched.Any,
        from day in Days from provider in Providers from allocation in Allocations from fundedBy in FundedBy
        from amount in Amounts select (PostingFact)new Credited(day, provider, allocation, fundedBy, amount),
        from day in Days from provider in Providers from amount in Amounts from fate in Gen.Choose(0, 2)
        select fate switch
        {
            0 => new Paid(day, provider, amount),
            1 => new PaidAndReturned(day, provider, amount),
            _ => (PostingFact)new PaidAndRepaid(day, provider, amount),
        },
        from day in Days from fundedBy in FundedBy from amount in Amounts
        select (PostingFact)new VatRecovered(day, fundedBy, amount),
        from day in Days from amount in Amounts from onTop in Gen.Elements(true, false)
        select (PostingFact)new Fee(day, amount, onTop));

    /// <summary>The number that makes the ids of what is posted.</summary>
    public int Number { get; init; }

    /// <summary>The target of which this fact states a new total; null if the fact is posted once.</summary>
    public virtual string? Target => null;

    public abstract void PostTo(CountedBooks books);

    private sealed record Received(LocalDate On, string Source, Money Amount) : PostingFact
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.MoneyReceived("F-1", $"R-{Number}", Source, Amount, On), new(Received: Amount.Pence));
    }

    private sealed record Planned(LocalDate On, LineMinutes Line) : PostingFact
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.DayPlanned("F-1", On, Number + 1, [Line]), new(Planned: Line.Amount.Count));
    }

    private sealed record Visited(PricedCare Care) : PostingFact
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.VisitPriced(Care with { VisitId = $"V-{Number}" }), AmountsOf(Care));
    }

    private sealed record PriceAdjusted(
        string Provider, string Allocation, SourcePercent[] FundedBy, int Pence) : PostingFact
    {
        public override string Target => $"price {Provider}/{Allocation}";

        public override void PostTo(CountedBooks books) => books.PostTarget(
            Target,
            version => PostingRules.PriceAdjusted(ClaimRulesTests.Price with
            {
                AllocationId = Allocation,
                ProviderId = Provider,
                Kind = $"rounding-{Provider}",
                Version = version,
                Amount = new Money(Pence),
                FundedBy = FundedBy,
            }),
            new(Spent: Pence));
    }

    /// <summary>A week in which some care is missed, of which parts are banked and released.</summary>
    private sealed record WeekClosed(
        int Week, string Reason, int Missed, int Banked, int Released, int Drawn, int Expired, int Revalued)
        : PostingFact
    {
        public static new readonly Gen<PostingFact> Any =
            from week in Gen.Choose(0, 1)
            from reason in Gen.Elements("short", "no-access")
            from missed in Gen.Choose(0, 90)
            from drawn in Gen.Choose(0, 49)
            from expired in Gen.Choose(0, 39)
            from revalued in Gen.Choose(-10, 10)
            select (PostingFact)new WeekClosed(
                week, reason, missed, missed / 2, missed / 3, drawn, expired, revalued);

        public override string Target => $"week {Week}";

        public override void PostTo(CountedBooks books) => books.PostTarget(
            Target,
            version => PostingRules.WeekClosed(new()
            {
                FundId = "F-1", WeekFrom = April.PlusWeeks(Week), Version = version, Lines = [Line],
            }),
            new(
                Missed: Missed - Banked - Released, Banked: Banked - Drawn - Expired + Revalued,
                Released: Released + Expired + Math.Max(0, -Revalued), Extra: Math.Max(0, Revalued) - Drawn));

        private ClosedCareLine Line => new()
        {
            LineId = "L-0", Missed = [new(Reason, new(Missed), new(Banked), new(Released))],
            Drawn = new(Drawn), Expired = new(Expired), Revalued = new(Revalued),
        };
    }

    private sealed record InvoiceMatched(string Provider, LocalDate On, ClaimPart Part) : PostingFact
    {
        public static new readonly Gen<PostingFact> Any =
            from provider in Providers
            from day in Days
            from allocation in Allocations
            from delivered in Amounts
            from agreed in Gen.Choose(0, 699)
            from bought in Gen.Choose(0, 900)
            from unclaimed in Gen.Choose(0, 899)
            from fundedBy in FundedBy
            select (PostingFact)new InvoiceMatched(provider, day, new ClaimPart
            {
                AllocationId = allocation, Delivered = delivered, AgreedExtra = new(agreed), Bought = new(bought),
                Unclaimed = new(unclaimed), FundedBy = fundedBy,
            });

        public override string Target => $"invoice of {Provider}";

        public override void PostTo(CountedBooks books) => books.PostTarget(
            Target,
            version => PostingRules.InvoiceMatched(ClaimRulesTests.Claim with
            {
                InvoiceId = $"I-{Provider}",
                Version = version,
                ProviderId = Provider,
                AcceptedOn = On,
                Parts = [Part],
            }),
            new(
                Spent: (Part.AgreedExtra + Part.Bought - Part.Unclaimed).Pence,
                Claimed: (Part.Delivered + Part.AgreedExtra + Part.Bought).Pence));
    }

    private sealed record Credited(
        LocalDate On, string Provider, string Allocation, SourcePercent[] FundedBy, Money Amount) : PostingFact
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.CreditNoteAccepted(new()
            {
                FundId = "F-1", CreditNoteId = $"C-{Number}", ProviderId = Provider, CareOn = April, AcceptedOn = On,
                Parts = [new(Allocation, Amount, FundedBy)],
            }),
            new(Credited: Amount.Pence));
    }

    private record Paid(LocalDate On, string Provider, Money Amount) : PostingFact
    {
        public override void PostTo(CountedBooks books) => Pay(books);

        protected Journal Pay(CountedBooks books) => books.Post(
            PostingRules.PaymentMade("F-1", $"M-{Number}", Provider, Amount, On), new(Paid: Amount.Pence));
    }

    /// <summary>A payment that the bank sends back after three days.</summary>
    private sealed record PaidAndReturned(LocalDate On, string Provider, Money Amount) : Paid(On, Provider, Amount)
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.PaymentReturned(Pay(books), On.PlusDays(3)), new(Paid: -Amount.Pence));
    }

    /// <summary>A payment that the provider repays after two days.</summary>
    private sealed record PaidAndRepaid(LocalDate On, string Provider, Money Amount) : Paid(On, Provider, Amount)
    {
        public override void PostTo(CountedBooks books)
        {
            Pay(books);
            books.Post(
                PostingRules.ProviderRepaid("F-1", $"Q-{Number}", Provider, Amount, On.PlusDays(2)),
                new(Paid: -Amount.Pence));
        }
    }

    private sealed record VatRecovered(LocalDate On, SourcePercent[] FundedBy, Money Amount) : PostingFact
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.VatRecovered("F-1", $"T-{Number}", Amount, FundedBy, On), new(Recovered: Amount.Pence));
    }

    private sealed record Fee(LocalDate On, Money Amount, bool IsOnTop) : PostingFact
    {
        public override void PostTo(CountedBooks books) => books.Post(
            PostingRules.FeeCharged("F-1", $"E-{Number}", Amount, IsOnTop, On),
            new(Fees: Amount.Pence, Budget: IsOnTop ? Amount.Pence : 0));
    }
}
