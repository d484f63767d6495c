using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Minutes of one line that were banked on one day, with their week, their value in pence on the day on which they were
/// banked, and the hourly rate in pence by which they are now calculated. A closed week is stored with them.
/// </summary>
public sealed record Deposit(LocalDate Week, LocalDate On, long Minutes, long Pence, long PencePerHour)
{
    /// <summary>Makes a deposit at a rate.</summary>
    public static Deposit Create(LocalDate week, LocalDate on, BankedTime time, Rate rate) =>
        new(week, on, time.Length.Count, time.Worth.Pence, rate.PencePerHour);

    /// <summary>The deposited time.</summary>
    public BankedTime Time() => new(new(Minutes), new(Pence));

    /// <summary>The rate by which the minutes are now calculated.</summary>
    public Rate HourlyRate() => new(PencePerHour);

    /// <summary>The same deposit with another time.</summary>
    public Deposit With(BankedTime time) => this with { Minutes = time.Length.Count, Pence = time.Worth.Pence };
}

/// <summary>Carer-minutes, and their value at the rates of the days on which they were banked.</summary>
public readonly record struct BankedTime(Minutes Length, Money Worth)
{
    /// <summary>Adds both.</summary>
    public static BankedTime operator +(BankedTime left, BankedTime right) =>
        new(left.Length + right.Length, left.Worth + right.Worth);

    /// <summary>Takes both away.</summary>
    public static BankedTime operator -(BankedTime left, BankedTime right) =>
        new(left.Length - right.Length, left.Worth - right.Worth);

    /// <summary>The time of all deposits together.</summary>
    public static BankedTime Sum(IEnumerable<Deposit> deposits) =>
        deposits.Aggregate(default(BankedTime), (sum, deposit) => sum + deposit.Time());

    /// <summary>The part with the given length, with its share of the value.</summary>
    public BankedTime Part(Minutes length) => length == Minutes.Zero ? default : length == Length ? this
        : new(length, Rate.ShareRoundedHalfUp(Worth, length.Count, Length.Count));
}

/// <summary>The effect of one week on a line's bank, and the bank after the week.</summary>
public sealed record BankedWeek
{
    public BankedTime Banked { get; init; }
    public BankedTime Drawn { get; init; }
    public BankedTime Expired { get; init; }
    /// <summary>The minutes added by a change of rate; negative if the change removed some.</summary>
    public Minutes Revalued { get; init; }
    public required IReadOnlyList<Deposit> After { get; init; }
}

/// <summary>
/// A line's bank of time, week by week, first in first out. Each week has these steps, in order. If the bank keeps
/// money, its minutes are recalculated at the rate of the week's Sunday. Care beyond the plan draws on the bank.
/// Minutes expire after the agreed number of weeks. The week's own minutes that were not given are banked, for use from
/// the next week on. Without a bank in the agreement nothing is banked, and the minutes in the bank expire. Source:
/// design §4, Weeks.
/// </summary>
public static class TimeBank
{
    /// <summary>Calculates one week of a line's bank.</summary>
    /// <param name="before">The deposits in the bank, oldest first.</param>
    /// <param name="notGiven">The minutes of the week that were not given and may be banked, by day.</param>
    /// <param name="extra">Carer-minutes given beyond the plan.</param>
    /// <param name="monday">The first day of the week.</param>
    /// <param name="terms">The agreement in force on the week's Sunday; null if none is known.</param>
    /// <param name="rateOn">The value of an hour of the line's care on a day.</param>
    public static BankedWeek BankWeek(IReadOnlyList<Deposit> before,
        IEnumerable<(LocalDate On, Minutes Length)> notGiven, Minutes extra, LocalDate monday, AgreementVersion? terms,
        Func<LocalDate, Rate> rateOn)
    {
        if (terms?.Keeps is not { } unit)
            return new BankedWeek { Expired = BankedTime.Sum(before), After = [] };
        var today = rateOn(monday.PlusDays(6));
        var kept = AtRate(before, unit, today);
        var (drawn, rest) = Draw(kept.Deposits, extra);
        var live = rest.SkipWhile(deposit =>
            terms.ExpiresAfterWeeks is { } weeks && deposit.Week.PlusWeeks(weeks) <= monday).ToList();
        var fresh = Banked(notGiven, monday, rateOn);
        var added = AtRate(fresh, unit, today);
        return new BankedWeek
        {
            Banked = BankedTime.Sum(fresh),
            Drawn = drawn,
            Expired = BankedTime.Sum(rest.Take(rest.Count - live.Count)),
            Revalued = kept.Revalued + added.Revalued,
            After = [.. live, .. added.Deposits],
        };
    }

    private static List<Deposit> Banked(
        IEnumerable<(LocalDate On, Minutes Length)> notGiven, LocalDate monday, Func<LocalDate, Rate> rateOn)
    {
        return [.. notGiven.GroupBy(entry => entry.On, entry => entry.Length).OrderBy(day => day.Key).Select(day =>
        {
            var (length, rate) = (Minutes.Sum(day), rateOn(day.Key));
            return Deposit.Create(monday, day.Key, new(length, rate.ForRoundedHalfUp(length)), rate);
        })];
    }

    // The deposits at another rate, and the minutes that they gain by it. The minutes are rounded down once for all
    // deposits together, so that many small deposits lose no more than one large one.
    private static (IReadOnlyList<Deposit> Deposits, Minutes Revalued) AtRate(
        IReadOnlyList<Deposit> deposits, BankUnit unit, Rate rate)
    {
        var (sum, revalued) = (default(BankedTime), Minutes.Zero);
        var after = new List<Deposit>();
        foreach (var deposit in deposits)
        {
            if (unit != BankUnit.Money || rate.PencePerHour <= 0 || deposit.PencePerHour <= 0
                || deposit.HourlyRate() == rate)
            {
                after.Add(deposit);
                continue;
            }
            var time = deposit.Time();
            var bought = rate.BoughtRoundedDown(sum.Worth + time.Worth) - sum.Length;
            sum += time with { Length = bought };
            revalued += bought - time.Length;
            after.Add(Deposit.Create(deposit.Week, deposit.On, time with { Length = bought }, rate));
        }
        return (after, revalued);
    }

    private static (BankedTime Drawn, IReadOnlyList<Deposit> Left) Draw(IReadOnlyList<Deposit> deposits, Minutes needed)
    {
        var sum = default(BankedTime);
        var left = new List<Deposit>();
        foreach (var deposit in deposits)
        {
            var time = deposit.Time();
            var drawn = time.Part(Minutes.Min(needed - sum.Length, time.Length));
            sum += drawn;
            if (drawn.Length < time.Length || time.Length == Minutes.Zero)
                left.Add(deposit.With(time - drawn));
        }
        return (sum, left);
    }
}
