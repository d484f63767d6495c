using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Isf.Tests.Hosting;

/// <summary>Receives OTLP exports over gRPC, which is the exporter's default, and keeps them unparsed.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Text)> exports = new();
    private readonly WebApplication app;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.Run(ReceiveAsync);
    }

    /// <summary>The URL at which the collector listens.</summary>
    public string Address => app.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>
    /// Returns all exports of a signal, "trace" or "metrics", as one text. Texts in an export appear unencoded.
    /// </summary>
    public string Of(string signal) => string.Concat(
        exports.Where(entry => entry.Path.Contains($".{signal}.", StringComparison.Ordinal))
            .Select(entry => entry.Text));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        await using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        exports.Enqueue((http.Request.Path, Encoding.UTF8.GetString(body.ToArray())));
        http.Response.ContentType = "application/grpc";
        http.Response.AppendTrailer("grpc-status", "0");
        await http.Response.Body.WriteAsync(new byte[5]);
    }
}
