using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Statements.Domain;

namespace Isf.Statements.Copies;

/// <summary>Keeps the funds with their people, and their agreements. Consumes FundOpened and AgreementSigned.</summary>
public static class CopyFunds
{
    /// <summary>The fields of a fund that Statements keeps.</summary>
    public static FundCopy CopyFrom(FundOpened message) =>
        new FundCopy(message.FundId, message.PersonId, message.CouncilId, message.OpensOn, message.Nation);

    /// <summary>
    /// The fields of an agreement that Statements keeps. Every version is kept, because each applies from the day it
    /// was signed.
    /// </summary>
    public static AgreementTerms CopyFrom(AgreementSigned message)
    {
        return new AgreementTerms(
            message.Version, message.SignedOn, message.ReviewOn, message.Contribution, message.BankingKeep,
            message.BankingExpiresAfterWeeks, message.SpendOrder);
    }
}

/// <summary>Consumes FundOpened and AgreementSigned.</summary>
internal sealed class CopyFundsConsumer : IConsume<FundOpened>, IConsume<AgreementSigned>
{
    public Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop)
    {
        session.Store(CopyFunds.CopyFrom(message));
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(AgreementSigned message, Session session, CancellationToken stop)
    {
        var terms = CopyFunds.CopyFrom(message);
        FactTable.Save(session, FactTable.Agreement, message.FundId, $"{terms.Version:0000}", terms.Version, terms);
        return Task.FromResult(ConsumeResult.Done);
    }
}
