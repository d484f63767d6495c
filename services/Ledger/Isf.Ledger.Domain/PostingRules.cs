using Isf.Measures;
using NodaTime;
using static Isf.Ledger.Domain.Entries;

namespace Isf.Ledger.Domain;

/// <summary>
/// The posting rules: the moves of each fact in the three books (design §4). Every rule is a pure function from a fact
/// to the entries it posts; the same fact always posts the same entries. An amount of zero makes no move; a fact
/// without moves is posted all the same, so that its cause is on the books.
/// </summary>
public static class PostingRules
{
    /// <summary>The kind of a journal that was posted by hand, and of one that reverses such a journal.</summary>
    public const string Adjustment = "adjustment", AdjustmentReversal = "adjustment-reversed";

    /// <summary>Money came in: outside/source → held/source, on the day it was received.</summary>
    public static Entry MoneyReceived(string fundId, string receiptId, string source, Money amount,
        LocalDate receivedOn) =>
        OnDay(fundId, "money-received", receiptId, receivedOn,
            MoneyPosting(Book.Money, Account.Outside(source), Account.Held(source), amount));

    /// <summary>A receipt was voided: its journal is reversed, on the same day.</summary>
    public static Entry ReceiptVoided(Journal receipt) => Reversal(receipt, "receipt-voided", receipt.Entry.Cause.Id);

    /// <summary>Money went back: held/source → outside/source, on the day it was paid.</summary>
    public static Entry MoneyReturned(string fundId, string returnId, string source, Money amount, LocalDate paidOn) =>
        OnDay(fundId, "money-returned", returnId, paidOn,
            MoneyPosting(Book.Money, Account.Held(source), Account.Outside(source), amount));

    /// <summary>A return was voided: its journal is reversed, on the same day.</summary>
    public static Entry ReturnVoided(Journal returned) => Reversal(returned, "return-voided", returned.Entry.Cause.Id);

    /// <summary>
    /// A budget or an allocation changed the promise on one day. The difference moves budget/source ↔ free, or
    /// free ↔ promised/a. The id of the cause names the version and, if the day is not the version's own effective
    /// day, also the day.
    /// </summary>
    public static Entry Promise(string fundId, PromiseTerms terms, PromiseStep step)
    {
        var own = step.On == terms.EffectiveOn;
        var (first, revised, year) = terms.Kind == PromiseKind.Budget
            ? ("budget-set", "budget-revised", "budget-year")
            : ("allocation-made", "allocation-revised", "allocation-year");
        var kind = !own ? year : terms.Ended ? "allocation-ended" : terms.Version == 1 ? first : revised;
        var moves = step.Differences.SelectMany(difference => Promised(terms, difference.Key, difference.Value));
        return OnDay(fundId, kind, PromiseCause(terms, own ? null : step.On), step.On, [.. moves]);
    }

    /// <summary>
    /// The id of a budget's or an allocation's posting: B-1/v2, or B-1/v2/2027-04-06 for a day that is not its
    /// version's own.
    /// </summary>
    public static string PromiseCause(PromiseTerms terms, LocalDate? anniversary) =>
        $"{terms.Id}/v{Number(terms.Version)}{(anniversary is { } day ? $"/{Iso(day)}" : "")}";

    /// <summary>
    /// A version of the agreement changed the spend order, or who receives the person's contribution. The entry moves
    /// nothing by itself; its position shows since when the change is known.
    /// </summary>
    public static Entry SpendOrderSet(string fundId, int version, LocalDate signedOn) =>
        OnDay(fundId, "spend-order-set", $"agreement/v{Number(version)}", signedOn, []);

    /// <summary>Care was planned on a day of a fund: agreed/line → planned/line, line by line, on that day.</summary>
    public static Entry DayPlanned(string fundId, LocalDate on, int revision, IEnumerable<LineMinutes> lines) =>
        OnDay(fundId, "day-planned", DayCause(on, revision), on,
            [.. lines.SelectMany(line => TimePosting(Account.Agreed(line.LineId), Account.Planned(line.LineId),
                line.Amount))]);

    /// <summary>The care planned on a day of a fund was taken back: planned/line → agreed/line, on that day.</summary>
    public static Entry DayUnplanned(string fundId, LocalDate on, int revision, IEnumerable<LineMinutes> lines) =>
        OnDay(fundId, "day-unplanned", DayCause(on, revision), on,
            [.. lines.SelectMany(line => TimePosting(Account.Planned(line.LineId), Account.Agreed(line.LineId),
                line.Amount))]);

    /// <summary>
    /// A visit was priced; the entry counts on its day of care. The minutes are those that Support published:
    /// planned → delivered for planned minutes that the visit fulfils, extra → delivered for the rest, and
    /// planned → charged for minutes charged though not given. A visit claimed on delivery also moves promised → used
    /// and held → accrued. A visit claimed on invoice moves no money and no promise before its invoice is accepted.
    /// </summary>
    public static Entry VisitPriced(PricedCare visit) => VisitAs("visit-priced", visit);

    /// <summary>
    /// A visit was priced again: one entry reverses the journal of the last price in full, the other posts the new
    /// price.
    /// </summary>
    public static (Entry Reversal, Entry Posting) VisitRepriced(PricedCare visit, Journal last)
    {
        var cause = new PostingCause("visit-repriced", VisitCause(visit.VisitId, visit.Version));
        return (Reversal(last, "visit-reversed", cause.Id) with { Cause = cause }, VisitAs("visit-repriced", visit));
    }

    /// <summary>The id of the journal that holds the given version of a visit.</summary>
    public static Guid VisitJournal(string holderId, string fundId, string visitId, int version)
    {
        var kind = version == 1 ? "visit-priced" : "visit-repriced";
        return JournalId.From(holderId, fundId, kind, new PostingCause(kind, VisitCause(visitId, version)));
    }

    /// <summary>
    /// A set-off, a minimum or a rounding changed the price of several visits together. Promise and money move as for
    /// the price of a visit, or the other way if the amount is below zero, on the period's last day; time does not
    /// move. Only the difference from earlier versions is posted.
    /// </summary>
    public static CumulativePosting PriceAdjusted(AdjustedPrice price)
    {
        var accrued = Account.Accrued(price.ProviderId);
        return new CumulativePosting
        {
            FundId = price.FundId,
            Kind = "price-adjusted",
            Id = $"{price.AllocationId}/{price.Kind}/{Iso(price.From)}/{Iso(price.To)}",
            Version = price.Version,
            On = price.To,
            Total = price.Amount < Money.Zero
                ? CostReversal(price.AllocationId, accrued, -price.Amount, price.FundedBy)
                : CostPosting(price.AllocationId, accrued, price.Amount, price.FundedBy),
        };
    }

    /// <summary>
    /// A week was closed; the entry counts on its Sunday. Minutes not given move planned → missed by reason, and some
    /// of them go on to banked or released. Minutes drawn move banked → extra, and expired minutes banked → released.
    /// If the bank keeps money and the rate changed, the difference moves extra → banked or banked → released. A week
    /// closed again posts only the difference.
    /// </summary>
    public static CumulativePosting WeekClosed(ClosedCare week)
    {
        return new CumulativePosting
        {
            FundId = week.FundId,
            Kind = "week-closed",
            Id = Iso(week.WeekFrom),
            Version = week.Version,
            On = week.WeekFrom.PlusDays(6),
            Total = [.. week.Lines.SelectMany(LineClosed)],
        };
    }

    private static IEnumerable<Move> LineClosed(ClosedCareLine line)
    {
        var (banked, released, extra) = (Account.Banked(line.LineId), Account.Released(line.LineId),
            Account.Extra(line.LineId));
        return
        [
            .. line.Missed.SelectMany(missed => TimePosting(
                Account.Planned(line.LineId), Account.Missed(line.LineId, missed.Reason), missed.Amount)),
            .. line.Missed.SelectMany(missed =>
                TimePosting(Account.Missed(line.LineId, missed.Reason), banked, missed.Banked)),
            .. line.Missed.SelectMany(missed =>
                TimePosting(Account.Missed(line.LineId, missed.Reason), released, missed.Released)),
            .. TimePosting(banked, extra, line.Drawn),
            .. TimePosting(banked, released, line.Expired),
            .. line.Revalued < Minutes.Zero
                ? TimePosting(banked, released, Minutes.Zero - line.Revalued) : TimePosting(extra, banked,
                    line.Revalued),
        ];
    }

    /// <summary>
    /// A claim was accepted; the entry counts on the day of acceptance and is about the claim's last day of care.
    /// Delivered care moves accrued → owed. An agreed extra, or a purchase on invoice, is first posted as a cost and
    /// then moves accrued → owed. The accrued money that a final claim leaves unclaimed goes back to where it came
    /// from. Only the difference from earlier versions is posted.
    /// </summary>
    public static CumulativePosting InvoiceMatched(MatchedClaim claim)
    {
        var (accrued, owed) = (Account.Accrued(claim.ProviderId), Account.Owed(claim.ProviderId));
        return new CumulativePosting
        {
            FundId = claim.FundId,
            Kind = "invoice-matched",
            Id = claim.InvoiceId,
            Version = claim.Version,
            On = claim.AcceptedOn,
            CareOn = claim.CareTo,
            Total =
            [
                .. claim.Parts.SelectMany(part => (Move[])
                [
                    .. CostPosting(part.AllocationId, accrued, part.AgreedExtra + part.Bought, part.FundedBy),
                    .. MoneyPosting(Book.Money, accrued, owed, part.Delivered + part.AgreedExtra + part.Bought),
                    .. CostReversal(part.AllocationId, accrued, part.Unclaimed, part.FundedBy),
                ]),
            ],
        };
    }

    /// <summary>
    /// A credit note was accepted, by which a provider takes back part of an accepted claim. Each part of the note
    /// moves owed → held and used → promised.
    /// </summary>
    public static Entry CreditNoteAccepted(AcceptedCredit credit)
    {
        return OnDay(credit.FundId, "credit-note-accepted", credit.CreditNoteId, credit.AcceptedOn,
            InOrder(credit.Parts.SelectMany(part =>
                CostReversal(part.AllocationId, Account.Owed(credit.ProviderId), part.Amount, part.FundedBy)))) with
        {
            CareOn = credit.CareOn == credit.AcceptedOn ? null : credit.CareOn,
        };
    }

    /// <summary>A provider was paid: owed → paid, on the day that the money left the bank.</summary>
    public static Entry PaymentMade(string fundId, string paymentId, string providerId, Money amount, LocalDate on) =>
        OnDay(fundId, "payment-made", paymentId, on,
            MoneyPosting(Book.Money, Account.Owed(providerId), Account.Paid(providerId), amount));

    /// <summary>The bank returned a payment: its journal is reversed, on the day that the money came back.</summary>
    public static Entry PaymentReturned(Journal payment, LocalDate returnedOn) =>
        Reversal(payment, "payment-returned", payment.Entry.Cause.Id) with { EffectiveOn = returnedOn, CareOn = null };

    /// <summary>A provider paid money back: paid → owed. A credit note settles the amount later.</summary>
    public static Entry ProviderRepaid(
        string fundId, string repaymentId, string providerId, Money amount, LocalDate on) =>
        OnDay(fundId, "provider-repaid", repaymentId, on,
            MoneyPosting(Book.Money, Account.Paid(providerId), Account.Owed(providerId), amount));

    /// <summary>
    /// VAT was recovered: outside/holder → held/drawn or, if sources are named, their held accounts. Recovered VAT
    /// lowers the spending, and does not count as money received.
    /// </summary>
    public static Entry VatRecovered(
        string fundId, string recoveryId, Money amount, IReadOnlyList<SourcePercent> fundedBy, LocalDate on) =>
        OnDay(fundId, "vat-recovered", recoveryId, on,
            [.. Bearers(amount, fundedBy).SelectMany(borne =>
                MoneyPosting(Book.Money, Account.Outside(ReservedNames.Holder), borne.From, borne.Part))]);

    /// <summary>
    /// The holder charged its management fee; the entry counts on the last day that the fee is for. The fee moves
    /// free → promised/fee → used/fee, and held/drawn → owed/holder. A fee on top of the budget first moves
    /// budget/council → free, and is paid out of held/council.
    /// </summary>
    public static Entry FeeCharged(string fundId, string feeId, Money amount, bool onTop, LocalDate lastDay) =>
        OnDay(fundId, "fee-charged", feeId, lastDay,
        [
            .. onTop ? MoneyPosting(Book.Promise, Account.Budget("council"), Account.Free, amount) : [],
            .. MoneyPosting(Book.Promise, Account.Free, Account.Promised(ReservedNames.Fee), amount),
            .. MoneyPosting(Book.Promise, Account.Promised(ReservedNames.Fee), Account.Used(ReservedNames.Fee), amount),
            .. MoneyPosting(Book.Money, onTop ? Account.Held("council") : Account.Drawn,
                Account.Owed(ReservedNames.Holder), amount),
        ]);

    /// <summary>
    /// An adjustment was made by hand: the moves and the day are as given, with a commitment to the reason.
    /// </summary>
    public static Entry Adjusted(
        string fundId, string id, LocalDate effectiveOn, IReadOnlyList<Move> moves, string commitment) =>
        OnDay(fundId, Adjustment, id, effectiveOn, moves) with { Commitment = commitment };

    /// <summary>
    /// An adjustment by hand was reversed in full, on the given day; the entry is about the adjustment's own day.
    /// </summary>
    public static Entry AdjustmentReversed(Journal adjustment, string id, LocalDate effectiveOn, string commitment)
    {
        var entry = Reversal(adjustment, AdjustmentReversal, id);
        return entry with
        {
            EffectiveOn = effectiveOn,
            CareOn = entry.AboutOn == effectiveOn ? null : entry.AboutOn,
            Commitment = commitment,
        };
    }

    private static Entry VisitAs(string kind, PricedCare visit)
    {
        var given = visit.Fulfilled + visit.Extra;
        Move[] moves =
        [
            .. TimePosting(Account.Planned(visit.LineId), Account.Delivered(visit.LineId), visit.Fulfilled),
            .. TimePosting(Account.Extra(visit.LineId), Account.Delivered(visit.LineId), visit.Extra),
            .. TimePosting(Account.Planned(visit.LineId), Account.Charged(visit.LineId), visit.Charged),
            .. visit.ClaimedOnInvoice
                ? [] : CostPosting(visit.AllocationId, Account.Accrued(visit.ProviderId), visit.Price, visit.FundedBy),
        ];
        return OnDay(visit.FundId, kind, VisitCause(visit.VisitId, visit.Version), visit.CareOn, moves) with
        {
            PersonMinutes = given == Minutes.Zero ? null : visit.PersonMinutes ?? given.Count / visit.Carers,
        };
    }

    private static Move[] Promised(PromiseTerms terms, string about, Money difference)
    {
        var (from, to) = terms.Kind == PromiseKind.Budget
            ? (Account.Budget(about), Account.Free)
            : (Account.Free, Account.Promised(about));
        return difference < Money.Zero
            ? MoneyPosting(Book.Promise, to, from, -difference)
            : MoneyPosting(Book.Promise, from, to, difference);
    }
}
