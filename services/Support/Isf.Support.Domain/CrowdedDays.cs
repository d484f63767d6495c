using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Days of workers, and of funds, with more care than can be true. One flag reports such a day, and no visit of it is
/// compared with others of that worker, or of that fund's lines. So the cost of checking a day is bounded, however many
/// like rows are sent.
/// </summary>
public sealed class CrowdedDays
{
    /// <summary>The most visits of a worker's or a fund's day that are checked one by one.</summary>
    public const int VisitsMost = 100;

    /// <summary>No day at all.</summary>
    public static readonly CrowdedDays None = new([], []);

    private readonly HashSet<(string WorkerId, LocalDate On)> ofWorkers;
    private readonly HashSet<(string FundId, LocalDate On)> ofFunds;

    /// <summary>These days of workers and of funds.</summary>
    public CrowdedDays(IEnumerable<(string WorkerId, LocalDate On)> ofWorkers,
        IEnumerable<(string FundId, LocalDate On)> ofFunds) =>
        (this.ofWorkers, this.ofFunds) = ([.. ofWorkers], [.. ofFunds]);

    /// <summary>The days of workers.</summary>
    public IReadOnlyCollection<(string WorkerId, LocalDate On)> OfWorkers => ofWorkers;

    /// <summary>The days of funds.</summary>
    public IReadOnlyCollection<(string FundId, LocalDate On)> OfFunds => ofFunds;

    /// <summary>Whether a day of a worker is one of them.</summary>
    public bool HasWorker(string workerId, LocalDate on) => ofWorkers.Contains((workerId, on));

    /// <summary>Whether a day of a fund is one of them.</summary>
    public bool HasFund(string fundId, LocalDate on) => ofFunds.Contains((fundId, on));

    /// <summary>The flag about such a day.</summary>
    /// <param name="fundId">The fund; for a worker's day that of the first visit.</param>
    /// <param name="workerId">The worker, for a worker's day.</param>
    /// <param name="on">The day.</param>
    /// <param name="visits">Its first visits.</param>
    public static CareFlag Flag(string fundId, string? workerId, LocalDate on, IReadOnlyList<string> visits) =>
        new(FlagKind.CrowdedDay, fundId, workerId, on, visits,
            $"More than {VisitsMost} visits {(workerId is null ? $"for fund {fundId}" : $"of worker {workerId}")} "
            + $"began on {on.ToString("d MMMM uuuu", null)}: too many to look at each beside the others.")
        {
            // All are counted when the flag is shown.
            Count = VisitsMost + 1,
        };

    /// <summary>The key of such a day's flag.</summary>
    internal static string KeyOf(string fundId, string? workerId, LocalDate on) =>
        $"{FlagKind.CrowdedDay}/{(workerId is null ? $"fund/{fundId}" : $"worker/{workerId}")}/{on:uuuu-MM-dd}";

    /// <summary>The key of a worker's day.</summary>
    public static string KeyOfWorker(string workerId, LocalDate on) => KeyOf("", workerId, on);

    /// <summary>The key of a fund's day.</summary>
    public static string KeyOfFund(string fundId, LocalDate on) => KeyOf(fundId, null, on);
}

/// <summary>
/// A worker's visits that began on one day, the first few by name, and the elapsed minutes of all together.
/// </summary>
public sealed record WorkerDay(
    string WorkerId, LocalDate On, long Minutes, IReadOnlyList<string> Visits, string FundId)
{
    /// <summary>How many visits it has.</summary>
    public long Count { get; init; } = Visits.Count;
}
