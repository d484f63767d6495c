using Isf.Hosting.Messaging;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// The queries that read Reconciliation's copies of Funds' documents, for the comparison with Funds' own.
/// </summary>
internal static class CopyTable
{
    /// <summary>The kinds of document, each with the query that reads the fields that Reconciliation keeps.</summary>
    public static readonly IReadOnlyList<CopySource> All =
    [
        new("fund", """
            select id, id, null::int, jsonb_build_object('personId', data -> 'personId',
              'councilId', data -> 'councilId', 'kind', data -> 'kind', 'opensOn', data -> 'opensOn')::text
            from knownfund_documents where id = any($1)
            """),
        new("agreement", """
            select distinct on (fund_id) fund_id, fund_id, (data ->> 'version')::int, jsonb_build_object(
              'signedOn', data -> 'signedOn', 'spendOrder', data -> 'spendOrder',
              'contribution', data -> 'contribution')::text
            from knownagreement_documents where fund_id = any($1)
            order by fund_id, (data ->> 'version')::int desc
            """),
        new("budget", """
            select distinct on (fund_id, data ->> 'budgetId') fund_id, data ->> 'budgetId', (data ->> 'version')::int,
              jsonb_build_object('setOn', data -> 'setOn', 'from', data -> 'from', 'to', data -> 'to',
                'isfWeeklyPence', data -> 'isfWeeklyPence', 'sources', data -> 'sources')::text
            from knownbudget_documents where fund_id = any($1)
            order by fund_id, data ->> 'budgetId', (data ->> 'version')::int desc
            """),
        new("person", """
            select distinct on (person_id) '', person_id, (data ->> 'version')::int,
              jsonb_build_object('councilRef', data -> 'councilRef', 'nhsNumber', data -> 'nhsNumber')::text
            from knownperson_documents where person_id = any($1)
            order by person_id, (data ->> 'version')::int desc
            """, OfNoFund: true),
    ];
}
