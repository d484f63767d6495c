using Isf.Measures;

namespace Isf.Ledger.Domain;

/// <summary>
/// The crossing of zero, in either direction, by the money that a fund holds or by the amount left of an allocation.
/// </summary>
/// <param name="AllocationId">The allocation whose amount left crossed zero; null if it was the money held by the
/// fund.</param>
/// <param name="Pence">The amount left now: below zero after a fall, zero or more after a rise.</param>
public readonly record struct Crossing(string? AllocationId, long Pence);

/// <summary>
/// The money that a fund holds and the amount left of each of its allocations, over all days, after its latest
/// journal. The class reports when a posting takes one of these sums below zero, or back to zero or more. Balances are
/// never read from this class, because they are always sums of moves.
/// </summary>
public sealed class FundLeft
{
    private readonly SortedDictionary<string, long> allocations = new(StringComparer.Ordinal);
    private readonly HashSet<string> below = new(StringComparer.Ordinal);
    private bool isBelow;

    /// <summary>Starts from the sums that are stored in the fund's head.</summary>
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

    /// <summary>Adds an entry's moves to the sums.</summary>
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

    /// <summary>Whether the other has the same money held and the same amount left of every allocation.</summary>
    public bool IsSameAs(FundLeft other) =>
        HeldPence == other.HeldPence && allocations.SequenceEqual(other.allocations);

    // The accounts promised/none and promised/fee are left out. Care without an allocation always takes promised/none
    // below zero, and the promise of a fee is used at once.
    private void Put(Account account, long pence)
    {
        if (account.Book == Book.Money && account.Path.StartsWith("held/", StringComparison.Ordinal))
            HeldPence = checked(HeldPence + pence);
        if (account.Book != Book.Promise || !account.Path.StartsWith("promised/", StringComparison.Ordinal)
            || account.About is not (not ReservedNames.NoAllocation and not ReservedNames.Fee and var id))
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
