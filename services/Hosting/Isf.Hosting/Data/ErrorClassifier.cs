using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isf.Measures;
using JasperFx;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace Isf.Hosting.Data;

/// <summary>
/// Separates transient errors from permanent ones. A message is retried without limit after a transient error, and a
/// few times after any other error (decision 0015).
/// </summary>
public static partial class ErrorClassifier
{
    private const int MessageMax = 2000;

    /// <summary>
    /// Whether the error is transient, which means that the content of the message or request is not its cause. The
    /// database, the broker or the network was unreachable, full or too slow, or another writer came first.
    /// </summary>
    public static bool IsTransient(Exception fault) => Chain(fault).Any(IsTransientItself);

    /// <summary>
    /// Whether the error is transient and is not a conflict with another writer. After a conflict the caller gets a
    /// problem of its own.
    /// </summary>
    public static bool IsOutage(Exception fault) =>
        Chain(fault).Any(exception =>
            exception is not (ConcurrencyException or DocumentAlreadyExistsException) && IsTransientItself(exception));

    /// <summary>
    /// Whether an immediate retry in the consumer is worthwhile. It is if the error is transient, or if another writer
    /// inserted the same key a moment ago, because the retry then reads that row.
    /// </summary>
    internal static bool IsWorthRetryingNow(Exception fault) => IsTransient(fault)
        || Chain(fault)
            .Any(exception => exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation });

    /// <summary>The message and type of the error's innermost cause, in a form that any text column can hold.</summary>
    internal static (string Message, string Type) Describe(Exception fault)
    {
        var root = Chain(fault).Last();
        // An error that quotes a message may contain an unpaired surrogate or a NUL, which no text column accepts.
        var message = Texts.Whole(Texts.Shortened(root.Message, MessageMax));
        return (message.Replace('\0', '\uFFFD'), root.GetType().FullName ?? "?");
    }

    /// <summary>
    /// Describes a recorded error to readers who must not see what the error quotes (a message, a person's name, a
    /// statement). The description has the error's type and, for an error of the database, its SQLSTATE. Null if there
    /// is no error.
    /// </summary>
    internal static string? Redact(string? type, string? message)
    {
        if (type is null)
            return null;
        var name = type.Split('.', '+')[^1].Split('`')[0];
        return name + ": " + name switch
        {
            nameof(PostgresException) when message is not null
                && SqlState().Match(message) is { Success: true } state =>
                    $"the database refused what follows from it (SQLSTATE {state.Value}).",
            nameof(JsonException) => "it cannot be read as the message that it says it is.",
            nameof(KeyNotFoundException) => "no service of this release publishes it, or something is missing.",
            _ => "what follows from it could not be done; the service's log has the error in its own words.",
        };
    }

    [GeneratedRegex(@"\A[0-9A-Z]{5}(?=:)")]
    private static partial Regex SqlState();

    private static bool IsTransientItself(Exception fault) => fault switch
    {
        PostgresException database => database.IsTransient || IsOfTheServer(database.SqlState),
        NpgsqlException { IsTransient: true } => true,
        TimeoutException or OperationCanceledException or SocketException => true,
        MassTransit.ConnectionException or RabbitMQClientException => true,
        ConcurrencyException or DocumentAlreadyExistsException => true,
        _ => false,
    };

    // Whether an SQLSTATE is due to the server and not to the statement. The classes mean connection, authorization,
    // no such database, resources, operator intervention and system error. The error of a read-only server is
    // included, because such a server has just become a replica or ceased to be one.
    private static bool IsOfTheServer(string state) =>
        state[..2] is "08" or "28" or "3D" or "53" or "57" or "58"
        || state == PostgresErrorCodes.ReadOnlySqlTransaction;

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var one = fault; one is not null; one = one.InnerException)
            yield return one;
    }
}
