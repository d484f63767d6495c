using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>Support's own copy of a fund: whose it is and since when it is held.</summary>
public sealed record Fund(string Id, string PersonId, string CouncilId, LocalDate OpensOn);

/// <summary>Support's own copy of an allocation: the days on which its provider may be paid from the fund.</summary>
public sealed record Allocation(string Id, string FundId, int Version, LocalDate From, LocalDate? To)
{
    /// <summary>Its days.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>The days of each.</summary>
    public static Dictionary<string, CarePeriod> DaysOf(IEnumerable<Allocation> allocations) =>
        allocations.ToDictionary(one => one.Id, one => one.Days(), StringComparer.Ordinal);
}
