using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The reason of an absence, in api.md's words. If two absences share a day, the reason that comes first here counts.
/// </summary>
public enum AbsenceKind { Hospital = 1, Respite, Holiday, Other }

/// <summary>
/// Days on which a person is away, both ends included: care planned on them is not expected. An absence without an end
/// lasts until somebody reports its end (api.md, Support).
/// </summary>
public sealed record Absence
{
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required AbsenceKind Kind { get; init; }
    /// <summary>Why the absence was withdrawn, as one that never took place; null if it was not.</summary>
    public string? WithdrawnBecause { get; init; }

    /// <summary>The days of the absence, both ends included.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>
    /// The number of a day within the absence: 1 on the first. Hospital days are calendar days from admission.
    /// </summary>
    public int DayOf(LocalDate day) => Period.DaysBetween(From, day) + 1;

    /// <summary>
    /// The absence that covers a day, or null. Of several, hospital comes first, then respite, holiday and other; a
    /// withdrawn absence does not count.
    /// </summary>
    public static Absence? On(IEnumerable<Absence> absences, LocalDate day) =>
        absences.Where(absence => absence.WithdrawnBecause is null && absence.Days().Covers(day))
            .OrderBy(absence => absence.Kind).ThenByDescending(absence => absence.From)
            .ThenBy(absence => absence.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>
    /// The absence during which care was given, by the local day on which the care began. The care is recorded
    /// nevertheless, and is flagged. Null for care outside any absence, and for care that was not given.
    /// </summary>
    public static Absence? Around(VisitRecord visit, IEnumerable<Absence> absences)
    {
        return visit is { Outcome: VisitOutcome.Delivered, Start: { } start }
            ? On(absences, London.DayOf(start)) : null;
    }
}
