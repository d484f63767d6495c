using Isf.Ledger.Domain;
using Isf.Reconciliation.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;
using HashChain = Isf.Reconciliation.Domain.HashChain;
using Pence = Isf.Measures.Money;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>
/// The hash chain in the byte format of the Ledger's README. The expected hashes were computed without our code.
/// </summary>
public sealed class HashChainTests
{
    private static readonly CopiedJournal First = new()
    {
        HolderId = "sunrise",
        FundId = "F-1",
        Position = 1,
        JournalId = Guid.Parse("0f8fad5b-d9cb-869f-a165-70867728950e"),
        Kind = "money-received",
        EffectiveOn = new LocalDate(2026, 4, 6),
        RecordedAt = Instant.FromUtc(2026, 4, 6, 12, 0),
        CauseMessage = "money-received",
        CauseId = "R-1",
        Hash = "34a74189c58d7becede841fcac7c50bd5f66948927facff0dc426612ae934f11",
        Moves = [Money("outside/council", "held/council", 144000)],
    };

    private static readonly CopiedJournal Second = new()
    {
        HolderId = "sunrise",
        FundId = "F-1",
        Position = 2,
        JournalId = Guid.Parse("7c9e6679-7425-80de-944b-e07fc1f90ae7"),
        Kind = "visit-priced",
        EffectiveOn = new LocalDate(2026, 5, 1),
        CareOn = new LocalDate(2026, 4, 7),
        RecordedAt = Instant.FromUtc(2026, 5, 1, 10, 0) + Duration.FromTicks(10),
        CauseMessage = "visit-priced",
        CauseId = "V-1/v1",
        Reverses = First.JournalId,
        PersonMinutes = 45,
        Hash = "16fb103d3d6b7d1eaaac16ab8ccd4f0825801491dedfad4f9a36dbeea5c8200c",
        Moves = [Time("planned/L-1", "delivered/L-1", 45), Money("held/drawn", "accrued/P-1", 1475)],
    };

    [Fact]
    public void Two_journals_with_known_hashes_are_whole() => Assert.Empty(HashChain.Broken([First, Second]));

    public static TheoryData<string, Func<CopiedJournal, CopiedJournal>> Changes() => new()
    {
        { "holder", journal => journal with { HolderId = "sunset" } },
        { "fund", journal => journal with { FundId = "F-2" } },
        { "journal id", journal => journal with { JournalId = First.JournalId } },
        { "kind", journal => journal with { Kind = "visit-repriced" } },
        { "effective day", journal => journal with { EffectiveOn = new LocalDate(2026, 5, 2) } },
        { "care day", journal => journal with { CareOn = new LocalDate(2026, 4, 8) } },
        { "no care day", journal => journal with { CareOn = null } },
        { "recorded", journal => journal with { RecordedAt = journal.RecordedAt + Duration.FromTicks(10) } },
        { "cause", journal => journal with { CauseMessage = "visit-repriced" } },
        { "cause's id", journal => journal with { CauseId = "V-1/v2" } },
        { "reverses", journal => journal with { Reverses = null } },
        { "person's minutes", journal => journal with { PersonMinutes = 44 } },
        { "no person's minutes", journal => journal with { PersonMinutes = null } },
        { "a move less", journal => journal with { Moves = [journal.Moves[0]] } },
        { "moves' order", journal => journal with { Moves = [journal.Moves[1], journal.Moves[0]] } },
        { "amount", journal => journal with { Moves = [Time("planned/L-1", "delivered/L-1", 44), journal.Moves[1]] } },
        { "a place", journal => journal with { Moves = [journal.Moves[0], Money("held/drawn", "accrued/P-2", 1475)] } },
        { "a book", journal => journal with { Moves = [journal.Moves[0] with { Book = "money" }, journal.Moves[1]] } },
        { "a commitment", journal => journal with { Commitment = First.Hash } },
        { "the hash", journal => journal with { Hash = First.Hash } },
        { "no hash at all", journal => journal with { Hash = "none" } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_of_any_field_breaks_the_chain(string what, Func<CopiedJournal, CopiedJournal> change)
    {
        var broken = Assert.Single(HashChain.Broken([First, change(Second)]));
        Assert.True(broken.Journal.Position == 2, what);
    }

    [Fact]
    public void A_change_in_the_first_is_found_there_and_nowhere_else()
    {
        var broken = Assert.Single(HashChain.Broken([First with { CauseId = "R-2" },
            Second]));
        Assert.Equal(1, broken.Journal.Position);
    }

    [Fact]
    public void A_forged_first_journal_with_a_right_hash_of_its_own_breaks_at_the_second()
    {
        var forged = First with { CauseId = "R-2" };
        forged = forged with
        {
            Hash = Convert.ToHexStringLower(HashChain.HashOf(forged,
            new byte[32]))
        };
        Assert.Equal(2, Assert.Single(HashChain.Broken([forged, Second])).Journal.Position);
    }

    [Fact]
    public void A_journal_with_a_commitment_holds_as_the_Ledger_hashed_it_and_not_without()
    {
        var entry = PostingRules.MoneyReceived("F-1", "R-1", "council", Pence.OfPence(5), new LocalDate(2026, 4, 6));
        var posted = Isf.Ledger.Domain.HashChain.Append(
            Head.New("sunrise", "F-1"), entry with { Commitment = Commitment.Compute("salt", "words") },
            Instant.FromUtc(2026, 4, 6, 12, 0));
        var copied = First with
        {
            JournalId = posted.JournalId,
            Commitment = posted.Entry.Commitment,
            Hash = Convert.ToHexStringLower(posted.Hash.Span),
            Moves = [Money("outside/council", "held/council", 5)],
        };
        Assert.Empty(HashChain.Broken([copied]));
        Assert.Single(HashChain.Broken([copied with { Commitment = null }]));
        Assert.Single(HashChain.Broken([copied with { Commitment = "not hexadecimal" }]));
    }

    [Fact]
    public void After_a_gap_nothing_is_computed() => Assert.Empty(HashChain.Broken([Second]));
}
