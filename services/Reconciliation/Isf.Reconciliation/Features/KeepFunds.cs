using Isf.Contracts.Funds;
using Isf.Hosting;
using NodaTime;

namespace Isf.Reconciliation.Features;

/// <summary>Whose fund it is and which council it reports to.</summary>
public sealed record KnownFund(string Id, string PersonId, string CouncilId, string Kind, LocalDate OpensOn);

/// <summary>
/// One version of a fund's agreement: in which order its money counts as spent, and whom the person pays. Kept before
/// that was kept, it has none: the holder.
/// </summary>
public sealed record KnownAgreement(
    string Id, string FundId, int Version, LocalDate SignedOn, string SpendOrder, string? Contribution = null);

/// <summary>
/// One version of a fund's budget: this fund's weekly pence, and its sources' weekly pence as shares.
/// </summary>
public sealed record KnownBudget(
    string Id, string FundId, string BudgetId, int Version, LocalDate SetOn, LocalDate From, LocalDate? To,
    long IsfWeeklyPence, IReadOnlyList<SourceShare> Sources)
{
    /// <summary>
    /// The first version counts from its first day, a revision from the day it was made, never before that.
    /// </summary>
    public LocalDate EffectiveOn => Version == 1 ? From : LocalDate.Max(SetOn, From);
}

/// <summary>
/// Keeps of each fund what a council's feed needs beside the journals: person, council, spend order, shares of the
/// budget. Every version has a document of its own, so the order of arrival does not matter. Source: design.md §4.
/// </summary>
public sealed class KeepFundsConsumer : IHear<FundOpened>, IHear<AgreementSigned>, IHear<BudgetSet>
{
    /// <inheritdoc />
    public Task<Heard> HearAsync(FundOpened message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        session.RegisterHolder();
        session.Store(new KnownFund(
            message.FundId, message.PersonId, message.CouncilId, message.Kind, message.OpensOn));
        return Task.FromResult(Heard.Done);
    }

    /// <inheritdoc />
    public Task<Heard> HearAsync(AgreementSigned message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        session.Store(new KnownAgreement($"{message.FundId}/{message.Version}", message.FundId, message.Version,
            message.SignedOn, message.SpendOrder, message.Contribution));
        return Task.FromResult(Heard.Done);
    }

    /// <inheritdoc />
    public Task<Heard> HearAsync(BudgetSet message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        session.Store(new KnownBudget($"{message.FundId}/{message.BudgetId}/{message.Version}", message.FundId,
            message.BudgetId, message.Version, message.SetOn, message.From, message.To, message.IsfWeeklyPence,
            message.Sources));
        return Task.FromResult(Heard.Done);
    }
}
