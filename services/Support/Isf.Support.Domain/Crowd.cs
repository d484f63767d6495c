using NodaTime;

namespace Isf.Support.Domain;

/// <summary>Care that was given, with its position in the order of start and id.</summary>
/// <param name="Visit">The visit.</param>
/// <param name="Rank">The position, counted from the earliest start.</param>
/// <param name="IsInQuestion">Whether the visit is one of those in question.</param>
internal sealed record GivenCare(Visit Visit, int Rank, bool IsInQuestion)
{
    /// <summary>The moment at which the care began.</summary>
    public Instant Start { get; } = Visit.Record.Start!.Value.ToInstant();

    /// <summary>The moment at which the care ended.</summary>
    public Instant End { get; } = Visit.Record.End!.Value.ToInstant();

    /// <summary>Whether the care began and ended at the same moment.</summary>
    public bool HasNoLength => Start == End;
}

/// <summary>
/// Visits in groups, for example by fund. The number of visits outside one group, and the first few of them, are found
/// without reading all visits. Checking a file of thousands of similar rows therefore takes time in proportion to its
/// rows.
/// </summary>
internal sealed class Crowd
{
    private readonly Dictionary<string, SortedSet<int>> groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> inQuestion = new(StringComparer.Ordinal);
    private readonly SortedSet<(int Rank, string Group)> firsts = [];
    private readonly Dictionary<int, GivenCare> members = [];
    private int allInQuestion;

    /// <summary>Adds a visit to its group.</summary>
    public void Add(GivenCare care, string group)
    {
        if (!groups.TryGetValue(group, out var ranks))
            groups[group] = ranks = [];
        else if (ranks.Count > 0)
            firsts.Remove((ranks.Min, group));
        ranks.Add(care.Rank);
        firsts.Add((ranks.Min, group));
        members[care.Rank] = care;
        Count(care, group, 1);
    }

    /// <summary>Removes a visit from its group.</summary>
    public void Remove(GivenCare care, string group)
    {
        var ranks = groups[group];
        firsts.Remove((ranks.Min, group));
        ranks.Remove(care.Rank);
        if (ranks.Count > 0)
            firsts.Add((ranks.Min, group));
        members.Remove(care.Rank);
        Count(care, group, -1);
    }

    /// <summary>The number of visits outside the group <paramref name="than"/>; of all visits if it is null.</summary>
    public int CountOthers(string? than) => members.Count
        - (than is not null && groups.TryGetValue(than, out var same) ? same.Count : 0);

    /// <summary>
    /// Whether a visit outside the group <paramref name="than"/> is in question; any visit if it is null.
    /// </summary>
    public bool HasOthersInQuestion(string? than) =>
        allInQuestion > (than is null ? 0 : inQuestion.GetValueOrDefault(than));

    /// <summary>
    /// The first visits outside the group <paramref name="than"/>, at most <paramref name="max"/>, in order of rank.
    /// Only the first visits of the first groups are read, because later visits cannot be among the result.
    /// </summary>
    public IEnumerable<GivenCare> FirstOthers(string? than, int max) => firsts.Where(first => first.Group != than)
        .Take(max).SelectMany(first => groups[first.Group].Take(max)).Order().Take(max)
        .Select(rank => members[rank]);

    private void Count(GivenCare care, string group, int by)
    {
        if (!care.IsInQuestion)
            return;
        allInQuestion += by;
        inQuestion[group] = inQuestion.GetValueOrDefault(group) + by;
    }
}

/// <summary>
/// The total weight of a line's care that overlaps a period, from running sums over sorted starts and ends.
/// </summary>
internal sealed class MeetingSums
{
    private readonly Instant[] starts;
    private readonly Instant[] ends;
    private readonly long[] begun;
    private readonly long[] over;
    private readonly Dictionary<Instant, long> withoutLength = [];

    /// <summary>Starts from care in order of start, and the weight of each visit.</summary>
    public MeetingSums(IReadOnlyList<GivenCare> care, Func<GivenCare, long> weight)
    {
        starts = [.. care.Select(givenCare => givenCare.Start)];
        begun = Sums(care, weight);
        var byEnd = care.OrderBy(givenCare => givenCare.End).ToList();
        ends = [.. byEnd.Select(givenCare => givenCare.End)];
        over = Sums(byEnd, weight);
        foreach (var givenCare in care.Where(item => item.HasNoLength))
            withoutLength[givenCare.Start] = withoutLength.GetValueOrDefault(givenCare.Start) + weight(givenCare);
    }

    /// <summary>
    /// The weight of all care that overlaps a visit: of all care that begins before the visit ends, less all care that
    /// is over when the visit begins. The visit's own weight is included unless the visit has no length.
    /// </summary>
    public long Of(GivenCare care) => begun[Before(starts, care.End, orAt: false)]
        - over[Before(ends, care.Start, orAt: true)]
        + (care.HasNoLength ? withoutLength.GetValueOrDefault(care.Start) : 0);

    private static long[] Sums(IReadOnlyList<GivenCare> care, Func<GivenCare, long> weight)
    {
        var sums = new long[care.Count + 1];
        for (var i = 0; i < care.Count; i++)
            sums[i + 1] = sums[i] + weight(care[i]);
        return sums;
    }

    // The number of sorted moments before the given moment. With orAt, moments equal to it are counted too.
    private static int Before(Instant[] sorted, Instant moment, bool orAt)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < moment || (orAt && sorted[middle] == moment))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
