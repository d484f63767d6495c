using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Ledger.Periods;

/// <summary>A holder's closed periods, as posting and closing need them.</summary>
public static class ClosedPeriodTable
{
    /// <summary>
    /// The lock that all postings of a holder share and a closing holds alone: open_books takes it shared.
    /// </summary>
    public const string Lock = "periods";

    /// <summary>The last closed day; null before the first closing.</summary>
    public static async Task<LocalDate?> ClosedToAsync(Session session)
    {
        var last = await session.RowsAsync(
            """
            select (data ->> 'to')::date from closedperiod_documents
            where holder_id = $1 order by data ->> 'to' desc limit 1
            """,
            row => row.GetFieldValue<LocalDate>(0), session.HolderId);
        return last.Count == 0 ? null : last[0];
    }
}
