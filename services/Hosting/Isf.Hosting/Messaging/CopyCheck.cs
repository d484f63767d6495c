using System.Text.Json.Nodes;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Hosting.Messaging;

/// <summary>
/// The changes since the previous comparison. Found lists the differences that have become certain, and Gone lists the
/// certain differences that no longer exist.
/// </summary>
public sealed record CopyChanges(IReadOnlyList<CopyDifference> Found, IReadOnlyList<CopyDifference> Gone)
{
    /// <summary>Whether there is any change.</summary>
    public bool Any => Found.Count + Gone.Count > 0;

    /// <summary>
    /// The id of every fund that has a difference in either list. Differences of no single fund are left out.
    /// </summary>
    public string[] FundIds() =>
        [.. Found.Concat(Gone).Select(copyDifference => copyDifference.FundId).OfType<string>().Distinct()];
}

/// <summary>
/// Compares a service's copies of documents with their owner's statement (design §2). A difference stays in the table
/// copy_differences until a comparison no longer finds it.
/// </summary>
public sealed class CopyCheck(MessageTracker tracker)
{
    /// <summary>
    /// The key for which a comparison is deferred while facts of a fund are on their way. No commit releases this key,
    /// so the comparison is retried with growing pauses.
    /// </summary>
    public const string FactsArrived = "all facts of the fund have arrived";

    /// <summary>
    /// Compares copies with their owner's statement, and records the differences. Null if a fund's copies differ while
    /// facts of that fund are on their way; the caller then retries the comparison.
    /// </summary>
    public async Task<CopyChanges?> CompareAsync(
        Session session, IReadOnlyList<CopySource> sources, StatedDocuments stated)
    {
        var kinds = stated.Fields.Select(kind => kind.Kind).ToHashSet();
        var ours = sources.Where(source => kinds.Contains(source.Kind)).ToList();
        var found = CopyComparison.Compare(stated, ours, await ReadAsync(session, ours, stated));
        foreach (var fundId in found.Select(copyDifference => copyDifference.FundId).OfType<string>().Distinct())
        {
            if (await tracker.IsOnItsWayAsync(session.HolderId, fundId))
                return null;
        }
        // A message that was on its way during the first read may have arrived since, so the copies are read again.
        if (found.Count > 0)
            found = CopyComparison.Compare(stated, ours, await ReadAsync(session, ours, stated));
        return await SaveAsync(session, [.. ours.Select(source => source.Kind)], stated, found);
    }

    private static async Task<List<CopiedDocument>> ReadAsync(
        Session session, IReadOnlyList<CopySource> sources, StatedDocuments stated)
    {
        var copies = new List<CopiedDocument>();
        foreach (var source in sources)
        {
            copies.AddRange(await session.RowsAsync(source.Sql, row => new CopiedDocument(
                source, row.GetString(0) is { Length: > 0 } fundId ? fundId : null, row.GetString(1),
                row.IsDBNull(2) ? null : row.GetInt32(2),
                FieldHashes.Of(JsonNode.Parse(row.GetString(3))!.AsObject())),
                source.OfNoFund ? IdsOf(stated) : stated.FundIds.ToArray()));
        }
        return copies;
    }

    private static async Task<CopyChanges> SaveAsync(
        Session session, string[] kinds, StatedDocuments stated, IReadOnlyList<CopyDifference> found)
    {
        var earlier = (await session.RowsAsync("""
            select fund_id, kind, id, field, stated_version, copy_version, stated_at, certain from copy_differences
            where kind = any($1) and (fund_id = any($2) or (fund_id = '' and id = any($3)))
            """, row => new CopyComparison.Earlier(
                new(row.GetString(0) is { Length: > 0 } fundId ? fundId : null, row.GetString(1), row.GetString(2),
                    row.GetString(3), row.GetInt32(4), row.GetInt32(5)),
                row.GetFieldValue<Instant>(6), row.GetBoolean(7)),
            kinds, stated.FundIds.ToArray(), IdsOf(stated)))
            .ToDictionary(row => KeyOf(row.Difference));
        var certain = new List<CopyDifference>();
        foreach (var difference in found)
        {
            var before = earlier.GetValueOrDefault(KeyOf(difference));
            var isCertain = CopyComparison.IsCertain(difference, stated.StatedAt, before);
            if (isCertain && before is not { IsCertain: true })
                certain.Add(difference);
            Save(session, difference, stated.StatedAt, isCertain);
        }
        var now = found.Select(KeyOf).ToHashSet();
        var gone = earlier.Where(row => !now.Contains(row.Key)).Select(row => row.Value).ToList();
        foreach (var row in gone)
            Drop(session, row.Difference);
        return new(certain, [.. gone.Where(row => row.IsCertain).Select(row => row.Difference)]);
    }

    private static void Save(Session session, CopyDifference difference, Instant statedAt, bool certain) =>
        session.Queue("""
            insert into copy_differences
              (fund_id, kind, id, field, stated_version, copy_version, stated_at, certain)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (holder_id, fund_id, kind, id, field) do update set
              stated_version = excluded.stated_version, copy_version = excluded.copy_version,
              stated_at = excluded.stated_at, certain = excluded.certain
            """, difference.FundId ?? "", difference.Kind, difference.Id, difference.Field,
            difference.StatedVersion, difference.CopyVersion, statedAt, certain);

    private static void Drop(Session session, CopyDifference difference) => session.Queue("""
        delete from copy_differences
        where fund_id = $1 and kind = $2 and id = $3 and field = $4
        """, difference.FundId ?? "", difference.Kind, difference.Id, difference.Field);

    private static string[] IdsOf(StatedDocuments stated) =>
        [.. stated.Documents.Where(document => document.FundId is null).Select(document => document.Id)];

    private static (string?, string, string, string) KeyOf(CopyDifference difference) =>
        (difference.FundId, difference.Kind, difference.Id, difference.Field);
}
