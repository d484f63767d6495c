using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>A route's pattern as a path.</summary>
internal static partial class RouteText
{
    /// <summary>The path of a route, with the same id for each of its parameters.</summary>
    public static string With(RouteEndpoint route, string id) => Parameter().Replace(route.RoutePattern.RawText!, id);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
