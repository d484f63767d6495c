using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Terms;

/// <summary>
/// Keeps Support's own copy of the clauses of each fund's agreement that care depends on: the bank, and the paid days
/// of a hospital stay. Weeks that are closed already are closed again if a new version applies to them. Consumes
/// AgreementSigned, in any order.
/// </summary>
public static class CopyAgreements
{
    /// <summary>
    /// The clauses that Support keeps of a signed agreement; throws if the unit of the bank is unknown.
    /// </summary>
    public static AgreementVersion VersionFrom(AgreementSigned signed)
    {
        BankUnit? unit = signed.BankingKeep switch
        {
            null => null,
            "minutes" => BankUnit.Minutes,
            "money" => BankUnit.Money,
            var other => throw new ArgumentException($"A bank does not keep “{other}”.", nameof(signed)),
        };
        return new(signed.Version, signed.SignedOn, unit, signed.BankingExpiresAfterWeeks, signed.HospitalPaidDays);
    }
}

/// <summary>Consumes agreements and their changes.</summary>
internal sealed class CopyAgreementsConsumer : IConsume<AgreementSigned>
{
    private static readonly LocalDate LongAgo = new(2000, 1, 1);

    public async Task<ConsumeResult> ConsumeAsync(AgreementSigned message, Session session, CancellationToken stop)
    {
        await session.LockAsync(FundTable.Lock(message.FundId));
        var copy = await session.LoadAsync<Agreement>(message.FundId);
        var version = CopyAgreements.VersionFrom(message);
        if (Agreement.With(copy, message.FundId, version) is not { } agreement)
            return ConsumeResult.Done;
        session.Store(agreement);
        // The first version also applies to the days before it was signed.
        await CareAnnouncements.AnnounceTouchedAsync(session, $"agreement/{message.FundId}/{message.Version}",
            [(message.FundId, agreement.Versions[0] == version ? LongAgo : version.SignedOn)]);
        return ConsumeResult.Done;
    }
}
