using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Invoicing.Domain;
using NodaTime;

namespace Isf.Invoicing.Persistence;

/// <summary>What Support said of a visit, as far as its price and what is said of it depend on it.</summary>
internal sealed record VisitFacts(
    string VisitId,
    int Version,
    string FundId,
    string LineId,
    string AllocationId,
    string Service,
    LocalDate CareOn,
    Instant? Start,
    Instant? End,
    int Carers,
    string Outcome,
    long AnswersMinutes,
    long ExtraMinutes)
{
    /// <summary>From the visit as recorded or corrected.</summary>
    public static VisitFacts Of(RecordedVisit visit) => new(
        visit.VisitId, visit.Version, visit.FundId, visit.LineId, visit.AllocationId, visit.Service, visit.CareOn,
        visit.Start?.ToInstant(), visit.End?.ToInstant(), visit.Carers, visit.Outcome, visit.AnswersMinutes,
        visit.ExtraMinutes);

    /// <summary>What is said of the visit: its price by these terms, as the visit's price of this version.</summary>
    public PricedVisit PricedBy(KeptTerms terms, int version)
    {
        var asked = new VisitToPrice(Service, CareOn, Start, End, Carers, Outcome);
        var price = VisitPricing.Price(terms.List, asked);
        return new PricedVisit
        {
            VisitId = VisitId,
            Version = version,
            FundId = FundId,
            LineId = LineId,
            AllocationId = AllocationId,
            ProviderId = terms.ProviderId,
            CareOn = CareOn,
            Outcome = Outcome,
            AnswersMinutes = AnswersMinutes,
            ExtraMinutes = ExtraMinutes,
            Carers = Carers,
            ChargedMinutes = price.Charged.Count,
            Pence = price.Amount.Pence,
            NetPence = price.Amount.Pence,
            VatPence = 0,
            VatCode = "exempt",
            Parts = PartsOf(price),
            Because = PriceWords.Because(asked, price),
            FundedBy = terms.FundedBy,
            Claim = terms.Claim,
        };
    }

    /// <summary>A price in parts: minutes at one rate; nothing where no rate priced it.</summary>
    public static IReadOnlyList<PricePart> PartsOf(in VisitPrice price) =>
        price.Rate is { } rate ? [new(rate.Code, price.Charged.Count, price.Amount.Pence)] : [];
}
