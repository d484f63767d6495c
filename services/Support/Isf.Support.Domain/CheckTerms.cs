using Isf.Measures;

namespace Isf.Support.Domain;

/// <summary>
/// A holder's limits, above or below which the checks ask about a worker. The defaults can be changed (domain.md §6).
/// </summary>
public sealed record CheckTerms
{
    /// <summary>The id under which a holder's own limits are stored.</summary>
    public const string TheId = "check-terms";

    /// <summary>The limits that apply until a holder sets others.</summary>
    public static CheckTerms Default { get; } = new();

    public string Id { get; init; } = TheId;

    /// <summary>
    /// The minimum number of minutes that a worker needs between two people, 0 to 120. At 0, the checks ask only about
    /// a visit that begins in the minute in which the previous visit ends.
    /// </summary>
    public int TravelMinutes { get; init; }

    /// <summary>
    /// The maximum number of hours of one worker's visits that began on one day, 1 to 24, above which the checks ask.
    /// </summary>
    public int WorkerHoursADay { get; init; } = 24;

    /// <summary>The same maximum as a length of time.</summary>
    public Minutes LongestDay() => new Minutes(60) * WorkerHoursADay;

    /// <summary>
    /// The minimum number of visits in a worker's week, 2 to 100, for the checks to ask about visits that all took
    /// place exactly as planned.
    /// </summary>
    public int EqualTimesFewest { get; init; } = 10;

    /// <summary>
    /// The shortest gap in minutes about which the checks do not ask; at least 1, as moments are recorded to the
    /// minute.
    /// </summary>
    public int GapMinutes => Math.Max(1, TravelMinutes);
}
