using Isf.Reconciliation.Domain;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>A check of the books finds every difference, and finds none in correct books.</summary>
public sealed class FundCheckTests
{
    private static readonly EarlierPositions Nothing = new(0, 0);

    // The books have two receipts, a promise, a plan, a visit of 45 minutes for £14.75, and a plan for a day after the
    // stated day.
    private static Copies Books() => new Copies()
        .Post("2026-04-06", Money("outside/council", "held/council", 144000))
        .Post("2026-04-06", Money("outside/person", "held/person", 18000))
        .Post("2026-04-06", Promise("budget/council", "free", 144000), Promise("free", "promised/A-1", 100000))
        .Post("2026-04-07", Time("agreed/L-1", "planned/L-1", 60))
        .Post("2026-04-07", Time("planned/L-1", "delivered/L-1", 45), Promise("promised/A-1", "used/A-1", 1475),
            Money("held/drawn", "accrued/P-1", 1475))
        .Post("2026-06-01", Time("agreed/L-1", "planned/L-1", 60));

    private static StatedBooks Stated(Copies books) => books.Stated("2026-05-03");

    [Fact]
    public void Books_that_agree_leave_no_difference()
    {
        var books = Books();
        var found = FundCheck.Compare(Stated(books), books.Journals, Nothing);
        Assert.Empty(found.Differences);
        // The count consists of five checks of the journals, three identities of each of the two sides, and 13
        // accounts.
        Assert.Equal(5 + 6 + 13, found.Checked);
    }

    [Fact]
    public void A_fund_without_journals_agrees_with_its_empty_books() =>
        Assert.Empty(FundCheck.Compare(new Copies().Stated("2026-05-03"), [], Nothing).Differences);

    [Fact]
    public void A_balance_that_differs_is_named_with_both_amounts()
    {
        var books = Books();
        var stated = Change(Stated(books), "held/council", 143000);
        var found = FundCheck.Compare(stated, books.Journals, Nothing).Differences;
        Assert.Equal([DifferenceCode.IdentityBroken, DifferenceCode.BalanceDiffers],
            found.Select(difference => difference.Code));
        Assert.Equal("held/council in the book money of fund F-1 on 2026-05-03: the Ledger states £1,430.00, our"
            + " journals up to 6 sum to £1,440.00, £10.00 apart.", found[1].PlainWords);
        Assert.Equal([new("stated", "143000"), new("folded", "144000"), new("position", "6")], found[1].Figures);
        Assert.Equal("In the book money of fund F-1, by the Ledger's statement, held + accrued + owed is £1,610.00 and"
            + " received − returned − paid is £1,620.00; they must be equal.", found[0].PlainWords);
    }

    [Fact]
    public void A_move_falsified_in_the_Ledger_shows_at_both_its_ends_and_breaks_no_identity()
    {
        var books = Books();
        var stated = Change(Change(Stated(books), "held/drawn", -1575), "accrued/P-1", 1575);
        Assert.Equal(["money accrued/P-1", "money held/drawn"],
            FundCheck.Compare(stated, books.Journals, Nothing).Differences.Select(difference => difference.Subject));
    }

    [Fact]
    public void An_account_left_out_is_stated_to_be_empty_and_hours_are_named_as_hours()
    {
        var books = Books();
        var stated = Stated(books);
        stated = stated with { Balances = [.. stated.Balances.Where(account => account.Place != "delivered/L-1")] };
        var found = FundCheck.Compare(stated, books.Journals, Nothing).Differences;
        Assert.Contains("the Ledger states 0 min, our journals up to 6 sum to 45 min", found[^1].PlainWords,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_copy_is_found_by_the_chain_and_by_its_balances()
    {
        var books = Books();
        var copy = books.Journals.ToList();
        copy[0] = copy[0] with { Moves = [Money("outside/council", "held/council", 144001)] };
        Assert.Equal(
            [DifferenceCode.ChainBroken, DifferenceCode.BalanceDiffers, DifferenceCode.BalanceDiffers],
            FundCheck.Compare(Stated(books), copy, Nothing).Differences.Select(difference => difference.Code));
    }

    [Fact]
    public void A_copy_with_a_new_chain_of_its_own_is_found_by_its_head()
    {
        var forged = new Copies().Post("2026-04-06", Money("outside/council", "held/council", 144000))
            .Post("2026-04-06", Money("outside/person", "held/person", 18000));
        var stated = forged.Stated("2026-05-03") with { Hash = Books().Head };
        var found = Assert.Single(FundCheck.Compare(stated, forged.Journals, Nothing).Differences);
        Assert.Equal((DifferenceCode.HeadDiffers, "head"), (found.Code, found.Subject));
    }

    [Fact]
    public void A_journal_that_is_gone_is_named_and_counted()
    {
        var books = Books();
        var rest = books.Journals.Where(journal => journal.Position is not (3 or 4)).ToList();
        var found = FundCheck.Compare(Stated(books), rest, Nothing);
        Assert.Equal(DifferenceCode.PositionMissing, found.Differences[0].Code);
        Assert.Equal([new("firstMissing", "3"), new("missing", "2")], found.Differences[0].Figures);
    }

    [Theory]
    [InlineData(6, 6, false)]
    [InlineData(7, 0, true)]
    [InlineData(0, 7, true)]
    public void A_tail_that_was_cut_off_is_found(long statedBefore, long recordedBefore, bool found)
    {
        var books = Books();
        var checkedFund = FundCheck.Compare(Stated(books), books.Journals, new(statedBefore, recordedBefore));
        Assert.Equal(found, checkedFund.Differences.Any(difference => difference.Code == DifferenceCode.TailCut));
    }

    [Theory]
    [InlineData("money", "held/council", "held/person", 0)]
    [InlineData("money", "held/council", "held/person", -5)]
    [InlineData("money", "held/council", "held/council", 5)]
    [InlineData("money", "held/council", "elsewhere/P-1", 5)]
    [InlineData("money", "held/nobody", "accrued/P-1", 5)]
    [InlineData("promise", "free", "delivered/L-1", 5)]
    [InlineData("time", "planned/L-1", "missed/L-1", 5)]
    [InlineData("luck", "planned/L-1", "missed/L-1/no-access", 5)]
    [InlineData("money", "held/drawn", "accrued/", 5)]
    public void A_move_that_cannot_be_is_found(string book, string from, string to, long amount)
    {
        var books = new Copies().Post("2026-04-06", new CopiedMove(book, from, to, amount));
        Assert.Contains(FundCheck.Compare(Stated(books), books.Journals, Nothing).Differences,
            difference => difference is { Code: DifferenceCode.MoveUnsound, Subject: "position 1" });
    }

    [Fact]
    public void An_amount_falsified_beyond_all_bounds_is_a_difference_and_no_crash()
    {
        var books = new Copies().Post("2026-04-06", Money("outside/council", "held/council", long.MaxValue))
            .Post("2026-04-06", Money("outside/council", "held/council", long.MaxValue));
        var stated = new StatedBooks("F-1", 2, books.Head, Day("2026-05-03"), []);
        Assert.Contains(FundCheck.Compare(stated, books.Journals, Nothing).Differences,
            difference => difference.PlainWords.Contains("18446744073709551614", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fund_that_is_not_stated_and_journals_that_never_came_are_findings()
    {
        Assert.Equal(DifferenceCode.FundNotStated, FundCheck.NotStated("F-1", 6).Differences[0].Code);
        Assert.Equal(DifferenceCode.JournalsNotArrived, FundCheck.NotArrived("F-1", 6, 4).Differences[0].Code);
    }

    [Fact]
    public void The_same_difference_has_the_same_key_whatever_its_amounts()
    {
        var books = Books();
        string KeyOf(long pence) =>
            FundCheck.Compare(Change(Stated(books), "held/council", pence), books.Journals, Nothing).Differences[1].Key;
        Assert.Equal(KeyOf(1), KeyOf(2));
    }

    private static StatedBooks Change(StatedBooks stated, string path, long amount) => stated with
    {
        Balances = [.. stated.Balances.Select(account =>
            account.Place == path ? account with { Amount = amount } : account)],
    };
}
