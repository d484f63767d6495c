using Isf.Hosting.Data;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// Terms must not arrive between the reading of terms and the commit of the prices made by them: a visit would keep a
/// price that no later message corrects. So pricing runs share the lock, and new terms hold it alone.
/// </summary>
internal static class PricingLock
{
    /// <summary>Waits until pricing may begin; others may price too, and new terms wait for this commit.</summary>
    public static Task WaitSideBySideAsync(Session session) => WaitAsync(session, "pg_advisory_xact_lock_shared");

    /// <summary>Waits until new terms may be kept; pricing waits for this commit.</summary>
    public static Task WaitAloneAsync(Session session) => WaitAsync(session, "pg_advisory_xact_lock");

    private static Task<int> WaitAsync(Session session, string how) =>
        session.ExecuteAsync($"select {how}(hashtextextended('invoicing terms/' || $1, 0))", session.HolderId);
}
