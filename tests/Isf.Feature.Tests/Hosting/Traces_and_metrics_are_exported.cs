using System.Diagnostics;
using Isf.Host;
using Isf.Hosting.Http;
using Isf.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using NodaTime.Testing;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Isf.Tests.Hosting;

public sealed class Traces_and_metrics_are_exported
{
    [Fact]
    public async Task Requests_statements_messages_and_our_own()
    {
        await using var collector = await Collector.StartAsync();
        await using var host = await StartAsync(collector);
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await ExportedAsync(host, collector, "trace",
            "isf-funds-invoicing-ledger-reconciliation-statements-support", "Microsoft.AspNetCore",
            "PUT /v1/funds/{fundId}", "http.response.status_code", "System.Net.Http", "Npgsql", "db.query.text",
            "call set_for_transaction($1, $2)", "MassTransit", "publish isf:funds:fund-opened:v1");
        await ExportedAsync(host, collector, "metrics", "http.server.request.duration",
            "http.client.request.duration", "db.client.operation.duration", "dotnet.gc.collections");
    }

    [Fact]
    public async Task But_no_persons_words()
    {
        await using var collector = await Collector.StartAsync();
        await using var host = await StartAsync(collector);
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/people/P-8", new
        {
            name = "Zebedee Quillfeather", nhsNumber = "9434765919", nation = "england", format = "plain",
            language = "en",
        })).NeedsAsync(201);
        await (await admin.GetAsync("/v1/people?name=Quillfeather")).NeedsAsync(200);
        await (await admin.GetAsync("/v1/people/Quillfeather")).NeedsAsync(404);
        using (var span = HostTelemetry.Source.StartActivity("fails aloud"))
        {
            span!.AddException(new InvalidOperationException("Quillfeather has no fund."));
            span.SetStatus(ActivityStatusCode.Error, "Quillfeather has no fund.");
        }
        var traces = await ExportedAsync(host, collector, "trace", "fails aloud", "GET /v1/people/{id}");
        Assert.DoesNotContain("Quillfeather", traces + collector.Of("metrics"), StringComparison.Ordinal);
        Assert.DoesNotContain("9434765919", traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_where_an_endpoint_is_configured()
    {
        await using var app = IsfHost.Build(
            new() { Database = "Host=127.0.0.1;Port=1;Database=none;Username=none", Home = Path.GetTempPath() },
            FakeClock.FromUtc(2026, 6, 1));
        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
    }

    private static Task<TestHost> StartAsync(Collector collector) => TestHost.StartAsync(new()
    {
        Settings = settings => settings with { OtlpEndpoint = collector.Address },
    });

    // The span of a request ends a moment after its response was sent, so the export is repeated until it has the
    // words.
    private static Task<string> ExportedAsync(
        TestHost host, Collector collector, string signal, params string[] expected) => Until.AnswersAsync(() =>
        {
            Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush());
            Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush());
            return Task.FromResult(collector.Of(signal));
        }, exported => expected.All(part => exported.Contains(part, StringComparison.Ordinal)),
        TimeSpan.FromSeconds(30), $"{string.Join(", ", expected)} are exported");
}
