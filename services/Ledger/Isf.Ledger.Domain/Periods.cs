using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The calendar by which a holder closes its periods: every 4-weeks or month, from a first day on. It is kept under the
/// holder's own id; a later version of the holder's settings replaces an earlier one.
/// </summary>
public sealed record PeriodCalendar(string Id, int Version, string Every, LocalDate FirstOn)
{
    /// <summary>Four weeks, as council cycles run (domain.md §4: 13 × 28 = 364 days).</summary>
    public const string FourWeeks = "4-weeks";

    /// <summary>A month from the first day's day of the month.</summary>
    public const string Month = "month";

    /// <summary>
    /// The day on which the next period ends. The first ends with the calendar's first period and includes all days
    /// before it. Where the calendar was changed, the next ends with the first period of the new calendar, or on the
    /// day before that begins.
    /// </summary>
    public LocalDate NextEnd(LocalDate? closedTo)
    {
        if (closedTo is not { } last)
            return EndOf(1);
        var number = 0;
        while (EndOf(number) <= last)
            number++;
        return EndOf(number);
    }

    private LocalDate EndOf(int number) => (Every switch
    {
        FourWeeks => FirstOn.PlusWeeks(4 * number),
        Month => FirstOn.PlusMonths(number),
        _ => throw new InvalidOperationException($"“{Every}” is no length of a period."),
    }).PlusDays(-1);
}

/// <summary>
/// A closed period: no journal that counts on its days is ever added. The first one has no first day: it closes all
/// days up to its last.
/// </summary>
public sealed record ClosedPeriod(string Id, LocalDate? From, LocalDate To, Instant ClosedAt);
