using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Ledger.Periods;

/// <summary>
/// The sums of each fund's books at the end of each closed period. A closing is a sum of moves that is written once,
/// and later sums start from it (flows_at, drawn_at), so a balance stays a sum of moves. Checks rebuild each closing
/// from the moves and compare.
/// </summary>
public static class PeriodClosingTable
{
    private const int FundsAtOnce = 1000;

    // A fixed collation gives the same order in every database, so that two sums of the same moves are equal arrays.
    private const string Flows = """
        select coalesce(array_agg(book order by book, from_place collate "C", to_place collate "C", reversing), '{}'),
          coalesce(array_agg(from_place order by book, from_place collate "C", to_place collate "C", reversing), '{}'),
          coalesce(array_agg(to_place order by book, from_place collate "C", to_place collate "C", reversing), '{}'),
          coalesce(array_agg(reversing order by book, from_place collate "C", to_place collate "C", reversing), '{}'),
          coalesce(array_agg(amount order by book, from_place collate "C", to_place collate "C", reversing), '{}')
        """;

    private const string Drawn = """
        select coalesce(array_agg(care_on order by care_on), '{}'), coalesce(array_agg(pence order by care_on), '{}')
        """;

    private const string DrawnByMoves = """
        select m.care_on, sum(case when m.from_place = 'held/drawn' then m.amount else -m.amount end)::bigint as pence
        from moves m
        """;

    private const string IsDrawn = "m.book = 1 and 'held/drawn' in (m.from_place, m.to_place)";

    private const string Write = $"""
        insert into period_closings (fund_id, to_on, after_on, position, open_from,
          books, froms, tos, reversals, amounts, drawn_on, drawn)
        select h.fund_id, $2, $3::date, h.position,
          coalesce((select min(m.position) from moves m where m.fund_id = h.fund_id and m.holder_id = h.holder_id
            and m.position >= before.open_from and m.effective_on > $2), h.position + 1), f.*, d.*
        from heads h
        cross join lateral (select coalesce(max(c.open_from), 0) as open_from from period_closings c
          where c.fund_id = h.fund_id and c.holder_id = h.holder_id) before
        cross join lateral ({Flows} from (
          select book, from_place, to_place, reversing, sum(amount)::bigint as amount
          from flows_at(h.holder_id, h.fund_id, $2, h.position) group by 1, 2, 3, 4) sums) f
        cross join lateral ({Drawn} from ({DrawnByMoves}
          where m.fund_id = h.fund_id and m.holder_id = h.holder_id and m.position >= before.open_from
            and m.effective_on <= $2 and m.effective_on > coalesce($3::date, '-infinity') and {IsDrawn}
          group by 1) days) d
        where h.fund_id = any($1) and h.position > 0
        """;

    private const string Wrong = $"""
        select c.fund_id, c.to_on from period_closings c
        cross join lateral ({Flows} from (
          select m.book, m.from_place, m.to_place, m.reversing, sum(m.amount)::bigint as amount from moves m
          where m.fund_id = c.fund_id and m.holder_id = c.holder_id and m.effective_on <= c.to_on
          group by 1, 2, 3, 4) sums) f(books, froms, tos, reversals, amounts)
        cross join lateral ({Drawn} from ({DrawnByMoves}
          where m.fund_id = c.fund_id and m.holder_id = c.holder_id and m.effective_on <= c.to_on and {IsDrawn}
          group by 1) days) d(days, pence)
        cross join lateral ({Drawn} from (
          select u.care_on, sum(u.pence)::bigint as pence from period_closings p, unnest(p.drawn_on, p.drawn)
            u(care_on, pence)
          where p.fund_id = c.fund_id and p.holder_id = c.holder_id and p.to_on <= c.to_on group by 1) kept)
          k(days, pence)
        where c.fund_id = any($1) and ($2 or c.to_on = (select max(l.to_on) from period_closings l
            where l.fund_id = c.fund_id and l.holder_id = c.holder_id))
          and ((c.books, c.froms, c.tos, c.reversals, c.amounts) is distinct from
              (f.books, f.froms, f.tos, f.reversals, f.amounts)
            or (k.days, k.pence) is distinct from (d.days, d.pence)
            or exists (select 1 from moves m where m.fund_id = c.fund_id and m.holder_id = c.holder_id
              and m.position < c.open_from and m.effective_on > c.to_on))
        order by c.fund_id, c.to_on
        """;

    /// <summary>
    /// Writes the closings of all funds of the holder, in the transaction that closes the period and holds the lock on
    /// the holder's periods.
    /// </summary>
    public static async Task WriteAsync(Session session, LocalDate to, LocalDate? after)
    {
        var funds = await session.RowsAsync<string>(
            "select fund_id from heads where position > 0 order by fund_id");
        foreach (var some in funds.Chunk(FundsAtOnce))
            await session.ExecuteAsync(Write, some, to, after);
    }

    /// <summary>
    /// The closings of the given funds that differ from the sums rebuilt from a fund's first move. If <paramref
    /// name="all"/> is false, only the last closing of each fund is checked.
    /// </summary>
    public static Task<List<(string FundId, LocalDate To)>> WrongAsync(Session session, string[] funds, bool all)
    {
        return session.RowsAsync<(string, LocalDate)>(
            Wrong, funds, all);
    }
}
