using System.Security.Cryptography;
using System.Text;
using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// One version of an allocation's terms as it is stored, with the hash of its price list instead of the list.
/// </summary>
internal sealed record TermsRow
{
    public required string AllocationId { get; init; }
    public required int Version { get; init; }
    public required LocalDate SetOn { get; init; }
    public required string ProviderId { get; init; }
    public required FundingShare[]? FundedBy { get; init; }
    public required string Claim { get; init; }
    public required string ListHash { get; init; }
    public required string FundId { get; init; }
    /// <summary>The nation of the fund's person; null if the fund is not known yet.</summary>
    public required string? Nation { get; init; }

    /// <summary>The holidays of the nation; null if the fund, and so its nation, is not known yet.</summary>
    public HolidayCalendar? Calendar => PublicHolidays.CalendarOf(Nation);

    /// <summary>The key of the compiled price list; throws if the fund, and so its nation, is not known.</summary>
    public (string Hash, HolidayCalendar Nation) ListKey => (ListHash, Calendar!.Value);

    /// <summary>The terms, with their compiled price list, which is looked up in <paramref name="lists"/>.</summary>
    public TermsCopy With(Dictionary<(string, HolidayCalendar), CompiledPriceList> lists) => new()
    {
        AllocationId = AllocationId,
        Version = Version,
        SetOn = SetOn,
        FundId = FundId,
        ProviderId = ProviderId,
        FundedBy = FundedBy,
        Claim = Claim,
        Nation = Calendar!.Value,
        List = lists[ListKey],
    };
}

/// <summary>
/// The table of all versions of the terms of allocations, the table of the nation of each fund's person, and a lock on
/// both. If new terms arrived between the reading of terms and the commit of the prices made by them, a visit would
/// keep a price that no later message corrects. So pricing runs share the lock, and new terms hold it alone.
/// </summary>
internal static class TermsTable
{
    /// <summary>
    /// Takes the shared lock. Other messages may price visits at the same time; new terms wait for this commit.
    /// </summary>
    public static Task WaitSideBySideAsync(Session session) => WaitAsync(session, "pg_advisory_xact_lock_shared");

    /// <summary>Takes the lock alone. All pricing waits for this commit.</summary>
    public static Task WaitAloneAsync(Session session) => WaitAsync(session, "pg_advisory_xact_lock");

    private static Task<int> WaitAsync(Session session, string how) =>
        session.ExecuteAsync($"select {how}(hashtextextended('invoicing terms/' || current_setting('isf.holder'), 0))");

    /// <summary>Whether this version of an allocation's terms is stored.</summary>
    public static async Task<bool> IsKnownAsync(Session session, string allocationId, int version)
    {
        var found = await session.RowsAsync<int>(
            "select 1 from allocation_terms where allocation_id = $1 and version = $2",
            allocationId, version);
        return found.Count > 0;
    }

    /// <summary>
    /// Stores one version of terms immediately, with the hash of its price list, so that reads in the same transaction
    /// find it.
    /// </summary>
    public static Task<int> AddAsync(Session session, AllocationTerms terms)
    {
        var list = Json.From(terms.PriceList);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.Text)));
        return session.ExecuteAsync("""
            insert into allocation_terms (allocation_id, version, set_on, fund_id, provider_id, funded_by,
                claim, list_hash, price_list)
            values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)
            """, terms.AllocationId, terms.Version, terms.SetOn, terms.FundId, terms.ProviderId,
            terms.FundedBy is null ? null : Json.From(terms.FundedBy), terms.Claim, hash, list);
    }

    /// <summary>Stores the nation of a fund's person with the next commit; a nation stored before stays.</summary>
    public static void SaveNation(Session session, string fundId, string nation) =>
        session.Queue(
            "insert into fund_nations (fund_id, nation) values ($1, $2) on conflict do nothing",
            fundId, nation);

    /// <summary>
    /// Every version of the terms of the allocations, in order of allocation and version.
    /// </summary>
    public static Task<List<TermsRow>> ReadAsync(Session session, IReadOnlyCollection<string> allocationIds) =>
        session.RowsAsync<TermsRow>("""
            select t.allocation_id, t.version, t.set_on, t.provider_id, t.funded_by, t.claim, t.list_hash, t.fund_id,
              f.nation
            from allocation_terms t left join fund_nations f on f.holder_id = t.holder_id and f.fund_id = t.fund_id
            where t.allocation_id = any($1) order by t.allocation_id, t.version
            """, allocationIds);

    /// <summary>The price lists with these hashes, by hash.</summary>
    public static async Task<Dictionary<string, PriceList>> ListsAsync(Session session, string[] hashes)
    {
        var read = await session.RowsAsync<(string Hash, PriceList List)>("""
            select distinct on (list_hash) list_hash, price_list from allocation_terms
            where list_hash = any($1)
            """, hashes);
        return read.ToDictionary(row => row.Hash, row => row.List);
    }
}
