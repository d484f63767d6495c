using Isf.Contracts.Funds;
using Isf.Hosting.Data;

namespace Isf.Hosting.Http;

/// <summary>
/// A service's own copy of people's consents, in its table consents. The copies decide what a supporter may see in
/// that service. Funds, which owns consents, checks its own documents. Source: api.md, "Who is calling".
/// </summary>
public static class Consents
{
    /// <summary>
    /// The kind of consent that covers the fund, balance, journals, integrity, hours, forecast and statements.
    /// </summary>
    public const string Statements = "statements";

    /// <summary>
    /// The kind of consent that covers plans, expected visits, absences, continuity, visits and hours.
    /// </summary>
    public const string Visits = "visits";

    /// <summary>
    /// SQL that selects the copies for the comparison with Funds. A withdrawn consent has version 2 and allows
    /// nothing.
    /// </summary>
    public const string Copies = """
        select fund_id, consent_id, case when withdrawn then 2 else 1 end, case when withdrawn then '{"sees":[]}'
          else jsonb_build_object('supporter', supporter, 'sees', to_jsonb(sees), 'to', to_on)::text end
        from consents where fund_id = any($1)
        """;

    /// <summary>Copies a consent. A consent whose withdrawal arrived first stays withdrawn.</summary>
    public static void Copy(Session session, ConsentGiven given)
    {
        session.Queue("""
            insert into consents (fund_id, consent_id, supporter, sees, to_on)
            values ($1, $2, $3, $4, $5) on conflict do nothing
            """, given.FundId, given.ConsentId, given.Supporter, given.Sees.ToArray(), given.To);
    }

    /// <summary>Copies the withdrawal of a consent.</summary>
    public static void Copy(Session session, ConsentWithdrawn withdrawn)
    {
        session.Queue("""
            insert into consents (fund_id, consent_id, withdrawn) values ($1, $2, true)
            on conflict (holder_id, fund_id, consent_id) do update set withdrawn = true
            """, withdrawn.FundId, withdrawn.ConsentId);
    }

    /// <summary>
    /// Whether the caller is a supporter who has a valid consent for the fund, and the consent covers one of the given
    /// kinds.
    /// </summary>
    public static async Task<bool> LetAsync(Session session, Caller caller, string fundId, params string[] any)
    {
        if (caller.Role != Role.Supporter)
            return false;
        var live = await session.RowsAsync<string[]>("""
            select sees from consents where fund_id = $1 and supporter = $2 and not withdrawn
              and (to_on is null or to_on >= $3)
            """, fundId, caller.User, caller.On);
        return live.Exists(sees => sees.Intersect(any).Any());
    }
}
