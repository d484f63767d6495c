using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// Values banked minutes (design §4). With keep: minutes, they are worth the plain hourly rate of their line on the
/// statement's last day. With keep: money, each minute is worth the rate of the day on which it was banked, and the
/// oldest minutes are used first. If Support has published the pence by which a closed week changed that worth, those
/// pence are used instead, as the week's latest posted version gives them.
/// </summary>
public static class BankedTime
{
    /// <summary>The worth of the banked minutes of all lines at the end of the given day.</summary>
    public static Money WorthAt(FundFacts facts, IReadOnlyList<Journal> journals, Balances balances, LocalDate to)
    {
        var unit = facts.Agreements.OrderBy(terms => terms.Version)
            .LastOrDefault(terms => terms.SignedOn <= to)?.BankingKeep;
        return Money.Sum(balances.In(Book.Time, "banked").Select(place => unit == "money"
            ? PublishedWorth(facts, journals, place.Of) ?? WorthOfDeposits(facts, journals, place.Of)
            : HourlyRate(facts, place.Of, to).ForRoundedHalfUp(new Minutes(place.Amount))));
    }

    // Adds up the pence that Support published for the line's closed weeks; null if it published none. A week without
    // pence was closed while the bank kept minutes, so its minutes are valued at the rate of the day that its journal
    // is about.
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
