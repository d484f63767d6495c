using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Turns entries into journals of one fund, without a database.</summary>
internal static class Books
{
    public const string Holder = "sunrise";
    public static readonly Instant Noon = Instant.FromUtc(2026, 6, 1, 12, 0);

    public static Journal Posted(Entry entry) => Posted([entry])[0];

    public static List<Journal> Posted(IReadOnlyList<Entry> entries, Instant? at = null)
    {
        var journals = new List<Journal>();
        var head = Head.New(Holder, entries.Count == 0 ? "F-1" : entries[0].FundId);
        foreach (var entry in entries)
        {
            var journal = HashChain.Append(head, entry, at ?? Noon);
            journals.Add(journal);
            head = head.After(journal);
        }
        return journals;
    }

    public static PostingSums Sum(IEnumerable<Journal> journals, LocalDate? upTo = null, long? position = null) => new(
        from journal in journals
        where (upTo is null || journal.Entry.EffectiveOn <= upTo) && (position is null || journal.Position <= position)
        from move in journal.Entry.Moves
        select PostingSum.FromMove(move, journal.Entry.Reverses is not null));
}
