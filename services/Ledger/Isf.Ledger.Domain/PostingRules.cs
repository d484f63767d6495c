using System.Globalization;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The accountant's page: what each fact moves in the three books (design §4). Every rule is a pure function from a
/// fact to the entries it posts; the same fact always posts the same. Nothing of no amount moves; a fact that moves
/// nothing is posted all the same, so that its cause is on the books.
/// </summary>
public static class PostingRules
{
    /// <summary>Money came in: outside/source → held/source, on the day it was received.</summary>
    public static Entry MoneyReceived(string fundId, string receiptId, string source, Money amount,
        LocalDate receivedOn) =>
        Of(fundId, "money-received", receiptId, receivedOn,
            Moved(Book.Money, Place.Outside(source), Place.Held(source), amount));

    /// <summary>A receipt never was: its journal the other way, on the same day.</summary>
    public static Entry ReceiptVoided(Journal receipt) => Reversal(receipt, "receipt-voided", receipt.Entry.Cause.Id);

    /// <summary>Money went back: held/source → outside/source, on the day it was paid.</summary>
    public static Entry MoneyReturned(string fundId, string returnId, string source, Money amount, LocalDate paidOn) =>
        Of(fundId, "money-returned", returnId, paidOn,
            Moved(Book.Money, Place.Held(source), Place.Outside(source), amount));

    /// <summary>A return never was: its journal the other way, on the same day.</summary>
    public static Entry ReturnVoided(Journal returned) => Reversal(returned, "return-voided", returned.Entry.Cause.Id);

    /// <summary>
    /// One day on which a budget or an allocation changes what is promised: budget/source ↔ free, or free ↔
    /// promised/a, by the difference. A version's own day is named by its version, any other (an anniversary) also by
    /// its date.
    /// </summary>
    public static Entry Promise(string fundId, PromiseTerms terms, PromiseStep step)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(step);
        var own = step.On == terms.EffectiveOn;
        var (first, revised, year) = terms.Kind == PromiseKind.Budget
            ? ("budget-set", "budget-revised", "budget-year")
            : ("allocation-made", "allocation-revised", "allocation-year");
        var kind = !own ? year : terms.Version == 1 ? first : revised;
        var moves = step.Differences.SelectMany(difference => Promised(terms, difference.Key, difference.Value));
        return Of(fundId, kind, PromiseCause(terms, own ? null : step.On), step.On, [.. moves]);
    }

    /// <summary>The id by which a budget's or an allocation's posting is known: B-1/v2, or B-1/v2/2027-04-06.</summary>
    public static string PromiseCause(PromiseTerms terms, LocalDate? anniversary)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return $"{terms.Id}/v{Number(terms.Version)}{(anniversary is { } day ? $"/{Iso(day)}" : "")}";
    }

    /// <summary>
    /// Another order of spending was agreed. It moves nothing by itself; its place in the journal says since when.
    /// </summary>
    public static Entry SpendOrderSet(string fundId, int version, LocalDate signedOn) =>
        Of(fundId, "spend-order-set", $"agreement/v{Number(version)}", signedOn, []);

    /// <summary>A fund's day was planned: agreed/line → planned/line, line by line, on that day.</summary>
    public static Entry DayPlanned(string fundId, LocalDate on, int revision, IEnumerable<LineMinutes> lines) =>
        Of(fundId, "day-planned", DayCause(on, revision), on,
            [.. lines.SelectMany(line => Took(Place.Agreed(line.LineId), Place.Planned(line.LineId), line.Amount))]);

    /// <summary>A fund's day is planned no longer: planned/line → agreed/line, on that day.</summary>
    public static Entry DayUnplanned(string fundId, LocalDate on, int revision, IEnumerable<LineMinutes> lines) =>
        Of(fundId, "day-unplanned", DayCause(on, revision), on,
            [.. lines.SelectMany(line => Took(Place.Planned(line.LineId), Place.Agreed(line.LineId), line.Amount))]);

    /// <summary>
    /// A visit was priced, on its day of care. Time as Support said: planned → delivered for what it answers, extra →
    /// delivered for the rest. On delivery also promised → used, and held → accrued: out of held/drawn, or out of the
    /// sources that the allocation names, split by largest remainder. Claimed on invoice, money and promise wait for
    /// the invoice.
    /// </summary>
    public static Entry VisitPriced(PricedCare visit) => VisitAs("visit-priced", visit);

    /// <summary>A visit was priced again: the whole of what its last price posted the other way, and the new.</summary>
    public static (Entry Reversal, Entry Again) VisitRepriced(PricedCare visit, Journal last)
    {
        ArgumentNullException.ThrowIfNull(visit);
        ArgumentNullException.ThrowIfNull(last);
        var cause = new PostingCause("visit-repriced", VisitCause(visit.VisitId, visit.Version));
        return (Reversal(last, "visit-reversed", cause.Id) with { Cause = cause }, VisitAs("visit-repriced", visit));
    }

    /// <summary>The id of the journal that holds this version of a visit.</summary>
    public static Guid VisitJournal(string holderId, string fundId, string visitId, int version)
    {
        var kind = version == 1 ? "visit-priced" : "visit-repriced";
        return JournalId.Of(holderId, fundId, kind, new PostingCause(kind, VisitCause(visitId, version)));
    }

    private static Entry VisitAs(string kind, PricedCare visit)
    {
        var given = visit.Answers + visit.Extra;
        List<Move> moves =
        [
            .. Took(Place.Planned(visit.LineId), Place.Delivered(visit.LineId), visit.Answers),
            .. Took(Place.Extra(visit.LineId), Place.Delivered(visit.LineId), visit.Extra),
        ];
        if (!visit.ClaimedOnInvoice)
        {
            moves.AddRange(Moved(
                Book.Promise, Place.Promised(visit.AllocationId), Place.Used(visit.AllocationId), visit.Price));
            foreach (var (from, part) in Bearers(visit))
                moves.AddRange(Moved(Book.Money, from, Place.Accrued(visit.ProviderId), part));
        }
        return Of(visit.FundId, kind, VisitCause(visit.VisitId, visit.Version), visit.CareOn, moves) with
        {
            PersonMinutes = given == Minutes.Zero ? null : given.Count / visit.Carers,
        };
    }

    private static IEnumerable<(Place From, Money Part)> Bearers(PricedCare visit)
    {
        if (visit.FundedBy.Count == 0)
            return [(Place.Drawn, visit.Price)];
        var named = visit.FundedBy.Sum(share => (long)share.Percent);
        if (named > 100)
            throw new ArgumentException($"The sources named for {visit.VisitId} bear {named} %.", nameof(visit));
        Place[] places = [.. visit.FundedBy.Select(share => Place.Held(share.Source)), Place.Drawn];
        long[] weights = [.. visit.FundedBy.Select(share => (long)share.Percent), 100 - named];
        return places.Zip(Allotment.Split(visit.Price, weights));
    }

    private static Move[] Promised(PromiseTerms terms, string about, Money difference)
    {
        var (from, to) = terms.Kind == PromiseKind.Budget
            ? (Place.Budget(about), Place.Free)
            : (Place.Free, Place.Promised(about));
        return difference < Money.Zero
            ? Moved(Book.Promise, to, from, -difference)
            : Moved(Book.Promise, from, to, difference);
    }

    private static Entry Reversal(Journal of, string kind, string causeId) => of.Entry with
    {
        Kind = kind,
        Cause = new PostingCause(kind, causeId),
        Moves = [.. of.Entry.Moves.Select(move => move.Reversed())],
        Reverses = of.JournalId,
        PersonMinutes = -of.Entry.PersonMinutes,
    };

    private static Move[] Moved(Book book, Place from, Place to, Money amount) =>
        amount == Money.Zero ? [] : [new Move(book, from, to, amount)];

    private static Move[] Took(Place from, Place to, Minutes amount) =>
        amount == Minutes.Zero ? [] : [new Move(Book.Time, from, to, amount)];

    private static Entry Of(string fundId, string kind, string causeId, LocalDate on, IReadOnlyList<Move> moves) =>
        new()
    {
        FundId = fundId,
        Kind = kind,
        EffectiveOn = on,
        Cause = new PostingCause(kind, causeId),
        Moves = moves,
    };

    private static string VisitCause(string visitId, int version) => $"{visitId}/v{Number(version)}";

    private static string DayCause(LocalDate on, int revision) => $"{Iso(on)}/r{Number(revision)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Iso(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Carer-minutes of one line of a plan.</summary>
public readonly record struct LineMinutes(string LineId, Minutes Amount);

/// <summary>The percentage of a cost that one source bears, where an allocation names its sources.</summary>
public readonly record struct SourcePercent(string Source, int Percent);

/// <summary>
/// A visit with its price, as the books need it: minutes as Support said them, the price as Invoicing did.
/// </summary>
public sealed record PricedCare
{
    /// <summary>The visit's own id at its source.</summary>
    public required string VisitId { get; init; }

    /// <summary>1 at first; each correction adds one.</summary>
    public required int Version { get; init; }

    /// <summary>The fund that bears it.</summary>
    public required string FundId { get; init; }

    /// <summary>The plan's line that it belongs to.</summary>
    public required string LineId { get; init; }

    /// <summary>The allocation that it uses; empty where there is none.</summary>
    public required string AllocationId { get; init; }

    /// <summary>Who gave it and will be paid.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The day of care.</summary>
    public required LocalDate CareOn { get; init; }

    /// <summary>Carer-minutes of the plan that it answers.</summary>
    public required Minutes Answers { get; init; }

    /// <summary>Carer-minutes beyond the plan.</summary>
    public required Minutes Extra { get; init; }

    /// <summary>How many carers at once; 1 or more.</summary>
    public required int Carers { get; init; }

    /// <summary>What it costs the fund, gross of VAT that is not recovered.</summary>
    public required Money Price { get; init; }

    /// <summary>The sources that bear it; none where the agreement's order decides whose money is left.</summary>
    public required IReadOnlyList<SourcePercent> FundedBy { get; init; }

    /// <summary>Whether money moves only when an invoice is accepted.</summary>
    public required bool ClaimedOnInvoice { get; init; }
}
