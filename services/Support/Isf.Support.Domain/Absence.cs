using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The reason of an absence. If two absences cover one day, the reason listed first here applies.
/// </summary>
public enum AbsenceKind { Hospital = 1, Respite, Holiday, Other }

/// <summary>
/// The days on which a person is away. Care planned on these days is not expected. An absence without an end lasts
/// until somebody reports its end (api.md, Support).
/// </summary>
public sealed record Absence
{
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required AbsenceKind Kind { get; init; }
    /// <summary>
    /// The reason given for withdrawing an absence that never took place; null if it is not withdrawn.
    /// </summary>
    public string? WithdrawnBecause { get; init; }

    /// <summary>The days of the absence, both ends included.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>
    /// The number of the given day within the absence, counted from 1. Hospital days are calendar days from admission.
    /// </summary>
    public int DayOf(LocalDate day) => Period.DaysBetween(From, day) + 1;

    /// <summary>
    /// The absence that covers the given day, or null if none does. If several cover it, hospital comes first, then
    /// respite, holiday and other. Withdrawn absences are left out.
    /// </summary>
    public static Absence? On(IEnumerable<Absence> absences, LocalDate day) =>
        absences.Where(absence => absence.WithdrawnBecause is null && absence.Days().Covers(day))
            .OrderBy(absence => absence.Kind).ThenByDescending(absence => absence.From)
            .ThenBy(absence => absence.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>
    /// The absence that covers the local day on which a visit's care began; null if none does, or if no care was given.
    /// Care given during an absence is recorded nevertheless, and flagged.
    /// </summary>
    public static Absence? Around(VisitRecord visit, IEnumerable<Absence> absences)
    {
        return visit is { Outcome: VisitOutcome.Delivered, Start: { } start }
            ? On(absences, London.DayOf(start)) : null;
    }
}
