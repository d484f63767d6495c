using Isf.Hosting.Data;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Books;

/// <summary>
/// One move, in pence, of a journal that attributes spending to a source. The journal's cause is the subject of the
/// attribution and the number of the part: agreement/v2/1.
/// </summary>
internal sealed record AttributedMove(
    long Position, string Cause, LocalDate On, string From, string To, long Pence)
{
    /// <summary>The subject of the attribution, without the number of its part.</summary>
    public string About => Cause[..Cause.LastIndexOf('/')];
}

/// <summary>Reads sums of a fund's moves, from which the consequences of a posting are worked out.</summary>
internal static class MoveTable
{
    /// <summary>
    /// The pence used of an allocation, over all days; journals that this transaction has written are included.
    /// </summary>
    public static async Task<long> UsedAsync(Session session, string fundId, string allocationId) =>
        (await session.RowsAsync<long>(
            """
            select coalesce(sum(case when to_place = $2 then amount else -amount end), 0)::bigint from moves
            where fund_id = $1 and book = 2 and $2 in (from_place, to_place)
            """,
            fundId, Account.Used(allocationId).Path))[0];

    /// <summary>
    /// The money that moved into or out of held accounts, effective up to a day and as known at a position. Moves that
    /// attribute spending to sources are left out.
    /// </summary>
    public static Task<List<HeldSum>> HeldSumsAsync(
        Session session, string fundId, LocalDate effectiveOn, long position) =>
        session.RowsAsync(
            """
            select effective_on, care_on, from_place, to_place, sum(amount)::bigint from moves m
            where fund_id = $1 and position <= $2 and effective_on <= $3 and book = 1
              and (from_place like 'held/%' or to_place like 'held/%')
              and not (from_place like 'held/%' and to_place like 'held/%' and exists (
                select from journals j where j.fund_id = m.fund_id and j.holder_id = m.holder_id
                  and j.position = m.position and j.kind = 'laid'))
            group by 1, 2, 3, 4
            """,
            ((LocalDate EffectiveOn, LocalDate CareOn, string From, string To, long Pence) row) => new HeldSum(
                row.EffectiveOn, row.CareOn, Account.Parse(Book.Money, row.From), Account.Parse(Book.Money, row.To),
                row.Pence),
            fundId, position, effectiveOn);

    /// <summary>
    /// The minutes that a closed fund must take back, each with the day on which they end. Planned minutes of a day
    /// after the fund's last day end on that day. Banked minutes end on the day that they are about, but not before
    /// the fund's last day. The closing of the last week counts on a Sunday, perhaps after the fund's last day, so its
    /// moves of planned minutes are left out.
    /// </summary>
    public static Task<List<(LocalDate On, HoursEnd End)>> HoursLeftAsync(
        Session session, string fundId, LocalDate closedOn) =>
        session.RowsAsync(
            """
            select greatest(care_on, $2), place, sum(amount)::bigint from (
              select position, care_on, to_place as place, amount from moves
              where fund_id = $1 and book = 3
              union all
              select position, care_on, from_place, -amount from moves
              where fund_id = $1 and book = 3) ends
            where place like 'banked/%' or (place like 'planned/%' and care_on > $2 and not exists (
              select from journals j where j.fund_id = $1 and j.position = ends.position
                and j.kind = 'week-closed'))
            group by 1, 2 having sum(amount) <> 0 order by 1, 2
            """,
            ((LocalDate On, string Place, long Minutes) row) =>
                (row.On, new HoursEnd(Account.Parse(Book.Time, row.Place), row.Minutes)),
            fundId, closedOn);

    /// <summary>The moves of all journals that attribute the fund's spending to sources.</summary>
    public static Task<List<AttributedMove>> AttributedAsync(Session session, string fundId) =>
        session.RowsAsync<AttributedMove>(
            """
            select j.position, j.cause_id as cause, coalesce(j.care_on, j.effective_on) as "on", m.from_place as "from",
              m.to_place as "to", m.amount as pence
            from journals j join moves m
              on m.fund_id = j.fund_id and m.holder_id = j.holder_id and m.position = j.position
            where j.fund_id = $1 and j.kind = 'laid'
            """,
            fundId);
}
