using Microsoft.AspNetCore.Http;

namespace Isf.Hosting;

/// <summary>What a session says, the fact that it begins, and how its caller learns of it.</summary>
public sealed partial class Session
{
    /// <summary>Says a message in the commit that makes it true. The cause: the fact's id in type and holder.</summary>
    public void Say<T>(T message, string cause, params string[] fundIds) where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        var urn = ServiceMap.UrnOf(message.GetType());
        var id = Cause.Id(urn, HolderId, cause);
        Fact ??= id;
        queued.Add((OutboxRows.Insert(this, id, urn, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            message, message.GetType(), IsfJson.Options), fundIds), null));
        rings = true;
    }

    /// <summary>
    /// Names the fact in the answer (Isf-Fact), for questions that wait for it. One that was said so long ago that
    /// nobody remembers it has long arrived, and is not named.
    /// </summary>
    public async Task NameFactAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (Fact is { } fact && (saved || (await RowsAsync("select 1 from facts where holder_id = $1 and fact = $2",
            row => row.GetInt32(0), HolderId, fact)).Count > 0))
        {
            http.Response.Headers["Isf-Fact"] = fact.ToString();
        }
    }
}
