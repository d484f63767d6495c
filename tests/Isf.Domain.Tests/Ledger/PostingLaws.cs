using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The laws of the books over random sequences of care, weeks, claims, payments and fees: every identity of design §4
/// holds at every day and position, plain additions of the facts agree, and every order of arrival has the same
/// result.
/// </summary>
public sealed class PostingLaws
{
    private static readonly Arbitrary<PostingFact[]> Histories =
        PostingFact.Any.ArrayOf().Resize(20)
            .Select(facts => facts.Select((fact, number) => fact with { Number = number }).ToArray()).ToArbitrary();

    [Fact]
    public void Every_identity_holds_at_every_day_and_position() => Prop.ForAll(Histories, facts =>
        BooksOf(facts).AtEvery(asAt => asAt.IdentitiesHold())).QuickCheckThrowOnFailure();

    [Fact]
    public void A_separate_account_agrees_at_every_day_and_position() => Prop.ForAll(Histories, facts =>
        BooksOf(facts).AtEvery(asAt =>
        {
            var (balance, sum) = (asAt.BalanceBy(SpendOrder.PersonFirst), asAt.Counted);
            var (money, promise, time) = (balance.Money, balance.Promise, balance.Time);
            return money.ReceivedPence == sum.Received && money.ReturnedPence == 0
                && money.HeldPence == sum.Received - sum.Spent - sum.Fees + sum.Credited + sum.Recovered
                && money.AccruedPence == sum.Spent - sum.Claimed
                && money.OwedPence == sum.Claimed + sum.Fees - sum.Credited - sum.Paid
                && money.PaidPence == sum.Paid - sum.Recovered
                && promise.BudgetPence == sum.Budget
                && promise.UsedPence == sum.Spent + sum.Fees - sum.Credited
                && time.PlannedMinutes == sum.Planned && time.ExtraMinutes == sum.Extra
                && time.DeliveredMinutes == sum.Delivered && time.ChargedNotDeliveredMinutes == sum.Charged
                && time.MissedMinutes == sum.Missed + sum.Charged
                && time.BankedMinutes == sum.Banked && time.ReleasedMinutes == sum.Released;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void The_books_are_the_same_whatever_comes_first() => Prop.ForAll(Histories, facts =>
    {
        // The versions of one target come in order among themselves.
        var backwards = facts.GroupBy(fact => fact.Target ?? $"{fact.Number}").Reverse().SelectMany(facts => facts);
        var (forward, backward) = (BooksOf(facts).Journals, BooksOf(backwards).Journals);
        return forward.Select(journal => journal.Entry.EffectiveOn).Distinct().All(day =>
            Balances(forward, day) == Balances(backward, day));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_target_posted_often_comes_to_its_last_total() => Prop.ForAll(Histories, facts =>
    {
        var last = facts.Where((fact, number) => fact.Target is null
            || !facts.Skip(number + 1).Any(later => later.Target == fact.Target));
        return Balances(BooksOf(facts).Journals, LocalDate.MaxIsoValue)
            == Balances(BooksOf(last).Journals, LocalDate.MaxIsoValue);
    }).QuickCheckThrowOnFailure();

    private static string Balances(IEnumerable<Journal> journals, LocalDate upTo) => string.Join(' ',
        from balance in Books.Sum(journals, upTo).Balances where balance.Value != 0
        orderby balance.Key.Book, balance.Key.Path select $"{balance.Key}={balance.Value}");

    private static CountedBooks BooksOf(IEnumerable<PostingFact> facts)
    {
        var books = new CountedBooks();
        foreach (var fact in facts)
            fact.PostTo(books);
        return books;
    }
}
