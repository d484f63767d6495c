using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// Which journals a statement counts: every one effective up to its last day and known at its position that the
/// statement before did not count. A first statement that covers the opening day opens with nothing and counts money
/// that came before it too; what a later first one opens with is not counted again (design §4).
/// </summary>
public sealed record Window(LocalDate From, LocalDate To, long Position, LocalDate CountedTo, long CountedPosition)
{
    /// <summary>The window of a statement that follows another, or of the first.</summary>
    public static Window After(
        CarriedForward? previous, LocalDate opensOn, LocalDate from, LocalDate to, long position) => new(
        from, to, position, previous?.To ?? (from <= opensOn ? LocalDate.MinIsoValue : from.PlusDays(-1)),
        previous?.Position ?? position);

    // Nothing was told before that could be put right.
    private bool OpensWithNothing => CountedTo == LocalDate.MinIsoValue;

    /// <summary>Whether this statement counts the journal.</summary>
    public bool Counts(Journal journal) => IsKnown(journal) && !IsCountedBefore(journal);

    /// <summary>Effective up to the last day and known at the position: all that balances at the end sum.</summary>
    public bool IsKnown(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.EffectiveOn <= To && journal.Position <= Position;
    }

    /// <summary>Whether a statement before counted it, or the first statement opens with it.</summary>
    public bool IsCountedBefore(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.EffectiveOn <= CountedTo && journal.Position <= CountedPosition;
    }

    /// <summary>Whether a counted journal is about a day before the period: listed again as a correction.</summary>
    public bool IsCorrection(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return !OpensWithNothing && (journal.EffectiveOn < From || journal.About < From);
    }
}
