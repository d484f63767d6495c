using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The posting of a fact that is published in full each time it changes. Each version posts one journal with the
/// difference from the earlier versions, even if nothing differs. So the moves of all these journals add up to those
/// of the latest version.
/// </summary>
public sealed record CumulativePosting
{
    /// <summary>The fund that the fact is about.</summary>
    public required string FundId { get; init; }

    /// <summary>The sort of journal, which is also the word for its cause: week-closed, price-adjusted …</summary>
    public required string Kind { get; init; }

    /// <summary>The fact's own id in the service that published it, without its version.</summary>
    public required string Id { get; init; }

    /// <summary>1 at first; a later version is posted after the one before it.</summary>
    public required int Version { get; init; }

    /// <summary>The day on which the posting counts.</summary>
    public required LocalDate On { get; init; }

    /// <summary>The day that the fact is about; null if that is the day on which the posting counts.</summary>
    public LocalDate? CareOn { get; init; }

    /// <summary>All moves of this version, as if nothing had been posted before.</summary>
    public required IReadOnlyList<Move> Total { get; init; }

    /// <summary>The cause of a version, with an id such as 2026-04-06/v2.</summary>
    public PostingCause CauseOf(int version) => new(Kind, Entries.VisitCause(Id, version));

    /// <summary>The id of the journal that holds a version.</summary>
    public Guid JournalOf(string holderId, int version) => JournalId.From(holderId, FundId, Kind, CauseOf(version));

    /// <summary>The entry for this version, to post after the journals of all earlier versions.</summary>
    public Entry DifferenceFrom(IEnumerable<Journal> earlier)
    {
        return new Entry
        {
            FundId = FundId,
            Kind = Kind,
            EffectiveOn = On,
            CareOn = CareOn == On ? null : CareOn,
            Cause = CauseOf(Version),
            Moves = Entries.InOrder(Difference(earlier.SelectMany(journal => journal.Entry.Moves))),
        };
    }

    // Moves between the same two accounts in opposite directions are set off against each other.
    private List<Move> Difference(IEnumerable<Move> posted)
    {
        var ways = new List<Move>();
        var amounts = new Dictionary<(Account, Account), long>();
        foreach (var (move, sign) in Total.Select(move => (move, 1L)).Concat(posted.Select(move => (move, -1L))))
        {
            var isReverse = amounts.ContainsKey((move.To, move.From));
            var way = isReverse ? (move.To, move.From) : (move.From, move.To);
            if (amounts.TryAdd(way, 0))
                ways.Add(move);
            amounts[way] = checked(amounts[way] + ((isReverse ? -sign : sign) * move.Amount));
        }
        return ways.ConvertAll(way => (Way: way, Amount: amounts[(way.From, way.To)]))
            .FindAll(entry => entry.Amount != 0)
            .ConvertAll(entry => entry.Amount > 0
                ? entry.Way.WithAmount(entry.Amount) : entry.Way.Reversed().WithAmount(-entry.Amount));
    }
}
