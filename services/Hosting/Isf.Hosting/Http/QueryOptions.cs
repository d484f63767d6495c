using System.Reflection;
using System.Runtime.CompilerServices;
using Isf.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using NodaTime.Text;

namespace Isf.Hosting.Http;

/// <summary>A query option that a route accepts besides its handler's own parameters.</summary>
public sealed record QueryOption(string Name);

/// <summary>
/// The options of the query string (api.md, Conventions). A route accepts its handler's simple parameters, the options
/// that the parameters' types read (Page reads limit and after), the options declared by Takes and, unless anyone may
/// call it, holder. Any other option, and a repeated one, is refused, because ignoring it would answer a different
/// question.
/// </summary>
public static class QueryOptions
{
    /// <summary>
    /// The option that names the tenant. A council has to name one; a caller whose token names a holder may repeat it.
    /// </summary>
    public const string Holder = "holder";

    private const string KnownAt = "knownAt";

    // The names of options whose values are days.
    private static readonly HashSet<string> Days = ["from", "to", "on", "effectiveOn", "upTo"];
    private static readonly ConditionalWeakTable<Endpoint, IReadOnlyList<string>> Accepted = [];

    /// <summary>Whether an option of this name is a day or a moment, which may be out of range.</summary>
    internal static bool IsDay(string name) => Days.Contains(name) || name == KnownAt;

    /// <summary>Declares options that the route reads with Option.</summary>
    public static RouteHandlerBuilder AcceptsOptions(this RouteHandlerBuilder route, params string[] names) =>
        route.WithMetadata([.. names.Select(name => new QueryOption(name))]);

    /// <summary>The option's value; null if it is missing or empty.</summary>
    /// <exception cref="InvalidOperationException">The route does not declare the option, so every request with it is
    /// refused.</exception>
    public static string? Option(this HttpContext http, string name)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is null || !Of(endpoint).Contains(name, StringComparer.Ordinal))
            throw new InvalidOperationException($"{endpoint?.DisplayName} does not declare the option {name}.");
        return Query(http)[name].ToString() is { Length: > 0 } value ? value : null;
    }

    /// <summary>All options that a route accepts.</summary>
    public static IReadOnlyList<string> Of(Endpoint endpoint) =>
        Accepted.GetValue(endpoint, item => Of(item.Metadata, PathOf(item)));

    /// <summary>All options that a route accepts, from its metadata.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<object> metadata, IReadOnlyCollection<string> inPath)
    {
        var all = metadata.ToList();
        var own = all.OfType<MethodInfo>().Take(1).SelectMany(handler => handler.GetParameters())
            .Where(item => IsSimple(item.ParameterType) && !inPath.Contains(item.Name!, StringComparer.Ordinal))
            .Select(item => item.Name!);
        var named = own.Concat(all.OfType<QueryOption>().Select(option => option.Name));
        var needsToken = all.OfType<Admitted>().LastOrDefault()?.Roles.Contains("anyone") == false;
        return [.. named.Concat(needsToken ? [Holder] : []).Distinct()];
    }

    /// <summary>Refuses a request with options that the route does not accept.</summary>
    internal static void Check(HttpContext http)
    {
        if (http.GetEndpoint() is not { } endpoint)
            return;
        var accepted = Of(endpoint);
        foreach (var (name, values) in Query(http))
        {
            if (!accepted.Contains(name, StringComparer.Ordinal))
                throw Unknown(name, accepted);
            if (values.Count > 1)
            {
                throw ProblemException.For(PlatformRefusal.RepeatedOption,
                    $"?{name}= stands in the address {values.Count} times. Say it once.",
                    new FieldError("?" + name, "stands there twice"));
            }
        }
    }

    /// <summary>The raw values, which only Option, ?afterFact= and the checks of every request read.</summary>
#pragma warning disable RS0030 // The one place where the query is read and set.
    internal static IQueryCollection Query(HttpContext http) => http.Request.Query;

    /// <summary>
    /// Normalizes texts like those of bodies, removes an open end (?to=9999-12-31), and refuses days out of range, for
    /// every route.
    /// </summary>
    internal static void Tidy(HttpContext http)
    {
        var tidy = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in http.Request.Query)
        {
            var text = Nfc.Normalize(values.ToString());
            var day = Days.Contains(name) && LocalDatePattern.Iso.Parse(text) is { Success: true } date ? date.Value
                : name == KnownAt && InstantPattern.ExtendedIso.Parse(text) is { Success: true } moment
                    ? moment.Value.InUtc().Date : AcceptedDays.First;
            if (day == AcceptedDays.NoEnd && name == "to")
                continue;
            if (!AcceptedDays.Holds(day))
            {
                throw ProblemException.For(PlatformRefusal.DateOutOfRange,
                    $"?{name}= is not a day {AcceptedDays.Bounds}.",
                    new FieldError("?" + name, $"is not a day {AcceptedDays.Bounds}", "date-out-of-range"));
            }
            tidy[name] = text;
        }
        http.Request.Query = new QueryCollection(tidy);
    }
#pragma warning restore RS0030

    private static ProblemException Unknown(string name, IReadOnlyList<string> accepted)
    {
        var quoted = Texts.Quoted(name);
        var detail = accepted.Count == 0 ? "This address takes no options."
            : $"Did you mean ?{accepted.MinBy(text => Steps(name, text))}=? "
                + $"It takes {string.Join(", ", accepted.Order(StringComparer.Ordinal))}.";
        return ProblemException.For(PlatformRefusal.UnknownOption,
            $"?{quoted}= is not an option here. {detail}", new FieldError("?" + quoted, "is not an option here"));
    }

    // The edit distance (Levenshtein) of two words, which is the number of letters to insert, delete or replace.
    private static int Steps(string from, string to)
    {
        from = Texts.Shortened(from, 64);
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= to.Length; j++)
            {
                var same = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]);
                var least = Math.Min(diagonal + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1);
                (diagonal, row[j]) = (row[j], least);
            }
        }
        return row[^1];
    }

    private static bool IsSimple(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(string) || bare.IsPrimitive || bare.IsEnum || bare == typeof(Guid);
    }

    private static List<string> PathOf(Endpoint endpoint) =>
        endpoint is RouteEndpoint route ? [.. route.RoutePattern.Parameters.Select(parameter => parameter.Name)] : [];
}
