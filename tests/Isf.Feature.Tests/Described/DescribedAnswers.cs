using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Isf.Tests.Described;

/// <summary>
/// Holds every answer that a test gets to the description of its route: the status, the problem's code, the media type,
/// the headers, and every field of the body. In a run of all tests it also records which answers were seen, so that the
/// end of the run finds what is described and never happens.
/// </summary>
internal sealed class DescribedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Problem = "application/problem+json";
    private static readonly string[] Headers = ["ETag", "Isf-Fact", "Location", "Retry-After"];
    private static readonly ConcurrentDictionary<string, bool> Seen = new();
    private static readonly Lock Writing = new();

    /// <summary>
    /// Records an answer in a run of all tests, also for a test that speaks HTTP by hand. Each process writes a file
    /// of its own, and each answer once.
    /// </summary>
    /// <param name="answer">The operation, the status and the code, as in GET /v1/runs/{id} 404 unknown-run.</param>
    public static void Record(string answer)
    {
        if (Environment.GetEnvironmentVariable("ISF_TEST_SEEN") is not { Length: > 0 } folder
            || !Seen.TryAdd(answer, true))
        {
            return;
        }
        lock (Writing)
            File.AppendAllText(Path.Combine(folder, $"{Environment.ProcessId}.txt"), answer + "\n");
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (Interface.Find(request.Method, request.RequestUri!.AbsolutePath) is { } operation)
            await CheckAsync(operation, response, cancellationToken);
        return response;
    }

    private static async Task CheckAsync(Operation operation, HttpResponseMessage response, CancellationToken stop)
    {
        var media = response.Content.Headers.ContentType?.MediaType;
        var status = (int)response.StatusCode;
        JsonNode? body = null;
        if (media is Problem or "application/json")
        {
            await response.Content.LoadIntoBufferAsync(stop);
            body = JsonNode.Parse(await response.Content.ReadAsStringAsync(stop));
        }
        Record($"{operation.Name} {status} {(media == Problem ? body!["code"] : media)}");
        if (FaultOf(operation, status, media, response, body) is { } fault)
        {
            throw new InvalidOperationException($"{operation.Name} answered {status}, and {fault}. Describe it as "
                + "ops/docs/adding-a-feature.md says, and write openapi.v1.json anew with ISF_APPROVE=1.");
        }
    }

    private static string? FaultOf(
        Operation operation, int status, string? media, HttpResponseMessage response, JsonNode? body)
    {
        if (operation.Described["responses"]![$"{status}"] is not { } named)
            return "its description does not have this status" + (body is null ? "" : $" ({body["code"]})");
        var described = Interface.Resolve(named);
        if (Headers.FirstOrDefault(name => IsSent(response, name) && described["headers"]?[name] is null) is { } header)
            return $"its description does not have the header {header}";
        if (described["content"] is not { } content)
            return response.Content.Headers.ContentLength is null or 0 ? null : "its description has no body";
        return content[media ?? ""] is not { } type ? $"its description does not have the media type {media}"
            : body is not null && JsonShape.FaultOf(body, type["schema"]!) is { } fault
                ? $"the body does not fit its description: {fault}" : null;
    }

    private static bool IsSent(HttpResponseMessage response, string name) =>
        ((HttpHeaders)response.Headers).TryGetValues(name, out _);
}
