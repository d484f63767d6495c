using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Invoicing.Domain;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// The facts of a visit that Support published and on which its price and the message about the price depend.
/// </summary>
internal sealed record VisitFacts
{
    public required string VisitId { get; init; }
    public required int Version { get; init; }
    public required string FundId { get; init; }
    public required string LineId { get; init; }
    public required string AllocationId { get; init; }
    public required VisitToPrice Input { get; init; }
    public required long FulfilledMinutes { get; init; }
    public required long ExtraMinutes { get; init; }
    public required long? PersonMinutes { get; init; }
    public required bool NotCovered { get; init; }

    /// <summary>The day of care.</summary>
    public LocalDate CareOn => Input.CareOn;

    /// <summary>Takes the facts from a visit as recorded or corrected.</summary>
    public static VisitFacts From(RecordedVisit visit) => new()
    {
        VisitId = visit.VisitId,
        Version = visit.Version,
        FundId = visit.FundId,
        LineId = visit.LineId,
        AllocationId = visit.AllocationId,
        Input = InputOf(visit),
        FulfilledMinutes = visit.AnswersMinutes,
        ExtraMinutes = visit.ExtraMinutes,
        PersonMinutes = visit.PersonMinutes,
        NotCovered = visit.NotCovered == true,
    };

    /// <summary>
    /// The visit's price by the given terms, in the form in which it is published, with <paramref name="version"/> as
    /// the version of the price.
    /// </summary>
    public PricedVisit PricedBy(TermsCopy terms, int version)
    {
        var price = VisitPricing.Price(terms.List, Input);
        return new PricedVisit
        {
            VisitId = VisitId,
            Version = version,
            FundId = FundId,
            LineId = LineId,
            AllocationId = AllocationId,
            ProviderId = terms.ProviderId,
            CareOn = CareOn,
            Outcome = Input.Outcome,
            AnswersMinutes = FulfilledMinutes,
            ExtraMinutes = ExtraMinutes,
            ChargedNotGivenMinutes = Input.ChargedNotGiven,
            PersonMinutes = PersonMinutes,
            NotCovered = NotCovered ? true : null,
            Carers = Input.Carers,
            ChargedMinutes = price.Charged.Count,
            Pence = price.Amount.Pence,
            NetPence = price.Net.Pence,
            VatPence = price.Vat.Pence,
            VatCode = terms.List.VatCodeName,
            Parts = PartsOf(price, price.PartAmounts(terms.List, ExactPence.Zero)),
            Because = PriceReasonText.Because(terms.List, Input, price),
            FundedBy = terms.FundedBy,
            Claim = terms.Claim,
        };
    }

    /// <summary>
    /// A price's parts, each with its rate's code, its minutes and its pence; empty if no rate priced the visit.
    /// </summary>
    public static IReadOnlyList<PricePart> PartsOf(VisitPrice price, IEnumerable<Isf.Measures.Money> amounts) =>
    [
        .. amounts.Select((amount, i) => new PricePart(price.Part(i).Rate.Code, price.Part(i).Minutes, amount.Pence)),
    ];

    private static VisitToPrice InputOf(RecordedVisit visit) => new(
        visit.Service, visit.CareOn, visit.Start?.ToInstant(), visit.End?.ToInstant(), visit.Carers, visit.Outcome)
    {
        PlannedStart = visit.PlannedStart?.ToInstant(),
        PlannedMinutes = visit.PlannedMinutes,
        WorkerId = visit.WorkerId,
        NoticeHours = visit.NoticeHours,
        Miles = visit.Miles,
        Quantity = visit.Quantity,
        ChargedNotGiven = visit.ChargedNotGivenMinutes,
        UntimedCharged = visit.ChargedNotGiven == true,
        Disturbances = visit.Disturbances is { Count: > 0 } woken
            ? [.. woken.Select(disturbance => new Woken(disturbance.Start.ToInstant(), disturbance.End.ToInstant()))]
            : null,
    };
}
