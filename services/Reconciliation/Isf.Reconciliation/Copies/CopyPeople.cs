using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// One version of the references by which a council knows a person. Names are not kept, because a feed needs none.
/// </summary>
public sealed record PersonCopy(string Id, string PersonId, int Version, string? CouncilRef, string? NhsNumber);

/// <summary>
/// Keeps the references of people, each version in a document of its own, so that the order of arrival does not matter.
/// </summary>
internal sealed class CopyPeopleConsumer : IConsume<PersonRegistered>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(PersonRegistered message, Session session, CancellationToken stop)
    {
        session.Store(new PersonCopy($"{message.PersonId}/{message.Version}", message.PersonId, message.Version,
            message.CouncilRef, message.NhsNumber));
        return Task.FromResult(ConsumeResult.Done);
    }
}
