using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Isf.Hosting.Http;

/// <summary>
/// A request body that is read strictly. Anything unknown, repeated, missing, mistyped or too deep is refused with its
/// place, and a body that is too large is refused as a whole.
/// </summary>
public sealed record JsonBody<T>(T Value) : IEndpointParameterMetadataProvider
{
    private const int BytesMax = 1 << 20;

    /// <summary>Reads the body.</summary>
    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            throw ProblemException.For(PlatformRefusal.WrongContentType,
                "Send it with Content-Type: application/json.");
        }
        if (http.Request.ContentLength > BytesMax)
            throw TooLarge();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = BytesMax;
        using var body = BodyCheck.Parse(await ReadAsync(http));
        if (body.RootElement.ValueKind == JsonValueKind.Null)
            throw ProblemException.Titled(PlatformRefusal.Malformed, "The body says null.", "Send a JSON object.");
        BodyCheck.Check(body.RootElement, typeof(T));
        try
        {
            return new(body.Deserialize<T>(BodyJson.Options)!);
        }
        catch (JsonException fault)
        {
            var pointer = PointerOf(fault.Path);
            const string detail = "the value is not of the kind that belongs there.";
            throw ProblemException.For(PlatformRefusal.WrongType,
                $"Look at {(pointer.Length == 0 ? "the body" : pointer)}: {detail}",
                new FieldError(pointer, detail, "wrong-type"));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (BadHttpRequestException large) when (large.StatusCode == 413)
        {
            throw TooLarge();
        }
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
    }

    private static ProblemException TooLarge() =>
        ProblemException.For(PlatformRefusal.TooLarge,
            "A body is at most 1 MiB. Visits in volume go to /v1/visit-files.");

    private static string PointerOf(string? path) => path is null or "$" ? ""
        : EndpointExtensions.StepOfPath().Replace(path.TrimStart('$'), match => "/" + match.Groups["name"].Value);
}

/// <summary>The page of a list that a request asks for, with up to Limit items after the id After.</summary>
/// <param name="Limit">The maximum number of items; 100 by default.</param>
/// <param name="After">The id after which the page begins; null for the first page.</param>
/// <param name="IsRequested">Whether the URL asks for a page at all.</param>
public sealed record Page(int Limit, string? After, bool IsRequested) : IEndpointParameterMetadataProvider
{
    /// <summary>Reads ?limit= (1–500, by default 100) and ?after=.</summary>
    public static ValueTask<Page> BindAsync(HttpContext http)
    {
        var text = http.Option("limit");
        var limit = 100;
        if (text is not null && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            || limit is < 1 or > 500))
        {
            throw ProblemException.For(PlatformRefusal.BadLimit,
                "?limit= is a whole number from 1 to 500.",
                new FieldError("?limit", "1 to 500"));
        }
        var after = http.Option("after");
        return ValueTask.FromResult(new Page(limit, after, text is not null || after is not null));
    }

    /// <summary>
    /// Refuses an ?after= id that is not in this list, because a caller with a damaged id would get the first page
    /// again and again, or miss items.
    /// </summary>
    /// <param name="isOfList">Whether the list contains the id, whatever filters apply at the moment.</param>
    public async Task CheckAfterAsync(Func<string, Task<bool>> isOfList)
    {
        if (After is not null && !await isOfList(After))
            throw BadAfter();
    }

    /// <summary>The problem for an ?after= id that is not in the list.</summary>
    public static ProblemException BadAfter() => ProblemException.For(PlatformRefusal.BadAfter,
        "?after= is what next said of the page before. Leave it out to begin again.",
        new FieldError("?after", "is what next said of the page before"));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryOption("limit"));
        builder.Metadata.Add(new QueryOption("after"));
    }

    /// <summary>Whether the whole list is requested as CSV (?format=csv or Accept: text/csv) and not as JSON.</summary>
    public static bool IsCsvRequested(HttpContext http)
    {
        return http.Option("format") switch
        {
            null => http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase),
            "csv" => true,
            "json" => false,
            _ => throw ProblemException.For(PlatformRefusal.BadFormat,
                "?format= is json or csv.",
                new FieldError("?format", "is json or csv")),
        };
    }

    /// <summary>
    /// Builds the response that shows a page of a list. The caller reads one item more than the limit. If that item
    /// exists, the response names a next page.
    /// </summary>
    public static ItemPage<T> Of<T>(IReadOnlyList<T> items, int limit, Func<T, string> idOf) =>
        new([.. items.Take(limit)], items.Count > limit ? idOf(items[limit - 1]) : null);
}

/// <summary>A page of a list as answered.</summary>
/// <param name="Items">The items, in the order of the list.</param>
/// <param name="Next">The id after which the next page begins (?after=); null on the last page.</param>
public sealed record ItemPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The parts that all routes of a service share.</summary>
public static partial class EndpointExtensions
{
    // A step of a JSON path: .name, [0] or ['name'].
    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\[(?<name>\d+)\]|\['(?<name>.+?)'\]")]
    internal static partial Regex StepOfPath();

    /// <summary>Adds a function that maps the service's routes.</summary>
    public static Service Routes(this Service service, Action<Routes> map) =>
        service.Maps(endpoints => map(new(endpoints)));

    /// <summary>
    /// Maps a service's routes. The ids in the paths are checked, and the sessions of the requests use the service's
    /// schema.
    /// </summary>
    public static void MapService(this IEndpointRouteBuilder app, Service service)
    {
        var group = app.MapGroup("").WithMetadata(new ServiceMetadata(service.Name)).WithTags(service.Name);
        group.AddEndpointFilter(async (context, next) =>
        {
            foreach (var (name, value) in context.HttpContext.Request.RouteValues)
            {
                if (!Ids.IsId(value as string))
                {
                    throw ProblemException.For(PlatformRefusal.BadId,
                        $"“{name}” is 1 to 64 of A–Z a–z 0–9 . _ -",
                        new FieldError(name, "1 to 64 of A–Z a–z 0–9 . _ -"));
                }
            }
            return await next(context);
        });
        service.Map(group);
    }
}
