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

    private static readonly string Reason = Commitment.Compute("salt-1", "Paid twice for Ann's taxi.");

    private static readonly Entry Committed = Receipt with { Commitment = Reason };

    public static TheoryData<string, Entry> Hashed => new()
    {
        { "without a reason", Receipt }, { "with a commitment to a personal reason", Committed },
    };

    [Theory]
    [MemberData(nameof(Hashed))]
    public void A_hash_can_be_computed_by_anyone_from_the_written_description(string how, Entry entry)
    {
        var journal = HashChain.Append(Start, entry, Books.Noon);
        var hash = System.Security.Cryptography.SHA256.HashData(Described(journal));
        Assert.Equal((how, Convert.ToHexStringLower(hash)), (how, Convert.ToHexStringLower(journal.Hash.Span)));
    }

    [Fact]
    public void A_journal_holds_without_the_reason_it_commits_to() =>
        Assert.True(HashChain.Holds(Start, HashChain.Append(Start, Committed, Books.Noon)));

    public static TheoryData<string, string?> OtherCommitments => new()
    {
        { "none", null },
        { "another salt", Commitment.Compute("salt-2", "Paid twice for Ann's taxi.") },
        { "another reason", Commitment.Compute("salt-1", "Paid twice for Ann's taxi") },
        { "a letter moved from reason to salt", Commitment.Compute("salt-1P", "aid twice for Ann's taxi.") },
    };

    [Theory]
    [MemberData(nameof(OtherCommitments))]
    public void A_commitment_is_inside_the_hash_and_the_content(string how, string? other)
    {
        var journal = HashChain.Append(Start, Committed, Books.Noon);
        Assert.NotEqual(Reason, other);
        Assert.False(
            HashChain.Holds(Start, journal with { Entry = journal.Entry with { Commitment = other } }), how);
        Assert.False(journal.Entry.HasSameContentAs(Receipt with { Commitment = other }), how);
    }

    public static TheoryData<string, Func<Journal, Journal>> Edits => new()
    {
        { "holder", journal => journal with { HolderId = "sunset" } },
        { "journal id", journal => journal with { JournalId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) } },
        { "position", journal => journal with { Position = 2 } },
        { "recorded at", journal => journal with { RecordedAt = journal.RecordedAt + Duration.FromTicks(10) } },
        { "hash", journal => journal with { Hash = new byte[32] } },
        { "fund", InEntry(entry => entry with { FundId = "F-2" }) },
        { "kind", InEntry(entry => entry with { Kind = "money-returned" }) },
        { "effective day", InEntry(entry => entry with { EffectiveOn = Monday.PlusDays(1) }) },
        { "care day", InEntry(entry => entry with { CareOn = Monday }) },
        { "cause's message", InEntry(entry => entry with { Cause = new("money-returned", "R-1") }) },
        { "cause's id", InEntry(entry => entry with { Cause = new("money-received", "R-2") }) },
        { "reversal", InEntry(entry => entry with { Reverses = First.JournalId }) },
        { "commitment", InEntry(entry => entry with { Commitment = Commitment.Compute("salt", "words") }) },
        { "person minutes", InEntry(entry => entry with { PersonMinutes = 0 }) },
        { "amount", InEntry(entry => entry with { Moves = [Moved("council", "council", 30_001)] }) },
        { "from", InEntry(entry => entry with { Moves = [Moved("person", "council", 30_000)] }) },
        { "to", InEntry(entry => entry with { Moves = [Moved("council", "person", 30_000)] }) },
        { "a move less", InEntry(entry => entry with { Moves = [] }) },
        { "a move more", InEntry(entry => entry with { Moves = [.. entry.Moves, .. entry.Moves] }) },
    };

    private static Func<Journal, Journal> InEntry(Func<Entry, Entry> edit) =>
        journal => journal with { Entry = edit(journal.Entry) };

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

    // A closed period changes the day on which a journal counts, and not the day of the care.
    public static TheoryData<string, bool, Entry> Contents => new()
    {
        { "the same moves", true, Receipt with { Moves = [Moved("council", "council", 30_000)] } },
        { "a penny more", false, Receipt with { Moves = [Moved("council", "council", 30_001)] } },
        { "about another day", false, Receipt with { EffectiveOn = Monday.PlusDays(1) } },
        { "of a closed period", true, Receipt with { EffectiveOn = Monday.PlusDays(30), CareOn = Monday } },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void Other_content_under_the_same_cause_is_told_from_the_same_content(string how, bool same, Entry other) =>
        Assert.Equal((how, same), (how, Receipt.HasSameContentAs(other)));

    private static Move Moved(string from, string to, long pence) =>
        new(Book.Money, Account.Outside(from), Account.Held(to), Money.OfPence(pence));

    // The byte format of services/Ledger/README.md, implemented a second time without the product's code.
    private static byte[] Described(Journal journal)
    {
        using var bytes = new DescribedBytes();
        bytes.Text("isf-journal-1");
        bytes.Put(new byte[32]);
        bytes.Texts("sunrise", "F-1");
        bytes.Number(1);
        bytes.Texts(journal.JournalId.ToString(), "money-received", "2026-04-06", null);
        bytes.Number((journal.RecordedAt - NodaConstants.UnixEpoch).BclCompatibleTicks / 10);
        bytes.Texts("money-received", "R-1", null, null);
        bytes.Number(1);
        bytes.Texts("money", "outside/council", "held/council");
        bytes.Number(30_000);
        if (journal.Entry.Commitment is { } commitment)
            bytes.Put(Convert.FromHexString(commitment));
        return bytes.ToArray();
    }

    // Every value has its length before it, in four bytes; a null has the length −1.
    private sealed class DescribedBytes : MemoryStream
    {
        public void Put(byte[]? value)
        {
            Write([.. BitConverter.GetBytes(value?.Length ?? -1).Reverse()]);
            Write(value ?? []);
        }

        public void Text(string? text) => Put(text is null ? null : System.Text.Encoding.UTF8.GetBytes(text));

        public void Texts(params string?[] texts) => Array.ForEach(texts, Text);

        public void Number(long number) => Put([.. BitConverter.GetBytes(number).Reverse()]);
    }
}
