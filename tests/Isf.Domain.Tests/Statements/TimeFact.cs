using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Books = Isf.Ledger.Domain;

namespace Isf.Domain.Tests.Statements;

/// <summary>A fact about time, posted by the Ledger's own rules.</summary>
internal abstract record TimeFact
{
    private static readonly string[] Reasons =
    [
        "missed-by-provider", "no-access", "hospital", "respite", "holiday", "other", "short", "no-record", "by-hand",
    ];

    private TimeFact()
    {
    }

    /// <summary>A fact about any day from the first to the last.</summary>
    public static Gen<TimeFact> Between(LocalDate first, LocalDate last) =>
        from day in Gen.Choose(0, Period.DaysBetween(first, last)).Select(first.PlusDays)
        from line in Lines
        from pence in Gen.Choose(0, 1000)
        from week in Weeks
        from fact in Gen.Frequency<TimeFact>(
            (1, Gen.Constant<TimeFact>(new Planned(day, line))), (1, Gen.Constant<TimeFact>(new Unplanned(day, line))),
            (1, Gen.Elements<TimeFact>(
                new Fulfilled(day, line, pence), new Extra(day, line, pence), new Charged(day, line, pence))),
            (1, Gen.Constant<TimeFact>(new TakenBack(pence))),
            (1, Gen.Elements<TimeFact>(new PlanEnded(day, line), new BankEnded(day, line))),
            (2, Gen.Constant<TimeFact>(new WeekClosed(day, week))))
        select fact;

    public abstract void PostTo(FundBooks books);

    internal sealed record Planned(LocalDate On, Books.LineMinutes Line) : TimeFact
    {
        public override void PostTo(FundBooks books) =>
            Post(books, Books.PostingRules.DayPlanned("F-1", On, 1, [Line]));
    }

    internal sealed record Unplanned(LocalDate On, Books.LineMinutes Line) : TimeFact
    {
        public override void PostTo(FundBooks books) =>
            Post(books, Books.PostingRules.DayUnplanned("F-1", On, 2, [Line]));
    }

    /// <summary>A visit that fulfils its plan.</summary>
    internal sealed record Fulfilled(LocalDate On, Books.LineMinutes Line, long Pence) : TimeFact
    {
        public override void PostTo(FundBooks books) =>
            Post(books, Visit(books, On, Line.LineId, Pence) with { Fulfilled = Line.Amount });
    }

    /// <summary>A visit beyond the plan.</summary>
    internal sealed record Extra(LocalDate On, Books.LineMinutes Line, long Pence) : TimeFact
    {
        public override void PostTo(FundBooks books) =>
            Post(books, Visit(books, On, Line.LineId, Pence) with { Extra = Line.Amount });
    }

    /// <summary>A visit that is charged though it was not given.</summary>
    internal sealed record Charged(LocalDate On, Books.LineMinutes Line, long Pence) : TimeFact
    {
        public override void PostTo(FundBooks books) =>
            Post(books, Visit(books, On, Line.LineId, Pence) with { Charged = Line.Amount });
    }

    /// <summary>One of the journals in force is reversed, if there are any; a closed week never is.</summary>
    internal sealed record TakenBack(long Which) : TimeFact
    {
        public override void PostTo(FundBooks books)
        {
            var inForce = books.InForce.Where(journal => journal.CauseMessage != "week-closed").ToList();
            if (inForce.Count > 0)
                books.Reversed(inForce[(int)(Which % inForce.Count)], "taken-back", $"W-{books.Position + 1}");
        }
    }

    /// <summary>A closure of the fund ends planned time.</summary>
    internal sealed record PlanEnded(LocalDate On, Books.LineMinutes Line) : TimeFact
    {
        public override void PostTo(FundBooks books) => Post(books, Books.ClosingRules.HoursEnded(
            "F-1", On, 1, [new(Books.Account.Planned(Line.LineId), Line.Amount.Count)]));
    }

    /// <summary>A closure of the fund ends banked time.</summary>
    internal sealed record BankEnded(LocalDate On, Books.LineMinutes Line) : TimeFact
    {
        public override void PostTo(FundBooks books) => Post(books, Books.ClosingRules.HoursEnded(
            "F-1", On, 1, [new(Books.Account.Banked(Line.LineId), Line.Amount.Count)]));
    }

    /// <summary>The week of a day is closed, or closed again.</summary>
    internal sealed record WeekClosed(LocalDate On, Books.ClosedCareLine Line) : TimeFact
    {
        public override void PostTo(FundBooks books) => books.CloseWeek(CarePeriod.MondayOf(On), version =>
            [.. Books.PostingRules.WeekClosed(new()
            {
                FundId = "F-1", WeekFrom = CarePeriod.MondayOf(On), Version = version, Lines = [Line],
            }).Total.Select(MoveOf)]);
    }

    private static readonly Gen<Books.LineMinutes> Lines =
        from line in Gen.Elements("L-1", "L-2")
        from minutes in Gen.Choose(1, 300)
        select new Books.LineMinutes(line, new Minutes(minutes));

    private static readonly Gen<Books.ClosedCareLine> Weeks =
        from line in Lines
        let minutes = line.Amount.Count
        from reasons in Gen.Shuffle(Reasons)
        from more in Gen.Choose(0, 14)
        from drawn in Gen.Choose(2, 6)
        from expired in Gen.Choose(3, 6)
        from revalued in Gen.Choose(-4, 4)
        select new Books.ClosedCareLine
        {
            LineId = line.LineId,
            Missed =
            [
                new(reasons[0], new(minutes), new(minutes / 2), new(minutes / 3)),
                new(reasons[1], new(minutes + more), new(minutes / 2), new(minutes / 3)),
            ],
            Drawn = new(minutes / drawn), Expired = new(minutes / expired), Revalued = new(revalued),
        };

    private static Books.PricedCare Visit(FundBooks books, LocalDate on, string lineId, long pence) => new()
    {
        VisitId = $"W-{books.Position + 1}", Version = 1, FundId = "F-1", LineId = lineId, AllocationId = "A-1",
        ProviderId = "V-1", CareOn = on, Fulfilled = default, Extra = default, Carers = 1, Price = new Money(pence),
        FundedBy = [], ClaimedOnInvoice = false,
    };

    private static void Post(FundBooks books, Books.PricedCare visit) =>
        Post(books, Books.PostingRules.VisitPriced(visit));

    private static void Post(FundBooks books, Books.Entry entry) => books.Post(
        entry.Cause.Message, entry.Cause.Id, entry.EffectiveOn, [.. entry.Moves.Select(MoveOf)]);

    private static Move MoveOf(Books.Move move) => new(
        (Book)(int)move.Book, move.From.Path, move.To.Path, move.Amount);
}
