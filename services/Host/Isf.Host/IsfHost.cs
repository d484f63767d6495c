using Isf.Funds;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Hosting.Telemetry;
using Isf.Invoicing;
using Isf.Ledger;
using Isf.Reconciliation;
using Isf.Statements;
using Isf.Support;
using NodaTime;

namespace Isf.Host;

/// <summary>
/// Builds the host that the only executable runs. The host runs the services that the settings name, admits callers,
/// and serves health checks and the description of the interface.
/// </summary>
public static class IsfHost
{
    /// <summary>All six services in the order in which facts flow.</summary>
    public static IReadOnlyList<Service> AllServices() =>
    [
        FundsService.Describe(), SupportService.Describe(), InvoicingService.Describe(),
        LedgerService.Describe(), ReconciliationService.Describe(), StatementsService.Describe(),
    ];

    /// <summary>
    /// Brings the database up to date as its owner, and gives the services' roles the passwords from the settings.
    /// </summary>
    public static async Task MigrateAsync(
        string owner, HostSettings settings, ILogger log, CancellationToken stop = default)
    {
        var services = AllServices();
        var scheduled = services.Where(service => service.ScheduleTerms.Count > 0).Select(service => service.Name)
            .ToHashSet();
        await DatabaseRoles.MakeAsync(owner, settings, [.. services.Select(service => service.Name), "watch"], stop);
        await Migrations.RunAsync(
            owner, services, (source, name, token) => scheduled.Contains(name)
                ? JobTables.MakeAsync(source, name, token) : Task.CompletedTask, log, stop);
    }

    /// <summary>
    /// Throws if the owner has not yet applied a migration that the services here need, or if the services would not
    /// share one database, so that the host does not start.
    /// </summary>
    public static async Task CheckDatabaseAsync(HostSettings settings, CancellationToken stop = default)
    {
        await using var databases = new Databases(settings);
        await databases.CheckAreOneAsync(stop);
        await Migrations.CheckAsync(
            databases, AllServices().Where(service => settings.Services.Contains(service.Name)), stop);
    }

    /// <summary>Builds a host. The clock is the only source of the platform's time.</summary>
    public static WebApplication Build(HostSettings settings, IClock clock,
        Action<WebApplicationBuilder>? adjust = null)
    {
        var all = AllServices();
        var names = settings.Services.Count == 0 ? all.Select(service => service.Name).ToHashSet() : settings.Services;
        settings = settings with { Services = names.ToHashSet() };
        var map = new ServiceMap(all, names);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, settings.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1L << 30;
        });
        builder.Services.AddSingleton(clock);
        builder.Services.ConfigureHttpJsonOptions(json => IsfJson.Apply(json.SerializerOptions));
        builder.Services.AddServices(settings, map);
        builder.Services.AddSingleton<Heartbeat>().AddSingleton<BrokerCheck>().AddSingleton<Readiness>()
            .AddSingleton<RequestLog>();
        builder.Services.AddHostedService(host => host.GetRequiredService<Heartbeat>());
        builder.Services.AddSchedules(map);
        builder.Services.AddJobsDashboard(settings);
        builder.Services.AddCallers(settings, JobsDashboard.TokenInAsync);
        builder.AddTelemetry(settings);
        builder.Services.AddOpenApi("v1", Description.Describe);
        adjust?.Invoke(builder);
        var app = builder.Build();
        // Marten's stores are built now, and not during the first request.
        app.Services.GetRequiredService<DocumentStores>();
        app.Use(next => http => http.RequestServices.GetRequiredService<RequestLog>().HandleAsync(http, next));
        app.UsePersonalAnswers();
        Uploads.LeaveRefusedBodiesUnread(app);
        app.UseProblems();
        app.UseRouting();
        app.UseAuthentication();
        app.UseJobsSignIn(settings);
        app.UseAuthorization();
        app.UseAddressChecks();
        foreach (var service in map.Here)
            app.MapService(service);
        app.MapSchedules(map);
        app.MapOperator(map);
        app.MapJobsDashboard(map, settings);
        app.MapPlatform();
        app.MapOpenApi(Description.Address).AllowAnonymous().WithMetadata(new Admitted(["anyone"]));
        app.MapDescriptionPage();
        return app;
    }
}
