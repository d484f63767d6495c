using Isf.Hosting.Data;
using Isf.Support.Delivery;
using Isf.Support.Domain;

namespace Isf.Support.Checks;

/// <summary>Finds care for which its price list may have no rate.</summary>
internal static class UnpricedTable
{
    /// <summary>
    /// The delivered visits among these whose service may have no rate, on one of their days or at all, in some version
    /// of their allocation's price list; and the price lists of their allocations. The query leaves out nearly all
    /// visits, so that their price lists are not read.
    /// </summary>
    public static async Task<(List<Visit> Visits, IReadOnlyDictionary<string, AgreedPrices> Prices)> FindAsync(
        Session session, string[] visitIds)
    {
        var ids = await session.RowsAsync<string>("""
            select asked.id from (select distinct id from unnest($1::text[]) id) asked, lateral (
              select allocation_id, service,
                daterange(care_on, greatest(care_on, (end_at at time zone 'Europe/London')::date), '[]') as days
              from visit
              where visit_id = asked.id and outcome = 'delivered' offset 0) v, lateral (
              select services, priced_days from agreedprices_documents p
              where p.id = v.allocation_id offset 0) prices
            where not prices.services @> array[v.service] or not prices.priced_days @> v.days
            """, visitIds);
        var visits = await new VisitTable(session).ByIdAsync([.. ids]);
        var prices = await session.LoadManyAsync<AgreedPrices>(
            [.. visits.Select(visit => visit.AllocationId).Distinct(StringComparer.Ordinal)]);
        return (visits, prices.ToDictionary(list => list.Id, StringComparer.Ordinal));
    }
}
