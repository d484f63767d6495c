using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// One complete set of a holder's stated books. Arrival is the set's number in the order in which the sets arrived.
/// </summary>
public sealed record BooksStatement(string StatingId, Instant StatedAt, LocalDate UpTo, long Arrival);

/// <summary>A stated fund, and how many of its journals have arrived.</summary>
/// <param name="FundId">The fund.</param>
/// <param name="Position">The stated position.</param>
/// <param name="HasArrived">Whether every journal up to that position has ever arrived.</param>
/// <param name="Journals">The number of journals of the fund that have ever arrived.</param>
/// <param name="LongDue">
/// Whether a statement of more than half a day ago counts journals of the fund that have not arrived.
/// </param>
public sealed record StatedFundRow(string FundId, long Position, bool HasArrived, long Journals, bool LongDue);

/// <summary>
/// The tables of the Ledger's stated books, which arrive in parts. They are read together with the number of journals
/// that have arrived.
/// </summary>
public static class StatedBooksTable
{
    private static readonly Duration LateAfter = Duration.FromHours(12);

    // A journal recorded this long before the books were stated must be in them, because no posting takes that long to
    // commit.
    private static readonly Duration CommitsWithin = Duration.FromMinutes(5);

    /// <summary>Stores one part of a set of stated books; a part stored before stays as it is.</summary>
    internal static void Save(Session session, BooksStated message)
    {
        session.Queue("""
            insert into statings (stating_id, stated_at, up_to, parts) values ($1, $2, $3, $4)
            on conflict do nothing
            """, message.StatingId, message.StatedAt, message.UpTo, message.Parts);
        session.Queue("""
            insert into stated_parts (stating_id, part) values ($1, $2) on conflict do nothing
            """, message.StatingId, message.Part);
        var funds = new RowColumns<StatedFund>(message.Funds)
            .Add("fund_id", fund => fund.FundId)
            .Add("stating_id", _ => message.StatingId)
            .Add("position", fund => fund.Position)
            .Add("hash", fund => fund.Hash)
            .Add("balances", AccountsOf);
        session.Queue(funds.InsertInto("stated_funds", "on conflict do nothing"), funds.Values);
    }

    /// <summary>The latest complete set of stated books; null if none is complete.</summary>
    public static async Task<BooksStatement?> LatestAsync(Session session)
    {
        var found = await session.RowsAsync<BooksStatement>("""
            select s.stating_id, s.stated_at, s.up_to, s.arrived as arrival from statings s
            where s.parts =
              (select count(*) from stated_parts p where p.holder_id = s.holder_id and p.stating_id = s.stating_id)
            order by s.stated_at desc, s.arrived desc limit 1
            """);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The funds of the given set of stated books, in order of id.</summary>
    public static Task<List<StatedFundRow>> FundsAsync(Session session, BooksStatement statement, Instant now)
    {
        return session.RowsAsync<StatedFundRow>("""
            select f.fund_id, f.position,
              f.position = 0 or coalesce(a.highest >= f.position and a.kept = a.highest, false)
                or (select count(*) from journals j where j.holder_id = f.holder_id and j.fund_id = f.fund_id
                    and j.position <= f.position) = f.position as has_arrived,
              coalesce(a.kept, 0) as journals,
              exists (select 1 from stated_funds o join statings s using (holder_id, stating_id)
                where o.holder_id = f.holder_id and o.fund_id = f.fund_id and o.position > coalesce(a.kept, 0)
                  and s.stated_at < $2) as long_due
            from stated_funds f left join arrivals a using (holder_id, fund_id)
            where f.stating_id = $1 order by f.fund_id
            """,
            statement.StatingId, now - LateAfter);
    }

    /// <summary>
    /// The copied funds that the stated books omit, each with its highest position in the copy. A fund is returned only
    /// if a journal of it was recorded well before the books were stated, or if earlier books state the fund.
    /// </summary>
    public static Task<List<(string FundId, long Position)>> NotStatedAsync(Session session, BooksStatement statement)
    {
        return session.RowsAsync<(string, long)>("""
            select a.fund_id, a.highest from arrivals a
            where not exists (select 1 from stated_funds f
                where f.stating_id = $1 and f.fund_id = a.fund_id)
              and (exists (select 1 from journals j
                  where j.fund_id = a.fund_id and j.recorded_at < $2)
                or exists (select 1 from stated_funds o join statings s using (holder_id, stating_id)
                  where o.fund_id = a.fund_id and s.arrived < $3))
            order by a.fund_id
            """,
            statement.StatingId, statement.StatedAt - CommitsWithin, statement.Arrival);
    }

    /// <summary>
    /// The stated books of some funds, each with the highest positions of the fund that are known from elsewhere.
    /// </summary>
    public static async Task<List<(StatedBooks Books, EarlierPositions Before)>> StatedAsync(
        Session session, BooksStatement statement, string[] funds)
    {
        return await session.RowsAsync("""
            select f.fund_id, f.position, f.hash, f.balances,
              coalesce((select max(o.position) from stated_funds o join statings s using (holder_id, stating_id)
                where o.holder_id = f.holder_id and o.fund_id = f.fund_id and s.arrived < $3 and s.stated_at <= $5), 0),
              coalesce((select max(j.position) from journals j
                where j.holder_id = f.holder_id and j.fund_id = f.fund_id and j.position > f.position
                  and j.recorded_at < $4), 0)
            from stated_funds f where f.stating_id = $1 and f.fund_id = any($2) order by f.fund_id
            """,
            ((string FundId, long Position, string Hash, List<StatedAccount> Balances, long Stated, long Posted) row) =>
                (new StatedBooks(row.FundId, row.Position, row.Hash, statement.UpTo, row.Balances),
                new EarlierPositions(row.Stated, row.Posted)),
            statement.StatingId, funds, statement.Arrival, statement.StatedAt - CommitsWithin,
            statement.StatedAt);
    }

    private static List<StatedAccount> AccountsOf(StatedFund fund) =>
        [.. fund.Balances.Select(balance => new StatedAccount(balance.Book, balance.Place, balance.Amount))];
}
