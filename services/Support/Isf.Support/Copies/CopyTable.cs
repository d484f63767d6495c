using Isf.Hosting.Http;
using Isf.Hosting.Messaging;

namespace Isf.Support.Copies;

/// <summary>Reads Support's copies of Funds' documents, so that they can be compared with the originals.</summary>
internal static class CopyTable
{
    /// <summary>A query for each kind of document, which reads the fields that Support keeps of it.</summary>
    public static readonly IReadOnlyList<CopySource> All =
    [
        new("fund", """
            select id, id, null::int, jsonb_build_object('personId', data -> 'personId',
              'councilId', data -> 'councilId', 'opensOn', data -> 'opensOn')::text
            from fund_documents where id = any($1)
            """),
        new("closure", """
            select id, id, null::int,
              jsonb_build_object('on', data #> '{end,on}', 'at', data #> '{end,at}')::text
            from fund_documents
            where id = any($1) and jsonb_typeof(data -> 'end') = 'object'
            """),
        new("agreement", """
            select id, id, (v ->> 'version')::int, jsonb_build_object('signedOn', v -> 'signedOn',
              'bankingKeep', v -> 'keeps', 'bankingExpiresAfterWeeks', v -> 'expiresAfterWeeks',
              'hospitalPaidDays', v -> 'hospitalPaidDays')::text
            from agreement_documents, jsonb_path_query_first(data, '$.versions[last]') v
            where id = any($1)
            """),
        new("consent", Consents.Copies),
        new("allocation", """
            select fund_id, id, (data ->> 'version')::int, (jsonb_build_object('providerId', data -> 'providerId',
              'from', data -> 'from', 'to', data -> 'to')
              -- Not kept of what was last said before it was needed here.
              || case when weekly_minutes is null then '{}'
                else jsonb_build_object('weeklyMinutes', weekly_minutes) end)::text
            from allocation_documents where fund_id = any($1)
            """),
        new("allocation", """
            select fund_id, id, (v ->> 'version')::int,
              jsonb_build_object('setOn', v -> 'setOn', 'priceList', v -> 'list')::text
            from agreedprices_documents, jsonb_path_query_first(data, '$.versions[last]') v
            where fund_id = any($1)
            """),
    ];
}
