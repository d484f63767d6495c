using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The terms for care that is not given: the fund's agreement, the price lists of its allocations, and the absences of
/// its person. They decide which care Support charges although it was not given, and which it banks (design §4).
/// </summary>
public sealed record CareTerms(
    Agreement? Agreement, IReadOnlyDictionary<string, AgreedPrices> Prices, IReadOnlyList<Absence> Absences)
{
    private static readonly PriceList Nothing = new() { Rates = [] };

    /// <summary>Terms of a fund without any agreement, price list or absence.</summary>
    public static CareTerms None { get; } = new(null, new Dictionary<string, AgreedPrices>(), []);

    /// <summary>The agreement in force on a day; null if no agreement is known.</summary>
    public AgreementVersion? On(LocalDate day) => Agreement?.On(day);

    /// <summary>The absence that covers the given day, or null if none does.</summary>
    public Absence? AbsenceOn(LocalDate day) => Absence.On(Absences, day);

    /// <summary>
    /// The charge in per cent for a visit that was not given, and whether its minutes are banked. Invoicing prices by
    /// the same table (OutcomeCharge).
    /// </summary>
    /// <param name="outcome">The outcome of the visit, other than delivered.</param>
    /// <param name="noticeHours">The notice given of a cancellation, in hours.</param>
    /// <param name="allocationId">The allocation that pays for the visit.</param>
    /// <param name="service">The kind of support.</param>
    /// <param name="day">The local day for which the visit was planned.</param>
    public OutcomeCharge ChargeOf(
        VisitOutcome outcome, decimal? noticeHours, string allocationId, string service, LocalDate day)
    {
        var list = Prices.TryGetValue(allocationId, out var prices) ? prices.ListFor(service, day) : Nothing;
        var stay = AbsenceOn(day) is { Kind: AbsenceKind.Hospital } hospital ? hospital.DayOf(day) : (int?)null;
        return OutcomeCharge.Of(list, VisitInput.NameOf(outcome), noticeHours, stay, On(day)?.HospitalPaidDays);
    }

    /// <summary>
    /// The charge in per cent for a recorded visit that was not given, and whether its minutes are banked. A delivered
    /// visit has no such charge.
    /// </summary>
    public OutcomeCharge ChargeOf(VisitRecord record, string allocationId, string service)
    {
        return record.Outcome == VisitOutcome.Delivered ? default
            : ChargeOf(record.Outcome, record.NoticeHours, allocationId, service,
                London.DayOf(record.Planned!.Value));
    }

    /// <summary>
    /// The value of an hour of a service on a day; zero if the allocation has no hourly rate for the service.
    /// </summary>
    public Rate HourlyRate(string allocationId, string service, LocalDate day) =>
        Prices.TryGetValue(allocationId, out var prices) ? prices.HourlyRate(service, day) : default;
}
