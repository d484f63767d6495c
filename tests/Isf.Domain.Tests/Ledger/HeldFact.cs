using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Ledger;

/// <summary>A fact that changes what a fund holds.</summary>
internal abstract record HeldFact
{
    /// <summary>The first day of facts.</summary>
    public static readonly LocalDate April = new(2026, 4, 6);

    /// <summary>The number of days after the first on which facts count.</summary>
    public const int Days = 60;

    /// <summary>Everyone who may put money in.</summary>
    public static readonly IReadOnlyList<string> Sources = ["council", "nhs", "person", "top-up", "other"];

    /// <summary>Any fact about any day; care may be up to 20 days older than its charge.</summary>
    public static readonly Gen<HeldFact> Any =
        from source in Gen.Elements<string>([.. Sources])
        from fact in Gen.Frequency<HeldFact>(
            (2, Gen.Constant<HeldFact>(new Received(source))), (1, Gen.Constant<HeldFact>(new Returned(source))),
            (2, Gen.Constant<HeldFact>(new Charged())), (1, Gen.Constant<HeldFact>(new ChargedTo(source))),
            (1, Gen.Constant<HeldFact>(new Refunded())))
        from day in Gen.Choose(0, Days).Select(April.PlusDays)
        from careDaysBefore in Gen.Choose(0, 20)
        from pence in Gen.Choose(1, 20_000)
        select fact with { On = day, CareOn = day.PlusDays(-careDaysBefore), Pence = pence };

    private HeldFact(Account from, Account to) => (From, To) = (from, to);

    /// <summary>Money that a source puts in.</summary>
    internal sealed record Received(string Source) : HeldFact(Account.Outside(Source), Account.Held(Source));

    /// <summary>Money that goes back to its source.</summary>
    internal sealed record Returned(string Source) : HeldFact(Account.Held(Source), Account.Outside(Source));

    /// <summary>A charge that names nobody.</summary>
    internal sealed record Charged() : HeldFact(Account.Drawn, Account.Accrued("V-1"));

    /// <summary>A charge that names its source.</summary>
    internal sealed record ChargedTo(string Source) : HeldFact(Account.Held(Source), Account.Accrued("V-1"));

    /// <summary>A charge that is taken back.</summary>
    internal sealed record Refunded() : HeldFact(Account.Accrued("V-1"), Account.Drawn);

    public LocalDate On { get; init; }

    public LocalDate CareOn { get; init; }

    public int Pence { get; init; }

    public Account From { get; }

    public Account To { get; }

    /// <summary>The fact as the Ledger sums it.</summary>
    public HeldSum Sum => new(On, CareOn, From, To, Pence);
}
