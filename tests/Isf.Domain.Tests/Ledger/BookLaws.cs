using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The laws of the three books over random histories of one fund: nothing is lost, the identities hold at every day
/// and position, and a separate count, made by plain additions of the facts, agrees on both axes.
/// </summary>
public sealed class BookLaws
{
    private static readonly Arbitrary<CountedBooks> Histories =
        BookFact.Any.ArrayOf().Resize(18).Select(BooksOf).ToArbitrary();

    [Fact]
    public void Every_book_sums_to_nothing_at_every_day_and_position() => Prop.ForAll(Histories, books =>
        books.AtEvery(asAt => Enum.GetValues<Book>().All(book =>
            asAt.Sums.Balances.Where(balance => balance.Key.Book == book).Sum(balance => balance.Value) == 0)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_identities_hold_at_every_day_and_position() => Prop.ForAll(Histories, books =>
        books.AtEvery(asAt => asAt.IdentitiesHold())).QuickCheckThrowOnFailure();

    [Fact]
    public void A_separate_account_agrees_the_day_before_on_and_after_every_date_and_at_every_position() =>
        Prop.ForAll(Histories, books => books.AtEvery(asAt =>
        {
            var (balance, sum) = (asAt.BalanceBy(SpendOrder.ProRata), asAt.Counted);
            return balance.Money.ReceivedPence == sum.Received && balance.Money.ReturnedPence == sum.Returned
                && balance.Money.AccruedPence == sum.Spent
                && balance.Money.HeldPence == sum.Received - sum.Returned - sum.Spent
                && balance.Promise.BudgetPence == sum.Budget && balance.Promise.UsedPence == sum.Spent
                && balance.Promise.PromisedPence == sum.Promised - sum.Spent
                && balance.Promise.FreePence == sum.Budget - sum.Promised
                && balance.Time.PlannedMinutes == sum.Planned && balance.Time.ExtraMinutes == sum.Extra
                && balance.Time.DeliveredMinutes == sum.Delivered
                && balance.Time.ChargedNotDeliveredMinutes == sum.Charged
                && balance.Time.OutstandingMinutes == sum.Planned - (sum.Delivered - sum.Extra) - sum.Charged;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void The_chain_holds_from_the_first_journal_to_the_last() => Prop.ForAll(Histories, books =>
    {
        var head = Head.New(Books.Holder, "F-1");
        return books.Journals.All(journal =>
        {
            var holds = HashChain.Holds(head, journal);
            head = head.After(journal);
            return holds;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Balances_and_whose_money_is_left_are_the_same_for_every_order_of_arrival() =>
        Prop.ForAll(Histories, forward =>
        {
            var backward = forward.Backwards();
            return forward.Journals.Select(journal => journal.Entry.EffectiveOn).Distinct().All(day =>
                Enum.GetValues<SpendOrder>().All(order =>
                    TextOf(forward.AsAt(day).BalanceBy(order)) == TextOf(backward.AsAt(day).BalanceBy(order))));
        }).QuickCheckThrowOnFailure();

    private static CountedBooks BooksOf(BookFact[] facts)
    {
        var books = new CountedBooks();
        foreach (var (number, fact) in facts.Index())
            fact.PostTo(books, number);
        return books;
    }

    private static string TextOf(Balance balance) =>
        $"{balance.Money with { Held = [] }} {string.Join(' ', balance.Money.Held)} {balance.Promise} {balance.Time}";
}
