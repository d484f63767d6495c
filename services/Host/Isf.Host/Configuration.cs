using System.Globalization;
using Isf.Hosting;
using Isf.Hosting.Http;

namespace Isf.Host;

/// <summary>A setting in the environment cannot be used; the message says how to correct it.</summary>
public sealed class ConfigurationException(string message) : Exception(message);

/// <summary>Reads the settings from the environment; the README's configuration table explains each name.</summary>
public static class Configuration
{
    /// <summary>The folder that contains .isf/.</summary>
    public static string Home => Text("ISF_HOME") ?? Directory.GetCurrentDirectory();

    /// <summary>Reads all settings; throws a <see cref="ConfigurationException"/> that names the wrong one.</summary>
    public static HostSettings Read()
    {
        var names = IsfHost.AllServices().Select(service => service.Name).ToHashSet();
        var chosen = ServicesIn("ISF_SERVICES", names);
        var transport = Text("ISF_TRANSPORT") ?? "memory";
        if (transport is not ("memory" or "rabbitmq"))
            throw new ConfigurationException($"ISF_TRANSPORT is “{transport}”. Say memory or rabbitmq.");
        if (transport == "memory" && chosen.Count < names.Count)
        {
            throw new ConfigurationException(
                "In memory, all services run in one process. Set ISF_TRANSPORT=rabbitmq to part them.");
        }
        return new HostSettings
        {
            Database = Text("ISF_DATABASE")
                ?? throw new ConfigurationException(
                    "Set ISF_DATABASE to a PostgreSQL connection string, or start with ops/run."),
            Services = chosen,
            Health = new() { Installed = Installed(names, chosen) },
            Transport = transport,
            RabbitMq = Broker(transport),
            BusPrefix = Text("ISF_BUS_PREFIX") ?? "",
            Port = Port(),
            AuthAuthority = Authority(),
            AuthAudience = Text("ISF_AUTH_AUDIENCE"),
            AuthTypes = Listed("ISF_AUTH_TYPES"),
            AuthRoleClaim = Text("ISF_AUTH_ROLE_CLAIM") ?? "role",
            AuthRoles = Roles(),
            Home = Home,
            ShowsJobs = ShowsJobs(),
            OtlpEndpoint = Text("OTEL_EXPORTER_OTLP_ENDPOINT"),
        };
    }

    /// <summary>The connection string of the database's owner, which only ops/migrate is given.</summary>
    public static string Owner() => Text("ISF_DATABASE_OWNER")
        ?? throw new ConfigurationException("Set ISF_DATABASE_OWNER to the connection string of the role that owns "
            + "the database, or migrate with ops/migrate.");

    /// <summary>
    /// Whether a log message is written. The platform's messages are written from the level information up, those of
    /// frameworks from the level warning up.
    /// </summary>
    public static bool IsLogged(string? category, LogLevel level) =>
        level >= (category?.StartsWith("Isf", StringComparison.Ordinal) == true
            ? LogLevel.Information : LogLevel.Warning);

    /// <summary>
    /// Makes the log write one line of JSON, with the time, for each message that <see cref="IsLogged"/> admits.
    /// </summary>
    public static void Log(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddFilter(IsLogged);
        logging.AddJsonConsole(json => json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
    }

    // The broker's password may be in a file, because a file can be closed to other processes that could read the
    // environment.
    private static string Broker(string transport)
    {
        if (Text("ISF_RABBITMQ") is not { } address)
        {
            return transport == "memory" ? "" : throw new ConfigurationException(
                "Set ISF_RABBITMQ to amqp://user:password@host:port/vhost, or start with ops/run --rabbitmq.");
        }
        return Text("ISF_RABBITMQ_PASSWORD_FILE") is { } file
            ? new UriBuilder(address) { Password = Uri.EscapeDataString(File.ReadAllText(file).Trim()) }.ToString()
            : address;
    }

    private static HashSet<string> Installed(HashSet<string> names, HashSet<string> chosen)
    {
        var installed = ServicesIn("ISF_INSTALLED", names);
        return chosen.FirstOrDefault(name => !installed.Contains(name)) is not { } stranger ? installed
            : throw new ConfigurationException($"ISF_SERVICES runs {stranger} here, which ISF_INSTALLED does not name: "
                + "say there all services of the installation, on whatever host they run.");
    }

    private static HashSet<string> ServicesIn(string variable, HashSet<string> names)
    {
        var chosen = Listed(variable);
        return chosen.FirstOrDefault(name => name != "all" && !names.Contains(name)) is { } unknown
            ? throw new ConfigurationException(
                $"{variable} names “{unknown}”. Say all, or some of: {string.Join(", ", names)}.")
            : chosen.Length == 0 || chosen.Contains("all") ? names : [.. chosen];
    }

    private static int Port()
    {
        var chosen = Text("ISF_PORT") ?? "5080";
        return int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 0 and < 65536
            ? port
            : throw new ConfigurationException(
                $"ISF_PORT is “{chosen}”. Say a port number from 0 (any free one) to 65535.");
    }

    private static bool ShowsJobs() => Text("ISF_JOBS_DASHBOARD") switch
    {
        null or "off" => false,
        "on" => true,
        var chosen => throw new ConfigurationException($"ISF_JOBS_DASHBOARD is “{chosen}”. Say on or off."),
    };

    private static string? Authority()
    {
        if (Text("ISF_AUTH_AUTHORITY") is not { } chosen)
            return null;
        if (!Uri.TryCreate(chosen, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            throw new ConfigurationException(
                $"ISF_AUTH_AUTHORITY is “{chosen}”. Say the https address of an OpenID Connect issuer.");
        }
        if (Text("ISF_AUTH_AUDIENCE") is null)
        {
            throw new ConfigurationException("ISF_AUTH_AUTHORITY needs ISF_AUTH_AUDIENCE: the name under which the "
                + "issuer makes tokens for this platform. Without it, a token for any other program would open it.");
        }
        return chosen;
    }

    private static Dictionary<string, string> Roles()
    {
        var roles = new Dictionary<string, string>();
        foreach (var pair in Listed("ISF_AUTH_ROLES"))
        {
            var at = pair.LastIndexOf('=');
            if (at < 1 || !Role.All.Contains(pair[(at + 1)..]) || !roles.TryAdd(pair[..at], pair[(at + 1)..]))
            {
                throw new ConfigurationException($"ISF_AUTH_ROLES holds “{pair}”. Say each name that the issuer has "
                    + $"for a role once, =, and one of {string.Join(", ", Role.All)}.");
            }
        }
        return roles;
    }

    private static string[] Listed(string name) =>
        (Text(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
