namespace Isf.Support.Domain;

/// <summary>
/// What a holder takes as usual: from where on the checks ask about a worker (domain.md §6, defaults that can be
/// changed).
/// </summary>
public sealed record CheckTerms
{
    /// <summary>The id under which a holder's own are kept.</summary>
    public const string TheId = "check-terms";

    /// <summary>What holds until a holder says otherwise.</summary>
    public static CheckTerms Default { get; } = new();

    public string Id { get; init; } = TheId;

    /// <summary>
    /// Minutes that a worker needs at least from one person to another, 0 to 120. With none, only leaving and beginning
    /// in one minute is asked about.
    /// </summary>
    public int TravelMinutes { get; init; }

    /// <summary>Hours of one worker's visits that began on one day, 1 to 24: more is asked about.</summary>
    public int WorkerHoursADay { get; init; } = 24;

    /// <summary>How many visits of a worker's week, 2 to 100, are too many to be all on time to the minute.</summary>
    public int EqualTimesFewest { get; init; } = 10;

    /// <summary>The shortest way that is not asked about, in minutes: moments are taken to the minute.</summary>
    public int GapMinutes => Math.Max(1, TravelMinutes);
}
