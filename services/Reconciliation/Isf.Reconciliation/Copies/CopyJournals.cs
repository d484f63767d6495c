using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// Keeps every journal as the Ledger published it, in any order of arrival: the copy against which the Ledger's books
/// are checked. Nothing is checked here. Source: design.md §2, §5.
/// </summary>
public static class CopyJournals
{
    /// <summary>The key under which a message is deferred until missing journals arrive.</summary>
    public const string Arrived = "journals-arrived";

    // The rows of funds are locked in one order, so that two batches never deadlock.
    private static readonly string Keep = $"""
        with arrived as (
          insert into journals (holder_id, fund_id, position, journal_id, kind, effective_on, care_on, recorded_at,
            cause_message, cause_id, reverses, person_minutes, hash, commitment, moves)
          select $1, {ColumnArrays.Unnest(2,
              "text bigint uuid text date date timestamptz text text uuid bigint text text text")}
          on conflict do nothing returning fund_id, position)
        insert into arrivals as kept (holder_id, fund_id, kept, highest)
        select $1, fund_id, count(*), max(position) from arrived group by fund_id order by fund_id
        on conflict (holder_id, fund_id) do update
          set kept = kept.kept + excluded.kept, highest = greatest(kept.highest, excluded.highest)
        """;

    internal static void Queue(JournalsPosted message, Session session)
    {
        var journals = message.Journals;
        T[] Of<T>(Func<PostedJournal, T> field) => [.. journals.Select(field)];
        session.Queue(Keep, session.HolderId, Of(one => one.FundId), Of(one => one.Position), Of(one => one.JournalId),
            Of(one => one.Kind), Of(one => one.EffectiveOn), Of(one => one.CareOn), Of(one => one.RecordedAt),
            Of(one => one.CauseMessage), Of(one => one.CauseId), Of(one => one.Reverses), Of(one => one.PersonMinutes),
            Of(one => one.Hash), Of(one => one.Commitment), Of(one => CopiedBooksTable.MovesAsText(one.Moves)));
        session.ReleaseDeferred(Arrived);
    }
}

/// <summary>Consumes posted journals.</summary>
public sealed class CopyJournalsConsumer : IConsume<JournalsPosted>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(JournalsPosted message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        CopyJournals.Queue(message, session);
        return Task.FromResult(ConsumeResult.Done);
    }
}
