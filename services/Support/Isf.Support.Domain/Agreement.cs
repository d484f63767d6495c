using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// What a bank of time keeps: minutes, or the value of the minutes in pence on the days on which they were banked.
/// </summary>
public enum BankUnit { Minutes = 1, Money }

/// <summary>
/// The clauses of one version of a fund's agreement that care depends on. Without a bank, minutes that were not given
/// are released; without a hospital clause, the price list alone decides the cost of a stay (api.md, agreement).
/// </summary>
/// <param name="Version">The number of the version; the first is 1.</param>
/// <param name="SignedOn">The day from which the version replaces the one before.</param>
/// <param name="Keeps">The unit of the bank; null without a bank.</param>
/// <param name="ExpiresAfterWeeks">
/// The number of weeks for which a minute is kept after the week in which it was banked; null if it never expires.
/// </param>
/// <param name="HospitalPaidDays">
/// The number of days of a stay that are paid, from admission; null without such a clause.
/// </param>
public sealed record AgreementVersion(
    int Version, LocalDate SignedOn, BankUnit? Keeps, int? ExpiresAfterWeeks, int? HospitalPaidDays);

/// <summary>Support's own copy of a fund's agreement, with all its versions, under the fund's id.</summary>
public sealed record Agreement(string Id, IReadOnlyList<AgreementVersion> Versions)
{
    /// <summary>The version in force on a day: the latest one signed by that day, or the first if none was.</summary>
    public AgreementVersion On(LocalDate day) =>
        Versions.Where(version => version.SignedOn <= day).MaxBy(version => version.Version)
        ?? Versions.MinBy(version => version.Version)!;

    /// <summary>The copy with one more version; null if it already has that version.</summary>
    public static Agreement? With(Agreement? copy, string fundId, AgreementVersion version)
    {
        return copy is null ? new(fundId, [version])
            : copy.Versions.Any(existing => existing.Version == version.Version) ? null
            : copy with { Versions = [.. copy.Versions.Append(version).OrderBy(existing => existing.Version)] };
    }
}
