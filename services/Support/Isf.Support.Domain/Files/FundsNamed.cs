using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The ids of the funds that the rows of a file name. It may hold some too many, of rows that are rejected later, and
/// none too few.
/// </summary>
public sealed class FundsNamed
{
    /// <summary>A file that names more than this concerns every fund: twice those of a nation.</summary>
    public const int Most = 250_000;

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known;
    private string last = "";

    /// <summary>None yet.</summary>
    public FundsNamed() => known = ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether they are more than can be told one by one.</summary>
    public bool AreTooMany => ids.Count > Most;

    /// <summary>The ids, in order.</summary>
    public IEnumerable<string> FundIds => ids.Order(StringComparer.Ordinal);

    /// <summary>A row names this fund. What can be no id is no fund's, and its row will be rejected.</summary>
    public void Add(ReadOnlySpan<char> id)
    {
        // The rows of one fund mostly stand together.
        if (id.SequenceEqual(last) || AreTooMany)
            return;
        if (!known.TryGetValue(id, out var found))
        {
            found = id.ToString();
            if (!Ids.IsId(found))
                return;
            ids.Add(found);
        }
        last = found;
    }
}
