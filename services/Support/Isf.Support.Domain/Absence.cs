using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The reason of an absence, in api.md's words. Where two absences share a day, the first of these counts.
/// </summary>
public enum AbsenceKind { Hospital = 1, Respite, Holiday, Other }

/// <summary>
/// Days on which a person is away, both ends included: care planned on them is not expected. An absence without an end
/// goes on until somebody gives its end (api.md, Support).
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

    /// <summary>Its days.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>
    /// The number of a day within the absence: 1 on the first. Hospital days are calendar days from admission.
    /// </summary>
    public int DayOf(LocalDate day) => Period.DaysBetween(From, day) + 1;

    /// <summary>The absence that a day lies in; hospital before all others.</summary>
    public static Absence? On(IEnumerable<Absence> absences, LocalDate day) =>
        absences.Where(absence => absence.WithdrawnBecause is null && absence.Days().Covers(day))
            .OrderBy(absence => absence.Kind).ThenByDescending(absence => absence.From)
            .ThenBy(absence => absence.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>
    /// The absence during which care was given, by the local day on which the care began: the care is recorded all the
    /// same, and is an exception. Null for care outside any absence, and for care that was not given.
    /// </summary>
    public static Absence? Around(VisitRecord visit, IEnumerable<Absence> absences)
    {
        return visit is { Outcome: VisitOutcome.Delivered, Start: { } start }
            ? On(absences, London.DayOf(start)) : null;
    }
}
