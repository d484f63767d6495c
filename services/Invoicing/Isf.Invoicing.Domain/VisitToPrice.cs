using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// The facts of a visit that decide its price. Moments are instants, so that a night when the clocks change has its
/// real length.
/// </summary>
/// <param name="Service">The service of the price list: support, if no other is named.</param>
/// <param name="CareOn">The day that the visit is about; the day counts where no moment is known.</param>
/// <param name="Start">When the care began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Carers">How many carers gave it together; hours are multiplied by this number.</param>
/// <param name="Outcome">api.md's word: delivered, missed-by-provider, no-access …</param>
public readonly record struct VisitToPrice(
    string Service, LocalDate CareOn, Instant? Start, Instant? End, int Carers, string Outcome)
{
    /// <summary>The outcome of a visit that was given.</summary>
    public const string Delivered = "delivered";

    /// <summary>When it was planned to begin.</summary>
    public Instant? PlannedStart { get; init; }

    /// <summary>The person's planned minutes, before carers are counted.</summary>
    public int? PlannedMinutes { get; init; }

    /// <summary>Who gave it, if that is known: yearly miles are counted by worker.</summary>
    public string? WorkerId { get; init; }

    /// <summary>Hours of notice of a cancellation.</summary>
    public decimal? NoticeHours { get; init; }

    /// <summary>The day of a hospital stay, 1 on admission.</summary>
    public int? AbsenceDay { get; init; }

    /// <summary>The days of a hospital stay that the agreement pays; null if it has no such clause.</summary>
    public int? HospitalPaidDays { get; init; }

    /// <summary>
    /// Carer-minutes that are charged though not given, if Support has decided them; null if the price list's own
    /// table decides.
    /// </summary>
    public long? ChargedNotGiven { get; init; }

    /// <summary>
    /// Whether Support has decided that the visit is charged though not given, by a unit that carries no minutes.
    /// </summary>
    public bool UntimedCharged { get; init; }

    /// <summary>Miles driven; at most 2 decimal places.</summary>
    public decimal? Miles { get; init; }

    /// <summary>The miles of the same worker in the same tax year before these, in hundredths.</summary>
    public long MilesBeforeHundredths { get; init; }

    /// <summary>How many visits, nights, sessions or items; 1 where null; at most 2 decimal places.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>When the worker was woken in a sleep-in night.</summary>
    public IReadOnlyList<Woken>? Disturbances { get; init; }

    /// <summary>
    /// The week's planned minutes that a weekly set-off leaves for each carer: no more is charged, whatever the basis
    /// says.
    /// </summary>
    public long? MinutesMost { get; init; }

    /// <summary>The moment from which the visit is priced: its start; if it was not given, its planned start.</summary>
    public Instant? Moment => Outcome == Delivered ? Start ?? PlannedStart : PlannedStart ?? Start;
}

/// <summary>A time in a sleep-in night when the worker was woken.</summary>
public readonly record struct Woken(Instant Start, Instant End);

/// <summary>
/// A moment on the wall's clock and calendar (Europe/London), in minutes from 1 January 1970, and when that clock next
/// changes. Seconds beyond the minute do not count.
/// </summary>
internal readonly struct WallTime
{
    private readonly long _minute;
    private readonly long _shiftsAfter;
    private readonly int _shift;

    private WallTime(long minute, long shiftsAfter, int shift) =>
        (_minute, _shiftsAfter, _shift) = (minute, shiftsAfter, shift);

    /// <summary>The day, as a number.</summary>
    public int Day => (int)Math.DivRem(_minute, RateTimes.DayMinutes, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The minute of the day.</summary>
    public int MinuteOfDay => (int)(_minute - ((long)Day * RateTimes.DayMinutes));

    /// <summary>The moment from which a visit is priced; without one, noon of its day.</summary>
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

    /// <summary>Whole minutes from start to end: really elapsed, or as the clock on the wall says.</summary>
    public static long Between(Instant start, Instant end, bool scheduled)
    {
        var elapsed = (end - start).ToInt64Nanoseconds() / NodaConstants.NanosecondsPerMinute;
        if (!scheduled)
        {
            return elapsed;
        }
        // A visit inside the hour that comes twice has no length or less by the wall: elapsed minutes count then.
        var wall = elapsed + ((OffsetAt(end) - OffsetAt(start)) / 60);
        return wall > 0 ? wall : elapsed;
    }

    /// <summary>The wall time this many minutes later: elapsed, or on the wall.</summary>
    public WallTime After(long minutes, bool scheduled) =>
        scheduled || minutes < _shiftsAfter
            ? new(_minute + minutes, scheduled ? _shiftsAfter : _shiftsAfter - minutes, _shift)
            : new(_minute + minutes + (_shift / 60), long.MaxValue, 0);

    /// <summary>The minutes from here to the next change of the clock.</summary>
    public long Even => _shiftsAfter;

    private static WallTime NoonOf(LocalDate day) =>
        new(((long)Days.NumberOf(day) * RateTimes.DayMinutes) + (RateTimes.DayMinutes / 2), long.MaxValue, 0);

    private static int OffsetAt(Instant moment) => London.Zone.GetUtcOffset(moment).Seconds;

    private static long FloorMinutes(long seconds) =>
        Math.DivRem(seconds, 60, out var rest) - (rest < 0 ? 1 : 0);
}
