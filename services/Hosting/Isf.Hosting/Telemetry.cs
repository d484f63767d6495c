using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Isf.Hosting;

/// <summary>
/// Traces and metrics through the chain, exported by OTLP when an endpoint is configured. One trace runs from the
/// request to the journal: the outbox keeps the trace of whoever said a message. No tag holds a person's words.
/// </summary>
public static class Telemetry
{
    /// <summary>The platform's own spans.</summary>
    public static ActivitySource Source { get; } = new("Isf");
}

/// <summary>Builds the providers; the packages that would do it by themselves are not served by the feed.</summary>
internal sealed class TelemetryExport(HostSettings settings) : IHostedService, IDisposable
{
    private TracerProvider? traces;
    private MeterProvider? meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.OtlpEndpoint is { } endpoint)
        {
            void To(OtlpExporterOptions options) => options.Endpoint = new Uri(endpoint);
            var resource = ResourceBuilder.CreateDefault()
                .AddService("isf-" + string.Join('-', settings.Services.Order()));
            traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource(Telemetry.Source.Name, "Microsoft.AspNetCore", "MassTransit", "Npgsql").AddOtlpExporter(To)
                .Build();
            meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
                .AddMeter("Isf", "Microsoft.AspNetCore.Hosting", "MassTransit", "Npgsql").AddOtlpExporter(To).Build();
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        traces?.ForceFlush(2000);
        meters?.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        meters?.Dispose();
    }
}
