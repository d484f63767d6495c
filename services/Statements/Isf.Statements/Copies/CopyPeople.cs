using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Statements.Domain;

namespace Isf.Statements.Copies;

/// <summary>Keeps how people are addressed, and nothing else about them. Consumes PersonRegistered.</summary>
public static class CopyPeople
{
    /// <summary>The fields of a person that Statements keeps.</summary>
    public static PersonCard CardFrom(PersonRegistered message) =>
        new PersonCard(message.Name, message.PreferredName, message.CouncilRef);
}

/// <summary>Consumes PersonRegistered.</summary>
internal sealed class CopyPeopleConsumer : IConsume<PersonRegistered>
{
    public Task<ConsumeResult> ConsumeAsync(PersonRegistered message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Person, "", message.PersonId, message.Version, CopyPeople.CardFrom(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
