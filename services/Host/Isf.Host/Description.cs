using Isf.Hosting.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Isf.Host;

/// <summary>The OpenAPI 3.1 description of the interface, at /openapi/v1.json.</summary>
public static class Description
{
    /// <summary>Adds the title, the version, the bearer scheme, and the roles that may call each operation.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Individual Service Fund platform",
                Version = "1",
                Description = "Money in whole pence, time in whole minutes. "
                    + "Errors are application/problem+json with a stable code.",
            };
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["bearer"] =
                new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var admitted = context.Description.ActionDescriptor.EndpointMetadata.OfType<Admitted>().LastOrDefault();
            operation.Description = admitted is null
                ? operation.Description : "Admits: " + string.Join(", ", admitted.Roles) + ".";
            ListOptions(operation, context.Description.ActionDescriptor.EndpointMetadata, admitted);
            return Task.CompletedTask;
        });
    }

    // The framework lists only the handler's own parameters, so the query options that the platform reads are added
    // here.
    private static void ListOptions(OpenApiOperation operation, IList<object> metadata, Admitted? admitted)
    {
        var listed = operation.Parameters ??= [];
        var inPath = listed.Where(item => item.In == ParameterLocation.Path).Select(item => item.Name!).ToList();
        // Only routes for councils or auditors list the option holder. The tokens of other callers name their holder.
        var choosesHolder = admitted?.Roles.Any(role => role is Role.Council or Role.Auditor) == true;
        foreach (var name in QueryOptions.Of(metadata, inPath).Where(name => listed.All(item => item.Name != name)
            && (name != QueryOptions.Holder || choosesHolder)))
        {
            listed.Add(new OpenApiParameter
            {
                Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }
}
