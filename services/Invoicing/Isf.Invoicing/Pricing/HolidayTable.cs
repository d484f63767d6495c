using Isf.Hosting.Data;
using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// A day that counts as a public holiday. Calendar names the calendar and the rule by which it counts holidays, such as
/// Scotland/Substitute.
/// </summary>
internal readonly record struct HolidayCounted(string Calendar, LocalDate Day);

/// <summary>The public holidays that prices have counted, and those that are in public-holidays.json now.</summary>
internal static class HolidayTable
{
    /// <summary>The public holidays that are in public-holidays.json now.</summary>
    public static HashSet<HolidayCounted> Now() =>
    [
        .. from calendar in Enum.GetValues<HolidayCalendar>()
           from rule in new[] { HolidayOn.Substitute, HolidayOn.Actual }
           from holiday in PublicHolidays.For(calendar, rule).All()
           select new HolidayCounted($"{calendar}/{rule}", holiday.On),
    ];

    /// <summary>
    /// The public holidays that the nightly run has already applied to the holder's prices; none before its first run.
    /// </summary>
    public static async Task<HashSet<HolidayCounted>> ReadAsync(Session session) =>
    [
        .. await session.RowsAsync<HolidayCounted>("select calendar, day from holidays_counted"),
    ];

    /// <summary>
    /// Records that prices have counted the given holidays of a day. They replace the ones recorded for that day
    /// before.
    /// </summary>
    public static void Save(Session session, LocalDate day, IReadOnlyList<HolidayCounted> holidays)
    {
        session.Queue("delete from holidays_counted where day = $1", day);
        session.Queue("insert into holidays_counted (calendar, day) select unnest($1::text[]), $2",
            holidays.Select(holiday => holiday.Calendar).ToArray(), day);
    }
}
