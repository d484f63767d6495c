using System.Collections.Frozen;
using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// A price list made ready once, so that a visit's rate is found without searching and without reading the calendar
/// again: by service, then by the days on which the same rates are live, then by kind of day and minute. What is more
/// particular replaces, never stacks (api.md). The list must be without faults (<see cref="PriceListCheck"/>).
/// </summary>
public sealed class CompiledPriceList
{
    /// <summary>The service of a rate, and of a visit, that names none.</summary>
    public const string UsualService = "support";

    private readonly FrozenDictionary<string, ServiceRates> _services;
    private readonly ReadyRate[] _hourly;

    private CompiledPriceList(
        PriceList list, PublicHolidays holidays, FrozenDictionary<string, ServiceRates> services)
    {
        (Terms, Holidays, _services) = (list, holidays, services);
        _hourly = [.. list.Rates.Where(rate => rate.Unit == PriceUnit.Hour).Select(rate => new ReadyRate(rate))];
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

    /// <summary>Whether visits can come to another price together than one by one.</summary>
    public bool SettlesLater => Terms.WeeklySetOff == true || Terms.Minimum is not null || RoundsByInvoice;

    /// <summary>Whether the one rounding is that of the invoice.</summary>
    public bool RoundsByInvoice => Terms.Round?.At == RoundAt.Invoice;

    /// <summary>VAT on top of the list's prices, whoever bears it in the end.</summary>
    public int VatPercent { get; }

    /// <summary>The VAT that the fund bears: none where the holder recovers it (domain.md §4.7).</summary>
    public int BornePercent { get; }

    /// <summary>How the supply is treated for VAT, as it is said: exempt, standard, zero or outside.</summary>
    public string VatWord => (Terms.Vat?.Code ?? VatCode.Exempt) switch
    {
        VatCode.Standard => "standard",
        VatCode.Zero => "zero",
        VatCode.Outside => "outside",
        _ => "exempt",
    };

    internal PriceBasis Basis { get; }

    internal bool IsSplit { get; }

    internal bool IsScheduled { get; }

    /// <summary>Makes a list ready, for a person of a nation whose calendar counts where the list names none.</summary>
    public static CompiledPriceList Of(PriceList list, HolidayCalendar nation)
    {
        ArgumentNullException.ThrowIfNull(list);
        var holidays = PublicHolidays.Of(list.Holidays, nation);
        var services = list.Rates
            .GroupBy(rate => rate.Service ?? UsualService)
            .ToFrozenDictionary(
                rates => rates.Key, rates => ServiceRates.Of([.. rates], holidays), StringComparer.Ordinal);
        return new CompiledPriceList(list, holidays, services);
    }

    /// <summary>
    /// The rate that prices a visit of this service from this moment on; null where the list has none for it.
    /// </summary>
    public PriceRate? RateAt(in VisitToPrice visit)
    {
        var wall = WallTime.Of(visit);
        return RatesOf(visit.Service)?.On(wall.Day)?.At(wall.MinuteOfDay, out _)?.Rate;
    }

    /// <summary>
    /// Whether a record of this service that goes on over midnight may cost something else after it: where visits are
    /// split, and where each day has its price.
    /// </summary>
    public bool PricesEachDay(string service) => IsSplit || Terms.Rates.Any(rate =>
        (rate.Service ?? UsualService) == service && rate.Unit is PriceUnit.Day or PriceUnit.Week);

    /// <summary>
    /// The unit that a visit is priced in: that of the rate at its start or, where there is none, of those that can
    /// price a later part of it; null where nothing can.
    /// </summary>
    public PriceUnit? UnitOf(in VisitToPrice visit) => RateAt(visit)?.Unit ?? RatesOf(visit.Service) switch
    {
        { AreByDays: true } => PriceUnit.Day,
        { AreByTheHour: true } when IsSplit => PriceUnit.Hour,
        _ => null,
    };

    /// <summary>The least charge as the fund bears it, with VAT that is not recovered.</summary>
    internal Exact LeastCharge => Exact.OfWhole(Terms.Minimum?.Pence ?? 0, BornePercent);

    /// <summary>Whether any rate, at whatever time, is for the service.</summary>
    public bool Knows(string service) => _services.ContainsKey(service);

    internal ServiceRates? RatesOf(string service) => _services.GetValueOrDefault(service);

    /// <summary>The rate by the hour of a code, on a day.</summary>
    internal ReadyRate? HourlyRate(string code, LocalDate day) =>
        Array.Find(_hourly, ready => ready.Rate.Code == code && RateTimes.IsLive(ready.Rate, day));
}
