using Isf.Ledger.Domain;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>An account's path has a kind and a subject; ids that would make another path are refused.</summary>
public sealed class AccountPartsTests
{
    [Theory]
    [InlineData(Book.Money, "held/council", "held", "council")]
    [InlineData(Book.Promise, "free", "free", "")]
    [InlineData(Book.Time, "missed/L-1/short", "missed", "L-1/short")]
    public void A_path_has_a_kind_and_what_it_is_about(Book book, string path, string kind, string about)
    {
        var account = Account.Parse(book, path);
        Assert.Equal((book, kind, about, path), (account.Book, account.Kind, account.About, account.ToString()));
    }

    [Theory]
    [InlineData("council")]
    [InlineData("nhs")]
    [InlineData("person")]
    [InlineData("top-up")]
    [InlineData("other")]
    public void Each_source_has_an_account_in_every_book_of_pence(string source) => Assert.Equal(
        [$"outside/{source}", $"held/{source}", $"budget/{source}"],
        [Account.Outside(source).Path, Account.Held(source).Path, Account.Budget(source).Path]);

    [Theory]
    [InlineData("")]
    [InlineData("holder")]
    [InlineData("drawn")]
    public void Any_other_word_is_no_source(string word) => Assert.Throws<ArgumentException>(() => Account.Held(word));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/b")]
    public void An_id_with_a_slash_or_without_a_sign_names_no_account(string id)
    {
        Assert.Throws<ArgumentException>(() => Account.Accrued(id));
        Assert.Throws<ArgumentException>(() => Account.Missed(id, "short"));
        Assert.Throws<ArgumentException>(() => Account.Missed("L-1", id));
    }

    [Theory]
    [InlineData(null, "none")]
    [InlineData("", "none")]
    [InlineData("A-1", "A-1")]
    public void Care_without_an_allocation_has_accounts_of_its_own(string? allocation, string about) =>
        Assert.Equal([about, about], [Account.Promised(allocation).About, Account.Used(allocation).About]);

    [Theory]
    [InlineData(Book.Money, "money")]
    [InlineData(Book.Promise, "promise")]
    [InlineData(Book.Time, "time")]
    public void A_book_has_one_word(Book book, string word) => Assert.Equal(word, book.WireName());

    [Fact]
    public void There_is_no_fourth_book() => Assert.Throws<ArgumentOutOfRangeException>(() => ((Book)4).WireName());

    [Fact]
    public void A_stored_move_is_read_back_and_may_change_its_amount()
    {
        var move = Move.Parse(Book.Time, "agreed/L-1", "planned/L-1", 60);
        Assert.Equal(new Move(Book.Time, Account.Agreed("L-1"), Account.Planned("L-1"), new Minutes(60)), move);
        Assert.Equal((45, move.From, move.To), (move.WithAmount(45).Amount, move.WithAmount(45).From, move.To));
    }

    [Fact]
    public void Neither_end_of_a_move_may_lie_in_another_book()
    {
        Assert.Throws<ArgumentException>(() => Move.Parse(Book.Money, "held/drawn", "free", 1));
        Assert.Throws<ArgumentException>(() => new Move(Book.Money, Account.Free, Account.Drawn, new Money(1)));
        Assert.Throws<ArgumentException>(() =>
            new Move(Book.Money, Account.Free, Account.Promised("A-1"), new Money(1)));
    }
}
