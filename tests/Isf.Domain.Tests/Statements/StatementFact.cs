using FsCheck;
using FsCheck.Fluent;
using Isf.Statements.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Statements;

/// <summary>A fact about any day, as it reaches the journals of a fund.</summary>
internal abstract record StatementFact
{
    /// <summary>The first day of the first statement.</summary>
    public static readonly LocalDate Start = new(2026, 4, 6);

    private StatementFact()
    {
    }

    public static readonly Gen<StatementFact> Any =
        from day in Gen.Choose(-14, 140).Select(Start.PlusDays)
        from source in Gen.Elements("council", "person")
        from pence in Gen.Choose(1, 50_000)
        from minutes in Gen.Choose(0, 89)
        from fact in Gen.Elements<StatementFact>(
            new Received(day, source, pence), new Returned(day, source, pence), new Planned(day, minutes + 1),
            new TakenBack(pence), new Attributed(day, pence), new Adjusted(day, pence), new Priced(day, minutes, pence))
        select fact;

    public abstract void PostTo(FundBooks books, string id);

    private sealed record Received(LocalDate On, string Source, int Pence) : StatementFact
    {
        public override void PostTo(FundBooks books, string id) => books.Received(id, Source, Pence, On);
    }

    private sealed record Returned(LocalDate On, string Source, int Pence) : StatementFact
    {
        public override void PostTo(FundBooks books, string id) => books.Returned(id, Source, Pence, On);
    }

    private sealed record Planned(LocalDate On, int Minutes) : StatementFact
    {
        public override void PostTo(FundBooks books, string id) => books.Planned(On, Minutes);
    }

    /// <summary>One of the journals in force is reversed, if there are any.</summary>
    private sealed record TakenBack(int Which) : StatementFact
    {
        public override void PostTo(FundBooks books, string id)
        {
            if (books.InForce is { Count: > 0 } inForce)
                books.Reversed(inForce[Which % inForce.Count], "taken-back", id);
        }
    }

    private sealed record Attributed(LocalDate On, int Pence) : StatementFact
    {
        public override void PostTo(FundBooks books, string id) =>
            books.Post("laid", id, On, new Move(Book.Money, "held/council", "held/drawn", Pence));
    }

    private sealed record Adjusted(LocalDate On, int Pence) : StatementFact
    {
        public override void PostTo(FundBooks books, string id) =>
            books.Post("adjustment", id, On, new Move(Book.Money, "owed/V-1", "held/drawn", Pence));
    }

    private sealed record Priced(LocalDate On, int Minutes, int Pence) : StatementFact
    {
        public override void PostTo(FundBooks books, string id) => books.Priced(id, 1, On, Minutes, Pence);
    }
}
