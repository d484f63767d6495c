using Isf.Contracts.Funds;
using Isf.Hosting;

namespace Isf.Reconciliation.Features;

/// <summary>By which references a council knows a person. Names are not kept here: a feed does without them.</summary>
public sealed record KnownPerson(string Id, int Version, string? CouncilRef, string? NhsNumber);

/// <summary>Keeps the references of people, the latest version whatever the order of arrival.</summary>
public sealed class KeepPeopleConsumer : IHear<PersonRegistered>
{
    /// <inheritdoc />
    public async Task<Heard> HearAsync(PersonRegistered message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        var person = new KnownPerson(message.PersonId, message.Version, message.CouncilRef, message.NhsNumber);
        var known = await session.LoadAsync<KnownPerson>(message.PersonId);
        if (known is null)
            session.Insert(person);
        else if (known.Version < message.Version)
            session.Store(person);
        return Heard.Done;
    }
}
