using Microsoft.AspNetCore.Authorization;

namespace Isf.Hosting.Http;

/// <summary>The roles that a route admits: part of the route, so that a test finds one that names none.</summary>
public sealed record Admitted(IReadOnlyList<string> Roles) : IAuthorizationRequirement;

/// <summary>Which service answers a route.</summary>
public sealed record ServiceMetadata(string Service);

/// <summary>Which service answers a route whose path has a parameter that tells: by the parameter's values.</summary>
public sealed record OwnerServiceMetadata(string Parameter, IReadOnlyDictionary<string, string> Services);
