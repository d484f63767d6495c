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
    /// The last day of the next period to close. The first closing ends with the calendar's first period and takes in
    /// all earlier days. A later closing ends with the first period that ends after <paramref name="closedTo"/>. A new
    /// calendar may begin some days after that day; the days between are then closed as a period of their own.
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
/// A closed period; no journal that counts on one of its days is ever added. The first day is null for the holder's
/// first closed period, which takes in all earlier days.
/// </summary>
public sealed record ClosedPeriod(string Id, LocalDate? From, LocalDate To, Instant ClosedAt);
