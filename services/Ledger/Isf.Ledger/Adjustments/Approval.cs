using Isf.Hosting.Http;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Adjustments;

/// <summary>
/// The approval of an adjustment or a reversal by another person than its proposer. It has the id of the proposal
/// (adjustment/A-1, reversal/R-1) and the position of the posted journal. A proposal without an approval has posted
/// nothing, unless it is from before approvals were needed.
/// </summary>
public sealed record Approval(string Id, string FundId, string ApprovedBy, Instant ApprovedAt, long Position)
{
    /// <summary>The state of a proposal, in the words of api.md: proposed or posted.</summary>
    public static string StateOf(long? position) => position is null ? "proposed" : "posted";

    /// <summary>The version of a proposal: 1, and 2 once it is approved.</summary>
    public static int VersionOf(Approval? approval) => approval is null ? 1 : 2;

    /// <summary>Sets the ETag of an answer to the proposal's current version.</summary>
    public static void Tag(HttpContext http, Approval? approval)
    {
        http.Response.Headers.ETag = IfMatch.Tag(VersionOf(approval));
    }
}
