using System.Collections.Concurrent;
using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Invoicing.Features;
using Isf.Invoicing.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Persistence;

/// <summary>One version of an allocation's terms, with its price list made ready.</summary>
internal sealed record KeptTerms(
    string AllocationId,
    int Version,
    LocalDate SetOn,
    string FundId,
    string ProviderId,
    IReadOnlyList<FundingShare>? FundedBy,
    string Claim,
    CompiledPriceList List);

/// <summary>
/// The terms of some allocations, so that each visit finds those in force for it. Version n replaces n − 1 from the day
/// it was set, and before that for what a rate prices that itself says from when it holds: so a rise agreed late is
/// back-dated, and a list that says nothing of days is not. The first version counts from ever, as an allocation is
/// often written down after the care has begun.
/// </summary>
internal sealed class TermsInForce
{
    private const int ListsMost = 20_000;

    // A price list says all that it means, so the same words may serve any holder: the key is their hash.
    private static readonly ConcurrentDictionary<(string Hash, HolidayCalendar), CompiledPriceList> Lists = new();

    private readonly Dictionary<string, KeptTerms[]> _terms;

    private TermsInForce(Dictionary<string, KeptTerms[]> terms) => _terms = terms;

    /// <summary>The terms in force for a visit, or nothing where the allocation is not known.</summary>
    public KeptTerms? For(VisitFacts visit)
    {
        if (!_terms.TryGetValue(visit.AllocationId, out var versions))
        {
            return null;
        }
        return Array.FindLast(versions, terms => terms.SetOn <= visit.CareOn || IsBackDatedTo(terms, visit))
            ?? versions[0];
    }

    /// <summary>The last version of an allocation's terms.</summary>
    public KeptTerms Latest(string allocationId) => _terms[allocationId][^1];

    /// <summary>Whether an allocation's visits can come to another price together than one by one.</summary>
    public bool SettlesLater(string allocationId) =>
        Array.Exists(_terms.GetValueOrDefault(allocationId, []), terms => terms.List.SettlesLater);

    /// <summary>One version of an allocation's terms.</summary>
    public KeptTerms? OfVersion(string allocationId, int version) =>
        Array.Find(_terms.GetValueOrDefault(allocationId, []), terms => terms.Version == version);

    /// <summary>The first day on which terms can count: when they were set, or back-dated to by a rate.</summary>
    public static LocalDate FirstDay(LocalDate setOn, PriceList list) =>
        list.Rates.Select(rate => rate.From ?? setOn).Append(setOn).Min();

    private static bool IsBackDatedTo(KeptTerms terms, VisitFacts visit) =>
        terms.List.RateAt(visit.Asked)?.From <= visit.CareOn;

    /// <summary>
    /// Reads every version of these allocations' terms. What is not known yet, an allocation or its fund, is named by
    /// the key that is waited for.
    /// </summary>
    public static async Task<(TermsInForce Terms, string? WaitsFor)> ReadAsync(
        Session session, IReadOnlyCollection<string> allocationIds)
    {
        var rows = await session.RowsAsync("""
            select t.allocation_id, t.version, t.set_on, t.provider_id, t.funded_by::text, t.claim, t.list_hash,
                   t.fund_id, f.nation
            from allocation_terms t left join fund_nations f on f.holder_id = t.holder_id and f.fund_id = t.fund_id
            where t.holder_id = $1 and t.allocation_id = any($2) order by t.allocation_id, t.version
            """, reader => new Row(
                reader.GetString(0), reader.GetInt32(1), reader.GetLocalDate(2), reader.GetString(3),
                reader.GetStringOrNull(4), reader.GetString(5), reader.GetString(6), reader.GetString(7),
                PublicHolidays.CalendarOf(reader.GetStringOrNull(8))),
            session.HolderId, allocationIds);
        var lists = await ListsAsync(session, rows);
        var terms = rows.Where(row => row.Nation is not null).GroupBy(row => row.AllocationId)
            .ToDictionary(versions => versions.Key, versions => versions.Select(row => row.With(lists)).ToArray());
        var waitsFor = rows.Find(row => row.Nation is null) is { } early ? KeepFunds.Key(early.FundId)
            : allocationIds.FirstOrDefault(id => !terms.ContainsKey(id)) is { } unknown ? KeepAllocations.Key(unknown)
            : null;
        return (new TermsInForce(terms), waitsFor);
    }

    /// <summary>
    /// The ready price lists of the rows: most were made ready before, the others are read and made now.
    /// </summary>
    private static async Task<Dictionary<(string, HolidayCalendar), CompiledPriceList>> ListsAsync(
        Session session, List<Row> rows)
    {
        var wanted = rows.Where(row => row.Nation is not null).Select(row => row.ListKey).Distinct().ToArray();
        var ready = new Dictionary<(string, HolidayCalendar), CompiledPriceList>(wanted.Length);
        foreach (var key in wanted)
        {
            if (Lists.TryGetValue(key, out var list))
            {
                ready[key] = list;
            }
        }
        var missing = wanted.Where(key => !ready.ContainsKey(key)).ToArray();
        if (missing.Length == 0)
        {
            return ready;
        }
        var read = await session.RowsAsync("""
            select distinct on (list_hash) list_hash, price_list::text from allocation_terms
            where holder_id = $1 and list_hash = any($2)
            """, reader => (Hash: reader.GetString(0), List: IsfJson.Read<PriceList>(reader.GetString(1))),
            session.HolderId, missing.Select(key => key.Hash).Distinct().ToArray());
        var byHash = read.ToDictionary(row => row.Hash, row => row.List);
        if (Lists.Count > ListsMost)
        {
            Lists.Clear();
        }
        foreach (var key in missing)
        {
            ready[key] = Lists[key] = CompiledPriceList.Of(byHash[key.Hash], key.Nation);
        }
        return ready;
    }

    private sealed record Row(
        string AllocationId,
        int Version,
        LocalDate SetOn,
        string ProviderId,
        string? FundedBy,
        string Claim,
        string ListHash,
        string FundId,
        HolidayCalendar? Nation)
    {
        public (string Hash, HolidayCalendar Nation) ListKey => (ListHash, Nation!.Value);

        public KeptTerms With(Dictionary<(string, HolidayCalendar), CompiledPriceList> lists) => new(
            AllocationId, Version, SetOn, FundId, ProviderId,
            FundedBy is null ? null : IsfJson.Read<FundingShare[]>(FundedBy), Claim, lists[ListKey]);
    }
}
