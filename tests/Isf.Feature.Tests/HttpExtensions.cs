using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Client;
using Isf.Hosting.Serialization;

namespace Isf.Tests;

/// <summary>Short methods for a test's HTTP requests.</summary>
public static class HttpExtensions
{
    /// <summary>PUT as JSON, with If-Match if a version is given.</summary>
    public static async Task<HttpResponseMessage> PutAsync(this HttpClient client, string path, object body,
        int? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = JsonContent.Create(body, body.GetType(), options: IsfJson.Options),
        };
        if (version is { } seen)
            request.Headers.IfMatch.Add(new($"\"{seen}\""));
        return await client.SendAsync(request);
    }

    /// <summary>The typed client that sends by this one.</summary>
    public static IsfClient Typed(this HttpClient client) => new(client);

    /// <summary>POST as JSON.</summary>
    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object body) =>
        client.PostAsync(path, JsonContent.Create(body, body.GetType(), options: IsfJson.Options));

    /// <summary>The response's JSON.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>The response's body as a type of the client.</summary>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(), IsfClient.Json)!;

    /// <summary>GET as JSON; any status but success fails the test with the response's body.</summary>
    public static async Task<JsonNode> GetJsonAsync(this HttpClient client, string path)
    {
        var response = await client.GetAsync(path);
        await response.NeedsAsync(200);
        return await response.JsonAsync();
    }

    /// <summary>Fails with the response's body unless it has one of these statuses.</summary>
    public static async Task<HttpResponseMessage> NeedsAsync(this HttpResponseMessage response, params int[] statuses)
    {
        if (!statuses.Contains((int)response.StatusCode))
        {
            throw new InvalidOperationException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered "
                + $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()} "
                + $"{string.Join(" | ", TestLog.Lately)}");
        }
        return response;
    }

    /// <summary>The problem's code.</summary>
    public static async Task<string> CodeAsync(this HttpResponseMessage response) =>
        (string)(await response.JsonAsync())["code"]!;
}
