using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Isf.Hosting.Http;
using Isf.Tests.Described;
using Isf.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Hosting;

/// <summary>
/// The host receives a large body before it takes a database connection. It demands a minimum rate of the upload, and
/// limits the number of such bodies for each holder. A refused caller gets the response before the body is read.
/// Support has four connections here.
/// </summary>
public sealed class Slow_uploads_hold_up_nobody : IAsyncLifetime
{
    private const string Path = "/v1/visit-files?format=visits-csv&reference=";
    private const int BodyMax = 64 * 1024;
    private const string Large = "Transfer-Encoding: chunked";
    private const string Begun = "7\r\nvisitId\r\n";
    private readonly List<TcpClient> lines = [];
    private TestHost host = null!;

    public async Task InitializeAsync()
    {
        host = await TestHost.StartAsync(new()
        {
            Services = "funds,support", RequestConnectionsMax = 4, Uploads = new()
            {
                AtATime = 5, BytesMax = BodyMax, BytesASecond = 1024, Grace = TimeSpan.FromSeconds(30),
            },
        });
        await Care.OpenAsync(new(host, "hare"), "F-1", "A-1");
    }

    public async Task DisposeAsync()
    {
        lines.ForEach(line => line.Dispose());
        await host.DisposeAsync();
    }

    // Sends the head of an upload and the beginning of its body, over a socket of its own.
    private async Task<NetworkStream> BeginAsync(
        string holder, string path, string begins, string length, TestHost? at = null,
        string type = "text/csv")
    {
        at ??= host;
        var token = at.TokenOf(Role.HolderCare, holder);
        var line = new TcpClient();
        lines.Add(line);
        await line.ConnectAsync(at.Address.Host, at.Address.Port);
        await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
            + $"Authorization: Bearer {token}\r\nContent-Type: {type}\r\n{length}\r\n\r\n{begins}"));
        return line.GetStream();
    }

    // Returns everything received until the host closes the connection.
    private static async Task<string> ResponseAsync(NetworkStream line)
    {
        using var reader = new StreamReader(line, Encoding.UTF8);
        var response = new StringBuilder();
        try
        {
            for (string? some; (some = await reader.ReadLineAsync()) is not null;)
                response.AppendLine(some);
        }
        catch (IOException)
        {
            // The host closed the connection before everything was sent.
        }
        return response.ToString();
    }

    [Fact]
    public async Task Twenty_slow_uploads_of_one_holder_take_no_connection_and_all_but_some_are_refused()
    {
        var slow = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => BeginAsync("sloth", Path + number, Begun, Large)));
        var open = slow.Select(ResponseAsync).ToList();
        while (open.Count > 5)
        {
            var ended = await Task.WhenAny(open);
            open.Remove(ended);
            foreach (var part in new[] { "429 Too Many Requests", "too-many", "Retry-After: " })
                Assert.Contains(part, await ended, StringComparison.Ordinal);
        }
        var care = await Care.PlannedAsync(new(host, "hare"));
        Assert.Equal("done 3: 3 0 0 0", Care.Counts(await care.ImportAsync("R-1", Care.File(Care.Rows(3)))));
    }

    [Theory]
    [InlineData("/v1/visit-files?format=none&reference=R", "Content-Length: 1000000000", "400 Bad Request")]
    [InlineData(Path, "Content-Length: 1000000000", "400 Bad Request")]
    [InlineData(Path + "R", "Content-Length: 1000000000", "413 ")]
    [InlineData("/v1/visit-files?format=none&reference=R", Large, "400 Bad Request")]
    [InlineData("/v1/nowhere", "Content-Length: 1000000000", "404 Not Found")]
    public async Task A_refused_upload_is_answered_and_closed_before_its_body_is_read(
        string path, string length, string status)
    {
        var response = await ResponseAsync(await BeginAsync("hare", path, "", length));
        Assert.Contains(status, response, StringComparison.Ordinal);
        Assert.Contains("Connection: close", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_body_that_is_refused_keeps_its_line()
    {
        var response = await host.As(Role.HolderCare, "hare").PostAsync(
            "/v1/visit-files?format=none&reference=R", new StringContent("x"));
        Assert.Equal((400, null), ((int)response.StatusCode, response.Headers.ConnectionClose));
    }

    [Fact]
    public async Task What_comes_too_slowly_is_given_up_and_its_place_is_free()
    {
        await using var hasty = await TestHost.StartAsync(new()
        {
            Services = "funds,support", Uploads = new()
            {
                AtATime = 1, BytesASecond = 100_000, Grace = TimeSpan.FromSeconds(1.5),
            },
        });
        var response = await ResponseAsync(await BeginAsync("hare", Path + "R-1", Begun, Large, hasty));
        foreach (var part in new[] { "HTTP/1.1 408 ", "too-slow" })
            Assert.Contains(part, response, StringComparison.Ordinal);
        await (await hasty.As(Role.HolderCare, "hare").SendFileAsync("R-1", "visitId\n")).NeedsAsync(202);
    }

    [Fact]
    public async Task Any_other_body_that_comes_too_slowly_is_told_the_same()
    {
        await using var hasty = await TestHost.StartAsync(new()
        {
            Services = "funds,support",
            Adjust = builder => builder.Services.Configure<KestrelServerOptions>(kestrel =>
                kestrel.Limits.MinRequestBodyDataRate = new(100_000, TimeSpan.FromSeconds(1.5))),
        });
        var response = await ResponseAsync(await BeginAsync(
            "hare", "/v1/funds/F-1/absences/A-1/withdraw", "3\r\n{\"v\r\n", Large, hasty, "application/json"));
        foreach (var part in new[] { "HTTP/1.1 408 ", "too-slow" })
            Assert.Contains(part, response, StringComparison.Ordinal);
        DescribedAnswers.Record("POST /v1/funds/{fundId}/absences/{id}/withdraw 408 too-slow");
    }

    [Theory]
    [InlineData(BodyMax, 202, "application/json")]
    [InlineData(BodyMax + 1, 413, "file-too-large")]
    public async Task The_limit_counts_the_body_and_not_its_framing(int bytes, int status, string answer)
    {
        var line = await BeginAsync("hare", Path + bytes.ToString(CultureInfo.InvariantCulture), "",
            "Connection: close\r\nTransfer-Encoding: chunked");
        var chunks = string.Concat(Enumerable.Repeat("4\r\nabcd\r\n", bytes / 4))
            + (bytes % 4 == 1 ? "1\r\na\r\n" : "");
        await line.WriteAsync(Encoding.ASCII.GetBytes(chunks + "0\r\n\r\n"));
        var response = await ResponseAsync(line);
        foreach (var part in new[] { $"HTTP/1.1 {status} ", answer })
            Assert.Contains(part, response, StringComparison.Ordinal);
        DescribedAnswers.Record($"POST /v1/visit-files {status} {answer}");
    }

    [Fact]
    public async Task A_body_that_stays_in_memory_and_one_that_does_not_are_the_same_when_they_are_read()
    {
        var folder = Directory.CreateTempSubdirectory("isf-spool-").FullName;
        await using var roomy = await TestHost.StartAsync(new()
        {
            Services = "funds,support", Uploads = new() { Folder = folder },
        });
        var scene = new Scene(roomy, "hare");
        await Care.OpenAsync(scene, "F-1", "A-1");
        await Care.UntilIdleAsync(scene);
        var care = await Care.PlannedAsync(scene);
        var note = new string('n', 1900);
        var file = await care.ImportAsync("R-1", Care.File(Care.Rows(1200).Select(row => row + note)));
        Assert.Equal(("done 1200: 1200 0 0 0", true), (Care.Counts(file), file.Bytes > 2 << 20));
        Assert.Empty(Directory.EnumerateFiles(folder));
        // Without its folder the host cannot store a large body, as if the disk were full. It refuses such a body with
        // Retry-After and still accepts a small one.
        Directory.Delete(folder);
        var full = await care.SendFileAsync("R-2", new byte[2 << 20]);
        Assert.Equal((503, "not-available", 60.0), ((int)full.StatusCode, await full.CodeAsync(),
            full.Headers.RetryAfter?.Delta?.TotalSeconds));
        await (await care.SendFileAsync("R-2", "visitId\n")).NeedsAsync(202);
    }
}
