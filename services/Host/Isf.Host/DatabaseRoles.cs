using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Isf.Hosting;
using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Host;

/// <summary>
/// Creates the roles by which the services log in to the database. The owner creates them, with the passwords that the
/// hosts use (decision 0005). Only a password's verifier goes to the server, so that none of the server's logs can
/// contain the password.
/// </summary>
public static partial class DatabaseRoles
{
    // PostgreSQL's own number of iterations for a verifier.
    private const int Iterations = 4096;
    private const int TriesMax = 20;

    /// <summary>Creates missing roles. A role that cannot log in gets the password in the settings.</summary>
    public static async Task MakeAsync(string owner, HostSettings settings, IEnumerable<string> services,
        CancellationToken stop = default)
    {
        await using var source = Databases.Open(owner);
        foreach (var service in services)
        {
            var (role, login) = ("isf_" + service, Databases.LoginOf(settings, service));
            login.Password ??= PasswordIn(login);
            // A service's role is created without a password if the settings give none, or if they name another role
            // for the service. The administrator of the database creates that other role.
            if (login.Username == role && login.Password is { } password)
                await SetAsync(source, login, role, password, stop);
            else
                await ExecuteAsync(source, role, "login", "null", stop);
        }
    }

    /// <summary>
    /// The verifier of a password, which the server stores and by which it checks the password (RFC 5802, RFC 7677).
    /// </summary>
    internal static string VerifierOf(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }

    /// <summary>
    /// The password for this login in its password file (Passfile), whose lines have PostgreSQL's form
    /// host:port:database:user:password. Null if there is no password file or no line that matches.
    /// </summary>
    internal static string? PasswordIn(NpgsqlConnectionStringBuilder login)
    {
        if (login.Passfile is null)
            return null;
        string?[] key = [login.Host, $"{login.Port}", login.Database, login.Username];
        return File.ReadLines(login.Passfile).Where(line => !line.StartsWith('#'))
            .Select(line => Field().Matches(line).Select(field => Escaped().Replace(field.Value, "$1")).ToArray())
            .FirstOrDefault(parts => parts.Length == 5
                && key.Zip(parts).All(pair => pair.Second == "*" || pair.First == pair.Second))?[4];
    }

    private static async Task SetAsync(NpgsqlDataSource source, NpgsqlConnectionStringBuilder login, string role,
        string password, CancellationToken stop)
    {
        for (var tries = 1; !await ComesInAsync(login, stop); tries++)
        {
            try
            {
                var set = $"login password '{VerifierOf(password)}'";
                await ExecuteAsync(source, role, set, $"alter role {role} {set}", stop);
                return;
            }
            catch (PostgresException busy)
                when (busy.SqlState == PostgresErrorCodes.InternalError && tries < TriesMax)
            {
                // Roles belong to the whole server, so the migration of another database may set this role at the same
                // moment. The loop tries again.
            }
        }
    }

    private static async Task<bool> ComesInAsync(NpgsqlConnectionStringBuilder login, CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(login.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(
        NpgsqlDataSource source, string role, string terms, string otherwise, CancellationToken stop)
    {
        await using var command = source.CreateCommand($"""
            do $$ begin create role {role} {terms};
            exception when duplicate_object or unique_violation then {otherwise}; end $$
            """);
        await command.ExecuteNonQueryAsync(stop);
    }

    [GeneratedRegex(@"(?<=^|:)(?:\\.|[^:\\])*(?=:|$)")]
    private static partial Regex Field();

    [GeneratedRegex(@"\\([:\\])")]
    private static partial Regex Escaped();
}
