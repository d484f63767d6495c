using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// The worth of banked minutes: at the rate in force at the end (keep: minutes), or at the rates of the days on which
/// the minutes were banked, the oldest used first (keep: money). Under keep: money, Support publishes with each closed
/// week the pence by which the week changed that worth; for each week, the latest version that the books show counts.
/// The rate is the plain hourly one of the line's prices (design §4).
/// </summary>
public static class BankedTime
{
    /// <summary>The worth of the banked minutes of all lines.</summary>
    public static Money WorthAt(FundFacts facts, IReadOnlyList<Journal> journals, Balances balances, LocalDate to)
    {
        var keep = facts.Agreements.OrderBy(terms => terms.Version)
            .LastOrDefault(terms => terms.SignedOn <= to)?.BankingKeep;
        return Money.Sum(balances.In(Book.Time, "banked").Select(place => keep == "money"
            ? PublishedWorth(facts, journals, place.Of) ?? WorthOfDeposits(facts, journals, place.Of)
            : HourlyRate(facts, place.Of, to).ForRoundedHalfUp(new Minutes(place.Amount))));
    }

    // Null if no closed week of the line has pence. If other weeks have pence, a week without any was closed while the
    // bank kept minutes.
    private static Money? PublishedWorth(FundFacts facts, IReadOnlyList<Journal> journals, string lineId)
    {
        var weeks = journals.Where(journal => journal.CauseMessage == "week-closed").GroupBy(journal => journal.Subject)
            .Select(week => (Last: week.MaxBy(journal => journal.Version)!, Journals: week.ToList())).ToList();
        bool IsPublished(Journal last, out Money pence) =>
            facts.Banked.TryGetValue((last.Subject, last.Version ?? 0, lineId), out pence);
        if (!weeks.Exists(week => IsPublished(week.Last, out _)))
            return null;
        return Money.Sum(weeks.Select(week => IsPublished(week.Last, out var pence) ? pence
            : HourlyRate(facts, lineId, week.Last.About).ForRoundedHalfUp(new Minutes(week.Journals
                .SelectMany(journal => journal.Moves).Where(move => move.Book == Book.Time)
                .Sum(move => (move.To == $"banked/{lineId}" ? move.Amount : 0)
                    - (move.From == $"banked/{lineId}" ? move.Amount : 0))))));
    }

    private static Money WorthOfDeposits(FundFacts facts, IReadOnlyList<Journal> journals, string lineId)
    {
        var moves = (from journal in journals
                     from move in journal.Moves
                     where move.Book == Book.Time && (move.From == $"banked/{lineId}" || move.To == $"banked/{lineId}")
                     let isIn = move.To == $"banked/{lineId}"
                     // If a week that is closed again banks fewer minutes, the difference comes off that week's own
                     // deposit.
                     let back = AccountNames.KindOf(isIn ? move.From : move.To) == "missed"
                     orderby journal.About, journal.Position
                     select (journal.About, Out: !isIn && !back, Amount: isIn || !back ? move.Amount : -move.Amount))
                     .ToList();
        var used = moves.Where(move => move.Out).Sum(move => move.Amount);
        var worth = Money.Zero;
        foreach (var (about, amount) in moves.Where(move => !move.Out).GroupBy(
            move => move.About, (about, same) => (about, same.Sum(move => move.Amount))))
        {
            var gone = Math.Min(used, amount);
            used -= gone;
            worth += HourlyRate(facts, lineId, about).ForRoundedHalfUp(new Minutes(amount - gone));
        }
        return worth;
    }

    private static Rate HourlyRate(FundFacts facts, string lineId, LocalDate on)
    {
        var line = facts.Lines.FirstOrDefault(line => line.LineId == lineId);
        var prices = facts.Allocations.FirstOrDefault(promise => promise.AllocationId == line?.AllocationId)?.Prices;
        var rates = prices?.Rates.Where(rate => rate.Unit == PriceUnit.Hour && rate.When is null
            && (rate.Service ?? "support") == line?.Service && new CarePeriod(rate.From ?? on, rate.To).Covers(on));
        return new Rate(rates?.FirstOrDefault()?.Pence ?? 0);
    }
}
