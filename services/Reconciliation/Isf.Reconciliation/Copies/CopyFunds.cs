using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using NodaTime;

namespace Isf.Reconciliation.Copies;

/// <summary>A fund, with its person and the council that it reports to.</summary>
public sealed record FundCopy(string Id, string PersonId, string CouncilId, string Kind, LocalDate OpensOn);

/// <summary>
/// One version of a fund's agreement: the order in which its money counts as spent, and to whom the person pays the
/// contribution. Contribution is null in a version that was copied before the field existed, and the person then pays
/// the holder.
/// </summary>
public sealed record AgreementCopy(
    string Id, string FundId, int Version, LocalDate SignedOn, string SpendOrder, string? Contribution = null);

/// <summary>
/// One version of a fund's budget. The weekly pence of the sources give the sources' shares of the weekly pence in this
/// fund.
/// </summary>
public sealed record BudgetCopy
{
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public required string BudgetId { get; init; }
    public required int Version { get; init; }
    public required LocalDate SetOn { get; init; }
    public required LocalDate From { get; init; }
    public required LocalDate? To { get; init; }
    public required long IsfWeeklyPence { get; init; }
    public required IReadOnlyList<SourceShare> Sources { get; init; }

    /// <summary>
    /// The day on which the version takes effect. The first version does so on the budget's first day. A revision does
    /// so on the day on which it was made, or on its first day if that is later.
    /// </summary>
    public LocalDate EffectiveOn => Version == 1 ? From : LocalDate.Max(SetOn, From);
}

/// <summary>
/// Keeps the facts of each fund that a council's feed needs besides the journals: the person, the council, the spend
/// order and the shares of the budget. Every version has a document of its own, so the order of arrival does not
/// matter. Source: design.md §4.
/// </summary>
internal sealed class CopyFundsConsumer : IConsume<FundOpened>, IConsume<AgreementSigned>, IConsume<BudgetSet>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop)
    {
        session.RegisterHolder();
        session.Store(new FundCopy(
            message.FundId, message.PersonId, message.CouncilId, message.Kind, message.OpensOn));
        return Task.FromResult(ConsumeResult.Done);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AgreementSigned message, Session session, CancellationToken stop)
    {
        session.Store(new AgreementCopy($"{message.FundId}/{message.Version}", message.FundId, message.Version,
            message.SignedOn, message.SpendOrder, message.Contribution));
        return Task.FromResult(ConsumeResult.Done);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(BudgetSet message, Session session, CancellationToken stop)
    {
        session.Store(new BudgetCopy
        {
            Id = $"{message.FundId}/{message.BudgetId}/{message.Version}",
            FundId = message.FundId,
            BudgetId = message.BudgetId,
            Version = message.Version,
            SetOn = message.SetOn,
            From = message.From,
            To = message.To,
            IsfWeeklyPence = message.IsfWeeklyPence,
            Sources = message.Sources,
        });
        return Task.FromResult(ConsumeResult.Done);
    }
}
