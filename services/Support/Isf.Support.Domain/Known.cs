using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Support's own copy of a fund: whose it is, since when it is held, and, once it is closed, its end.
/// </summary>
public sealed record Fund(string Id, string PersonId, string CouncilId, LocalDate OpensOn, FundEnd? End = null);

/// <summary>A closed fund's last day, and the time of day in London where one was given (of a death).</summary>
public sealed record FundEnd(LocalDate On, LocalTime? At)
{
    /// <summary>Whether care of a day, which began at a moment, came after it.</summary>
    public bool IsBefore(LocalDate careOn, Instant began) => careOn > On
        || (careOn == On && At is { } time && LondonTime.At(began).TimeOfDay > time);
}

/// <summary>Support's own copy of an allocation: the days on which its provider may be paid from the fund.</summary>
public sealed record Allocation(
    string Id, string FundId, int Version, LocalDate From, LocalDate? To, string? ProviderId = null)
{
    /// <summary>Its days.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>The days of each.</summary>
    public static Dictionary<string, CarePeriod> DaysOf(IEnumerable<Allocation> allocations) =>
        allocations.ToDictionary(one => one.Id, one => one.Days(), StringComparer.Ordinal);
}
