using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// The journals that a statement counts: every journal effective up to its last day and known at its position that the
/// statement before did not count. A first statement that covers the opening day opens with nothing and also counts
/// money that came before that day; a later first statement does not count again what it opens with (design §4).
/// </summary>
public sealed record StatementPeriod(LocalDate From, LocalDate To, long Position, LocalDate CountedTo,
    long CountedPosition)
{
    /// <summary>The window of a statement that follows another, or of the first.</summary>
    public static StatementPeriod After(
        CarriedForward? previous, LocalDate opensOn, LocalDate from, LocalDate to, long position) => new(
        from, to, position, previous?.To ?? (from <= opensOn ? LocalDate.MinIsoValue : from.PlusDays(-1)),
        previous?.Position ?? position);

    // No earlier statement or opening exists that could be corrected.
    private bool OpensWithNothing => CountedTo == LocalDate.MinIsoValue;

    /// <summary>Whether this statement counts the journal.</summary>
    public bool Counts(Journal journal) => IsKnown(journal) && !IsCountedBefore(journal);

    /// <summary>
    /// Whether the journal is effective up to the last day and known at the position, as for balances at the end.
    /// </summary>
    public bool IsKnown(Journal journal) =>
        journal.EffectiveOn <= To && journal.Position <= Position;

    /// <summary>Whether an earlier statement counted the journal, or the first statement opens with it.</summary>
    public bool IsCountedBefore(Journal journal) =>
        journal.EffectiveOn <= CountedTo && journal.Position <= CountedPosition;

    /// <summary>
    /// Whether a counted journal is about a day before the period: it is then listed again as a correction.
    /// </summary>
    public bool IsCorrection(Journal journal) =>
        !OpensWithNothing && (journal.EffectiveOn < From || journal.About < From);
}
