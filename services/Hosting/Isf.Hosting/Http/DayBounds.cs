using System.Globalization;
using Isf.Measures;
using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>
/// Refuses days before the earliest or after the latest permitted one (api.md, Dates), and names that bound. A day
/// centuries away is a typing error, and once caused two thousand journals.
/// </summary>
public static class DayBounds
{
    /// <summary>How many days after today the last day of a requested run may be.</summary>
    public const int RunDaysAhead = 366;

    /// <summary>Refuses a day before the bound.</summary>
    /// <param name="day">The day.</param>
    /// <param name="bound">The first permitted day; null for no bound.</param>
    /// <param name="pointer">The JSON pointer of the day in the body.</param>
    /// <param name="because">The meaning of the bound, such as "the fund opens".</param>
    public static void NotBefore(LocalDate day, LocalDate? bound, string pointer, string because)
    {
        if (day < bound)
            throw Refuse(FeatureRefusal.DayTooEarly, pointer, "before", bound.Value, because);
    }

    /// <summary>Refuses a day after the bound.</summary>
    public static void NotAfter(LocalDate day, LocalDate? bound, string pointer, string because)
    {
        if (day > bound)
            throw Refuse(FeatureRefusal.DayTooLate, pointer, "after", bound.Value, because);
    }

    /// <summary>
    /// Refuses a requested run whose last day is more than <see cref="RunDaysAhead"/> days after today.
    /// </summary>
    public static void Run(LocalDate upTo, LocalDate today) =>
        NotAfter(upTo, today.PlusDays(RunDaysAhead), "/upTo", $"a run goes at most {RunDaysAhead} days ahead");

    private static ProblemException Refuse(
        FeatureRefusal why, string pointer, string side, LocalDate bound, string because)
    {
        var detail = $"it lies {side} {bound.ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}: {because}.";
        return ProblemException.For(
            why, $"Look at {pointer}: {detail}", new FieldError(pointer, detail, DeclaredProblem.CodeOf(why)));
    }
}
