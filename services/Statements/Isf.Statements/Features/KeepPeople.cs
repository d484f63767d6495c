using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Domain;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>Keeps how people are addressed, and nothing else about them. Consumes PersonRegistered.</summary>
public static class KeepPeople
{
    /// <summary>The kept fields of a person.</summary>
    public static PersonCard Of(PersonRegistered said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new PersonCard(said.Name, said.PreferredName, said.CouncilRef);
    }
}

/// <summary>Consumes PersonRegistered.</summary>
public sealed class KeepPeopleConsumer : IConsume<PersonRegistered>
{
    public Task<ConsumeResult> ConsumeAsync(PersonRegistered message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Person, "", message.PersonId, message.Version, KeepPeople.Of(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
