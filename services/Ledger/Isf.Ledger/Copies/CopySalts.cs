using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Books;

namespace Isf.Ledger.Copies;

/// <summary>
/// Keeps each person's salt, and nothing else about the person. Journals use the salt to commit to reasons in personal
/// words (design §4, Tamper-evident).
/// </summary>
public static class CopySalts
{
    internal static ConsumeResult Copy(PersonRegistered person, Session session)
    {
        // A person's salt is made once and never changes, so the version of the person does not matter.
        session.Store(new PersonSalt(person.PersonId, person.Salt));
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes the registrations of people, and corrections to them.</summary>
internal sealed class CopySaltsConsumer : IConsume<PersonRegistered>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(PersonRegistered message, Session session, CancellationToken stop) =>
        Task.FromResult(CopySalts.Copy(message, session));
}
