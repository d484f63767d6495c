using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The ids of the funds that a file's rows name. The ids of rows that are rejected later may be among them; no id is
/// missing unless there are too many.
/// </summary>
public sealed class FundsNamed
{
    /// <summary>
    /// The maximum number of ids, twice a nation's funds. A file with more ids is taken to concern every fund.
    /// </summary>
    public const int Max = 250_000;

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> idsBySpan;
    private string last = "";

    /// <summary>Starts without ids.</summary>
    public FundsNamed() => idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether there are too many ids to list.</summary>
    public bool AreTooMany => ids.Count > Max;

    /// <summary>The ids, in ordinal order.</summary>
    public IEnumerable<string> FundIds => ids.Order(StringComparer.Ordinal);

    /// <summary>
    /// Adds the fund that a row names. A text that is no valid id is skipped, because its row will be rejected.
    /// </summary>
    public void Add(ReadOnlySpan<char> id)
    {
        // The rows of one fund are usually next to each other.
        if (id.SequenceEqual(last) || AreTooMany)
            return;
        if (!idsBySpan.TryGetValue(id, out var found))
        {
            found = id.ToString();
            if (!Ids.IsId(found))
                return;
            ids.Add(found);
        }
        last = found;
    }
}
