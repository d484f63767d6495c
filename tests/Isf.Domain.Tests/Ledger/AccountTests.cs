using Isf.Ledger.Domain;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Only the accounts of design §4 exist, and an invalid move cannot be written.</summary>
public sealed class AccountTests
{
    public static TheoryData<Account, Book, string> All => new()
    {
        { Account.Outside("council"), Book.Money, "outside/council" },
        { Account.Outside("holder"), Book.Money, "outside/holder" },
        { Account.Held("top-up"), Book.Money, "held/top-up" },
        { Account.Drawn, Book.Money, "held/drawn" },
        { Account.Accrued("P-1"), Book.Money, "accrued/P-1" },
        { Account.Owed("P-1"), Book.Money, "owed/P-1" },
        { Account.Paid("P-1"), Book.Money, "paid/P-1" },
        { Account.Budget("nhs"), Book.Promise, "budget/nhs" },
        { Account.Free, Book.Promise, "free" },
        { Account.Promised("A-1"), Book.Promise, "promised/A-1" },
        { Account.Promised(null), Book.Promise, "promised/none" },
        { Account.Used("A-1"), Book.Promise, "used/A-1" },
        { Account.Agreed("L.1"), Book.Time, "agreed/L.1" },
        { Account.Planned("L-1"), Book.Time, "planned/L-1" },
        { Account.Delivered("L-1"), Book.Time, "delivered/L-1" },
        { Account.Extra("L-1"), Book.Time, "extra/L-1" },
        { Account.Missed("L-1", "no-access"), Book.Time, "missed/L-1/no-access" },
        { Account.Charged("L-1"), Book.Time, "charged/L-1" },
        { Account.Banked("L-1"), Book.Time, "banked/L-1" },
        { Account.Released("L-1"), Book.Time, "released/L-1" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void An_account_is_written_as_in_the_design_and_read_back(Account account, Book book, string path)
    {
        Assert.Equal(path, account.Path);
        Assert.Equal(account, Account.Parse(book, path));
    }

    [Theory]
    [InlineData(Book.Money, "held/nobody")]
    [InlineData(Book.Money, "held")]
    [InlineData(Book.Money, "free")]
    [InlineData(Book.Money, "outside/drawn")]
    [InlineData(Book.Promise, "held/council")]
    [InlineData(Book.Promise, "free/A-1")]
    [InlineData(Book.Promise, "promised/")]
    [InlineData(Book.Time, "missed/L-1")]
    [InlineData(Book.Time, "missed/L-1/a/b")]
    [InlineData(Book.Time, "delivered/a/b")]
    [InlineData(Book.Time, "")]
    public void Any_other_account_is_refused(Book book, string path) =>
        Assert.Throws<ArgumentException>(() => Account.Parse(book, path));

    public static TheoryData<string, Type, Func<Move>> WrongMoves => new()
    {
        { "into another book", typeof(ArgumentException),
            () => new(Book.Money, Account.Drawn, Account.Free, Money.OfPence(1)) },
        { "to where it comes from", typeof(ArgumentException),
            () => new(Book.Money, Account.Drawn, Account.Drawn, Money.OfPence(1)) },
        { "of pence in the book of time", typeof(ArgumentException),
            () => new(Book.Time, Account.Agreed("L"), Account.Planned("L"), Money.OfPence(1)) },
        { "of minutes in the book of money", typeof(ArgumentException),
            () => new(Book.Money, Account.Drawn, Account.Accrued("P"), new Minutes(1)) },
        { "of nothing", typeof(ArgumentOutOfRangeException),
            () => new(Book.Money, Account.Drawn, Account.Accrued("P"), Money.Zero) },
        { "of less than nothing", typeof(ArgumentOutOfRangeException),
            () => new(Book.Money, Account.Drawn, Account.Accrued("P"), Money.OfPence(-1)) },
    };

    [Theory]
    [MemberData(nameof(WrongMoves))]
    public void A_move_stays_in_one_book_between_two_accounts_and_is_above_zero(
        string how, Type error, Func<Move> move) =>
        Assert.Equal((how, error), (how, Record.Exception(move)?.GetType()));

    [Fact]
    public void A_move_reversed_goes_back_the_whole_way() => Assert.Equal(
        new Move(Book.Money, Account.Accrued("P"), Account.Drawn, Money.OfPence(1)),
        new Move(Book.Money, Account.Drawn, Account.Accrued("P"), Money.OfPence(1)).Reversed());
}
