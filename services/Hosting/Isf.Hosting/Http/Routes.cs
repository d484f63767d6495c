using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Isf.Hosting.Http;

/// <summary>
/// Maps routes whose handlers are compiled by their first requests and not at the host's start. Compiling all of them
/// takes most of a start.
/// </summary>
public sealed class Routes(IEndpointRouteBuilder endpoints)
{
    /// <summary>Maps GET requests to the handler.</summary>
    public RouteHandlerBuilder MapGet(string pattern, Delegate handler) => Map(HttpMethods.Get, pattern, handler);

    /// <summary>Maps PUT requests to the handler.</summary>
    public RouteHandlerBuilder MapPut(string pattern, Delegate handler) => Map(HttpMethods.Put, pattern, handler);

    /// <summary>Maps POST requests to the handler.</summary>
    public RouteHandlerBuilder MapPost(string pattern, Delegate handler) => Map(HttpMethods.Post, pattern, handler);

    /// <summary>Maps DELETE requests to the handler.</summary>
    public RouteHandlerBuilder MapDelete(string pattern, Delegate handler) => Map(HttpMethods.Delete, pattern, handler);

    private RouteHandlerBuilder Map(string method, string pattern, Delegate handler) => RouteHandlerServices.Map(
        endpoints, pattern, handler, [method], RequestDelegateFactory.InferMetadata,
        (mapped, options, metadata) =>
        {
            var compiled = new Lazy<RequestDelegate>(
                () => RequestDelegateFactory.Create(mapped, options, metadata).RequestDelegate);
            return new(http => compiled.Value(http), metadata?.EndpointMetadata ?? []);
        });
}
