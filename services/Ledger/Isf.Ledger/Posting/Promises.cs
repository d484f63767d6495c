using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>Posts budgets and allocations from their versions, and keeps the versions for later postings.</summary>
public static class Promises
{
    /// <summary>
    /// Posts a version of a budget or allocation, with a journal for its effective day and one for each other day on
    /// which it changes the promise.
    /// </summary>
    public static Task<ConsumeResult> PostAsync(Session session, IClock clock, string fundId, PromiseTerms terms) =>
        PostAsync(session, clock, fundId, terms.Kind, terms.Id, terms.Version, _ => terms);

    /// <summary>
    /// Posts the version that <paramref name="change"/> makes from the version before it, which is null for version 1.
    /// </summary>
    public static async Task<ConsumeResult> PostAsync(
        Session session, IClock clock, string fundId, PromiseKind kind, string id, int version,
        Func<PromiseTerms?, PromiseTerms> change)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
        if (batch.UnknownFund is not null)
            return ConsumeResult.DeferUntil($"fund/{fundId}");
        var (versions, postedTo) = await PromiseTable.VersionsAsync(session, fundId, kind, id);
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
        await PromiseTable.AddAsync(session, fundId, terms, effectiveOn, position);
        PromiseTable.SavePosted(session, fundId, terms.UpTo(lastDay), horizon);
        if (kind == PromiseKind.Budget)
            batch.Reattribute(fundId);
        await batch.CompleteAsync();
        session.ReleaseDeferred(KeyOf(fundId, kind, id, version));
        return ConsumeResult.Done;
    }

    /// <summary>
    /// Posts the next year of every open-ended promise whose anniversary has come. Funds are taken in order of their
    /// ids, because every posting locks their heads in that order.
    /// </summary>
    public static async Task PostDueAsync(Session session, IClock clock, LocalDate today)
    {
        var due = await PromiseTable.DueAsync(session, today);
        var part = 0;
        foreach (var some in due.Chunk(500))
        {
            var batch = await PostingBatch.BeginAsync(session, clock, [.. some.Select(promise => promise.FundId)]);
            foreach (var (fundId, kind, id) in some)
            {
                var (versions, postedTo) = await PromiseTable.VersionsAsync(session, fundId, kind, id);
                var horizon = PromiseSchedule.Horizon(versions, postedTo, today);
                var lastDay = batch.ClosedOn(fundId);
                var steps = PromiseSchedule.Due(versions, postedTo, versions, horizon, lastDay, lastDay);
                await PostStepsAsync(batch, fundId, versions[^1], steps);
                PromiseTable.SavePosted(session, fundId, versions[^1].UpTo(lastDay), horizon);
            }
            await batch.CompleteNowAsync($"due-{part++}");
        }
    }

    /// <summary>Takes back what the budgets and allocations of a closed fund promise for later days.</summary>
    internal static async Task CloseAsync(
        Session session, PostingBatch batch, string fundId, LocalDate lastDay, LocalDate today)
    {
        foreach (var (kind, id) in await PromiseTable.OfFundAsync(session, fundId))
        {
            var (versions, postedTo) = await PromiseTable.VersionsAsync(session, fundId, kind, id);
            var horizon = LocalDate.Max(lastDay, PromiseSchedule.Horizon(versions, postedTo, today));
            foreach (var step in PromiseSchedule.Due(versions, postedTo, versions, horizon, null, lastDay))
                batch.Post(ClosingRules.PromiseClosed(fundId, versions[^1], step));
            PromiseTable.SavePosted(session, fundId, versions[^1].UpTo(lastDay), horizon);
        }
    }

    // Posts the steps. Returns the position of the journal for the version's own day, and the day on which that
    // journal counts. If the version's own day is closed, the journal counts on the first open day.
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

    private static string KeyOf(string fundId, PromiseKind kind, string id, int version) =>
        $"{(kind == PromiseKind.Budget ? "budget" : "allocation")}/{fundId}/{id}/v{version}";
}
