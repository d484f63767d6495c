using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Minutes of one line that were banked on one day, with their week, their value in pence on the day on which they were
/// banked, and the hourly rate in pence by which they are now calculated.
/// </summary>
public sealed record Deposit(LocalDate Week, LocalDate On, long Minutes, long Pence, long PencePerHour);

/// <summary>
/// The effect of one week on a line's bank, and the bank after the week. Amounts are in carer-minutes, and in pence at
/// the rates of the days on which the minutes were banked.
/// </summary>
public sealed record BankedWeek
{
    public long BankedMinutes { get; init; }
    public long BankedPence { get; init; }
    public long DrawnMinutes { get; init; }
    public long DrawnPence { get; init; }
    public long ExpiredMinutes { get; init; }
    public long ExpiredPence { get; init; }
    /// <summary>The minutes added by a change of rate; negative if the change removed some.</summary>
    public long RevaluedMinutes { get; init; }
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
    public static BankedWeek BankWeek(IReadOnlyList<Deposit> before, IEnumerable<(LocalDate On, long Minutes)> notGiven,
        long extra, LocalDate monday, AgreementVersion? terms, Func<LocalDate, Rate> rateOn)
    {
        if (terms?.Keeps is not { } unit)
        {
            return new BankedWeek
            {
                ExpiredMinutes = before.Sum(deposit => deposit.Minutes),
                ExpiredPence = before.Sum(deposit => deposit.Pence),
                After = [],
            };
        }
        var today = rateOn(monday.PlusDays(6));
        var kept = AtRate(before, unit, today);
        var (drawn, drawnPence, rest) = Draw(kept.Deposits, extra);
        var live = rest.SkipWhile(deposit =>
            terms.ExpiresAfterWeeks is { } weeks && deposit.Week.PlusWeeks(weeks) <= monday).ToList();
        var expired = rest.Take(rest.Count - live.Count).ToList();
        var fresh = Banked(notGiven, monday, rateOn);
        var added = AtRate(fresh, unit, today);
        return new BankedWeek
        {
            BankedMinutes = fresh.Sum(deposit => deposit.Minutes),
            BankedPence = fresh.Sum(deposit => deposit.Pence),
            DrawnMinutes = drawn,
            DrawnPence = drawnPence,
            ExpiredMinutes = expired.Sum(deposit => deposit.Minutes),
            ExpiredPence = expired.Sum(deposit => deposit.Pence),
            RevaluedMinutes = kept.Revalued + added.Revalued,
            After = [.. live, .. added.Deposits],
        };
    }

    private static List<Deposit> Banked(
        IEnumerable<(LocalDate On, long Minutes)> notGiven, LocalDate monday, Func<LocalDate, Rate> rateOn)
    {
        return [.. notGiven.GroupBy(entry => entry.On, entry => entry.Minutes).OrderBy(day => day.Key).Select(day =>
        {
            var (minutes, rate) = (new Minutes(day.Sum()), rateOn(day.Key));
            return new Deposit(monday, day.Key, minutes.Count, rate.ForRoundedHalfUp(minutes).Pence,
                rate.PencePerHour);
        })];
    }

    // The deposits at another rate, and the minutes that they gain by it. The minutes are rounded down once for all
    // deposits together, so that many small deposits lose no more than one large one.
    private static (IReadOnlyList<Deposit> Deposits, long Revalued) AtRate(
        IReadOnlyList<Deposit> deposits, BankUnit unit, Rate rate)
    {
        var (pence, minutes, revalued) = (0L, 0L, 0L);
        var after = new List<Deposit>();
        foreach (var deposit in deposits)
        {
            if (unit != BankUnit.Money || rate.PencePerHour <= 0 || deposit.PencePerHour <= 0
                || deposit.PencePerHour == rate.PencePerHour)
            {
                after.Add(deposit);
                continue;
            }
            pence += deposit.Pence;
            var bought = rate.BoughtRoundedDown(Money.OfPence(pence)).Count - minutes;
            minutes += bought;
            revalued += bought - deposit.Minutes;
            after.Add(deposit with { Minutes = bought, PencePerHour = rate.PencePerHour });
        }
        return (after, revalued);
    }

    private static (long Minutes, long Pence, IReadOnlyList<Deposit> Left) Draw(
        IReadOnlyList<Deposit> deposits, long needed)
    {
        var (minutes, pence) = (0L, 0L);
        var left = new List<Deposit>();
        foreach (var deposit in deposits)
        {
            var drawn = Math.Min(needed - minutes, deposit.Minutes);
            var worth = drawn == 0 ? 0 : drawn == deposit.Minutes ? deposit.Pence
                : Rate.ShareRoundedHalfUp(Money.OfPence(deposit.Pence), drawn, deposit.Minutes).Pence;
            (minutes, pence) = (minutes + drawn, pence + worth);
            if (drawn < deposit.Minutes || deposit.Minutes == 0)
                left.Add(deposit with { Minutes = deposit.Minutes - drawn, Pence = deposit.Pence - worth });
        }
        return (minutes, pence, left);
    }
}
