using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Each journal is chained to the one before, and its hash covers every field that matters.</summary>
public sealed class ChainTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);
    private static readonly Head Start = Head.New(Books.Holder, "F-1");

    private static readonly Entry Receipt =
        PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(30_000), Monday);

    private static readonly Journal First = HashChain.Append(Start, Receipt, Books.Noon);

    [Fact]
    public void Positions_have_no_gaps_and_stamps_rise_even_when_the_clock_stands()
    {
        var journals = Books.Posted([.. Enumerable.Range(1, 5).Select(n =>
            PostingRules.MoneyReceived("F-1", $"R-{n}", "council", Money.OfPence(n), Monday))]);
        Assert.Equal([1, 2, 3, 4, 5], journals.Select(journal => journal.Position));
        Assert.Equal(Enumerable.Range(0, 5).Select(n => Books.Noon + Duration.FromTicks(10 * n)),
            journals.Select(journal => journal.RecordedAt));
        Assert.Equal(5, journals.Select(journal => Convert.ToHexString(journal.Hash.Span)).Distinct().Count());
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_take_the_stamps_with_it()
    {
        var next = HashChain.Append(Start.After(First), Receipt with { Cause = new("money-received", "R-2") },
            Books.Noon - Duration.FromHours(1));
        Assert.Equal(First.RecordedAt + Duration.FromTicks(10), next.RecordedAt);
    }

    [Fact]
    public void A_stamp_holds_whole_microseconds_so_that_it_comes_back_from_the_database_the_same() => Assert.Equal(
        Books.Noon, HashChain.Append(Start, Receipt, Books.Noon + Duration.FromNanoseconds(999)).RecordedAt);

    [Fact]
    public void The_same_fact_has_the_same_journal_wherever_it_is_posted() => Assert.Equal(
        First.JournalId, HashChain.Append(Start with { Position = 40 }, Receipt, Books.Noon).JournalId);

    [Fact]
    public void A_hash_can_be_computed_by_anyone_from_the_written_description() => Assert.Equal(
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Described(First))),
        Convert.ToHexStringLower(First.Hash.Span));

    [Fact]
    public void A_commitment_to_a_personal_reason_is_inside_the_hash_and_holds_without_it()
    {
        var commitment = Commitment.Compute("salt-1", "Paid twice for Ann's taxi.");
        var journal = HashChain.Append(Start, Receipt with { Commitment = commitment }, Books.Noon);
        Assert.True(HashChain.Holds(Start, journal));
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Described(journal))),
            Convert.ToHexStringLower(journal.Hash.Span));
        foreach (var other in new[]
        {
            null, Commitment.Compute("salt-2", "Paid twice for Ann's taxi."),
            Commitment.Compute("salt-1", "Paid twice for Ann's taxi"),
            Commitment.Compute("salt-1P", "aid twice for Ann's taxi."),
        })
        {
            Assert.NotEqual(commitment, other);
            Assert.False(HashChain.Holds(Start, journal with { Entry = journal.Entry with { Commitment = other } }));
            Assert.False(journal.Entry.HasSameContentAs(Receipt with { Commitment = other }));
        }
    }

    public static TheoryData<string, Func<Journal, Journal>> Edits => new()
    {
        { "holder", journal => journal with { HolderId = "sunset" } },
        { "journal id", journal => journal with { JournalId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) } },
        { "position", journal => journal with { Position = 2 } },
        { "recorded at", journal => journal with { RecordedAt = journal.RecordedAt + Duration.FromTicks(10) } },
        { "hash", journal => journal with { Hash = new byte[32] } },
        { "fund", journal => journal with { Entry = journal.Entry with { FundId = "F-2" } } },
        { "kind", journal => journal with { Entry = journal.Entry with { Kind = "money-returned" } } },
        { "effective day",
            journal => journal with { Entry = journal.Entry with { EffectiveOn = Monday.PlusDays(1) } } },
        { "care day", journal => journal with { Entry = journal.Entry with { CareOn = Monday } } },
        { "cause's message",
            journal => journal with { Entry = journal.Entry with { Cause = new("money-returned", "R-1") } } },
        { "cause's id",
            journal => journal with { Entry = journal.Entry with { Cause = new("money-received", "R-2") } } },
        { "reversal", journal => journal with { Entry = journal.Entry with { Reverses = journal.JournalId } } },
        { "commitment",
            journal => journal with { Entry = journal.Entry with { Commitment = Commitment.Compute("salt",
                "words") } } },
        { "person minutes", journal => journal with { Entry = journal.Entry with { PersonMinutes = 0 } } },
        { "amount",
            journal => journal with { Entry = journal.Entry with { Moves = [Moved("council", "council", 30_001)] } } },
        { "from",
            journal => journal with { Entry = journal.Entry with { Moves = [Moved("person", "council", 30_000)] } } },
        { "to",
            journal => journal with { Entry = journal.Entry with { Moves = [Moved("council", "person", 30_000)] } } },
        { "a move less", journal => journal with { Entry = journal.Entry with { Moves = [] } } },
        {
            "a move more",
            journal =>
                journal with { Entry = journal.Entry with { Moves = [.. journal.Entry.Moves, .. journal.Entry.Moves] } }
        },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_edit_of_any_field_is_found(string field, Func<Journal, Journal> edit)
    {
        Assert.True(HashChain.Holds(Start, First));
        Assert.False(HashChain.Holds(Start, edit(First)), field);
    }

    [Fact]
    public void A_journal_does_not_hold_after_another_past() => Assert.False(
        HashChain.Holds(Start with { Hash = new byte[] { 1 } }, First));

    [Fact]
    public void Other_content_under_the_same_cause_is_told_from_the_same_content()
    {
        Assert.True(Receipt.HasSameContentAs(Receipt with { Moves = [Moved("council", "council", 30_000)] }));
        Assert.False(Receipt.HasSameContentAs(Receipt with { Moves = [Moved("council", "council", 30_001)] }));
        Assert.False(Receipt.HasSameContentAs(Receipt with { EffectiveOn = Monday.PlusDays(1) }));
        // A closed period changes the day on which a journal counts, and not the day of the care.
        Assert.True(Receipt.HasSameContentAs(Receipt with { EffectiveOn = Monday.PlusDays(30), CareOn = Monday }));
    }

    private static Move Moved(string from, string to, long pence) =>
        new(Book.Money, Account.Outside(from), Account.Held(to), Money.OfPence(pence));

    // The byte format of services/Ledger/README.md, implemented a second time without the product's code.
    private static byte[] Described(Journal journal)
    {
        using var bytes = new MemoryStream();
        void Put(byte[]? value)
        {
            var length = BitConverter.GetBytes(value?.Length ?? -1);
            bytes.Write([.. length.Reverse()]);
            bytes.Write(value ?? []);
        }
        void Text(string? text) => Put(text is null ? null : System.Text.Encoding.UTF8.GetBytes(text));
        void Number(long number) => Put([.. BitConverter.GetBytes(number).Reverse()]);
        Text("isf-journal-1");
        Put(new byte[32]);
        Text("sunrise");
        Text("F-1");
        Number(1);
        Text(journal.JournalId.ToString());
        Text("money-received");
        Text("2026-04-06");
        Text(null);
        Number((journal.RecordedAt - NodaConstants.UnixEpoch).BclCompatibleTicks / 10);
        Text("money-received");
        Text("R-1");
        Text(null);
        Text(null);
        Number(1);
        Text("money");
        Text("outside/council");
        Text("held/council");
        Number(30_000);
        if (journal.Entry.Commitment is { } commitment)
            Put(Convert.FromHexString(commitment));
        return bytes.ToArray();
    }
}
