using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Isf.Hosting.Telemetry;

/// <summary>
/// Collects traces and metrics, and exports them by OTLP if an endpoint is configured. One trace runs from the request
/// to the journal, because the outbox stores the trace of each published message. Nothing exported contains text that
/// a person wrote.
/// </summary>
public static class HostTelemetry
{
    private static readonly string[] Ours = ["Isf", "MassTransit", "Marten"];

    /// <summary>The platform's own spans.</summary>
    public static ActivitySource Source { get; } = new(Ours[0]);

    /// <summary>Sets up collection and export if an endpoint is configured; without one nothing is collected.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder, HostSettings settings)
    {
        if (settings.OtlpEndpoint is not { } endpoint)
            return;
        builder.Configuration.AddInMemoryCollection(Variables(endpoint));
        // Only the trace context is propagated, because baggage could hold anything that a caller puts in.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(host => host.AddService("isf-" + string.Join('-', settings.Services.Order())))
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql()
                .AddSource(Ours).AddProcessor(new WithoutTexts()).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation().AddNpgsqlInstrumentation().AddMeter(Ours).AddOtlpExporter());
    }

    /// <summary>
    /// The environment variables that the exporter reads by itself (protocol, interval, limits), with the configured
    /// endpoint.
    /// </summary>
    private static Dictionary<string, string?> Variables(string endpoint) =>
        new(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(item => KeyValuePair.Create((string)item.Key, (string?)item.Value))
            .Where(pair => pair.Key.StartsWith("OTEL_", StringComparison.Ordinal)))
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            // Span events contain errors in full, and an error may name a person.
            ["OTEL_SPAN_EVENT_COUNT_LIMIT"] = "0",
        };

    /// <summary>Removes texts written by a caller or quoted by an error; route and error type stay.</summary>
    private sealed class WithoutTexts : BaseProcessor<Activity>
    {
        private static readonly string[] Addresses = ["url.path", "url.query", "url.full"];

        public override void OnEnd(Activity data)
        {
            foreach (var address in Addresses)
                data.SetTag(address, null);
            data.SetStatus(data.Status);
        }
    }
}
