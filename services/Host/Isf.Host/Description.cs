using System.Reflection;
using System.Text.Json.Nodes;
using Isf.Hosting;
using Isf.Hosting.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Isf.Host;

/// <summary>The OpenAPI 3.1 description of the interface, at /openapi/v1.json.</summary>
public static class Description
{
    /// <summary>The pattern of the description's path.</summary>
    public const string Address = "/openapi/{documentName}.json";

    /// <summary>Describes every route by its handler's signature and by what the route adds to it.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = DescribedSchemas.NameOf;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            DescribedSchemas.Describe(schema, context.JsonTypeInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata.ToList();
            operation.OperationId ??= IdOf(metadata);
            var admitted = metadata.OfType<Admitted>().LastOrDefault();
            if (admitted is not null)
                operation.Description = "Admits: " + string.Join(", ", admitted.Roles) + ".";
            DescribedOptions.Describe(operation, metadata);
            operation.RequestBody ??= FileOf(metadata);
            DescribedAnswers.Describe(operation, metadata, context.Document!);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer(async (document, context, stop) =>
        {
            Introduce(document);
            var schemas = document.Components!.Schemas!;
            var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, stop);
            (schemas["ProblemBody"], schemas["FieldError"]) = (problem, problem.Properties!["errors"].Items!);
            ((OpenApiSchema)problem.Properties["errors"]).Items = new OpenApiSchemaReference("FieldError", document);
            // Any route may answer with these, so a test of one route is enough for each of them.
            schemas["PlatformCode"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "The codes that do not depend on what a route does.",
                Enum = [.. Enum.GetValues<PlatformRefusal>().Select(why => (JsonNode)DeclaredProblem.CodeOf(why))],
            };
            DescribedSchemas.Complete(document);
        });
    }

    private static void Introduce(OpenApiDocument document)
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
        document.Security = [new() { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
    }

    // The framework describes JSON bodies only.
    private static OpenApiRequestBody? FileOf(IEnumerable<object> metadata)
    {
        var types = metadata.OfType<SentMediaType>().ToList();
        return types.Count == 0 ? null : new OpenApiRequestBody
        {
            Required = true,
            Content = types.ToDictionary(type => type.ContentType,
                _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } }),
        };
    }

    // The feature's and the handler's name, such as CheckBooksPut; null for a handler without a name.
    private static string? IdOf(IEnumerable<object> metadata)
    {
        const string end = "Async";
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
        if (handler?.DeclaringType is not { } feature || handler.Name.Contains('<', StringComparison.Ordinal))
            return null;
        var name = handler.Name.EndsWith(end, StringComparison.Ordinal) ? handler.Name[..^end.Length] : handler.Name;
        return DescribedSchemas.FeatureOf(feature) + name;
    }
}
