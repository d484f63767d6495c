using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts the entries or cumulative postings of one message: all of them or, if a fact that they need has not arrived,
/// none.
/// </summary>
internal static class Postings
{
    /// <summary>
    /// Posts entries that need nothing but their funds' books, and releases the messages that were deferred for one of
    /// the given keys.
    /// </summary>
    public static async Task<ConsumeResult> EntriesAsync(
        Session session, IClock clock, IReadOnlyCollection<Entry> entries, params string[] keys)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [.. entries.Select(entry => entry.FundId)]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        await batch.LoadExistingAsync(entries);
        foreach (var entry in entries)
            batch.Post(entry);
        await batch.CompleteAsync();
        session.ReleaseDeferred(keys);
        return ConsumeResult.Done;
    }

    /// <summary>
    /// Posts targets (cumulative postings), each as the difference from its earlier versions. The message is deferred
    /// if an earlier version of a target is not posted yet; within a message, targets are posted in order of version.
    /// </summary>
    public static async Task<ConsumeResult> TargetsAsync(Session session, IClock clock,
        IReadOnlyCollection<CumulativePosting> targets)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [.. targets.Select(target => target.FundId)]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        await batch.LoadExistingAsync(
        [
            .. targets.SelectMany(target => Enumerable.Range(1, target.Version)
                .Select(version => (target.FundId, target.JournalOf(session.HolderId, version)))).Distinct(),
        ]);
        foreach (var target in targets.OrderBy(target => target.Version))
        {
            var earlier = Enumerable.Range(1, target.Version - 1)
                .Select(version => batch.Find(target.JournalOf(session.HolderId, version))).ToList();
            if (earlier.IndexOf(null) is var missing and >= 0)
                return ConsumeResult.DeferUntil(KeyOf(target, missing + 1));
            batch.Post(target.DifferenceFrom(earlier.OfType<Journal>()));
        }
        await batch.CompleteAsync();
        session.ReleaseDeferred([.. targets.Select(target => KeyOf(target, target.Version))]);
        return ConsumeResult.Done;
    }

    /// <summary>The sources that a fact names, as the books need them; empty if the fact names none.</summary>
    public static IReadOnlyList<SourcePercent> SourcesOf(
        IReadOnlyList<Isf.Contracts.Funds.FundingShare>? fundedBy) =>
        fundedBy is null ? [] : [.. fundedBy.Select(share => new SourcePercent(share.Source, share.Percent))];

    private static string KeyOf(CumulativePosting target, int version) =>
        $"{target.Kind}/{target.FundId}/{target.CauseOf(version).Id}";
}
