using Isf.Hosting.Http;
using Isf.Hosting.Messaging;

namespace Isf.Ledger.Copies;

/// <summary>
/// The queries that read the Ledger's copies of Funds' documents. Budgets and allocations have no copies of their own
/// and are read from the posted promises.
/// </summary>
internal static class CopyTable
{
    /// <summary>Each kind of document, with the fields that the Ledger keeps of it.</summary>
    public static readonly IReadOnlyList<CopySource> All =
    [
        new("fund", """
            select fund_id, fund_id, null::int,
              jsonb_build_object('personId', person_id, 'councilId', council_id)::text
            from funds where fund_id = any($1)
            """),
        new("agreement", """
            select distinct on (fund_id) fund_id, fund_id, version, jsonb_build_object('signedOn', signed_on,
              'spendOrder', spend_order, 'contribution', contribution)::text
            from agreements where fund_id = any($1)
            order by fund_id, version desc
            """),
        new("closure", """
            select fund_id, fund_id, null::int, (said - '{holderId,fundId,version}'::text[])::text
            from closures where fund_id = any($1)
            """),
        new("budget", """
            select distinct on (fund_id, promise_id) fund_id, promise_id, version, jsonb_build_object(
              'setOn', terms -> 'setOn', 'from', terms -> 'from', 'to', terms -> 'to',
              'isfWeeklyPence', terms #> '{weekly,pence}',
              'sources', (select jsonb_agg(jsonb_build_object('source', share -> 'about',
                  'weeklyPence', share #> '{amount,pence}') order by n)
                from jsonb_array_elements(terms -> 'shares') with ordinality shares(share, n)),
              'oneOffPence', coalesce((select jsonb_agg(jsonb_build_object('source', once -> 'about',
                  'pence', once #> '{amount,pence}') order by n)
                from jsonb_array_elements(terms -> 'oneOff') with ordinality onces(once, n)), '[]'))::text
            from promises where fund_id = any($1) and kind = 1
            order by fund_id, promise_id, version desc
            """),
        new("consent", Consents.Copies),
        new("allocation", """
            select distinct on (fund_id, promise_id) fund_id, promise_id, version, jsonb_build_object(
              'setOn', terms -> 'setOn', 'from', terms -> 'from', 'to', terms -> 'to',
              'weeklyPence', nullif(terms #> '{weekly,pence}', '0'),
              'totalPence', terms #> '{oneOff,0,amount,pence}')::text
            from promises where fund_id = any($1) and kind = 2
            order by fund_id, promise_id, version desc
            """),
        new("person", """
            select '', id, null::int, jsonb_build_object('salt', data -> 'salt')::text
            from personsalt_documents where id = any($1)
            """, OfNoFund: true),
        new("holder", """
            select '', id, (data ->> 'version')::int,
              jsonb_build_object('periodsEvery', data -> 'every', 'periodsFirstOn', data -> 'firstOn')::text
            from periodcalendar_documents where id = any($1)
            """, OfNoFund: true),
    ];
}
