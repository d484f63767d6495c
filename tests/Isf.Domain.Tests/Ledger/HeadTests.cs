using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>A journal holds after its own head only, although its id and hash fit its content.</summary>
public sealed class HeadTests
{
    private static readonly Head Start = Head.New(Books.Holder, "F-1");

    private static readonly Journal First = HashChain.Append(
        Start, PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(1), new(2026, 4, 6)), Books.Noon);

    public static TheoryData<string, Head, bool> Heads => new()
    {
        { "its own", Start, true },
        { "another holder's", Start with { HolderId = "sunset" }, false },
        { "another fund's", Start with { FundId = "F-2" }, false },
        { "one of an earlier position", Start with { Position = -1 }, false },
        { "one of a later position", Start with { Position = 1 }, false },
        { "one recorded just before", Start with { RecordedAt = Books.Noon - Duration.Epsilon }, true },
        { "one recorded at the same moment", Start with { RecordedAt = Books.Noon }, false },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_journal_holds_after_its_own_head_only(string head, Head given, bool holds) =>
        Assert.True(HashChain.Holds(given, First) == holds, head);

    [Fact]
    public void The_head_after_a_journal_is_that_journal_s()
    {
        var head = Start.After(First);
        Assert.Equal((Books.Holder, "F-1", 1, First.RecordedAt, First.Hash),
            (head.HolderId, head.FundId, head.Position, head.RecordedAt, head.Hash));
    }
}
