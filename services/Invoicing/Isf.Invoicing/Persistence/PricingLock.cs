using Isf.Hosting;

namespace Isf.Invoicing.Persistence;

/// <summary>
/// Terms must not arrive between the reading of terms and the keeping of the prices that they give: then a visit would
/// stay at a price that no later message puts right. So pricing goes on side by side, and terms come in alone.
/// </summary>
internal static class PricingLock
{
    /// <summary>Pricing may begin; others may price too, and new terms wait for this commit.</summary>
    public static Task WaitSideBySideAsync(Session session) => WaitAsync(session, "pg_advisory_xact_lock_shared");

    /// <summary>New terms may be kept; pricing waits for this commit.</summary>
    public static Task WaitAloneAsync(Session session) => WaitAsync(session, "pg_advisory_xact_lock");

    private static Task<int> WaitAsync(Session session, string how) =>
        session.ExecuteAsync($"select {how}(hashtextextended('invoicing terms/' || $1, 0))", session.HolderId);
}
