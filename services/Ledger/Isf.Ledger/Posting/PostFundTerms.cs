using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Opens a fund's books and keeps the facts that they depend on, which are the fund's person and council, and the
/// versions of its agreement. The books open with the first agreement; earlier facts are deferred until then. A
/// version with another spend order, or another receiver of the person's contribution, posts a journal, so that the
/// change is known from that journal's position on (design §4).
/// </summary>
public static class PostFundTerms
{
    /// <summary>The terms of one version of the agreement that decide whose money is left.</summary>
    public sealed record Agreed(int Version, LocalDate SignedOn, string SpendOrder, string Contribution);

    /// <summary>
    /// Whether a version of the agreement with the given terms changes how much money of each source is left. It does
    /// so if an earlier version has another spend order, or another receiver of the person's contribution. The first
    /// version never does.
    /// </summary>
    public static bool ChangesMoney(IReadOnlyList<Agreed> before, string spendOrder, string contribution) =>
        before.Any(version => (version.SpendOrder, version.Contribution) != (spendOrder, contribution));

    internal static async Task<ConsumeResult> OpenAsync(FundOpened fund, Session session)
    {
        if (await FundTable.OwnersAsync(session, fund.FundId) is { } owners)
        {
            return owners == (fund.PersonId, fund.CouncilId) ? ConsumeResult.Done
                : throw new ConflictingContentException(
                $"Fund {fund.FundId} is kept for another person or council than FundOpened says.");
        }
        FundTable.Add(session, fund.FundId, fund.PersonId, fund.CouncilId, fund.OpensOn);
        session.RegisterHolder();
        session.ReleaseDeferred($"fund-opened/{fund.FundId}");
        return ConsumeResult.Done;
    }

    internal static async Task<ConsumeResult> SignAsync(AgreementSigned signed, Session session, IClock clock)
    {
        if (!await FundTable.IsKnownAsync(session, signed.FundId))
            return ConsumeResult.DeferUntil($"fund-opened/{signed.FundId}");
        SpendOrders.Parse(signed.SpendOrder);
        var versions = await AgreementTable.VersionsAsync(session, signed.FundId);
        var agreed = new Agreed(signed.Version, signed.SignedOn, signed.SpendOrder, signed.Contribution);
        if (versions.Find(version => version.Version == signed.Version) is { } same)
        {
            return same == agreed ? ConsumeResult.Done : throw new ConflictingContentException(
                $"The agreement of {signed.FundId} is kept at version {signed.Version} with other words.");
        }
        if (versions.Count < signed.Version - 1)
            return ConsumeResult.DeferUntil(KeyOf(signed.FundId, signed.Version - 1));
        if (versions.Count == 0)
            OpenTheBooks(session, signed.FundId);
        if (ChangesMoney(versions, signed.SpendOrder, signed.Contribution))
            await PostOrderAsync(signed, session, clock);
        else
            await AgreementTable.AddAsync(session, signed, signed.SignedOn, position: 0);
        session.ReleaseDeferred(KeyOf(signed.FundId, signed.Version));
        return ConsumeResult.Done;
    }

    private static void OpenTheBooks(Session session, string fundId)
    {
        HeadTable.Add(session, Head.New(session.HolderId, fundId));
        session.ReleaseDeferred($"fund/{fundId}");
    }

    // The new terms count from the day of their own journal, and are known from that journal's position on.
    private static async Task PostOrderAsync(AgreementSigned signed, Session session, IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [signed.FundId]);
        var journal = batch.Post(PostingRules.SpendOrderSet(signed.FundId, signed.Version, signed.SignedOn));
        await AgreementTable.AddAsync(session, signed, journal.Entry.EffectiveOn, journal.Position);
        batch.Reattribute(signed.FundId);
        await batch.CompleteAsync();
    }

    private static string KeyOf(string fundId, int version) => $"agreement/{fundId}/v{version}";
}

/// <summary>Consumes the opening of funds, and their agreements.</summary>
public sealed class PostFundTermsConsumer(IClock clock) : IConsume<FundOpened>, IConsume<AgreementSigned>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop) =>
        PostFundTerms.OpenAsync(message, session);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AgreementSigned message, Session session, CancellationToken stop) =>
        PostFundTerms.SignAsync(message, session, clock);
}
