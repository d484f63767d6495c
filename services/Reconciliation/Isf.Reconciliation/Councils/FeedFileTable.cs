using Isf.Hosting.Data;

namespace Isf.Reconciliation.Councils;

/// <summary>
/// The table of the files of feeds. They are written in the commit that issues the feed, and only read after that.
/// </summary>
internal static class FeedFileTable
{
    internal static void Save(Session session, string feedId, string format, byte[] bytes) => session.Queue(
        "insert into feed_files (feed_id, format, bytes) values ($1, $2, $3)",
        feedId, format, bytes);

    /// <summary>The bytes of an issued feed.</summary>
    internal static async Task<byte[]> LoadAsync(Session session, string feedId, string format) =>
        (await session.RowsAsync<byte[]>(
            "select bytes from feed_files where feed_id = $1 and format = $2",
            feedId, format))[0];
}
