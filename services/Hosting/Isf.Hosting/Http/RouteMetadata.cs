using Microsoft.AspNetCore.Authorization;

namespace Isf.Hosting.Http;

/// <summary>
/// The roles that a route allows, as metadata of the route, so that a test finds a route that names none.
/// </summary>
public sealed record Admitted(IReadOnlyList<string> Roles) : IAuthorizationRequirement;

/// <summary>The service that answers a route.</summary>
public sealed record ServiceMetadata(string Service);

/// <summary>
/// Metadata of a route whose path parameter decides which service answers. Services holds the service for each value
/// of the parameter.
/// </summary>
public sealed record OwnerServiceMetadata(string Parameter, IReadOnlyDictionary<string, string> Services);
