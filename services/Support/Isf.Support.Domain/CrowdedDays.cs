using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The days on which a worker or a fund has more visits than can be true. One flag reports such a day. The visits of
/// the day are not compared with other visits of that worker, or of that fund's lines. The cost of checking a day is
/// therefore bounded, however many similar rows are sent.
/// </summary>
public sealed class CrowdedDays
{
    /// <summary>The maximum number of visits of a worker's or a fund's day that are checked one by one.</summary>
    public const int VisitsMax = 100;

    /// <summary>No crowded day.</summary>
    public static readonly CrowdedDays None = new([], []);

    private readonly HashSet<(string WorkerId, LocalDate On)> ofWorkers;
    private readonly HashSet<(string FundId, LocalDate On)> ofFunds;

    /// <summary>Starts from the crowded days of workers and of funds.</summary>
    public CrowdedDays(IEnumerable<(string WorkerId, LocalDate On)> ofWorkers,
        IEnumerable<(string FundId, LocalDate On)> ofFunds) =>
        (this.ofWorkers, this.ofFunds) = ([.. ofWorkers], [.. ofFunds]);

    /// <summary>The crowded days of workers.</summary>
    public IReadOnlyCollection<(string WorkerId, LocalDate On)> OfWorkers => ofWorkers;

    /// <summary>The crowded days of funds.</summary>
    public IReadOnlyCollection<(string FundId, LocalDate On)> OfFunds => ofFunds;

    /// <summary>Whether a worker's day is crowded.</summary>
    public bool HasWorker(string workerId, LocalDate on) => ofWorkers.Contains((workerId, on));

    /// <summary>Whether a fund's day is crowded.</summary>
    public bool HasFund(string fundId, LocalDate on) => ofFunds.Contains((fundId, on));

    /// <summary>The flag about a crowded day.</summary>
    /// <param name="fundId">The fund; for a worker's day, the fund of the first visit.</param>
    /// <param name="workerId">The worker; null for a fund's day.</param>
    /// <param name="on">The day.</param>
    /// <param name="visits">The first visits of the day.</param>
    public static CareFlag Flag(string fundId, string? workerId, LocalDate on, IReadOnlyList<string> visits) =>
        new(FlagKind.CrowdedDay, fundId, workerId, on, visits,
            $"More than {VisitsMax} visits {(workerId is null ? $"for fund {fundId}" : $"of worker {workerId}")} "
            + $"began on {on.ToString("d MMMM uuuu", null)}: too many to look at each beside the others.")
        {
            // This count only says that the maximum is exceeded; all visits are counted when the flag is shown.
            Count = VisitsMax + 1,
        };

    /// <summary>The key of a crowded day's flag.</summary>
    internal static string KeyOf(string fundId, string? workerId, LocalDate on) =>
        $"{FlagKind.CrowdedDay}/{(workerId is null ? $"fund/{fundId}" : $"worker/{workerId}")}/{on:uuuu-MM-dd}";

    /// <summary>The key of the flag about a worker's day.</summary>
    public static string KeyOfWorker(string workerId, LocalDate on) => KeyOf("", workerId, on);

    /// <summary>The key of the flag about a fund's day.</summary>
    public static string KeyOfFund(string fundId, LocalDate on) => KeyOf(fundId, null, on);
}

/// <summary>
/// A worker's visits that began on one day, without stays of more than 25 hours: the ids of the latest few, and the
/// elapsed minutes of all.
/// </summary>
public sealed record WorkerDay(
    string WorkerId, LocalDate On, long Minutes, IReadOnlyList<string> Visits, string FundId)
{
    /// <summary>The elapsed time of all.</summary>
    public Minutes Length() => new(Minutes);

    /// <summary>The number of the day's visits.</summary>
    public long Count { get; init; } = Visits.Count;
}
