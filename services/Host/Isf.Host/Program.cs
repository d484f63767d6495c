using Isf.Host;
using Isf.Hosting.Http;
using NodaTime;
using Npgsql;

// serve (the default) | migrate | token [--rotate] --role R [--holder H] [--user U] [--person P] [--council C]
// messages | replay (ID | --all) [--why W] [--user U] | discard ID --why W [--user U]
#pragma warning disable RS0030 // Only the host creates a clock; all other code receives it.
var clock = SystemClock.Instance;
#pragma warning restore RS0030
try
{
    return args switch
    {
        [] or ["serve"] => await ServeAsync(),
        ["migrate"] => await MigrateAsync(),
        ["token", .. var rest] => PrintToken(rest),
        ["messages" or "replay" or "discard", ..] => await MessageCommands.RunAsync(Configuration.Read(), clock, args),
        _ => Complain("Usage: Isf.Host [serve | migrate | "
            + "token [--rotate] --role R [--holder H] [--user U] [--person P] [--council C]]"),
    };
}
catch (Exception fault) when (
    fault is ConfigurationException or NpgsqlException or InvalidOperationException or IOException)
{
    return Complain(fault is NpgsqlException
        ? $"The database cannot be used: {fault.Message} Check ISF_DATABASE, that the server runs, and that "
            + "ops/migrate was run."
        : fault.Message);
}

async Task<int> ServeAsync()
{
    var settings = Configuration.Read();
    await IsfHost.CheckDatabaseAsync(settings);
    await using var app = IsfHost.Build(settings, clock, builder => Configuration.Log(builder.Logging));
    await app.RunAsync();
    return 0;
}

async Task<int> MigrateAsync()
{
    using var logs = LoggerFactory.Create(Configuration.Log);
    await IsfHost.MigrateAsync(
        Configuration.Owner(), Configuration.Read(), logs.CreateLogger("Isf.Migrations"));
    return 0;
}

int PrintToken(string[] rest)
{
    string? Option(string name) =>
        Array.IndexOf(rest, "--" + name) is >= 0 and var at && at + 1 < rest.Length ? rest[at + 1] : null;
    var role = Option("role");
    if (rest.Contains("--rotate"))
    {
        LocalKey.Rotate(Configuration.Home);
        Console.Error.WriteLine("There is a new key. Every token that was made before is refused from now on.");
        if (role is null)
            return 0;
    }
    if (role is null || !Role.All.Contains(role))
        return Complain("Name a role: --role " + string.Join(" | ", Role.All));
    Console.WriteLine(Callers.LocalToken(Configuration.Home, clock, role, Option("user") ?? role, Option("holder"),
        Option("person"), Option("council")));
    return 0;
}

static int Complain(string text)
{
    Console.Error.WriteLine(text);
    return 1;
}
