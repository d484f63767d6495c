using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>Makes copied journals of one fund, chained as the Ledger chains them.</summary>
internal sealed class Copies
{
    private static readonly Instant Start = Instant.FromUtc(2026, 4, 6, 12, 0);
    private readonly List<CopiedJournal> journals = [];

    public IReadOnlyList<CopiedJournal> Journals => journals;

    public string Head => journals.Count == 0 ? new string('0', 64) : journals[^1].Hash;

    public static CopiedMove Money(string from, string to, long pence) => new("money", from, to, pence);

    public static CopiedMove Promise(string from, string to, long pence) => new("promise", from, to, pence);

    public static CopiedMove Time(string from, string to, long minutes) => new("time", from, to, minutes);

    public Copies Post(string effectiveOn, params CopiedMove[] moves) => Post(effectiveOn, null, null, moves);

    /// <summary>Posts a journal without moves, for tests in which only the kind of a journal matters.</summary>
    public Copies PostKind(string kind, string causeId, string effectiveOn, string? careOn = null) =>
        Post(effectiveOn, careOn, null, [], kind, causeId);

    /// <summary>Returns the terms of a fund with one agreement and with the same budgets on every day.</summary>
    public static FundTerms TermsWith(SpendOrder order, params BudgetShares[] budgets) =>
        new([new AgreedVersion(1, Day("2026-03-30"), order, true)], _ => budgets);

    public Copies PostAbout(string careOn, string effectiveOn, params CopiedMove[] moves) =>
        Post(effectiveOn, careOn, null, moves);

    /// <summary>Posts the reversal of the journal at a position.</summary>
    public Copies Reverse(int position, string effectiveOn)
    {
        var before = journals[position - 1];
        return Post(effectiveOn, before.CareOn is { } day ? $"{day:uuuu-MM-dd}" : null, before.JournalId,
            [.. before.Moves.Select(move => new CopiedMove(move.Book, move.To, move.From, move.Amount))]);
    }

    /// <summary>Returns the books up to <paramref name="upTo"/> as a Ledger without faults states them.</summary>
    public StatedBooks Stated(string upTo)
    {
        var day = Day(upTo);
        var fold = Fold.From(journals, day);
        return new StatedBooks("F-1", journals.Count, Head, day,
            [.. fold.Named.Select(at => new StatedAccount(at.Book, at.Place, (long)fold.BalanceOf(at.Book, at.Place)))
                .Where(account => account.Amount != 0)]);
    }

    public static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    private Copies Post(string effectiveOn, string? careOn, Guid? reverses, CopiedMove[] moves,
        string kind = "posted", string? causeId = null)
    {
        var position = journals.Count + 1;
        var journal = new CopiedJournal
        {
            HolderId = "sunrise",
            FundId = "F-1",
            Position = position,
            JournalId = new Guid(position, 0, 0, new byte[8]),
            Kind = kind,
            EffectiveOn = Day(effectiveOn),
            CareOn = careOn is null ? null : Day(careOn),
            RecordedAt = Start + Duration.FromMinutes(position),
            CauseMessage = "posted",
            CauseId = causeId ?? $"C-{position}",
            Reverses = reverses,
            Hash = "",
            Moves = moves,
        };
        var hash = HashChain.HashOf(journal, Convert.FromHexString(Head));
        journals.Add(journal with { Hash = Convert.ToHexStringLower(hash) });
        return this;
    }
}
