using System.Globalization;
using System.Text;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Domain;
using NodaTime;
using Npgsql;

namespace Isf.Reconciliation.Copies;

/// <summary>One complete set of a holder's stated books.</summary>
public sealed record Stating(string StatingId, Instant StatedAt, LocalDate UpTo, long Arrived);

/// <summary>A stated fund, and how many of its journals have arrived.</summary>
/// <param name="FundId">The fund.</param>
/// <param name="Position">The stated position.</param>
/// <param name="Arrived">Whether every journal up to that position has ever arrived.</param>
/// <param name="Kept">How many journals of the fund have ever arrived.</param>
/// <param name="LongDue">Whether missing journals were stated more than half a day ago.</param>
public sealed record StatedFundRow(string FundId, long Position, bool Arrived, long Kept, bool LongDue);

/// <summary>Reads Reconciliation's copy of the journals, and the Ledger's stated books.</summary>
public static class CopiedBooksTable
{
    private static readonly Duration LateAfter = Duration.FromHours(12);

    // A journal recorded this long before the books were stated must be in them: no posting takes that long to commit.
    private static readonly Duration CommitsWithin = Duration.FromMinutes(5);

    /// <summary>The latest complete set of stated books, or null.</summary>
    public static async Task<Stating?> LatestStatingAsync(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var found = await session.RowsAsync("""
            select s.stating_id, s.stated_at, s.up_to, s.arrived from statings s
            where s.holder_id = $1 and s.parts =
              (select count(*) from stated_parts p where p.holder_id = s.holder_id and p.stating_id = s.stating_id)
            order by s.stated_at desc, s.arrived desc limit 1
            """,
            row => new Stating(
                row.GetString(0), row.GetFieldValue<Instant>(1), row.GetFieldValue<LocalDate>(2), row.GetInt64(3)),
            session.HolderId);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The funds of the stated books, in order.</summary>
    public static Task<List<StatedFundRow>> FundsAsync(Session session, Stating stating, Instant now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(stating);
        return session.RowsAsync("""
            select f.fund_id, f.position,
              f.position = 0 or coalesce(a.highest >= f.position and a.kept = a.highest, false)
                or (select count(*) from journals j where j.holder_id = f.holder_id and j.fund_id = f.fund_id
                    and j.position <= f.position) = f.position,
              coalesce(a.kept, 0),
              exists (select 1 from stated_funds o join statings s using (holder_id, stating_id)
                where o.holder_id = f.holder_id and o.fund_id = f.fund_id and o.position > coalesce(a.kept, 0)
                  and s.stated_at < $3)
            from stated_funds f left join arrivals a using (holder_id, fund_id)
            where f.holder_id = $1 and f.stating_id = $2 order by f.fund_id
            """, row => new StatedFundRow(
                row.GetString(0), row.GetInt64(1), row.GetBoolean(2), row.GetInt64(3), row.GetBoolean(4)),
            session.HolderId, stating.StatingId, now - LateAfter);
    }

    /// <summary>
    /// Funds with journals from well before the stated books that these omit; with the last position of each.
    /// </summary>
    public static Task<List<(string FundId, long Position)>> NotStatedAsync(Session session, Stating stating)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(stating);
        return session.RowsAsync("""
            select a.fund_id, a.highest from arrivals a
            where a.holder_id = $1
              and not exists (select 1 from stated_funds f
                where f.holder_id = $1 and f.stating_id = $2 and f.fund_id = a.fund_id)
              and (exists (select 1 from journals j
                  where j.holder_id = $1 and j.fund_id = a.fund_id and j.recorded_at < $3)
                or exists (select 1 from stated_funds o join statings s using (holder_id, stating_id)
                  where o.holder_id = $1 and o.fund_id = a.fund_id and s.arrived < $4))
            order by a.fund_id
            """, row => (row.GetString(0), row.GetInt64(1)),
            session.HolderId, stating.StatingId, stating.StatedAt - CommitsWithin, stating.Arrived);
    }

    /// <summary>The stated books of some funds, with the facts known of each before them.</summary>
    public static async Task<List<(StatedBooks Books, EarlierPositions Before)>> StatedAsync(
        Session session, Stating stating, string[] funds)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(stating);
        return await session.RowsAsync("""
            select f.fund_id, f.position, f.hash, f.balances::text,
              coalesce((select max(o.position) from stated_funds o join statings s using (holder_id, stating_id)
                where o.holder_id = f.holder_id and o.fund_id = f.fund_id and s.arrived < $4 and s.stated_at <= $6), 0),
              coalesce((select max(j.position) from journals j
                where j.holder_id = f.holder_id and j.fund_id = f.fund_id and j.position > f.position
                  and j.recorded_at < $5), 0)
            from stated_funds f where f.holder_id = $1 and f.stating_id = $2 and f.fund_id = any($3) order by f.fund_id
            """, row => (
                new StatedBooks(row.GetString(0), row.GetInt64(1), row.GetString(2), stating.UpTo,
                    IsfJson.Read<List<StatedAccount>>(row.GetString(3))),
                new EarlierPositions(row.GetInt64(4), row.GetInt64(5))),
            session.HolderId, stating.StatingId, funds, stating.Arrived, stating.StatedAt - CommitsWithin,
            stating.StatedAt);
    }

    /// <summary>The copied journals of some funds, in order of fund and position.</summary>
    public static async Task<ILookup<string, CopiedJournal>> JournalsAsync(Session session, string[] funds)
    {
        ArgumentNullException.ThrowIfNull(session);
        var journals = await session.RowsAsync("""
            select fund_id, position, journal_id, kind, effective_on, care_on, recorded_at, cause_message, cause_id,
              reverses, person_minutes, hash, moves, commitment
            from journals where holder_id = $1 and fund_id = any($2) order by fund_id, position
            """, row => JournalAt(row, session.HolderId), session.HolderId, funds);
        return journals.ToLookup(journal => journal.FundId);
    }

    /// <summary>Those of the funds with a missing journal below their highest position.</summary>
    public static Task<List<string>> WithGapsAsync(Session session, string[] funds)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.RowsAsync(
            """
            select fund_id from arrivals where holder_id = $1 and fund_id = any($2) and kept < highest order by fund_id
            """, row => row.GetString(0), session.HolderId, funds);
    }

    private static CopiedJournal JournalAt(NpgsqlDataReader row, string holderId) => new()
    {
        HolderId = holderId,
        FundId = row.GetString(0),
        Position = row.GetInt64(1),
        JournalId = row.GetGuid(2),
        Kind = row.GetString(3),
        EffectiveOn = row.GetFieldValue<LocalDate>(4),
        CareOn = row.GetFieldValue<LocalDate?>(5),
        RecordedAt = row.GetFieldValue<Instant>(6),
        CauseMessage = row.GetString(7),
        CauseId = row.GetString(8),
        Reverses = row.IsDBNull(9) ? null : row.GetGuid(9),
        PersonMinutes = row.IsDBNull(10) ? null : row.GetInt64(10),
        Hash = row.GetString(11),
        Moves = MovesFromText(row.GetString(12)),
        Commitment = row.GetStringOrNull(13),
    };

    /// <summary>Moves as stored: a line for each, "book from to amount". No place holds a space.</summary>
    public static string MovesAsText(IReadOnlyList<PostedMove> moves)
    {
        ArgumentNullException.ThrowIfNull(moves);
        var text = new StringBuilder();
        foreach (var move in moves)
            text.Append(CultureInfo.InvariantCulture, $"{move.Book} {move.From} {move.To} {move.Amount}\n");
        return text.ToString();
    }

    // An unparsable move becomes a zero move in an unknown book, so that the checks report it.
    private static CopiedMove[] MovesFromText(string text) =>
        Array.ConvertAll(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            line.Split(' ') is [var book, var from, var to, var amount]
            && long.TryParse(amount, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minor)
                ? new CopiedMove(book, from, to, minor) : new CopiedMove(line, "", "", 0));
}
