using Isf.Ledger.Domain;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Only design §4's places exist, and a wrong move cannot be written.</summary>
public sealed class PlaceTests
{
    public static TheoryData<Place, Book, string> All => new()
    {
        { Place.Outside("council"), Book.Money, "outside/council" },
        { Place.Outside("holder"), Book.Money, "outside/holder" },
        { Place.Held("top-up"), Book.Money, "held/top-up" },
        { Place.Drawn, Book.Money, "held/drawn" },
        { Place.Accrued("P-1"), Book.Money, "accrued/P-1" },
        { Place.Owed("P-1"), Book.Money, "owed/P-1" },
        { Place.Paid("P-1"), Book.Money, "paid/P-1" },
        { Place.Budget("nhs"), Book.Promise, "budget/nhs" },
        { Place.Free, Book.Promise, "free" },
        { Place.Promised("A-1"), Book.Promise, "promised/A-1" },
        { Place.Promised(null), Book.Promise, "promised/none" },
        { Place.Used("A-1"), Book.Promise, "used/A-1" },
        { Place.Agreed("L.1"), Book.Time, "agreed/L.1" },
        { Place.Planned("L-1"), Book.Time, "planned/L-1" },
        { Place.Delivered("L-1"), Book.Time, "delivered/L-1" },
        { Place.Extra("L-1"), Book.Time, "extra/L-1" },
        { Place.Missed("L-1", "no-access"), Book.Time, "missed/L-1/no-access" },
        { Place.Charged("L-1"), Book.Time, "charged/L-1" },
        { Place.Banked("L-1"), Book.Time, "banked/L-1" },
        { Place.Released("L-1"), Book.Time, "released/L-1" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void A_place_is_written_as_in_the_design_and_read_back(Place place, Book book, string path)
    {
        Assert.Equal(path, place.Path);
        Assert.Equal(place, Place.Read(book, path));
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
    public void Any_other_place_is_refused(Book book, string path) =>
        Assert.Throws<ArgumentException>(() => Place.Read(book, path));

    [Fact]
    public void A_move_stays_in_one_book_between_two_places_and_is_above_zero()
    {
        Assert.Throws<ArgumentException>(() => new Move(Book.Money, Place.Drawn, Place.Free, Money.OfPence(1)));
        Assert.Throws<ArgumentException>(() => new Move(Book.Money, Place.Drawn, Place.Drawn, Money.OfPence(1)));
        Assert.Throws<ArgumentException>(() =>
            new Move(Book.Time, Place.Agreed("L"), Place.Planned("L"), Money.OfPence(1)));
        Assert.Throws<ArgumentException>(() => new Move(Book.Money, Place.Drawn, Place.Accrued("P"), new Minutes(1)));
        Assert.ThrowsAny<ArgumentException>(() => new Move(Book.Money, Place.Drawn, Place.Accrued("P"), Money.Zero));
        Assert.ThrowsAny<ArgumentException>(() =>
            new Move(Book.Money, Place.Drawn, Place.Accrued("P"), Money.OfPence(-1)));
        var move = new Move(Book.Money, Place.Drawn, Place.Accrued("P"), Money.OfPence(1));
        Assert.Equal(new Move(Book.Money, Place.Accrued("P"), Place.Drawn, Money.OfPence(1)), move.Reversed());
    }
}
