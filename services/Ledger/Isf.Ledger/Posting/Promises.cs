using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>Posts budgets and allocations from their versions, and keeps the versions for later postings.</summary>
public static class Promises
{
    /// <summary>Posts a version: its own day, and the other days up to today on which it changes the promise.</summary>
    public static Task<ConsumeResult> PostAsync(Session session, IClock clock, string fundId, PromiseTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return PostAsync(session, clock, fundId, terms.Kind, terms.Id, terms.Version, _ => terms);
    }

    /// <summary>Posts a version that is made from the version before it.</summary>
    public static async Task<ConsumeResult> PostAsync(
        Session session, IClock clock, string fundId, PromiseKind kind, string id, int version,
        Func<PromiseTerms?, PromiseTerms> change)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(change);
        var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
        if (batch.UnknownFund is not null)
            return ConsumeResult.DeferUntil($"fund/{fundId}");
        var (versions, postedTo) = await VersionsAsync(session, fundId, kind, id);
        if (versions.Count < version - 1)
            return ConsumeResult.DeferUntil(KeyOf(fundId, kind, id, version - 1));
        var terms = change(versions.Find(earlier => earlier.Version == version - 1));
        if (versions.Find(posted => posted.Version == version) is { } before)
        {
            return JsonEquality.AreEqual(before, terms) ? ConsumeResult.Done : throw new ConflictingContentException(
                $"{kind} {id} of fund {fundId} was posted at version {version} with other words.");
        }
        var lastDay = batch.ClosedOn(fundId);
        if (terms.From > lastDay)
            throw new FundClosedException($"{kind} {id}", fundId, lastDay.Value);
        var all = versions.Append(terms).ToList();
        var horizon = PromiseSchedule.Horizon(all, postedTo, London.Today(clock));
        var (position, effectiveOn) = await PostStepsAsync(
            batch, fundId, terms, PromiseSchedule.Due(versions, postedTo, all, horizon, lastDay, lastDay));
        await session.ExecuteAsync(
            """
            insert into promises (holder_id, fund_id, kind, promise_id, version, effective_on, position, terms)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            session.HolderId, fundId, (short)terms.Kind, terms.Id, terms.Version, effectiveOn, position,
            Json.From(terms));
        QueuePosted(session, fundId, terms.UpTo(lastDay), horizon);
        if (kind == PromiseKind.Budget)
            batch.Reattribute(fundId);
        await batch.CompleteAsync();
        session.ReleaseDeferred(KeyOf(fundId, kind, id, version));
        return ConsumeResult.Done;
    }

    /// <summary>
    /// Posts the next year of every open promise whose anniversary has come. Funds are taken in order of their ids, the
    /// order in which every posting locks their heads.
    /// </summary>
    public static async Task PostDueAsync(Session session, IClock clock, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(session);
        var due = await session.RowsAsync(
            """
            select fund_id, kind, promise_id from promises_posted where holder_id = $1 and next_due_on <= $2
            order by fund_id, kind, promise_id
            """,
            row => (FundId: row.GetString(0), Kind: (PromiseKind)row.GetInt16(1), Id: row.GetString(2)),
            session.HolderId, today);
        var part = 0;
        foreach (var some in due.Chunk(500))
        {
            var batch = await PostingBatch.BeginAsync(session, clock, [.. some.Select(promise => promise.FundId)]);
            foreach (var (fundId, kind, id) in some)
            {
                var (versions, postedTo) = await VersionsAsync(session, fundId, kind, id);
                var horizon = PromiseSchedule.Horizon(versions, postedTo, today);
                var lastDay = batch.ClosedOn(fundId);
                var steps = PromiseSchedule.Due(versions, postedTo, versions, horizon, lastDay, lastDay);
                await PostStepsAsync(batch, fundId, versions[^1], steps);
                QueuePosted(session, fundId, versions[^1].UpTo(lastDay), horizon);
            }
            await batch.CompleteNowAsync($"due-{part++}");
        }
    }

    /// <summary>Takes back what the budgets and allocations of a closed fund promise for later days.</summary>
    internal static async Task CloseAsync(
        Session session, PostingBatch batch, string fundId, LocalDate lastDay, LocalDate today)
    {
        var promises = await session.RowsAsync(
            "select kind, promise_id from promises_posted where fund_id = $1 and holder_id = $2 order by kind desc, 2",
            row => (Kind: (PromiseKind)row.GetInt16(0), Id: row.GetString(1)), fundId, session.HolderId);
        foreach (var (kind, id) in promises)
        {
            var (versions, postedTo) = await VersionsAsync(session, fundId, kind, id);
            var horizon = LocalDate.Max(lastDay, PromiseSchedule.Horizon(versions, postedTo, today));
            foreach (var step in PromiseSchedule.Due(versions, postedTo, versions, horizon, null, lastDay))
                batch.Post(ClosingRules.PromiseClosed(fundId, versions[^1], step));
            QueuePosted(session, fundId, versions[^1].UpTo(lastDay), horizon);
        }
    }

    // The position of the version's own step, and the day it counts on: the first open one, where its own is closed.
    private static async Task<(long Position, LocalDate EffectiveOn)> PostStepsAsync(
        PostingBatch batch, string fundId, PromiseTerms terms, IReadOnlyList<PromiseStep> steps)
    {
        var entries = steps.Select(step => PostingRules.Promise(fundId, terms, step)).ToList();
        await batch.LoadExistingAsync(entries);
        var own = (Position: 0L, terms.EffectiveOn);
        foreach (var entry in entries)
        {
            var journal = batch.Post(entry);
            if (entry.EffectiveOn == terms.EffectiveOn)
                own = (journal.Position, journal.Entry.EffectiveOn);
        }
        return own;
    }

    private static async Task<(List<PromiseTerms> Versions, LocalDate? PostedTo)> VersionsAsync(
        Session session, string fundId, PromiseKind kind, string id)
    {
        var rows = await session.RowsAsync(
            """
            select p.terms::text, d.posted_to from promises p
            join promises_posted d using (fund_id, holder_id, kind, promise_id)
            where p.fund_id = $1 and p.holder_id = $2 and p.kind = $3 and p.promise_id = $4 order by p.version
            """,
            row => (Terms: IsfJson.Read<PromiseTerms>(row.GetString(0)), To: row.GetFieldValue<LocalDate>(1)),
            fundId, session.HolderId, (short)kind, id);
        return ([.. rows.Select(row => row.Terms)], rows.Count == 0 ? null : rows[0].To);
    }

    private static void QueuePosted(Session session, string fundId, PromiseTerms terms, LocalDate horizon) =>
        session.Queue(
        """
        insert into promises_posted (holder_id, fund_id, kind, promise_id, posted_to, next_due_on)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (fund_id, holder_id, kind, promise_id)
            do update set posted_to = excluded.posted_to, next_due_on = excluded.next_due_on
        """,
        session.HolderId, fundId, (short)terms.Kind, terms.Id, horizon, terms.NextAfter(horizon));

    private static string KeyOf(string fundId, PromiseKind kind, string id, int version) =>
        $"{(kind == PromiseKind.Budget ? "budget" : "allocation")}/{fundId}/{id}/v{version}";
}
