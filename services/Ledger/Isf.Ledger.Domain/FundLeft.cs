using Isf.Measures;

namespace Isf.Ledger.Domain;

/// <summary>A sum that fell below zero, or rose from below zero to zero or more.</summary>
/// <param name="AllocationId">The allocation whose remainder the sum is; null for the money that the fund
/// holds.</param>
/// <param name="Pence">The amount left now: below zero after a fall, zero or more after a rise.</param>
public readonly record struct Crossing(string? AllocationId, long Pence);

/// <summary>
/// The money that a fund holds and the amount left of each of its allocations, over all days, after its latest
/// journal. The class reports when a posting takes one of these sums below zero, or back to zero or more. Balances are
/// not read from here: they are always sums of moves.
/// </summary>
public sealed class FundLeft
{
    private readonly SortedDictionary<string, long> allocations = new(StringComparer.Ordinal);
    private readonly HashSet<string> below = new(StringComparer.Ordinal);
    private bool isBelow;

    /// <summary>Starts from the sums that the fund's head keeps.</summary>
    public FundLeft(long heldPence = 0, IReadOnlyDictionary<string, long>? byAllocation = null)
    {
        HeldPence = heldPence;
        foreach (var (id, pence) in byAllocation ?? new Dictionary<string, long>())
            allocations[id] = pence;
        Crossed();
    }

    /// <summary>The money held, of all sources; below zero if care has cost more than came in.</summary>
    public long HeldPence { get; private set; }

    /// <summary>The amount left of each allocation, in order of ids; an allocation at zero is not listed.</summary>
    public IReadOnlyDictionary<string, long> ByAllocation => allocations;

    /// <summary>Counts an entry's moves.</summary>
    public void Add(Entry entry)
    {
        foreach (var move in entry.Moves)
        {
            Put(move.From, -move.Amount);
            Put(move.To, move.Amount);
        }
    }

    /// <summary>The sums that have crossed zero since the last call: the fund first, then allocations by id.</summary>
    public IReadOnlyList<Crossing> Crossed()
    {
        List<Crossing>? crossed = null;
        if (isBelow != HeldPence < 0)
        {
            isBelow = !isBelow;
            (crossed ??= []).Add(new(null, HeldPence));
        }
        foreach (var (id, pence) in allocations)
        {
            if (pence < 0 ? below.Add(id) : below.Remove(id))
                (crossed ??= []).Add(new(id, pence));
        }
        foreach (var id in below.Where(id => !allocations.ContainsKey(id)).Order(StringComparer.Ordinal).ToList())
        {
            below.Remove(id);
            (crossed ??= []).Add(new(id, 0));
        }
        return crossed ?? (IReadOnlyList<Crossing>)[];
    }

    /// <summary>Whether both have the same sums, of the fund and of every allocation.</summary>
    public bool IsSameAs(FundLeft other) =>
        HeldPence == other.HeldPence && allocations.SequenceEqual(other.allocations);

    // promised/none and promised/fee are not counted: care without an allocation always leaves the first below zero,
    // and a fee's promise is used at once.
    private void Put(Account account, long pence)
    {
        if (account.Book == Book.Money && account.Path.StartsWith("held/", StringComparison.Ordinal))
            HeldPence = checked(HeldPence + pence);
        if (account.Book != Book.Promise || !account.Path.StartsWith("promised/", StringComparison.Ordinal)
            || account.About is not (not PlaceWords.NoAllocation and not PlaceWords.Fee and var id))
        {
            return;
        }
        var left = checked(allocations.GetValueOrDefault(id) + pence);
        if (left == 0)
            allocations.Remove(id);
        else
            allocations[id] = left;
    }
}
