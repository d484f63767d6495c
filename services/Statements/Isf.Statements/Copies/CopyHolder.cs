using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Statements.Domain;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the holder's name, address, phone, email and complaints procedure, so that a statement says where questions
/// go. Consumes HolderSet.
/// </summary>
public static class CopyHolder
{
    /// <summary>The fields of a holder that Statements keeps.</summary>
    public static HolderCard CardFrom(HolderSet message) =>
        new HolderCard(message.Name, message.Address, message.Phone, message.Email, message.Complaints);
}

/// <summary>Consumes HolderSet.</summary>
internal sealed class CopyHolderConsumer : IConsume<HolderSet>
{
    public Task<ConsumeResult> ConsumeAsync(HolderSet message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Holder, "", message.HolderId, message.Version, CopyHolder.CardFrom(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
