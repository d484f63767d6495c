using NodaTime;

namespace Isf.Prices;

/// <summary>
/// An agreed price list: its rates, and the terms by which visits are priced. Everything but the rates may be left out.
/// </summary>
public sealed record PriceList
{
    /// <summary>Which minutes are paid; the actual ones by default.</summary>
    public PriceBasis? Basis { get; init; }

    /// <summary>The bands to which minutes are rounded, if the basis is banded.</summary>
    public PriceBand? Band { get; init; }

    /// <summary>Whether a line's week is charged at most its planned minutes; false by default.</summary>
    public bool? WeeklySetOff { get; init; }

    /// <summary>How a visit that meets two rates is priced; whole at the rate of its start by default.</summary>
    public Crossing? Crossing { get; init; }

    /// <summary>Where the one rounding to whole pence happens; at each visit by default.</summary>
    public PriceRounding? Round { get; init; }

    /// <summary>How a night on which the clocks change is paid; as elapsed by default.</summary>
    public PayClock? Pay { get; init; }

    /// <summary>The public holidays that count; those of the person's nation on substitute days by default.</summary>
    public HolidayRule? Holidays { get; init; }

    /// <summary>The rates.</summary>
    public required IReadOnlyList<PriceRate> Rates { get; init; }

    /// <summary>The least charge for a day or a week; none by default.</summary>
    public PriceMinimum? Minimum { get; init; }

    /// <summary>What late cancellations cost, by steps of notice; nothing by default.</summary>
    public IReadOnlyList<CancellationTerm>? Cancellation { get; init; }

    /// <summary>What outcomes other than delivered cost; nothing by default.</summary>
    public IReadOnlyList<OutcomeTerm>? Outcomes { get; init; }

    /// <summary>The VAT on the prices; exempt by default.</summary>
    public VatTerm? Vat { get; init; }
}

/// <summary>Which minutes are paid.</summary>
public enum PriceBasis { Actual = 0, Planned, Banded, ActualCappedAtPlanned }

/// <summary>Minutes are rounded to whole bands of this length, in this direction, before they are priced.</summary>
/// <param name="Minutes">The length of a band.</param>
/// <param name="To">Which way it rounds.</param>
public sealed record PriceBand(int Minutes, BandTo To);

/// <summary>Which way a band rounds.</summary>
public enum BandTo { Nearest = 0, Up, Down }

/// <summary>
/// How a visit that meets two rates is priced: the whole at the rate of its start, or each part at its own rate.
/// </summary>
public enum Crossing { FirstRange = 0, Split }

/// <summary>Where the one rounding to whole pence happens.</summary>
/// <param name="At">At each visit, or at the sum.</param>
public sealed record PriceRounding(RoundAt At);

/// <summary>Whether each visit is rounded, or the sum once by invoice.</summary>
public enum RoundAt { Visit = 0, Invoice }

/// <summary>Whether a night on which the clocks change is paid as elapsed or as scheduled.</summary>
public enum PayClock { Elapsed = 0, Scheduled }

/// <summary>
/// The calendar whose public holidays count, and the day that counts where a holiday has a substitute.
/// </summary>
/// <param name="Calendar">The calendar; that of the person's nation by default.</param>
/// <param name="On">The day that counts; the substitute by default.</param>
public sealed record HolidayRule(HolidayCalendar? Calendar = null, HolidayOn? On = null);

/// <summary>The three public-holiday calendars of the United Kingdom.</summary>
public enum HolidayCalendar { EnglandAndWales = 0, Scotland, NorthernIreland }

/// <summary>Which day counts if a holiday has a substitute: the substitute day, the holiday itself, or both.</summary>
public enum HolidayOn { Substitute = 0, Actual, Both }

/// <summary>One price: the cost of a unit of a service, when it applies, and the days for which it is agreed.</summary>
public sealed record PriceRate
{
    /// <summary>A name of the rate's own, by which reasons and other rates refer to it.</summary>
    public required string Code { get; init; }

    /// <summary>The service that it prices; support by default.</summary>
    public string? Service { get; init; }

    /// <summary>When it applies; left out, it applies where no other rate does.</summary>
    public RateWhen? When { get; init; }

    /// <summary>The unit that it prices.</summary>
    public required PriceUnit Unit { get; init; }

    /// <summary>The price of a unit.</summary>
    public required long Pence { get; init; }

    /// <summary>The first day for which it is agreed; left out, it has none.</summary>
    public LocalDate? From { get; init; }

    /// <summary>The last day for which it is agreed; left out, it has none.</summary>
    public LocalDate? To { get; init; }

    /// <summary>
    /// Prices of certain durations. A longer visit costs the longest that fits and the rest by the hour.
    /// </summary>
    public IReadOnlyList<FixedPrice>? Fixed { get; init; }

    /// <summary>What it costs if the worker is woken in a sleep-in night.</summary>
    public DisturbanceTerm? Disturbances { get; init; }

    /// <summary>The number of a worker's miles in a tax year at this price.</summary>
    public int? YearlyMiles { get; init; }

    /// <summary>The price of a mile beyond that number.</summary>
    public long? ThenPence { get; init; }
}

/// <summary>The unit a price is for.</summary>
public enum PriceUnit { Hour = 1, Visit, Night, Session, Day, Week, Mile, Item }

/// <summary>
/// The condition under which a rate applies. Of the rates for a moment, one for dates comes first, then one for public
/// holidays, then one with times of day, then one for days of the week, then one without a condition.
/// </summary>
public sealed record RateWhen
{
    /// <summary>Certain dates.</summary>
    public IReadOnlyList<LocalDate>? Dates { get; init; }

    /// <summary>Whether it applies on public holidays.</summary>
    public bool? PublicHoliday { get; init; }

    /// <summary>Days of the week.</summary>
    public IReadOnlyList<DayWord>? Days { get; init; }

    /// <summary>The time of day from which it applies; later than the end, it runs over midnight.</summary>
    public LocalTime? From { get; init; }

    /// <summary>The time of day at which it ends.</summary>
    public LocalTime? To { get; init; }
}

/// <summary>A day of the week as files and forms write it; numbered like ISO days.</summary>
public enum DayWord { Mon = 1, Tue, Wed, Thu, Fri, Sat, Sun }

/// <summary>The price of a certain duration; it is not pro rata to the hourly rate.</summary>
/// <param name="Minutes">The duration.</param>
/// <param name="Pence">The price.</param>
public sealed record FixedPrice(int Minutes, long Pence);

/// <summary>
/// The disturbances of a sleep-in night: how many are free, the code of the hourly rate for those that are not, the
/// number from which the whole night counts as waking, and how long a free one may last. A longer disturbance is paid
/// even if it is among the free ones.
/// </summary>
/// <param name="Free">The number of disturbances that are included.</param>
/// <param name="Then">The code of the hourly rate for the others.</param>
/// <param name="WholeNightFrom">The number from which the whole night counts as waking.</param>
/// <param name="FreeMinutes">How long an included one may last.</param>
public sealed record DisturbanceTerm(int Free, string Then, int? WholeNightFrom = null, int? FreeMinutes = null);

/// <summary>The least charge for a day or a week.</summary>
/// <param name="Per">The period.</param>
/// <param name="Pence">The charge.</param>
public sealed record PriceMinimum(MinimumPer Per, long Pence);

/// <summary>The period of a least charge.</summary>
public enum MinimumPer { Day = 1, Week }

/// <summary>The percentage charged if the notice was shorter than these hours.</summary>
/// <param name="NoticeHoursUnder">The hours.</param>
/// <param name="Percent">The percentage of the price.</param>
public sealed record CancellationTerm(int NoticeHoursUnder, int Percent);

/// <summary>
/// The percentage charged for an outcome other than delivered, and whether its minutes are banked.
/// </summary>
/// <param name="Outcome">The outcome, such as no-access.</param>
/// <param name="Percent">The percentage of the price.</param>
/// <param name="Banks">Whether its minutes are kept for later.</param>
public sealed record OutcomeTerm(string Outcome, int Percent, bool? Banks = null);

/// <summary>The VAT on a price: its code, its percentage, and whether the holder recovers it.</summary>
/// <param name="Code">How the supply is treated.</param>
/// <param name="Percent">The percentage.</param>
/// <param name="Recovered">Whether the holder recovers it.</param>
public sealed record VatTerm(VatCode Code, int? Percent = null, bool? Recovered = null);

/// <summary>How a supply is treated for VAT.</summary>
public enum VatCode { Exempt = 0, Standard, Zero, Outside }
