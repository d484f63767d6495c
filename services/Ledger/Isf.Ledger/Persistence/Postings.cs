using Isf.Hosting;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Persistence;

/// <summary>Posts what one message asks for: all of it, or nothing while something it needs has not come.</summary>
internal static class Postings
{
    /// <summary>Entries that need nothing but their funds' books; then whoever waits for them goes on.</summary>
    public static async Task<Heard> EntriesAsync(
        Session session, IClock clock, IReadOnlyCollection<Entry> entries, params string[] keys)
    {
        var books = await OpenBooks.OfAsync(session, clock, [.. entries.Select(entry => entry.FundId)]);
        if (books.UnknownFund is { } unknown)
            return Heard.Needs($"fund/{unknown}");
        await books.KnowAsync(entries);
        foreach (var entry in entries)
            books.Add(entry);
        await books.CloseAsync();
        session.ReleaseDeferred(keys);
        return Heard.Done;
    }

    /// <summary>
    /// Targets, each by its difference to the versions before it. One that comes before its predecessor waits for it;
    /// within a message they are taken in order of their versions.
    /// </summary>
    public static async Task<Heard> TargetsAsync(Session session, IClock clock, IReadOnlyCollection<Target> targets)
    {
        var books = await OpenBooks.OfAsync(session, clock, [.. targets.Select(target => target.FundId)]);
        if (books.UnknownFund is { } unknown)
            return Heard.Needs($"fund/{unknown}");
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
                return Heard.Needs(KeyOf(target, missing + 1));
            books.Add(target.After(earlier.OfType<Journal>()));
        }
        await books.CloseAsync();
        session.ReleaseDeferred([.. targets.Select(target => KeyOf(target, target.Version))]);
        return Heard.Done;
    }

    /// <summary>The sources that a fact names, as the books need them.</summary>
    public static IReadOnlyList<SourcePercent> SourcesOf(
        IReadOnlyList<Isf.Contracts.Funds.FundingShare>? fundedBy) =>
        fundedBy is null ? [] : [.. fundedBy.Select(share => new SourcePercent(share.Source, share.Percent))];

    private static string KeyOf(Target target, int version) =>
        $"{target.Kind}/{target.FundId}/{target.CauseOf(version).Id}";
}
