using Isf.Hosting;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Persistence;

/// <summary>
/// Posts the entries or targets of one message: all of them, or none while a fact that they need has not come.
/// </summary>
internal static class Postings
{
    /// <summary>
    /// Posts entries that need only their funds' books; then releases the messages deferred until these keys.
    /// </summary>
    public static async Task<ConsumeResult> EntriesAsync(
        Session session, IClock clock, IReadOnlyCollection<Entry> entries, params string[] keys)
    {
        var books = await OpenBooks.OfAsync(session, clock, [.. entries.Select(entry => entry.FundId)]);
        if (books.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        await books.KnowAsync(entries);
        foreach (var entry in entries)
            books.Add(entry);
        await books.CloseAsync();
        session.ReleaseDeferred(keys);
        return ConsumeResult.Done;
    }

    /// <summary>
    /// Posts targets, each as the difference from its earlier versions. A target that comes before its predecessor is
    /// deferred until the predecessor; within a message targets are taken in order of version.
    /// </summary>
    public static async Task<ConsumeResult> TargetsAsync(Session session, IClock clock,
        IReadOnlyCollection<Target> targets)
    {
        var books = await OpenBooks.OfAsync(session, clock, [.. targets.Select(target => target.FundId)]);
        if (books.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        await books.KnowAsync(
        [
            .. targets.SelectMany(target => Enumerable.Range(1, target.Version)
                .Select(version => (target.FundId, target.JournalOf(session.HolderId, version)))).Distinct(),
        ]);
        foreach (var target in targets.OrderBy(target => target.Version))
        {
            var earlier = Enumerable.Range(1, target.Version - 1)
                .Select(version => books.Find(target.JournalOf(session.HolderId, version))).ToList();
            if (earlier.IndexOf(null) is var missing and >= 0)
                return ConsumeResult.DeferUntil(KeyOf(target, missing + 1));
            books.Add(target.After(earlier.OfType<Journal>()));
        }
        await books.CloseAsync();
        session.ReleaseDeferred([.. targets.Select(target => KeyOf(target, target.Version))]);
        return ConsumeResult.Done;
    }

    /// <summary>The sources that a fact names, as the books need them.</summary>
    public static IReadOnlyList<SourcePercent> SourcesOf(
        IReadOnlyList<Isf.Contracts.Funds.FundingShare>? fundedBy) =>
        fundedBy is null ? [] : [.. fundedBy.Select(share => new SourcePercent(share.Source, share.Percent))];

    private static string KeyOf(Target target, int version) =>
        $"{target.Kind}/{target.FundId}/{target.CauseOf(version).Id}";
}
