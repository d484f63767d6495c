using System.Diagnostics.CodeAnalysis;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Funds.People;

/// <summary>
/// Makes a person's salt. It is random, so that a hash over the person's details reveals nothing once the salt is
/// erased.
/// </summary>
public delegate string SaltSource();

/// <summary>
/// Registers a person for whom a fund may be held, or corrects their details. Publishes PersonRegistered. Source:
/// api.md, Funds; domain.md §5.2 (NHS number).
/// </summary>
public static class RegisterPerson
{
    /// <summary>Why a person is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(422, "The NHS number cannot be right.")]
        NoSuchNhsNumber = 1,

        [Problem(422, "The date of birth lies in the future.")]
        BornInTheFuture = 2,

        [Problem(404, "There is no such person.")]
        UnknownPerson = 3,
    }

    /// <summary>A person as registered.</summary>
    public sealed record Response : PersonDetails
    {
        /// <summary>Shows the details under the person's id, and never the salt.</summary>
        [SetsRequiredMembers]
        public Response(Person person) : base(person.Details) => PersonId = person.Id;

        /// <summary>The id of the person.</summary>
        public string PersonId { get; init; }
    }

    /// <summary>The person as registered; a known person keeps their salt.</summary>
    public static Decision<Person, Refusal> Decide(Person? stored, string id, PersonDetails details, LocalDate today,
        SaltSource salt)
    {
        if (details.Nation is Nation.England or Nation.Wales && details.NhsNumber is { } number
            && !Checks.IsNhsNumber(number))
        {
            return (Refusal.NoSuchNhsNumber,
                "An NHS number has ten digits and the last one checks the others: look at /nhsNumber.");
        }
        if (details.DateOfBirth > today)
            return (Refusal.BornInTheFuture, "Look at /dateOfBirth.");
        return new Person(id, details, stored?.Salt ?? salt());
    }

    /// <summary>Registers a person for whom a fund may be held, or corrects their details.</summary>
    /// <param name="id">The id of the person, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(
        string id, JsonBody<PersonDetails> body, ConditionalPut put, Session session, IClock clock, SaltSource salt)
    {
        new Fields().Text(body.Value.Name, "/name").Text(body.Value.PreferredName, "/preferredName")
            .Text(body.Value.CouncilRef, "/councilRef", 64).Text(body.Value.NhsNumber, "/nhsNumber", 10).Refuse();
        return put.UpsertAsync<Person, Refusal, Response>(session, id, [],
            same: stored => JsonEquality.AreEqual(stored.Details, body.Value),
            decide: (stored, _) => Task.FromResult(Decide(stored, id, body.Value, London.Today(clock), salt)),
            publish: (person, version) => session.Publish(Fact(person, version),
                $"{person.Id}/{version}"),
            show: person => new Response(person));
    }

    /// <summary>Shows a person as registered.</summary>
    /// <param name="id">The id of the person.</param>
    public static async Task<ShowResult<Response>> GetAsync(string id, Session session, HttpContext http)
    {
        var person = await session.LoadAsync<Person>(id)
            ?? throw ProblemException.For(Refusal.UnknownPerson, $"No person {id} is known here.");
        return IdempotentPut.Show(http, session.VersionOf<Person>(id), new Response(person));
    }

    /// <summary>Lists the people in order of id; the options narrow the list.</summary>
    /// <param name="name">A part of the name, in upper or lower case.</param>
    /// <param name="councilRef">The council's reference.</param>
    /// <param name="nation">The nation in which the person lives.</param>
    public static async Task<ItemPage<Response>> ListAsync(Page page, Session session, string? name = null,
        string? councilRef = null, [NamesOf(typeof(Nation))] string? nation = null)
    {
        await page.CheckAfterAsync(async id => await session.LoadAsync<Person>(id) is not null);
        var people = await session.Query<Person>()
            .WhereGiven(name, part => person =>
                person.Details.Name.Contains(part, StringComparison.OrdinalIgnoreCase))
            .WhereGiven(councilRef, text => person => person.Details.CouncilRef == text)
            .WhereGiven(nation, PersonTable.OfNation)
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Page.Of([.. people.Select(person => new Response(person))], page.Limit, person => person.PersonId);
    }

    internal static PersonRegistered Fact(Person person, int version) => new()
    {
        PersonId = person.Id,
        Version = version,
        Name = person.Details.Name,
        PreferredName = person.Details.PreferredName,
        DateOfBirth = person.Details.DateOfBirth,
        NhsNumber = person.Details.NhsNumber,
        CouncilRef = person.Details.CouncilRef,
        Nation = Wire.NameOf(person.Details.Nation),
        Format = Wire.NameOf(person.Details.Format),
        Language = Wire.NameOf(person.Details.Language),
        Salt = person.Salt,
    };
}
