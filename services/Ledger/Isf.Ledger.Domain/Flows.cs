using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// What has moved from one place to another, summed. A reversal counts against the flow that it takes back, so that a
/// voided receipt is neither money received nor money returned. Pence, or carer-minutes in the book of time.
/// </summary>
public sealed record Flow(Place From, Place To, long Amount)
{
    /// <summary>The part that a move plays in a sum.</summary>
    public static Flow Of(Move move, bool isReversal)
    {
        ArgumentNullException.ThrowIfNull(move);
        return isReversal ? new(move.To, move.From, -move.Amount) : new(move.From, move.To, move.Amount);
    }
}

/// <summary>
/// A fund's books at one moment: every balance is a sum of these flows, never a stored figure (design §4).
/// </summary>
public sealed class Flows
{
    private readonly Dictionary<Place, long> balances = [];
    private readonly List<Flow> flows;

    /// <summary>The flows that were summed, in any order and any number of parts.</summary>
    public Flows(IEnumerable<Flow> parts)
    {
        flows = [.. parts];
        foreach (var (from, to, amount) in flows)
        {
            balances[from] = checked(balances.GetValueOrDefault(from) - amount);
            balances[to] = checked(balances.GetValueOrDefault(to) + amount);
        }
    }

    /// <summary>What lies in each place that anything moved into or out of.</summary>
    public IReadOnlyDictionary<Place, long> Balances => balances;

    /// <summary>What lies in one place.</summary>
    public long In(Place place) => balances.GetValueOrDefault(place);

    /// <summary>What lies in all places of a kind, such as every accrued/….</summary>
    public long InKind(Book book, string kind) =>
        balances.Where(each => each.Key.Book == book && each.Key.Kind == kind).Sum(each => each.Value);

    /// <summary>The flows from places of one kind into places of another; what was taken back is below zero.</summary>
    public IEnumerable<Flow> Select(Book book, string fromKind, string toKind) =>
        flows.Where(flow => flow.From.Book == book && flow.From.Kind == fromKind && flow.To.Kind == toKind);
}

/// <summary>
/// What was drawn, to be laid on sources, for care of one day; without a day, what no day's shares weigh. Below zero
/// where more came back than was spent.
/// </summary>
public sealed record DrawnOnDay(LocalDate? CareOn, long Pence);
