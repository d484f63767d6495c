using Isf.Contracts.Ledger;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Books;

/// <summary>Converts journals to the form that JournalsPosted publishes.</summary>
internal static class PostedJournals
{
    public static PostedJournal From(Journal journal)
    {
        var entry = journal.Entry;
        return new PostedJournal
        {
            FundId = entry.FundId,
            Position = journal.Position,
            JournalId = journal.JournalId,
            Kind = entry.Kind,
            EffectiveOn = entry.EffectiveOn,
            CareOn = entry.CareOn,
            RecordedAt = journal.RecordedAt,
            CauseMessage = entry.Cause.Message,
            CauseId = entry.Cause.Id,
            Reverses = entry.Reverses,
            PersonMinutes = entry.PersonMinutes,
            Hash = HexOf(journal),
            Commitment = entry.Commitment,
            Moves = [.. entry.Moves.Select(move => new PostedMove(
                move.Book.WireName(), move.From.Path, move.To.Path, move.Amount))],
        };
    }

    public static string HexOf(Journal journal) => Convert.ToHexStringLower(journal.Hash.Span);
}
