using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Support's own copy of a fund: its person, its council, its first day and, once it is closed, its end.
/// </summary>
public sealed record Fund(string Id, string PersonId, string CouncilId, LocalDate OpensOn, FundEnd? End = null);

/// <summary>A closed fund's last day, and the time of day in London where one was given (of a death).</summary>
public sealed record FundEnd(LocalDate On, LocalTime? At)
{
    /// <summary>Whether care of a day, begun at a moment, came after this end.</summary>
    public bool IsBefore(LocalDate careOn, Instant began) => careOn > On
        || (careOn == On && At is { } time && London.At(began).TimeOfDay > time);
}

/// <summary>
/// Support's own copy of an allocation: the days on which its provider may be paid from the fund, and which services
/// of it carry no minutes.
/// </summary>
public sealed record Allocation(
    string Id, string FundId, int Version, LocalDate From, LocalDate? To, string? ProviderId = null)
{
    /// <summary>The services that are priced in units which carry no minutes; null where none is.</summary>
    public IReadOnlyList<UntimedService>? Untimed { get; init; }

    /// <summary>Carer-minutes a week that its provider may give; null if they are not bounded.</summary>
    public long? WeeklyMinutes { get; init; }

    /// <summary>Its days.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>The entry of a service that carries no minutes on a day; null if it carries some.</summary>
    public UntimedService? UntimedOn(string service, LocalDate day) => Untimed?.FirstOrDefault(untimedService =>
        untimedService.Service == service && !(day < untimedService.From) && !(day > untimedService.To));

    /// <summary>Each under its id.</summary>
    public static Dictionary<string, Allocation> ById(IEnumerable<Allocation> allocations) =>
        allocations.ToDictionary(allocation => allocation.Id, StringComparer.Ordinal);
}

/// <summary>
/// A service that, from one day to another, is priced by the session, day, week, mile or item: what is recorded of it
/// carries no minutes (design §4, Weeks).
/// </summary>
/// <param name="Service">The kind of support.</param>
/// <param name="From">The first day; null if it has carried no minutes from the start.</param>
/// <param name="To">The last day; null if it goes on.</param>
/// <param name="IsStay">Whether it is priced by the day or week, so that one record may be a stay of many days.</param>
public sealed record UntimedService(string Service, LocalDate? From, LocalDate? To, bool IsStay);
