using NodaTime;

namespace Isf.Prices;

/// <summary>
/// An agreed price list, as api.md writes it: pure data, checked by <see cref="PriceListCheck"/>. Pence are whole. A
/// field that is left out is null here and has the meaning that api.md gives it.
/// </summary>
public sealed record PriceList
{
    public PriceBasis? Basis { get; init; }
    public PriceBand? Band { get; init; }
    public bool? WeeklySetOff { get; init; }
    public Crossing? Crossing { get; init; }
    public PriceRounding? Round { get; init; }
    public PayClock? Pay { get; init; }
    public HolidayRule? Holidays { get; init; }
    public required IReadOnlyList<PriceRate> Rates { get; init; }
    public PriceMinimum? Minimum { get; init; }
    public IReadOnlyList<CancellationTerm>? Cancellation { get; init; }
    public IReadOnlyList<OutcomeTerm>? Outcomes { get; init; }
    public VatTerm? Vat { get; init; }
}

/// <summary>Which minutes are paid.</summary>
public enum PriceBasis { Actual = 0, Planned, Banded, ActualCappedAtPlanned }

/// <summary>Minutes are rounded to whole bands of this length, in this direction, before they are priced.</summary>
public sealed record PriceBand(int Minutes, BandTo To);

/// <summary>Which way a band rounds.</summary>
public enum BandTo { Nearest = 0, Up, Down }

/// <summary>
/// How a visit that meets two rates is priced: the whole at the rate of its start, or each part at its own rate.
/// </summary>
public enum Crossing { FirstRange = 0, Split }

/// <summary>Where the one rounding to whole pence happens.</summary>
public sealed record PriceRounding(RoundAt At);

/// <summary>Whether each visit is rounded, or the sum once by invoice.</summary>
public enum RoundAt { Visit = 0, Invoice }

/// <summary>Whether a night on which the clocks change is paid as elapsed or as scheduled.</summary>
public enum PayClock { Elapsed = 0, Scheduled }

/// <summary>
/// The calendar whose public holidays count, and the day that counts where a holiday has a substitute.
/// </summary>
public sealed record HolidayRule(HolidayCalendar? Calendar = null, HolidayOn? On = null);

/// <summary>The three public-holiday calendars of the United Kingdom (domain.md §4.2).</summary>
public enum HolidayCalendar { EnglandAndWales = 0, Scotland, NorthernIreland }

/// <summary>Which day counts if a holiday has a substitute: the substitute day, the holiday itself, or both.</summary>
public enum HolidayOn { Substitute = 0, Actual, Both }

/// <summary>One price: the cost of a unit of a service, when it applies, and the days for which it is agreed.</summary>
public sealed record PriceRate
{
    public required string Code { get; init; }
    public string? Service { get; init; }
    public RateWhen? When { get; init; }
    public required PriceUnit Unit { get; init; }
    public required long Pence { get; init; }
    public LocalDate? From { get; init; }
    public LocalDate? To { get; init; }
    public IReadOnlyList<FixedPrice>? Fixed { get; init; }
    public DisturbanceTerm? Disturbances { get; init; }
    public int? YearlyMiles { get; init; }
    public long? ThenPence { get; init; }
}

/// <summary>The unit a price is for.</summary>
public enum PriceUnit { Hour = 1, Visit, Night, Session, Day, Week, Mile, Item }

/// <summary>
/// The condition under which a rate applies. Of the rates for a moment, one for dates comes first, then one for public
/// holidays, then one with times of day, then one for days of the week, then one without a condition (api.md).
/// </summary>
public sealed record RateWhen
{
    public IReadOnlyList<LocalDate>? Dates { get; init; }
    public bool? PublicHoliday { get; init; }
    public IReadOnlyList<DayWord>? Days { get; init; }
    public LocalTime? From { get; init; }
    public LocalTime? To { get; init; }
}

/// <summary>A day of the week as files and forms write it; numbered like ISO days.</summary>
public enum DayWord { Mon = 1, Tue, Wed, Thu, Fri, Sat, Sun }

/// <summary>The price of a certain duration; it is not pro rata to the hourly rate.</summary>
public sealed record FixedPrice(int Minutes, long Pence);

/// <summary>
/// The disturbances of a sleep-in night: how many are free, the code of the hourly rate for those that are not, the
/// number from which the whole night counts as waking, and how long a free one may last. A longer disturbance is paid
/// even if it is among the free ones (domain.md §4.4).
/// </summary>
public sealed record DisturbanceTerm(int Free, string Then, int? WholeNightFrom = null, int? FreeMinutes = null);

/// <summary>The least charge for a day or a week.</summary>
public sealed record PriceMinimum(MinimumPer Per, long Pence);

/// <summary>The period of a least charge.</summary>
public enum MinimumPer { Day = 1, Week }

/// <summary>The percentage charged if the notice was shorter than these hours.</summary>
public sealed record CancellationTerm(int NoticeHoursUnder, int Percent);

/// <summary>
/// The percentage charged for an outcome other than delivered, and whether its minutes are banked. The outcome is
/// api.md's word.
/// </summary>
public sealed record OutcomeTerm(string Outcome, int Percent, bool? Banks = null);

/// <summary>The VAT on a price: its code, its percentage, and whether the holder recovers it.</summary>
public sealed record VatTerm(VatCode Code, int? Percent = null, bool? Recovered = null);

/// <summary>How a supply is treated for VAT (domain.md §4.7).</summary>
public enum VatCode { Exempt = 0, Standard, Zero, Outside }
