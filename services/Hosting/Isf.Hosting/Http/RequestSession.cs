using Isf.Hosting.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Hosting.Http;

/// <summary>
/// Opens a request's session, in the schema of the service that answers the request and for the caller's holder. A
/// handler takes the session as a parameter; the session is disposed when the response has been sent.
/// </summary>
internal static class RequestSession
{
    /// <summary>Registers the session as a handler's parameter.</summary>
    public static void AddRequestSession(this IServiceCollection services) =>
        services.AddHttpContextAccessor().AddScoped(host => Open(
            host.GetRequiredService<IHttpContextAccessor>().HttpContext
                ?? throw new InvalidOperationException("A session is taken from the container in requests alone.")));

    private static Session Open(HttpContext http)
    {
        var service = http.GetEndpoint()?.Metadata.GetMetadata<ServiceMetadata>()?.Service
            ?? throw new InvalidOperationException("No service answers this route.");
        return http.RequestServices.GetRequiredService<Sessions>()
            .OpenForRequest(service, Caller.In(http).HolderId, http.RequestAborted);
    }
}
