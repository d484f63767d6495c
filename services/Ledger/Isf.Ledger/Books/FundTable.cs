using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Ledger.Books;

/// <summary>
/// Stores the person, the council and the first day of each fund. A fund is stored when it opens, before its books
/// exist.
/// </summary>
internal static class FundTable
{
    /// <summary>The fund's person and council; null if the fund is not known.</summary>
    public static async Task<(string Person, string Council)?> OwnersAsync(Session session, string fundId)
    {
        var found = await session.RowsAsync<(string, string)>(
            "select person_id, council_id from funds where fund_id = $1",
            fundId);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Whether the fund is known, with or without books.</summary>
    public static async Task<bool> IsKnownAsync(Session session, string fundId)
    {
        var found = await session.RowsAsync<int>(
            "select 1 from funds where fund_id = $1",
            fundId);
        return found.Count > 0;
    }

    /// <summary>Adds a fund with the session's commit.</summary>
    public static void Add(Session session, string fundId, string personId, string councilId, LocalDate? opensOn) =>
        session.Queue(
            "insert into funds (fund_id, person_id, council_id, opens_on) values ($1, $2, $3, $4)",
            fundId, personId, councilId, opensOn);
}
