using System.Collections.Frozen;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// A price list that is compiled once, so that a visit's rate is found without a search through all rates and holidays.
/// The rates are arranged by service, then by the days on which the same rates are live, then by kind of day and
/// minute. A more particular rate replaces a general one and is never added to it (api.md). The list must be without
/// faults (<see cref="PriceListCheck"/>).
/// </summary>
public sealed class CompiledPriceList
{
    /// <summary>The service of a rate or a visit that names none.</summary>
    public const string UsualService = "support";

    private readonly FrozenDictionary<string, ServiceRates> services;
    private readonly CompiledRate[] hourly;

    private CompiledPriceList(
        PriceList list, PublicHolidays holidays, FrozenDictionary<string, ServiceRates> services)
    {
        (Terms, Holidays, this.services) = (list, holidays, services);
        hourly = [.. list.Rates.Where(rate => rate.Unit == PriceUnit.Hour).Select(rate => new CompiledRate(rate))];
        NamesHolidays = services.Values.Any(rates => rates.NamesHolidays);
        Basis = list.Basis ?? PriceBasis.Actual;
        IsSplit = list.Crossing == Crossing.Split;
        IsScheduled = list.Pay == PayClock.Scheduled;
        VatPercent = list.Vat?.Percent ?? 0;
        BornePercent = list.Vat?.Recovered == true ? 0 : VatPercent;
    }

    /// <summary>The list as it was agreed.</summary>
    public PriceList Terms { get; }

    /// <summary>The public holidays that count for this list.</summary>
    public PublicHolidays Holidays { get; }

    /// <summary>Whether any rate is for public holidays, so that the calendar matters.</summary>
    public bool NamesHolidays { get; }

    /// <summary>Whether the price of visits together can differ from the sum of their prices.</summary>
    public bool SettlesLater => Terms.WeeklySetOff == true || Terms.Minimum is not null || RoundsByInvoice;

    /// <summary>Whether prices are rounded once by invoice, not by visit.</summary>
    public bool RoundsByInvoice => Terms.Round?.At == RoundAt.Invoice;

    /// <summary>The percentage of VAT on top of the list's prices, whether the VAT is recovered or not.</summary>
    public int VatPercent { get; }

    /// <summary>The percentage of VAT that the fund bears: 0 if the holder recovers it (domain.md §4.7).</summary>
    public int BornePercent { get; }

    /// <summary>How the supply is treated for VAT, in api.md's words: exempt, standard, zero or outside.</summary>
    public string VatCodeName => (Terms.Vat?.Code ?? VatCode.Exempt) switch
    {
        VatCode.Standard => "standard",
        VatCode.Zero => "zero",
        VatCode.Outside => "outside",
        _ => "exempt",
    };

    internal PriceBasis Basis { get; }

    internal bool IsSplit { get; }

    internal bool IsScheduled { get; }

    /// <summary>Compiles a list. The calendar of the person's nation counts if the list names none.</summary>
    public static CompiledPriceList Compile(PriceList list, HolidayCalendar nation)
    {
        var holidays = PublicHolidays.For(list.Holidays, nation);
        var services = list.Rates
            .GroupBy(rate => rate.Service ?? UsualService)
            .ToFrozenDictionary(
                rates => rates.Key, rates => ServiceRates.Build([.. rates], holidays), StringComparer.Ordinal);
        return new CompiledPriceList(list, holidays, services);
    }

    /// <summary>The rate at the moment from which the visit is priced; null if the list has none then.</summary>
    public PriceRate? RateAt(in VisitToPrice visit)
    {
        var wall = WallTime.From(visit);
        return RatesOf(visit.Service)?.On(wall.Day)?.At(wall.MinuteOfDay, out _)?.Rate;
    }

    /// <summary>
    /// Whether a visit of this service that runs over midnight may have another rate after midnight, because visits are
    /// split or each day has its own price.
    /// </summary>
    public bool PricesEachDay(string service) => IsSplit || Terms.Rates.Any(rate =>
        (rate.Service ?? UsualService) == service && rate.Unit is PriceUnit.Day or PriceUnit.Week);

    /// <summary>
    /// The unit of the rate at the visit's start. Without such a rate, the unit of the rates that can price a later
    /// part of the visit; null if no rate can.
    /// </summary>
    public PriceUnit? UnitOf(in VisitToPrice visit) => RateAt(visit)?.Unit ?? RatesOf(visit.Service) switch
    {
        { AreByDays: true } => PriceUnit.Day,
        { AreByTheHour: true } when IsSplit => PriceUnit.Hour,
        _ => null,
    };

    /// <summary>
    /// The minimum charge that the fund bears, with VAT that is not recovered; 0 if the list has none.
    /// </summary>
    internal ExactPence LeastCharge => ExactPence.FromWhole(Terms.Minimum?.Pence ?? 0, BornePercent);

    /// <summary>Whether the list has a rate for the service at any time.</summary>
    public bool HasRateFor(string service) => services.ContainsKey(service);

    internal ServiceRates? RatesOf(string service) => services.GetValueOrDefault(service);

    /// <summary>The hourly rate that has this code and is in force on the day; null if there is none.</summary>
    internal CompiledRate? HourlyRate(string code, LocalDate day) =>
        Array.Find(hourly, ready => ready.Rate.Code == code && RateTimes.IsLive(ready.Rate, day));
}
