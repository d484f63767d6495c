using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Support's own copy of a fund: its person, its council, its first day and, once it is closed, its end.
/// </summary>
public sealed record Fund(string Id, string PersonId, string CouncilId, LocalDate OpensOn, FundEnd? End = null);

/// <summary>A closed fund's last day, and the London time of day if one was given (the time of a death).</summary>
public sealed record FundEnd(LocalDate On, LocalTime? At)
{
    /// <summary>Whether the fund ended before the given day or, on its last day, before the given moment.</summary>
    public bool IsBefore(LocalDate careOn, Instant began) => careOn > On
        || (careOn == On && At is { } time && London.At(began).TimeOfDay > time);
}

/// <summary>
/// Support's own copy of an allocation: the days on which its provider may be paid from the fund, and its services
/// without minutes.
/// </summary>
public sealed record Allocation(
    string Id, string FundId, int Version, LocalDate From, LocalDate? To, string? ProviderId = null)
{
    /// <summary>The services whose price has a unit without minutes; null if there are none.</summary>
    public IReadOnlyList<UntimedService>? Untimed { get; init; }

    /// <summary>The carer-minutes a week that the provider may give; null without a limit.</summary>
    public long? WeeklyMinutes { get; init; }

    /// <summary>The days of the allocation.</summary>
    public CarePeriod Days() => new(From, To);

    /// <summary>
    /// The entry in Untimed that covers a service on a day; null if the service is recorded in minutes on that day.
    /// </summary>
    public UntimedService? UntimedOn(string service, LocalDate day) => Untimed?.FirstOrDefault(untimedService =>
        untimedService.Service == service && !(day < untimedService.From) && !(day > untimedService.To));

    /// <summary>The allocations by their ids.</summary>
    public static Dictionary<string, Allocation> ById(IEnumerable<Allocation> allocations) =>
        allocations.ToDictionary(allocation => allocation.Id, StringComparer.Ordinal);
}

/// <summary>
/// A service that, on the given days, is priced by the session, day, week, mile or item. Its visits have no minutes
/// then (design §4, Weeks).
/// </summary>
/// <param name="Service">The kind of support.</param>
/// <param name="From">The first day; null if the service had no minutes from the start.</param>
/// <param name="To">The last day; null without an end.</param>
/// <param name="IsStay">Whether the price is by the day or week, so that one record may be a stay of many days.</param>
public sealed record UntimedService(string Service, LocalDate? From, LocalDate? To, bool IsStay);
