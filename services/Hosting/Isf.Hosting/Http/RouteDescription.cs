using Isf.Hosting.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Isf.Hosting.Http;

/// <summary>Names the values of an option: the words of an enum.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NamesOfAttribute(Type words) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<string> Names => IsfJson.NamesOf(words);
}

/// <summary>The refusals that a route names, as metadata of the route.</summary>
public sealed record NamedRefusals(IReadOnlyList<DeclaredProblem> Problems);

/// <summary>A media type besides JSON in which a route answers.</summary>
public sealed record OtherMediaType(string ContentType);

/// <summary>A media type of a body that is not JSON.</summary>
public sealed record SentMediaType(string ContentType);

/// <summary>A header of a route's successful responses.</summary>
public sealed record ResponseHeader(string Name, string PlainWords)
{
    /// <summary>The version that a change names in If-Match.</summary>
    public static readonly ResponseHeader ETag = new("ETag", "The version: send it in If-Match with a change.");

    /// <summary>The fact for which a query waits with ?afterFact=.</summary>
    public static readonly ResponseHeader Fact = new("Isf-Fact",
        "The id of the fact. A query with ?afterFact= and this id waits for all that follows from it.");

    /// <summary>The address of what was stored.</summary>
    public static readonly ResponseHeader Location = new("Location", "The address at which to ask for it.");
}

/// <summary>
/// What a route adds to its description. The handler's signature describes the rest: its parameters are the body and
/// the options, and its return type is the body of the answer.
/// </summary>
public static class RouteDescription
{
    /// <summary>Names the refusals that the route may give: those listed, or else all of the enum.</summary>
    public static RouteHandlerBuilder Refuses<TRefusal>(this RouteHandlerBuilder route, params TRefusal[] only)
        where TRefusal : struct, Enum => route.WithMetadata(new NamedRefusals(
            [.. (only.Length > 0 ? only : Enum.GetValues<TRefusal>()).Select(DeclaredProblem.From)]));

    /// <summary>Names refusals that no enum of a service declares.</summary>
    public static RouteHandlerBuilder Refuses(
        this RouteHandlerBuilder route, IReadOnlyList<DeclaredProblem> problems) =>
        route.WithMetadata(new NamedRefusals(problems));

    /// <summary>Names the body of the answer for a handler that returns stored bytes.</summary>
    public static RouteHandlerBuilder Returns<TBody>(this RouteHandlerBuilder route, params int[] statuses) =>
        route.WithMetadata([.. statuses.Select(status =>
            new ProducesResponseTypeMetadata(status, typeof(TBody), ["application/json"]))]);

    /// <summary>Names a media type in which the route answers, besides JSON or in place of it.</summary>
    public static RouteHandlerBuilder ReturnsFile(this RouteHandlerBuilder route, params string[] contentTypes) =>
        route.WithMetadata([.. contentTypes.Select(type => new OtherMediaType(type))]);

    /// <summary>Names the media types of a body that the route reads as a stream.</summary>
    public static RouteHandlerBuilder ReadsFile(this RouteHandlerBuilder route, params string[] contentTypes) =>
        route.WithMetadata([.. contentTypes.Select(type => new SentMediaType(type))]);

    /// <summary>Names a header of the route's successful responses.</summary>
    public static RouteHandlerBuilder SendsHeader(this RouteHandlerBuilder route, ResponseHeader header) =>
        route.WithMetadata(header);
}
