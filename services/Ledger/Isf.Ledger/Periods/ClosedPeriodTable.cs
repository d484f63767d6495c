using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Ledger.Periods;

/// <summary>Names the lock on a holder's periods, and reads the last closed day.</summary>
public static class ClosedPeriodTable
{
    /// <summary>
    /// The lock that keeps a holder's postings and closings apart. All postings share it (open_books takes it shared),
    /// and a closing holds it alone.
    /// </summary>
    public const string Lock = "periods";

    /// <summary>The last closed day; null before the first closing.</summary>
    public static async Task<LocalDate?> ClosedToAsync(Session session)
    {
        var last = await session.RowsAsync<LocalDate>(
            """
            select (data ->> 'to')::date from closedperiod_documents
            order by data ->> 'to' desc limit 1
            """);
        return last.Count == 0 ? null : last[0];
    }
}
