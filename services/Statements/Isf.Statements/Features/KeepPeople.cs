using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Domain;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>Keeps how people are spoken to, and nothing else of them. Hears PersonRegistered.</summary>
public static class KeepPeople
{
    /// <summary>What is kept of a person.</summary>
    public static PersonCard Of(PersonRegistered said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new PersonCard(said.Name, said.PreferredName, said.CouncilRef);
    }
}

/// <summary>Hears it.</summary>
public sealed class KeepPeopleConsumer : IHear<PersonRegistered>
{
    public Task<Heard> HearAsync(PersonRegistered message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Person, "", message.PersonId, message.Version, KeepPeople.Of(message));
        return Task.FromResult(Heard.Done);
    }
}
