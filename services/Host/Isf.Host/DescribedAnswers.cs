using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Hosting;
using Isf.Hosting.Http;
using Microsoft.OpenApi;

namespace Isf.Host;

/// <summary>Describes a route's answers: its problems by status, its media types and the headers.</summary>
internal static class DescribedAnswers
{
    /// <summary>The media type of problems (RFC 9457).</summary>
    public const string ProblemType = "application/problem+json";

    private static readonly string[] SharedStatuses = ["401", "403", "408", "412", "413", "415", "429", "500"];

    public static void Describe(
        OpenApiOperation operation, IReadOnlyCollection<object> metadata, OpenApiDocument document)
    {
        var inPath = operation.Parameters!.Where(item => item.In == ParameterLocation.Path)
            .Select(item => item.Name!).ToList();
        var answers = operation.Responses ??= [];
        foreach (var answer in answers.Where(answer => answer.Key[0] == '2').Select(answer => answer.Value)
            .OfType<OpenApiResponse>())
        {
            AddMediaTypes(answer, metadata);
            foreach (var header in metadata.OfType<ResponseHeader>())
                AddHeader(answer, header.Name, header.PlainWords, JsonSchemaType.String);
        }
        foreach (var problems in RouteProblems.Of(metadata, inPath).GroupBy(problem => problem.Status)
            .OrderBy(problems => problems.Key))
        {
            var status = problems.Key.ToString(CultureInfo.InvariantCulture);
            answers[status] = Shared(status, Of([.. problems], document), document);
        }
    }

    // Most routes have the same problems of a status, so they refer to the first such answer.
    private static IOpenApiResponse Shared(string status, OpenApiResponse answer, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        var shared = document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        var name = "Problem" + status;
        return !SharedStatuses.Contains(status) ? answer
            : shared.TryAdd(name, answer) || shared[name].Description == answer.Description
                ? new OpenApiResponseReference(name, document) : answer;
    }

    private static OpenApiResponse Of(IReadOnlyList<DeclaredProblem> problems, OpenApiDocument document)
    {
        var codes = new OpenApiSchema
        {
            Type = JsonSchemaType.String, Enum = [.. problems.Select(problem => (JsonNode)problem.Code)],
        };
        var answer = new OpenApiResponse
        {
            Description = string.Join("\n", problems.Select(problem => $"- `{problem.Code}`: {problem.Title}")),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemType] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        AllOf =
                        [
                            new OpenApiSchemaReference("ProblemBody", document),
                            new OpenApiSchema
                            {
                                Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = codes },
                            },
                        ],
                    },
                },
            },
        };
        if (problems.Any(problem => problem.RetryAfterSeconds is not null))
            AddHeader(answer, "Retry-After", "The seconds after which to ask again.", JsonSchemaType.Integer);
        return answer;
    }

    private static void AddMediaTypes(OpenApiResponse answer, IEnumerable<object> metadata)
    {
        foreach (var other in metadata.OfType<OtherMediaType>())
        {
            answer.Content ??= new Dictionary<string, OpenApiMediaType>();
            answer.Content[other.ContentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }

    private static void AddHeader(OpenApiResponse answer, string name, string words, JsonSchemaType type)
    {
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers[name] = new OpenApiHeader { Description = words, Schema = new OpenApiSchema { Type = type } };
    }
}
