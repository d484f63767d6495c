using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>The queries that read Statements' copies of Funds' and Support's documents.</summary>
internal static class CopyTable
{
    /// <summary>Each kind of document with the fields that Statements keeps of it.</summary>
    public static readonly IReadOnlyList<CopySource> All =
    [
        new("fund", """
            select id, id, null::int, jsonb_build_object('personId', data -> 'personId',
              'councilId', data -> 'councilId', 'opensOn', data -> 'opensOn', 'nation', data -> 'nation')::text
            from keptfund_documents where id = any($1)
            """),
        new("agreement", """
            select distinct on (fund_id) fund_id, fund_id, version, (data - 'version')::text
            from kept where fund_id = any($1) and kind = 'agreement'
            order by fund_id, version desc
            """),
        new("budget", OfFund("budget", "data - '{holderId,fundId,version}'::text[]")),
        new("allocation", OfFund("allocation", "data - '{fundId,version}'::text[]")),
        new("closure",
            OfFund("closure", "jsonb_build_object('on', data -> 'on', 'reason', data -> 'reason')")),
        new("consent", OfFund("consent", "data")),
        new("plan", OfFund("plan", "jsonb_build_object('lines', data)")),
        new("receipts", """
            select fund_id, fund_id, count(*)::int, jsonb_build_object('receipts',
              jsonb_agg(data - '{holderId,fundId,version}'::text[] order by id collate "C"))::text
            from kept where fund_id = any($1) and kind = 'receipt'
            group by fund_id
            """),
        new("person", OfNoFund("person"), OfNoFund: true),
        new("provider", OfNoFund("provider"), OfNoFund: true),
        new("holder", OfNoFund("holder"), OfNoFund: true),
    ];

    private static string OfFund(string kind, string fields) => $"""
        select fund_id, id, version, ({fields})::text
        from kept where fund_id = any($1) and kind = '{kind}'
        """;

    private static string OfNoFund(string kind) => $"""
        select '', id, version, data::text
        from kept where fund_id = '' and kind = '{kind}' and id = any($1)
        """;
}
