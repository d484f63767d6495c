using System.Globalization;
using Isf.Hosting;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Persistence;

/// <summary>
/// The approval of an adjustment or a reversal by another person than who proposed it, under the cause of its journal,
/// with the position of that journal. A proposal without one has posted nothing.
/// </summary>
public sealed record Approval(string Id, string FundId, string ApprovedBy, Instant ApprovedAt, long Position)
{
    /// <summary>The state of a proposal, as answers say it.</summary>
    public static string StateOf(long? position) => position is null ? "proposed" : "posted";

    /// <summary>The version of a proposal: 1, and 2 once it is approved.</summary>
    public static int VersionOf(Approval? approval) => approval is null ? 1 : 2;

    /// <summary>Gives an answer the version that the proposal has by now.</summary>
    public static void Tag(HttpContext http, Approval? approval)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ETag = $"\"{VersionOf(approval).ToString(CultureInfo.InvariantCulture)}\"";
    }
}
