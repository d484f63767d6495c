using Isf.Hosting.Messaging;

namespace Isf.Invoicing.Copies;

/// <summary>The queries that read Invoicing's copies of Funds' documents.</summary>
internal static class CopyTable
{
    /// <summary>The kinds of document, each with the query that reads the fields that Invoicing keeps.</summary>
    public static readonly IReadOnlyList<CopySource> All =
    [
        new("fund", """
            select fund_id, fund_id, null::int, jsonb_build_object('nation', nation)::text
            from fund_nations where fund_id = any($1)
            """),
        new("allocation", """
            select distinct on (allocation_id) fund_id, allocation_id, version, jsonb_build_object('setOn', set_on,
              'providerId', provider_id, 'fundedBy', funded_by, 'claim', claim, 'priceList', price_list)::text
            from allocation_terms where fund_id = any($1)
            order by allocation_id, version desc
            """),
    ];
}
