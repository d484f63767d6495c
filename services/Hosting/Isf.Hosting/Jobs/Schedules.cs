using System.Globalization;
using System.Text.RegularExpressions;
using Cronos;
using Isf.Hosting.Messaging;
using Isf.Measures;
using NodaTime;

namespace Isf.Hosting.Jobs;

/// <summary>
/// The rules of scheduled runs. The hosts of a service share its Hangfire tables, so a night's run is requested once
/// for each holder. One run makes up for all missed nights, up to the last one. A run is a message that the service
/// publishes to itself, in the commit that records the request. Source: api.md (schedules), design.md §7.
/// </summary>
public static partial class Schedules
{
    /// <summary>The reasons to refuse a setting or a run, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such schedule.")] UnknownSchedule = 1,
        [Problem(422, "There is no such time zone.")] UnknownZone = 2,
        [Problem(422, "The cron expression cannot be used.")] BadCron = 3,
        [Problem(422, "The schedule would run too often.")] MoreThanOnceADay = 4,
        [Problem(428, "Say which version you change.")] IfMatchNeeded = 5,
    }

    /// <summary>The setting of a schedule.</summary>
    /// <param name="Cron">The times, as cron with seconds, such as 0 30 1 * * ?</param>
    /// <param name="Zone">The zone of the times, such as Europe/London.</param>
    /// <param name="Enabled">Whether the schedule runs.</param>
    public sealed record Setting(string Cron, string Zone, bool Enabled);

    /// <summary>The run to make.</summary>
    /// <param name="UpTo">The last day that the run covers, at most 366 days ahead.</param>
    public sealed record Run(LocalDate UpTo);

    /// <summary>
    /// Checks a setting. A run belongs to a night, so a schedule that is not hourly may not run twice on one London
    /// day.
    /// </summary>
    /// <param name="terms">The schedule's terms. An hourly schedule may run once in each hour.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="now">The moment from which the schedule's next times are computed.</param>
    public static Decision<Setting, Refusal> Decide(ScheduleTerms terms, Setting setting, Instant now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(setting.Zone, out _))
            return (Refusal.UnknownZone, $"“{setting.Zone}” is no zone of the time zone database: say Europe/London.");
        if (!CronExpression.TryParse(setting.Cron, CronFormat.IncludeSeconds, out _))
            return (Refusal.BadCron, $"“{setting.Cron}” is not like 0 30 1 * * ?, which is every night at 01:30:00.");
        if (Ambiguous(setting.Cron) is { } why)
            return (Refusal.BadCron, $"“{setting.Cron}” {why}.");
        var names = NamesAfter(terms, setting, now).Take(400).ToList();
        if (names.GroupBy(name => name).FirstOrDefault(times => times.Count() > 1) is { } twice)
        {
            return (Refusal.MoreThanOnceADay, $"“{setting.Cron}” in {setting.Zone} comes more than once in "
                + $"{(terms.Hourly ? "the hour" : "London's")} {twice.Key}.");
        }
        return names.Count == 0 ? (Refusal.BadCron, $"“{setting.Cron}” never comes.") : setting;
    }

    /// <summary>
    /// The night of a run, which is the London day of the schedule's last time up to the given moment. A run that is
    /// late, or is requested after midnight, thus belongs to its own night, whichever host requests it.
    /// </summary>
    public static LocalDate NightOf(Setting setting, Instant fired) => London.DayOf(DueAt(setting, fired));

    /// <summary>
    /// The name of a run's night or, if the schedule is hourly, of its hour in UTC, which no clock change repeats.
    /// </summary>
    internal static string NameOf(ScheduleTerms terms, Setting setting, Instant fired) => terms.Hourly
        ? DueAt(setting, fired).ToString("uuuu'-'MM'-'dd'T'HH'Z'", CultureInfo.InvariantCulture)
        : $"{NightOf(setting, fired):uuuu-MM-dd}";

    /// <summary>The next time of a schedule after a moment; null if there is none.</summary>
    internal static Instant? NextAfter(Setting setting, Instant now) =>
        InstantOf(CronOf(setting).GetNextOccurrence(now.ToDateTimeOffset(), ZoneOf(setting)));

    /// <summary>Whether a setting can be parsed; an earlier release accepted some that cannot.</summary>
    internal static bool IsReadable(Setting setting) => TimeZoneInfo.TryFindSystemTimeZoneById(setting.Zone, out _)
        && CronExpression.TryParse(setting.Cron, CronFormat.IncludeSeconds, out _);

    internal static TimeZoneInfo ZoneOf(Setting setting) => TimeZoneInfo.FindSystemTimeZoneById(setting.Zone);

    /// <summary>
    /// The setting if it can be parsed. Otherwise the release's times in the zone Europe/London, enabled unless the
    /// setting says otherwise.
    /// </summary>
    internal static Setting InForce(ScheduleTerms terms, Setting? set) => set is not null && IsReadable(set)
        ? set : new(terms.Cron, London.Zone.Id, set?.Enabled ?? true);

    /// <summary>The service among the given ones that owns the schedule, with the schedule's terms.</summary>
    /// <exception cref="ProblemException">404: no given service has such a schedule.</exception>
    internal static (Service Service, ScheduleTerms Terms) Find(IEnumerable<Service> services, string name) =>
        services.SelectMany(service => service.ScheduleTerms, (service, terms) => (service, terms))
            .FirstOrDefault(entry => entry.terms.Name == name) is { service: not null } found
            ? found
            : throw ProblemException.For(Refusal.UnknownSchedule,
                $"“{name}” is no schedule here: see GET /v1/schedules.");

    private static CronExpression CronOf(Setting setting) =>
        CronExpression.Parse(setting.Cron, CronFormat.IncludeSeconds);

    // The schedule's last time up to the given moment, or that moment if there is none. If a clock change skips that
    // time, Cronos finds the last second before the gap when it searches backwards. The second search, forwards,
    // finds the first second after the gap, as Hangfire does.
    private static Instant DueAt(Setting setting, Instant fired)
    {
        var (cron, zone, until) = (CronOf(setting), ZoneOf(setting), fired.ToDateTimeOffset());
        if (cron.GetPreviousOccurrence(until, zone, inclusive: true) is not { } before)
            return fired;
        var due = cron.GetNextOccurrence(before, zone, inclusive: true);
        return Instant.FromDateTimeOffset(due is { } at && at <= until ? at : before);
    }

    // A cron expression that programs read differently is refused, because the author may have meant the other reading.
    private static string? Ambiguous(string cron)
    {
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6)
            return "has not six fields: second, minute, hour, day, month, weekday";
        if (fields[3] is not ("*" or "?") && fields[5] is not ("*" or "?"))
            return "gives a day and a weekday: say one of them, and ? for the other";
        return NumberedDay().IsMatch(fields[5]) ? "gives a weekday by its number: say MON, TUE …" : null;
    }

    private static IEnumerable<string> NamesAfter(ScheduleTerms terms, Setting setting, Instant now)
    {
        for (var at = NextAfter(setting, now); at is { } next; at = NextAfter(setting, next))
            yield return NameOf(terms, setting, next);
    }

    private static Instant? InstantOf(DateTimeOffset? at) =>
        at is { } time ? Instant.FromDateTimeOffset(time) : null;

    [GeneratedRegex("(?<![#/0-9])[0-9]")]
    private static partial Regex NumberedDay();
}
