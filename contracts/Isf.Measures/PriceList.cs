using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Isf.Measures;

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

/// <summary>Minutes rounded to whole bands before they are priced.</summary>
public sealed record PriceBand(int Minutes, BandTo To);

/// <summary>Which way a band rounds.</summary>
public enum BandTo { Nearest = 0, Up, Down }

/// <summary>How a visit that meets two rates is priced: whole at its start's rate, or each part at its own.</summary>
public enum Crossing { FirstRange = 0, Split }

/// <summary>Where the one rounding to whole pence happens.</summary>
public sealed record PriceRounding(RoundAt At);

/// <summary>By visit, or once by invoice.</summary>
public enum RoundAt { Visit = 0, Invoice }

/// <summary>Whether a night on which the clocks change is paid as elapsed or as scheduled.</summary>
public enum PayClock { Elapsed = 0, Scheduled }

/// <summary>Which calendar's public holidays count, and on which day where one has a substitute.</summary>
public sealed record HolidayRule(HolidayCalendar? Calendar = null, HolidayOn? On = null);

/// <summary>The three public-holiday calendars of the United Kingdom (domain.md §4.2).</summary>
public enum HolidayCalendar { EnglandAndWales = 0, Scotland, NorthernIreland }

/// <summary>The substitute day, the day itself, or both.</summary>
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

/// <summary>When a rate applies: dates before public holidays before days with times before days (api.md).</summary>
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

/// <summary>A duration with a price of its own, not pro rata.</summary>
public sealed record FixedPrice(int Minutes, long Pence);

/// <summary>
/// The disturbances of a sleep-in night: how many are free, the code of the hourly rate for more, the number from which
/// the whole night is waking, and the longest that a free one lasts; a longer one is paid, also among the free
/// (domain.md §4.4).
/// </summary>
public sealed record DisturbanceTerm(int Free, string Then, int? WholeNightFrom = null, int? FreeMinutes = null);

/// <summary>A least charge for a day or a week.</summary>
public sealed record PriceMinimum(MinimumPer Per, long Pence);

/// <summary>The period of a least charge.</summary>
public enum MinimumPer { Day = 1, Week }

/// <summary>The percentage charged when the notice was shorter than these hours.</summary>
public sealed record CancellationTerm(int NoticeHoursUnder, int Percent);

/// <summary>
/// The percentage charged for an outcome other than delivered, and whether its minutes are banked. The outcome is
/// api.md's word.
/// </summary>
public sealed record OutcomeTerm(string Outcome, int Percent, bool? Banks = null);

/// <summary>The VAT on a price: its code, its percentage, and whether the holder gets it back.</summary>
public sealed record VatTerm(VatCode Code, int? Percent = null, bool? Recovered = null);

/// <summary>How a supply is treated for VAT (domain.md §4.7).</summary>
public enum VatCode { Exempt = 0, Standard, Zero, Outside }

/// <summary>
/// The charge for a visit that was not given, in percent of its planned price, and whether its minutes are banked. Two
/// services share this table: Support decides the charge by it, Invoicing prices the charge (design §4).
/// </summary>
/// <param name="Percent">0 to 100; minutes charged at any percentage are never banked.</param>
/// <param name="Banks">Whether the minutes may be kept for later, if the agreement has a bank.</param>
public readonly record struct OutcomeCharge(int Percent, bool Banks)
{
    /// <summary>The outcomes other than delivered, in api.md's words.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
    [
        "missed-by-provider", "no-access", CancelledByPerson, "cancelled-by-provider", Hospital, ClosedHoliday,
    ];

    private const string CancelledByPerson = "cancelled-by-person";
    private const string Hospital = "hospital";
    private const string ClosedHoliday = "closed-holiday";

    /// <summary>
    /// The charge by the list and the agreement. A late cancellation: the lowest step of notice that it falls under;
    /// notice that was not recorded is not late. Hospital: the days that the agreement pays, at the list's percentage
    /// or 100, then nothing; without a clause, the list alone. Any other outcome: the list's percentage, or nothing.
    /// </summary>
    /// <param name="list">The price list in force on the day.</param>
    /// <param name="outcome">api.md's word, other than delivered.</param>
    /// <param name="noticeHours">How long before the visit it was cancelled, if that is known.</param>
    /// <param name="absenceDay">The day of the hospital stay, 1 on admission, if that is known.</param>
    /// <param name="paidDays">The agreement's paid days of a stay; null if it has no such clause.</param>
    public static OutcomeCharge Of(
        PriceList list, string outcome, decimal? noticeHours, int? absenceDay, int? paidDays)
    {
        var term = list.Outcomes?.FirstOrDefault(term => term.Outcome == outcome);
        var percent = outcome switch
        {
            CancelledByPerson => Step(list.Cancellation, noticeHours)?.Percent ?? term?.Percent ?? 0,
            Hospital when paidDays is { } paid => absenceDay <= paid ? term?.Percent ?? 100 : 0,
            _ => term?.Percent ?? 0,
        };
        var banks = percent == 0 && outcome is not (Hospital or ClosedHoliday) && (term?.Banks ?? true);
        return new(percent, banks);
    }

    /// <summary>The step of notice that a cancellation falls under: the lowest of those above its notice.</summary>
    public static CancellationTerm? Step(IReadOnlyList<CancellationTerm>? steps, decimal? noticeHours) =>
        steps?.Where(step => noticeHours < step.NoticeHoursUnder).MinBy(step => step.NoticeHoursUnder);
}

/// <summary>A warning about a price that is accepted all the same: a stable code and plain words.</summary>
public sealed record PriceWarning(string Code, string PlainWords);

/// <summary>
/// Whether an hourly rate can pay for the care: it is compared with the minimum price and the direct cost of homecare,
/// and with the minimum wage. A warning, never a block. The figures are data (price-floors.json) with their dates and
/// sources; the latest that has begun counts, and a nation without one is not compared. Source: domain.md §4.6.
/// </summary>
public static class PriceFloors
{
    private static readonly Lazy<Figure[]> Figures = new(Read);

    /// <summary>The warnings about an hourly rate on a day, with the figures used; none for other units.</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="nation">Where the care is given, in api.md's word.</param>
    /// <param name="on">The day on which the rate is compared.</param>
    /// <param name="isHomecare">Whether the homecare prices apply: not to a sole trader's or an employee's.</param>
    public static IEnumerable<PriceWarning> Of(PriceRate rate, string nation, LocalDate on, bool isHomecare = true)
    {
        if (rate.Unit != PriceUnit.Hour)
        {
            yield break;
        }
        var wage = Latest("minimum-wage", nation, on);
        var (cost, price) = (Latest("direct-cost", nation, on), Latest("minimum-price", nation, on));
        if (rate.Pence < wage?.Pence)
        {
            yield return Said("under-minimum-wage", rate, wage);
        }
        if (isHomecare && (rate.Pence < cost?.Pence ? cost : rate.Pence < price?.Pence ? price : null) is { } floor)
        {
            yield return Said(floor == cost ? "under-direct-cost" : "under-minimum-price", rate, floor);
        }
    }

    /// <summary>
    /// The warnings about a rate that holds for some days: for each kind, the first figure that the rate lies under, on
    /// its first day or on a day when a new figure begins.
    /// </summary>
    public static IEnumerable<PriceWarning> Within(
        PriceRate rate, string nation, CarePeriod days, bool isHomecare = true) =>
        Figures.Value.Select(figure => figure.From).Where(from => from > days.From && days.Covers(from))
            .Append(days.From).Distinct().Order()
            .SelectMany(day => Of(rate, nation, day, isHomecare)).DistinctBy(warning => warning.Code);

    private static PriceWarning Said(string code, PriceRate rate, Figure floor) => new(code,
        $"“{rate.Code}” at {new Money(rate.Pence)} an hour lies {new Money(floor.Pence - rate.Pence)} under "
        + $"{floor.Name}, {new Money(floor.Pence)} from {LocalDatePattern.Iso.Format(floor.From)} ({floor.Source}).");

    private static Figure? Latest(string kind, string nation, LocalDate on) => Figures.Value
        .Where(figure => figure.Kind == kind && figure.Nations.Contains(nation) && figure.From <= on)
        .MaxBy(figure => figure.From);

    private static Figure[] Read()
    {
        using var stream = typeof(PriceFloors).Assembly.GetManifestResourceStream("price-floors.json")
            ?? throw new InvalidOperationException("The price floors are missing from the build.");
        using var data = JsonDocument.Parse(stream);
        return
        [
            .. data.RootElement.GetProperty("figures").EnumerateArray().Select(figure => new Figure(
                Text(figure, "kind"),
                [.. figure.GetProperty("nations").EnumerateArray().Select(item => item.GetString()!)],
                LocalDatePattern.Iso.Parse(Text(figure, "from")).Value, figure.GetProperty("pence").GetInt64(),
                Text(figure, "name"), Text(figure, "source"))),
        ];
    }

    private static string Text(JsonElement figure, string name) => figure.GetProperty(name).GetString()!;

    private sealed record Figure(
        string Kind, IReadOnlyList<string> Nations, LocalDate From, long Pence, string Name, string Source);
}
