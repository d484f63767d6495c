using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// The facts of a visit that decide its price. Moments are instants, so that a night when the clocks change has its
/// real length.
/// </summary>
/// <param name="Service">The service by which the price list prices the visit; support if the visit names none.</param>
/// <param name="CareOn">The day that the visit is about, by which it is priced if no moment is known.</param>
/// <param name="Start">When the care began; null if that is not known.</param>
/// <param name="End">When the care ended; null if that is not known.</param>
/// <param name="Carers">The number of carers who gave the care together; hours are multiplied by it.</param>
/// <param name="Outcome">api.md's word: delivered, missed-by-provider, no-access …</param>
public readonly record struct VisitToPrice(
    string Service, LocalDate CareOn, Instant? Start, Instant? End, int Carers, string Outcome)
{
    /// <summary>The outcome of a visit that was given.</summary>
    public const string Delivered = "delivered";

    /// <summary>When the visit was planned to begin; null if that is not known.</summary>
    public Instant? PlannedStart { get; init; }

    /// <summary>The person's planned minutes, before carers are counted.</summary>
    public int? PlannedMinutes { get; init; }

    /// <summary>The worker who gave the care, by whom yearly miles are counted; null if that is not known.</summary>
    public string? WorkerId { get; init; }

    /// <summary>The hours of notice of a cancellation; null if they are not known.</summary>
    public decimal? NoticeHours { get; init; }

    /// <summary>The day of a hospital stay, 1 on admission; null if it is not known.</summary>
    public int? AbsenceDay { get; init; }

    /// <summary>The days of a hospital stay that the agreement pays; null if it has no such clause.</summary>
    public int? HospitalPaidDays { get; init; }

    /// <summary>
    /// Carer-minutes that are charged though not given, if Support has decided them; null if the price list decides.
    /// </summary>
    public long? ChargedNotGiven { get; init; }

    /// <summary>
    /// Whether Support has decided that the visit is charged though not given, by a unit that carries no minutes.
    /// </summary>
    public bool UntimedCharged { get; init; }

    /// <summary>Miles driven; at most 2 decimal places.</summary>
    public decimal? Miles { get; init; }

    /// <summary>
    /// The miles that the same worker had driven in the same tax year before this visit, in hundredths.
    /// </summary>
    public long MilesBeforeHundredths { get; init; }

    /// <summary>The number of visits, nights, sessions or items, with at most 2 decimal places; null means 1.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>The times when the worker was woken in a sleep-in night; null if there were none.</summary>
    public IReadOnlyList<Woken>? Disturbances { get; init; }

    /// <summary>
    /// The largest number of minutes for each carer that a weekly set-off lets the visit charge, whatever the basis
    /// says; null without a set-off.
    /// </summary>
    public long? MinutesMax { get; init; }

    /// <summary>
    /// The moment from which the visit is priced. It is the start of a delivered visit and the planned start of any
    /// other visit. If that time is not known, it is the other of the two; null if neither is known.
    /// </summary>
    public Instant? Moment => Outcome == Delivered ? Start ?? PlannedStart : PlannedStart ?? Start;
}

/// <summary>A time in a sleep-in night when the worker was woken.</summary>
public readonly record struct Woken(Instant Start, Instant End);

/// <summary>
/// A moment by London's clocks and calendar, in minutes from 1 January 1970, with the time of the next change of the
/// clocks. Seconds beyond the minute do not count.
/// </summary>
internal readonly struct WallTime
{
    private readonly long minute;
    private readonly int shift;

    private WallTime(long minute, long shiftsAfter, int shift) =>
        (this.minute, Even, this.shift) = (minute, shiftsAfter, shift);

    /// <summary>The day, as a number of days from 1 January 1970.</summary>
    public int Day => (int)Math.DivRem(minute, RateTimes.DayMinutes, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The minute of the day.</summary>
    public int MinuteOfDay => (int)(minute - ((long)Day * RateTimes.DayMinutes));

    /// <summary>The wall time from which a visit is priced; noon of its day if its moment is not known.</summary>
    public static WallTime From(in VisitToPrice visit) =>
        visit.Moment is { } moment ? At(moment) : NoonOf(visit.CareOn);

    /// <summary>The wall time at a moment.</summary>
    public static WallTime At(Instant moment)
    {
        var zone = London.Zone.GetZoneInterval(moment);
        var seconds = moment.ToUnixTimeSeconds();
        var minute = FloorMinutes(seconds + zone.WallOffset.Seconds);
        return zone.HasEnd
            ? new(
                minute, FloorMinutes(zone.End.ToUnixTimeSeconds()) - FloorMinutes(seconds),
                OffsetAt(zone.End) - zone.WallOffset.Seconds)
            : new(minute, long.MaxValue, 0);
    }

    /// <summary>The whole minutes from start to end, really elapsed or by the clock on the wall.</summary>
    public static long Between(Instant start, Instant end, bool scheduled)
    {
        var elapsed = (end - start).ToInt64Nanoseconds() / NodaConstants.NanosecondsPerMinute;
        if (!scheduled)
            return elapsed;
        // When the clocks go back, a visit can end at or before its start by the clock on the wall. Its elapsed minutes
        // count then.
        var wall = elapsed + ((OffsetAt(end) - OffsetAt(start)) / 60);
        return wall > 0 ? wall : elapsed;
    }

    /// <summary>The wall time this many minutes later, elapsed or by the clock on the wall.</summary>
    public WallTime After(long minutes, bool scheduled) =>
        scheduled || minutes < Even
            ? new(minute + minutes, scheduled ? Even : Even - minutes, shift)
            : new(minute + minutes + (shift / 60), long.MaxValue, 0);

    /// <summary>The number of elapsed minutes from this moment to the next change of the clocks.</summary>
    public long Even { get; }

    private static WallTime NoonOf(LocalDate day) =>
        new(((long)Days.NumberOf(day) * RateTimes.DayMinutes) + (RateTimes.DayMinutes / 2), long.MaxValue, 0);

    private static int OffsetAt(Instant moment) => London.Zone.GetUtcOffset(moment).Seconds;

    private static long FloorMinutes(long seconds) =>
        Math.DivRem(seconds, 60, out var rest) - (rest < 0 ? 1 : 0);
}
