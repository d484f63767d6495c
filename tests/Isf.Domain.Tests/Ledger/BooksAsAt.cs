using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The journals that count on a day, as known at a position, beside the plain sum of the facts they were posted for.
/// </summary>
internal sealed record BooksAsAt(
    LocalDate Day, long Position, IReadOnlyList<Journal> Journals, FactAmounts Counted)
{
    private readonly Lazy<PostingSums> sums = new(() => Books.Sum(Journals));

    public PostingSums Sums => sums.Value;

    /// <summary>The balance, with the money left of each source by an order of spending.</summary>
    public Balance BalanceBy(SpendOrder order)
    {
        var held = Sums.Balances.Where(balance => balance.Key.Kind == "held" && balance.Key != Account.Drawn)
            .ToDictionary(balance => balance.Key.About, balance => balance.Value);
        return Balance.Build(
            "F-1", Day, Position, Sums, FundingSplit.Attribute(order, held, Drawn().ToList(), SharesOn));
    }

    /// <summary>Whether every identity of design §4 holds.</summary>
    public bool IdentitiesHold()
    {
        var balance = BalanceBy(SpendOrder.ProRata);
        var (money, promise, time) = (balance.Money, balance.Promise, balance.Time);
        return money.CashPence == money.HeldPence + money.AccruedPence + money.OwedPence
            && money.CashPence == money.ReceivedPence - money.ReturnedPence - money.PaidPence
            && money.HeldPence == money.Held.Sum(sourceLeft => sourceLeft.Pence) - money.OverdrawnPence
            && promise.BudgetPence == promise.FreePence + promise.PromisedPence + promise.UsedPence
            && time.PlannedMinutes + time.ExtraMinutes == time.DeliveredMinutes + time.MissedMinutes
                + time.BankedMinutes + time.ReleasedMinutes + time.OutstandingMinutes;
    }

    private IEnumerable<DrawnOnDay> Drawn() =>
        from journal in Journals
        from move in journal.Entry.Moves
        where move.From == Account.Drawn || move.To == Account.Drawn
        select new DrawnOnDay(journal.Entry.AboutOn, move.From == Account.Drawn ? move.Amount : -move.Amount);

    private static IReadOnlyList<SourceWeight> SharesOn(LocalDate day) => day.Day % 2 == 0
        ? [new SourceWeight("council", 6), new SourceWeight("person", 1)] : [new SourceWeight("nhs", 1)];
}
