using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The calendar by which a holder closes its periods: every four weeks or every month, from a first day on. The
/// calendar is stored under the holder's own id, and a later version of the holder's settings replaces an earlier one.
/// </summary>
public sealed record PeriodCalendar(string Id, int Version, string Every, LocalDate FirstOn)
{
    /// <summary>Four weeks, as council cycles run (domain.md §4: 13 × 28 = 364 days).</summary>
    public const string FourWeeks = "4-weeks";

    /// <summary>A month that begins on the same day of the month as the first day.</summary>
    public const string Month = "month";

    /// <summary>
    /// The day on which the next period to close ends. Before any closing, that is the end of the calendar's first
    /// period, which includes all days before it. Afterwards it is the first end of a period after the last closed
    /// day; the day before the calendar begins counts as such an end, so that a new calendar may begin later than the
    /// closed days end.
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
/// A closed period: no journal that counts on its days is ever added. The holder's first closed period has no first
/// day, because it closes all days up to its last.
/// </summary>
public sealed record ClosedPeriod(string Id, LocalDate? From, LocalDate To, Instant ClosedAt);
