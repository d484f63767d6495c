using System.Reflection;
using Isf.Hosting.Messaging;
using Isf.Measures;
using NodaTime;
using static Isf.Hosting.PlatformRefusal;

namespace Isf.Hosting.Http;

/// <summary>
/// The problems with which a route may answer: the refusals that it names, and those that its method, path, roles,
/// parameters and options bring with them.
/// </summary>
public static class RouteProblems
{
    private static readonly PlatformRefusal[] OfJsonBody =
    [
        NotJson, TooDeep, RepeatedField, UnknownField, MissingField, WrongType, HalfCharacter, TooSlow, TooLarge,
        WrongContentType,
    ];

    private static readonly Type[] Days = [typeof(LocalDate), typeof(Instant), typeof(OffsetDateTime)];

    /// <summary>All problems of a route, from its metadata; each code once for a status.</summary>
    public static IReadOnlyList<DeclaredProblem> Of(IReadOnlyCollection<object> metadata,
        IReadOnlyCollection<string> inPath)
    {
        var options = QueryOptions.Of(metadata, inPath);
        var parameters = metadata.OfType<MethodInfo>().Take(1).SelectMany(handler => handler.GetParameters())
            .Select(parameter => parameter.ParameterType).ToHashSet();
        var isOfService = metadata.OfType<ServiceMetadata>().Any();
        var brought = OfEveryRoute(options).Concat(OfCallers(metadata)).Concat(OfParameters(parameters))
            .Concat(isOfService && inPath.Count > 0 ? [BadId] : [])
            .Concat(metadata.OfType<AcceptsAfterFact>().Any() ? [NotAFact, UnknownFact, FactsOnTheirWay] : [])
            .Concat(isOfService && parameters.Contains(typeof(MessageTracker)) ? [FactsOnTheirWay] : [])
            .Concat(metadata.OfType<QueryOption>().Any(option => option.Name == "format") ? [BadFormat] : []);
        return
        [
            .. metadata.OfType<NamedRefusals>().SelectMany(named => named.Problems)
                .Concat(brought.Select(DeclaredProblem.From))
                .DistinctBy(problem => (problem.Status, problem.Code)),
        ];
    }

    private static IEnumerable<PlatformRefusal> OfEveryRoute(IReadOnlyList<string> options) =>
    [
        Malformed, ControlCharacter, UnknownOption, RepeatedOption, .. options.Any(QueryOptions.IsDay)
            ? new[] { DateOutOfRange } : [], Internal,
    ];

    private static IEnumerable<PlatformRefusal> OfCallers(IEnumerable<object> metadata)
    {
        var roles = metadata.OfType<Admitted>().LastOrDefault()?.Roles ?? [];
        if (roles.Count == 0 || roles.Contains("anyone"))
            return [];
        var holders = roles.Any(role => role != Role.Operator) ? new[] { NoHolderClaim, TooMany } : [];
        var councils = roles.Contains(Role.Council) ? new[] { NoHolder } : [];
        return [NoToken, NotYourRole, OneRole, OneValue, UnknownHolder, NotAvailable, .. holders, .. councils];
    }

    private static IEnumerable<PlatformRefusal> OfBody(Type body) =>
    [
        .. OfJsonBody, .. BodyCheck.HasField(body, (name, _) => Texts.IsName(name)) ? new[] { InvisibleCharacter } : [],
        .. BodyCheck.HasField(body, (_, type) => Days.Contains(type)) ? new[] { DateOutOfRange } : [],
    ];

    private static IEnumerable<PlatformRefusal> OfParameters(HashSet<Type> types)
    {
        var body = types.FirstOrDefault(type =>
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(JsonBody<>))?.GetGenericArguments()[0];
        var writes = types.Contains(typeof(IdempotentPut)) || types.Contains(typeof(ConditionalPut));
        return
        [
            .. body is null ? [] : OfBody(body), .. types.Contains(typeof(Page)) ? new[] { BadLimit, BadAfter } : [],
            .. types.Contains(typeof(Uploads)) ? new[] { TooSlow } : [],
            .. writes ? new[] { BadIfMatch, IdUsedForSomethingElse, HasMovedOn } : [],
        ];
    }
}
