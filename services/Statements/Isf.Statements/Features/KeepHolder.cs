using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Domain;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the holder's name, address and complaints procedure, for a person's questions. Consumes HolderSet.
/// </summary>
public static class KeepHolder
{
    /// <summary>The kept fields of a holder.</summary>
    public static HolderCard Of(HolderSet said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new HolderCard(said.Name, said.Address, said.Phone, said.Email, said.Complaints);
    }
}

/// <summary>Consumes HolderSet.</summary>
public sealed class KeepHolderConsumer : IConsume<HolderSet>
{
    public Task<ConsumeResult> ConsumeAsync(HolderSet message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Holder, "", message.HolderId, message.Version, KeepHolder.Of(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
