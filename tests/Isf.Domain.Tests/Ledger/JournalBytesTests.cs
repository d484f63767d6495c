using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The hashed bytes of journals beside those of the other tests: long ones, reversals, days of care.</summary>
public sealed class JournalBytesTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);
    private static readonly Head Start = Head.New(Books.Holder, "F-1");

    private static readonly Entry Receipt =
        PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(30_000), Monday);

    [Fact]
    public void A_fund_without_journals_has_position_0_and_a_hash_of_zeros()
    {
        Assert.Equal((Books.Holder, "F-1", 0, NodaConstants.UnixEpoch),
            (Start.HolderId, Start.FundId, Start.Position, Start.RecordedAt));
        Assert.Equal(new byte[32], Start.Hash.ToArray());
    }

    [Fact]
    public void An_entry_of_another_fund_is_not_appended() =>
        Assert.Throws<ArgumentException>(() => HashChain.Append(Start, Receipt with { FundId = "F-2" }, Books.Noon));

    [Theory]
    [InlineData(1)]
    [InlineData(20)] // more than the buffer has room for at first
    [InlineData(400)] // and more than twice as much
    public void A_journal_of_any_size_holds_and_every_move_counts(int count)
    {
        var moves = Enumerable.Range(1, count).Select(n =>
            new Move(Book.Time, Account.Agreed($"L-{n}"), Account.Planned($"L-{n}"), new Minutes(n))).ToList();
        var journal = HashChain.Append(Start, Receipt with { Moves = moves }, Books.Noon);
        Assert.True(HashChain.Holds(Start, journal));
        moves[^1] = moves[^1].WithAmount(999);
        Assert.False(HashChain.Holds(Start, journal with { Entry = Receipt with { Moves = moves } }));
    }

    [Fact]
    public void The_hash_of_a_reversal_about_another_day_never_changes()
    {
        var reversal = Receipt with
        {
            Kind = "receipt-voided",
            CareOn = Monday.PlusDays(-1),
            PersonMinutes = -45,
            Reverses = new Guid("7f1c9a52-1111-4222-8333-944455556666"),
        };
        var journal = HashChain.Append(Start, reversal, new Guid("0a1b2c3d-1111-4222-8333-944455556666"), Books.Noon);
        Assert.Equal(
            "9b6a0bcfe7532a5098f1cce56be4bc78d715f3c2aedb98265067eb8e2b6ee7e7",
            Convert.ToHexStringLower(journal.Hash.Span));
    }

    [Fact]
    public void The_id_of_a_journal_is_a_uuid_of_version_8_and_never_changes()
    {
        var id = JournalId.From("sunrise", "F-1", "money-received", new("money-received", "R-1"));
        Assert.Equal(8, id.Version);
        Assert.Equal("3e7e1cea-1dd2-8028-9072-eba100737c47", id.ToString("D"));
    }

    [Fact]
    public void A_commitment_never_changes_and_needs_a_salt()
    {
        Assert.Equal(
            "ad5e32e21ed02e4aba59cc2d391ef5faa8f04964f2afd7843d80114bb53f0bf4", Commitment.Compute("salt", "why"));
        Assert.Throws<ArgumentException>(() => Commitment.Compute("", "why"));
    }

    [Fact]
    public void Content_differs_where_any_part_of_it_differs()
    {
        Entry[] others =
        [
            Receipt with { FundId = "F-2" }, Receipt with { Kind = "x" }, Receipt with { Cause = new("x", "R-1") },
            Receipt with { CareOn = Monday.PlusDays(1) }, Receipt with { Reverses = Guid.Empty },
            Receipt with { PersonMinutes = 1 }, Receipt with { Moves = [] }, Receipt with { Commitment = "x" },
        ];
        Assert.All(others, other => Assert.False(Receipt.HasSameContentAs(other)));
    }
}
