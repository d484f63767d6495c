using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Isf.Hosting.Http;

/// <summary>The response of a PUT, which describes its body, its statuses and its headers.</summary>
public sealed class PutResult<TBody>(IResult response) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (var status in new[] { 200, 201 })
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(TBody), ["application/json"]));
        builder.Metadata.Add(ResponseHeader.ETag);
        builder.Metadata.Add(ResponseHeader.Fact);
    }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => response.ExecuteAsync(httpContext);
}

/// <summary>The response that shows a document, which describes its body and its ETag.</summary>
public sealed class ShowResult<TBody>(IResult response) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(TBody), ["application/json"]));
        builder.Metadata.Add(ResponseHeader.ETag);
    }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => response.ExecuteAsync(httpContext);
}
