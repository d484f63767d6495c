using NodaTime;

namespace Isf.Support.Domain;

/// <summary>What a bank of time keeps: the minutes themselves, or the pence of the days they were put by.</summary>
public enum BankKeeps { Minutes = 1, Money }

/// <summary>
/// The clauses of one version of a fund's agreement that care depends on. Without a bank, minutes that were not given
/// are let go; without a hospital clause, the price list alone says what a stay costs (api.md, agreement).
/// </summary>
/// <param name="Version">1 at first.</param>
/// <param name="SignedOn">It replaces the version before from this day on.</param>
/// <param name="Keeps">What the bank keeps; null without a bank.</param>
/// <param name="ExpiresAfterWeeks">For how many weeks after its own a minute is kept; null for ever.</param>
/// <param name="HospitalPaidDays">The days of a stay that are paid, from admission; null without such a clause.</param>
public sealed record AgreementVersion(
    int Version, LocalDate SignedOn, BankKeeps? Keeps, int? ExpiresAfterWeeks, int? HospitalPaidDays);

/// <summary>Support's own copy of a fund's agreement, under the fund's id: every version of it.</summary>
public sealed record Agreement(string Id, IReadOnlyList<AgreementVersion> Versions)
{
    /// <summary>The version in force on a day: the latest signed by then; before the first, the first.</summary>
    public AgreementVersion On(LocalDate day) =>
        Versions.Where(version => version.SignedOn <= day).MaxBy(version => version.Version)
        ?? Versions.MinBy(version => version.Version)!;

    /// <summary>The copy with another version; null where it is there already.</summary>
    public static Agreement? With(Agreement? kept, string fundId, AgreementVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return kept is null ? new(fundId, [version])
            : kept.Versions.Any(known => known.Version == version.Version) ? null
            : kept with { Versions = [.. kept.Versions.Append(version).OrderBy(known => known.Version)] };
    }
}
