using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// What was agreed about care that is not given: the fund's agreement, the price lists of its allocations, and the
/// absences of its person. Support decides by it what is charged though not given, and what is banked (design §4).
/// </summary>
public sealed record CareTerms(
    Agreement? Agreement, IReadOnlyDictionary<string, AgreedPrices> Prices, IReadOnlyList<Absence> Absences)
{
    private static readonly PriceList Nothing = new() { Rates = [] };

    /// <summary>Nothing was agreed.</summary>
    public static CareTerms None { get; } = new(null, new Dictionary<string, AgreedPrices>(), []);

    /// <summary>The agreement in force on a day, where one is known.</summary>
    public AgreementVersion? On(LocalDate day) => Agreement?.On(day);

    /// <summary>The absence that a day lies in.</summary>
    public Absence? AbsenceOn(LocalDate day) => Absence.On(Absences, day);

    /// <summary>
    /// What a visit that was not given costs in percent, and whether its minutes are banked: the one table that
    /// Invoicing prices by, too (OutcomeCharge).
    /// </summary>
    /// <param name="outcome">What became of it, other than delivered.</param>
    /// <param name="noticeHours">The notice of a cancellation.</param>
    /// <param name="allocationId">What it is paid from.</param>
    /// <param name="service">The kind of support.</param>
    /// <param name="day">The local day for which it was planned.</param>
    public OutcomeCharge ChargeOf(
        VisitOutcome outcome, decimal? noticeHours, string allocationId, string service, LocalDate day)
    {
        var list = Prices.TryGetValue(allocationId, out var prices) ? prices.ListFor(service, day) : Nothing;
        var stay = AbsenceOn(day) is { Kind: AbsenceKind.Hospital } hospital ? hospital.DayOf(day) : (int?)null;
        return OutcomeCharge.Of(list, VisitOffer.Word(outcome), noticeHours, stay, On(day)?.HospitalPaidDays);
    }

    /// <summary>What a visit that was not given costs, and whether its minutes are banked.</summary>
    public OutcomeCharge ChargeOf(VisitWords words, string allocationId, string service)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Outcome == VisitOutcome.Delivered ? default
            : ChargeOf(words.Outcome, words.NoticeHours, allocationId, service, LondonTime.DayOf(words.Planned!.Value));
    }

    /// <summary>What an hour of a line was worth on a day; nothing where its price is of another kind.</summary>
    public Rate HourlyRate(string allocationId, string service, LocalDate day) =>
        Prices.TryGetValue(allocationId, out var prices) ? prices.HourlyRate(service, day) : default;
}
