using System.Text.Json;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;

namespace Isf.Invoicing.Domain;

/// <summary>
/// The public holidays of one calendar of the United Kingdom, looked up by day. They come from public-holidays.json, so
/// that a holiday proclaimed later is added there and nowhere else. Source: domain.md §4.2.
/// </summary>
public sealed class PublicHolidays
{
    private static readonly Lazy<Dictionary<(HolidayCalendar, HolidayOn), PublicHolidays>> Calendars = new(Read);

    private readonly string?[] names;

    private readonly int first;

    private static readonly (HolidayCalendar Calendar, string Name)[] CalendarNames =
    [
        (HolidayCalendar.EnglandAndWales, "england-and-wales"),
        (HolidayCalendar.Scotland, "scotland"),
        (HolidayCalendar.NorthernIreland, "northern-ireland"),
    ];

    private PublicHolidays(LocalDate from, LocalDate to)
    {
        (From, To, first) = (from, to, Days.NumberOf(from));
        names = new string?[Period.DaysBetween(from, to) + 1];
    }

    /// <summary>The first day that public-holidays.json covers.</summary>
    public LocalDate From { get; }

    /// <summary>The last day that public-holidays.json covers; the holidays after it are not known.</summary>
    public LocalDate To { get; }

    /// <summary>
    /// The holidays of a calendar, counted on their substitute days (the official calendar), on the days of the
    /// holidays themselves, or on both.
    /// </summary>
    public static PublicHolidays For(HolidayCalendar calendar, HolidayOn on) => Calendars.Value[(calendar, on)];

    /// <summary>
    /// The holidays that count for a price list. The nation's calendar counts if the rule names none, and substitute
    /// days count if the rule does not say which days.
    /// </summary>
    public static PublicHolidays For(HolidayRule? rule, HolidayCalendar nation) =>
        For(rule?.Calendar ?? nation, rule?.On ?? HolidayOn.Substitute);

    /// <summary>The calendar of a nation, by api.md's word for it; null for a word that is not a nation.</summary>
    public static HolidayCalendar? CalendarOf(string? nation) => nation switch
    {
        "england" or "wales" => HolidayCalendar.EnglandAndWales,
        "scotland" => HolidayCalendar.Scotland,
        "northern-ireland" => HolidayCalendar.NorthernIreland,
        _ => null,
    };

    /// <summary>The calendar of a nation.</summary>
    public static HolidayCalendar CalendarOf(Nation nation) => nation switch
    {
        Nation.Scotland => HolidayCalendar.Scotland,
        Nation.NorthernIreland => HolidayCalendar.NorthernIreland,
        _ => HolidayCalendar.EnglandAndWales,
    };

    /// <summary>
    /// The name of the holiday on a day; null on other days and on days that public-holidays.json does not cover.
    /// </summary>
    public string? NameOf(LocalDate day) =>
        day < From || day > To ? null : names[Period.DaysBetween(From, day)];

    /// <summary>
    /// The name of the holiday on a day, by the day's number; null on other days and on days that public-holidays.json
    /// does not cover.
    /// </summary>
    internal string? NameOf(int day) => day >= first && day - first < names.Length ? names[day - first] : null;

    /// <summary>Every holiday with its name, in order of days.</summary>
    public IEnumerable<(LocalDate On, string Name)> All() =>
        from i in Enumerable.Range(0, names.Length)
        where names[i] is not null
        select (From.PlusDays(i), names[i]!);

    /// <summary>Whether public-holidays.json covers the day.</summary>
    public bool Covers(LocalDate day) => day >= From && day <= To;

    private void Add(LocalDate day, string name)
    {
        if (Covers(day))
            names[Period.DaysBetween(From, day)] ??= name;
    }

    private static Dictionary<(HolidayCalendar, HolidayOn), PublicHolidays> Read()
    {
        using var stream = typeof(PublicHolidays).Assembly.GetManifestResourceStream("public-holidays.json")
            ?? throw new InvalidOperationException("The public holidays are missing from the build.");
        using var data = JsonDocument.Parse(stream);
        var root = data.RootElement;
        var (from, to) = (Day(root, "from"), Day(root, "to"));
        var all = new Dictionary<(HolidayCalendar, HolidayOn), PublicHolidays>();
        foreach (var (calendar, name) in CalendarNames)
        {
            var days = root.GetProperty("calendars").GetProperty(name);
            foreach (var on in Enum.GetValues<HolidayOn>())
                all[(calendar, on)] = Made(calendar, on, days, from, to);
        }
        return all;
    }

    private static PublicHolidays Made(
        HolidayCalendar calendar, HolidayOn on, JsonElement days, LocalDate from, LocalDate to)
    {
        var made = new PublicHolidays(from, to);
        foreach (var day in days.EnumerateArray())
        {
            var name = day.GetProperty("name").GetString()!;
            var substitute = day.TryGetProperty("substitute", out _);
            if (!substitute || on != HolidayOn.Actual)
                made.Add(Day(day, "on"), substitute ? $"{name} (substitute day)" : name);
        }
        if (on != HolidayOn.Substitute)
        {
            foreach (var (month, day, name) in DaysThemselves(calendar))
            {
                for (var year = from.Year; year <= to.Year; year++)
                    made.Add(new LocalDate(year, month, day), name);
            }
        }
        return made;
    }

    /// <summary>The holidays that lie on the same date every year, whatever day of the week it is (api.md).</summary>
    private static IEnumerable<(int Month, int Day, string Name)> DaysThemselves(HolidayCalendar calendar)
    {
        yield return (1, 1, "New Year’s Day");
        if (calendar == HolidayCalendar.Scotland)
        {
            yield return (1, 2, "2nd January");
            yield return (11, 30, "St Andrew’s Day");
        }
        if (calendar == HolidayCalendar.NorthernIreland)
        {
            yield return (3, 17, "St Patrick’s Day");
            yield return (7, 12, "Battle of the Boyne Day");
        }
        yield return (12, 25, "Christmas Day");
        yield return (12, 26, "Boxing Day");
    }

    private static LocalDate Day(JsonElement at, string name) =>
        LocalDatePattern.Iso.Parse(at.GetProperty(name).GetString()!).Value;
}
