using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Stores every version of each fund's agreement, with the journal position from which the version is known.
/// </summary>
internal static class AgreementTable
{
    /// <summary>The versions of the fund's agreement, as they were signed, in order.</summary>
    public static Task<List<PostFundTerms.Agreed>> VersionsAsync(Session session, string fundId) =>
        session.RowsAsync<PostFundTerms.Agreed>(
            """
            select version, signed_on, spend_order, contribution from agreements
            where fund_id = $1 order by version
            """,
            fundId);

    /// <summary>
    /// Stores a version now, in this transaction, with the day from which it counts and the journal position from
    /// which it is known. The position is 0 if the version posted no journal.
    /// </summary>
    public static Task AddAsync(Session session, AgreementSigned signed, LocalDate since, long position) =>
        session.ExecuteAsync(
            """
            insert into agreements (fund_id, version, signed_on, since, spend_order, contribution, position)
            values ($1, $2, $3, $4, $5, $6, $7)
            """,
            signed.FundId, signed.Version, signed.SignedOn, since, signed.SpendOrder,
            signed.Contribution, position);

    /// <summary>The agreed terms of a fund with its closure, as known at a position.</summary>
    public static async Task<FundTerms> TermsAsync(Session session, string fundId, long position)
    {
        var rows = await session.RowsAsync<TermsRow>(
            """
            select a.version, a.signed_on, a.since, a.spend_order, a.contribution = 'to-holder' as is_to_holder,
              c.closed_on, c.effective_on as closed_effective_on
            from agreements a left join closures c
              on c.fund_id = a.fund_id and c.holder_id = a.holder_id and c.position <= $2
            where a.fund_id = $1 and a.position <= $2 order by a.version
            """,
            fundId, position);
        return new FundTerms(
            [
                .. rows.Select(row => new AgreedTerms(
                    row.Version, row.SignedOn, row.Since, SpendOrders.Parse(row.SpendOrder), row.IsToHolder)),
            ],
            rows[0].ClosedOn is { } closedOn ? new ClosedTerms(closedOn, rows[0].ClosedEffectiveOn!.Value) : null);
    }

    private sealed record TermsRow(int Version, LocalDate SignedOn, LocalDate Since, string SpendOrder, bool IsToHolder,
        LocalDate? ClosedOn, LocalDate? ClosedEffectiveOn);
}
