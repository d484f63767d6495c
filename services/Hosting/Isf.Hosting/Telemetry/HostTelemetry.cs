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
/// Traces and metrics through the chain, exported by OTLP when an endpoint is configured. One trace runs from the
/// request to the journal: the outbox keeps the trace of whoever said a message. Nothing that is exported holds a
/// person's words.
/// </summary>
public static class HostTelemetry
{
    private static readonly string[] Ours = ["Isf", "MassTransit", "Marten"];

    /// <summary>The platform's own spans.</summary>
    public static ActivitySource Source { get; } = new(Ours[0]);

    /// <summary>Collects and exports where an endpoint is configured; without one nothing is collected.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder, HostSettings settings)
    {
        if (settings.OtlpEndpoint is not { } endpoint)
            return;
        builder.Configuration.AddInMemoryCollection(Variables(endpoint));
        // Traces alone go on from call to call: baggage is whatever somebody puts in.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(host => host.AddService("isf-" + string.Join('-', settings.Services.Order())))
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql()
                .AddSource(Ours).AddProcessor(new WithoutWords()).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation().AddNpgsqlInstrumentation().AddMeter(Ours).AddOtlpExporter());
    }

    /// <summary>The exporter's own variables: how it speaks, how often, how much.</summary>
    private static Dictionary<string, string?> Variables(string endpoint) =>
        new(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(one => KeyValuePair.Create((string)one.Key, (string?)one.Value))
            .Where(one => one.Key.StartsWith("OTEL_", StringComparison.Ordinal)))
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            // The events of a span are errors in full, and an error may name somebody.
            ["OTEL_SPAN_EVENT_COUNT_LIMIT"] = "0",
        };

    /// <summary>Takes off what a caller or an error says in its own words; route and kind of error stay.</summary>
    private sealed class WithoutWords : BaseProcessor<Activity>
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
