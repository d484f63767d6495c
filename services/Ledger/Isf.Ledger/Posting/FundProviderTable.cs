using Isf.Hosting.Data;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Posting;

/// <summary>Stores the providers of each fund's allocations, and finds the names that a fund's books know.</summary>
internal static class FundProviderTable
{
    /// <summary>Records, with the session's commit, that an allocation of the fund is with this provider.</summary>
    public static void Save(Session session, string fundId, string providerId) =>
        session.Queue(
            "insert into fund_providers (fund_id, provider_id) values ($1, $2) on conflict do nothing",
            fundId, providerId);

    /// <summary>
    /// The given names that the fund knows, each with its book: the fund's providers and allocations, and the names in
    /// its journals that were not posted by hand.
    /// </summary>
    public static async Task<HashSet<(Book Book, string? Name)>> ExistingAsync(
        Session session, string fundId, string[] names) =>
        (await session.RowsAsync(
            """
            select 1::smallint, provider_id from fund_providers
            where fund_id = $1 and provider_id = any($2)
            union
            select 2::smallint, promise_id from promises
            where fund_id = $1 and kind = 2 and promise_id = any($2)
            union
            select m.book, split_part(e.place, '/', 2) from moves m
            join journals j on j.fund_id = m.fund_id and j.holder_id = m.holder_id and j.position = m.position
            cross join lateral (values (m.from_place), (m.to_place)) e(place)
            where m.fund_id = $1 and j.kind not in ('adjustment', 'adjustment-reversed')
              and split_part(e.place, '/', 1) not in ('outside', 'held', 'budget')
              and split_part(e.place, '/', 2) = any($2)
            """,
            ((short Book, string Name) row) => (Book: (Book)row.Book, Name: (string?)row.Name),
            fundId, names)).ToHashSet();
}
