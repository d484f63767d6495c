using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// Decides which journals a statement counts (design §4). A statement counts a journal that is effective up to the
/// statement's last day and known at its position, unless the previous statement counted that journal. A first
/// statement that begins on or before the day on which the fund opens has an opening balance of zero, and also counts
/// money dated before that day. A first statement that begins later does not count the journals in its opening balance
/// again.
/// </summary>
public sealed record StatementPeriod(LocalDate From, LocalDate To, long Position, LocalDate CountedTo,
    long CountedPosition)
{
    /// <summary>
    /// The period of a statement after the previous one, or of a fund's first statement if there is no previous one.
    /// </summary>
    public static StatementPeriod After(
        CarriedForward? previous, LocalDate opensOn, LocalDate from, LocalDate to, long position) => new(
        from, to, position, previous?.To ?? (from <= opensOn ? LocalDate.MinIsoValue : from.PlusDays(-1)),
        previous?.Position ?? position);

    // A first statement that opens with nothing has no corrections, because there is no earlier statement or opening
    // balance to correct.
    private bool OpensWithNothing => CountedTo == LocalDate.MinIsoValue;

    /// <summary>Whether this statement counts the journal.</summary>
    public bool Counts(Journal journal) => IsKnown(journal) && !IsCountedBefore(journal);

    /// <summary>
    /// Whether the journal is effective up to the last day and known at the position, and so is part of the balances
    /// at the end.
    /// </summary>
    public bool IsKnown(Journal journal) =>
        journal.EffectiveOn <= To && journal.Position <= Position;

    /// <summary>
    /// Whether an earlier statement counted the journal, or the first statement has it in its opening balance.
    /// </summary>
    public bool IsCountedBefore(Journal journal) =>
        journal.EffectiveOn <= CountedTo && journal.Position <= CountedPosition;

    /// <summary>
    /// Whether a counted journal counts on, or is about, a day before the period: it is then listed again as a
    /// correction.
    /// </summary>
    public bool IsCorrection(Journal journal) =>
        !OpensWithNothing && (journal.EffectiveOn < From || journal.About < From);
}
