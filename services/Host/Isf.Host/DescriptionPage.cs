using Isf.Hosting.Http;

namespace Isf.Host;

/// <summary>The page at /docs, which shows the description of the interface to people.</summary>
internal static class DescriptionPage
{
    /// <summary>Everything on the page comes from this host, and it asks nothing of any other.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Maps the page and its assets. Anyone may see it, like the description, because it shows no data.
    /// </summary>
    public static void MapDescriptionPage(this IEndpointRouteBuilder app) => app
        .MapSwaggerUI("/docs", page =>
        {
            page.SwaggerEndpoint("/openapi/v1.json", "v1");
            page.DocumentTitle = "Individual Service Fund platform";
        })
        .AllowAnonymous().WithMetadata(new Admitted(["anyone"])).Add(endpoint =>
        {
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get]));
            var show = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                http.Response.Headers.XContentTypeOptions = "nosniff";
                return show(http);
            };
        });
}
