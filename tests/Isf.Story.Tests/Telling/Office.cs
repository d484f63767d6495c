using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Client;
using Isf.Hosting.Serialization;

namespace Isf.Story.Tests.Telling;

/// <summary>A whole response of the interface: its status, body and ETag (null if it has none).</summary>
internal sealed record Response(int Status, byte[] Bytes, string? ETag)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Bytes) ?? throw new InvalidOperationException("An empty response.");

    /// <summary>The body as a type of the client.</summary>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Bytes, IsfJson.Options)
        ?? throw new InvalidOperationException("An empty response.");

    public Response Expect(params int[] statuses) => statuses.Contains(Status) ? this
        : throw new InvalidOperationException($"The interface answered {Status}: {Text}");
}

/// <summary>
/// The holder's office. It uses a running platform over HTTP and nothing else. Each client carries the token of a
/// role, such as holder-admin, person/P-1 or council/E10999901.
/// </summary>
internal sealed class Office(Func<string, HttpClient> clientOf)
{
    /// <summary>How long to wait for a wanted response; a story's step takes well under a second.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    public async Task<Response> SendAsync(HttpMethod method, string path, JsonNode? body = null,
        string caller = "holder-admin", string? ifMatch = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return await SendAsync(request, caller);
    }

    public async Task<Response> SendAsync(HttpRequestMessage request, string caller = "holder-admin")
    {
        using var response = await clientOf(caller).SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new((int)response.StatusCode, bytes, response.Headers.ETag?.ToString());
    }

    public Task<Response> GetAsync(string path, string caller = "holder-admin") =>
        SendAsync(HttpMethod.Get, path, null, caller);

    public async Task<Response> PutAsync(string path, JsonNode body, string? ifMatch = null) =>
        (await SendAsync(HttpMethod.Put, path, body, ifMatch: ifMatch)).Expect(200, 201, 202);

    public async Task<Response> PostAsync(string path, JsonNode body) =>
        (await SendAsync(HttpMethod.Post, path, body)).Expect(200, 201, 202);

    /// <summary>Uploads a visits-csv file and returns its id.</summary>
    public async Task<string> UploadAsync(byte[] csv, string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri($"/v1/visit-files?format=visits-csv&reference={reference}", UriKind.Relative))
        {
            Content = new ByteArrayContent(csv) { Headers = { ContentType = new("text/csv") } },
        };
        return (await SendAsync(request)).Expect(200, 202).Read<StoreVisitFileResponse>().Id;
    }

    public Task<ShowVisitFileResponse> FileDoneAsync(string id) => AwaitAsync<ShowVisitFileResponse>(
        $"/v1/visit-files/{id}", file => file.State is "done" or "refused");

    /// <summary>Waits until no message is on its way anywhere.</summary>
    public Task UntilIdleAsync() =>
        AwaitAsync<Backlog>("/v1/backlog", backlog => backlog.Quiet && backlog.Failed == 0);

    /// <summary>
    /// Polls until the response satisfies the condition, also while the host is down or busy. Throws a
    /// TimeoutException after Patience.
    /// </summary>
    public async Task<T> AwaitAsync<T>(string path, Func<T, bool> satisfied)
    {
        var since = Stopwatch.GetTimestamp();
        var last = "";
        while (Stopwatch.GetElapsedTime(since) < Patience)
        {
            try
            {
                var response = await GetAsync(path);
                if (response.Status == 200 && response.Read<T>() is var answer && satisfied(answer))
                    return answer;
                last = $"{response.Status} {response.Text}";
            }
            catch (HttpRequestException unreachable)
            {
                last = unreachable.Message;
            }
            await Task.Delay(25);
        }
        throw new TimeoutException($"{path} after {Patience}: {last}\n{string.Join(" | ", Isf.Tests.TestLog.Lately)}");
    }

    /// <summary>All items of a list, page after page.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path)
    {
        var items = new List<T>();
        for (string? after = null; ;)
        {
            var page = (await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500"
                + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)))).Expect(200).Json;
            items.AddRange(page["items"].Deserialize<IReadOnlyList<T>>(IsfJson.Options)!);
            after = page["next"]?.ToString();
            if (after is null)
                return items;
        }
    }
}
