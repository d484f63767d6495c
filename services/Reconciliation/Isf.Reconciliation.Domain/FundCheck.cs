using System.Globalization;
using Isf.Measures;

namespace Isf.Reconciliation.Domain;

/// <summary>The result of checking one fund's books: the number of comparisons, and those that did not agree.</summary>
public sealed record FundChecked(string FundId, long Checked, IReadOnlyList<Difference> Differences);

/// <summary>
/// Compares a fund's books, as the Ledger states them, with Reconciliation's own copy of the journals. Positions must
/// have no gaps, moves must be sound, and the chain of hashes, the head and every balance must agree. The identities of
/// each book must hold in the statement and in the copy. Source: design.md §2 and §4.
/// </summary>
public static class FundCheck
{
    /// <summary>Checks one fund.</summary>
    /// <param name="stated">The fund's books as the Ledger states them.</param>
    /// <param name="copy">The copied journals up to the stated position, by position.</param>
    /// <param name="before">
    /// The highest positions of the fund that are known from elsewhere than these stated books.
    /// </param>
    public static FundChecked Compare(StatedBooks stated, IReadOnlyList<CopiedJournal> copy, EarlierPositions before)
    {
        var ours = Fold.From(copy, stated.UpTo);
        var theirs = Fold.From(stated);
        var places = ours.Named.Union(theirs.Named).Order().ToList();
        Difference?[] structure =
        [
            Gap(stated, copy), Tail(stated, before), Unsound(stated.FundId, copy), Chain(stated.FundId, copy),
            Head(stated, copy),
        ];
        var differences = structure.OfType<Difference>()
            .Concat(BrokenIdentities(stated.FundId, ours, theirs))
            .Concat(places.Select(place => Place(stated, place, theirs, ours)).OfType<Difference>());
        return new FundChecked(
            stated.FundId, structure.Length + (2 * AccountNames.Books.Count) + places.Count, [.. differences]);
    }

    /// <summary>The result for a fund that has journals and is missing in the Ledger's stated books.</summary>
    public static FundChecked NotStated(string fundId, long position) => new(fundId, 1,
    [
        new Difference(DifferenceCode.FundNotStated, fundId, "fund",
            $"The Ledger has posted {position} journals of fund {fundId} and states nothing of it.",
            [Number("copiedPosition", position)]),
    ]);

    /// <summary>
    /// The result for a fund with journals that were stated more than half a day ago and have never reached
    /// Reconciliation.
    /// </summary>
    public static FundChecked NotArrived(string fundId, long stated, long arrived) => new(fundId, 1,
    [
        new Difference(DifferenceCode.JournalsNotArrived, fundId, "journals",
            $"The Ledger stated {stated} journals of fund {fundId} more than half a day ago; only {arrived}"
                + " have arrived.",
            [Number("statedPosition", stated), Number("arrived", arrived)]),
    ]);

    private static Difference? Gap(StatedBooks stated, IReadOnlyList<CopiedJournal> copy)
    {
        var positions = copy.Select(journal => journal.Position).ToHashSet();
        var missing = LongRange(stated.Position).Where(position => !positions.Contains(position)).Take(2).ToList();
        return missing.Count == 0 ? null : new Difference(
            DifferenceCode.PositionMissing, stated.FundId, $"position {missing[0]}",
            $"Journal {missing[0]} of fund {stated.FundId} arrived once and is no longer in our copy"
                + $" ({stated.Position - positions.Count} of {stated.Position} are missing).",
            [Number("firstMissing", missing[0]), Number("missing", stated.Position - positions.Count)]);
    }

    private static Difference? Tail(StatedBooks stated, EarlierPositions before) =>
        stated.Position >= before.AtLeast ? null : new Difference(
            DifferenceCode.TailCut, stated.FundId, "tail",
            $"The Ledger states {stated.Position} journals of fund {stated.FundId}, but had posted {before.AtLeast}"
                + " before: the end of its journal has been cut off.",
            [Number("statedPosition", stated.Position), Number("postedBefore", before.AtLeast)]);

    private static Difference? Unsound(string fundId, IReadOnlyList<CopiedJournal> copy)
    {
        var unsound = copy.SelectMany(
            journal => journal.Moves.Where(IsUnsound).Select(move => (journal, move))).ToList();
        if (unsound.Count == 0)
            return null;
        var (at, first) = unsound[0];
        return new Difference(DifferenceCode.MoveUnsound, fundId, $"position {at.Position}",
            $"Journal {at.Position} of fund {fundId} moves {first.Amount} from {first.From} to {first.To} in the book"
                + $" {first.Book}: such a move cannot be ({unsound.Count} in all).",
            [Number("position", at.Position), Number("amount", first.Amount), Number("unsound", unsound.Count)]);
    }

    private static bool IsUnsound(CopiedMove move) =>
        move.Amount <= 0 || move.From == move.To
            || !AccountNames.Exists(move.Book, move.From) || !AccountNames.Exists(move.Book, move.To);

    private static Difference? Chain(string fundId, IReadOnlyList<CopiedJournal> copy)
    {
        var broken = HashChain.Broken(copy).ToList();
        if (broken.Count == 0)
            return null;
        var (at, computed) = broken[0];
        return new Difference(DifferenceCode.ChainBroken, fundId, $"position {at.Position}",
            $"Journal {at.Position} of fund {fundId} carries a hash that its content does not have: something in it was"
                + $" changed after it was posted ({broken.Count} such in all).",
            [
                Number("position", at.Position), new("carried", at.Hash), new("computed", computed),
                Number("broken", broken.Count),
            ]);
    }

    private static Difference? Head(StatedBooks stated, IReadOnlyList<CopiedJournal> copy)
    {
        var last = copy.LastOrDefault(journal => journal.Position == stated.Position);
        var same = last is null || string.Equals(last.Hash, stated.Hash, StringComparison.OrdinalIgnoreCase);
        return same ? null : new Difference(
            DifferenceCode.HeadDiffers, stated.FundId, "head",
            $"The Ledger's journal {stated.Position} of fund {stated.FundId} is not the one that it said when it"
                + " posted it.",
            [Number("position", stated.Position), new("stated", stated.Hash), new("copied", last!.Hash)]);
    }

    private static IEnumerable<Difference> BrokenIdentities(string fundId, Fold ours, Fold theirs) =>
        from side in new[] { (Who: "the Ledger's statement", Books: theirs), (Who: "our copy", Books: ours) }
        from identity in Identities.SidesOf(side.Books)
        where !identity.Hold
        select new Difference(DifferenceCode.IdentityBroken, fundId, $"{identity.Book} in {side.Who}",
            $"In the book {identity.Book} of fund {fundId}, by {side.Who}, {identity.LeftText} is"
                + $" {Amount(identity.Book, identity.Left)} and {identity.RightText} is"
                + $" {Amount(identity.Book, identity.Right)}; they must be equal.",
            [Number("left", identity.Left), Number("right", identity.Right)]);

    private static Difference? Place(StatedBooks stated, (string Book, string Name) place, Fold theirs, Fold ours)
    {
        var (their, our) = (theirs.BalanceOf(place.Book, place.Name), ours.BalanceOf(place.Book, place.Name));
        return their == our ? null : new Difference(
            DifferenceCode.BalanceDiffers, stated.FundId, $"{place.Book} {place.Name}",
            $"{place.Name} in the book {place.Book} of fund {stated.FundId} on {stated.UpTo:uuuu-MM-dd}: the Ledger"
                + $" states {Amount(place.Book, their)}, our journals up to {stated.Position} sum to"
                + $" {Amount(place.Book, our)},"
                + $" {Amount(place.Book, Int128.Abs(their - our))} apart.",
            [Number("stated", their), Number("folded", our), Number("position", stated.Position)]);
    }

    // Only a falsified amount can lie outside the range of Money and Minutes. It is shown as a bare number, as
    // evidence.
    private static string Amount(string book, Int128 amount) => amount > long.MaxValue || amount < -long.MaxValue
        ? amount.ToString(CultureInfo.InvariantCulture)
        : book == AccountNames.Time ? new Minutes((long)amount).ToString() : Money.OfPence((long)amount).ToString();

    private static Figure Number(string name, Int128 value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<long> LongRange(long last)
    {
        for (var position = 1L; position <= last; position++)
            yield return position;
    }
}
