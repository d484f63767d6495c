using System.Net.Sockets;
using System.Text.RegularExpressions;
using Isf.Measures;
using JasperFx;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace Isf.Hosting.Data;

/// <summary>
/// Tells errors that pass by themselves from those that come back every time: a message is tried without end after one
/// of the first kind, and a few times after the other (decision 0015).
/// </summary>
public static partial class Faults
{
    private const int WordsMost = 2000;

    /// <summary>
    /// The database, the broker or the network was away, full or too slow, or another writer came first: nothing that
    /// the message or the request says is to blame.
    /// </summary>
    public static bool IsPassing(Exception fault) => Chain(fault).Any(IsPassingItself);

    /// <summary>The same, but for a race that was lost: whoever asked gets an answer of its own for that.</summary>
    public static bool IsAway(Exception fault) =>
        Chain(fault).Any(one =>
            one is not (ConcurrencyException or DocumentAlreadyExistsException) && IsPassingItself(one));

    /// <summary>
    /// Whether to try at once again where the message is consumed: what passes, and a key that another writer took a
    /// moment ago, which looks like a fault until it is looked at again.
    /// </summary>
    internal static bool IsWorthAnInstant(Exception fault) => IsPassing(fault)
        || Chain(fault).Any(one => one is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation });

    /// <summary>The error's own words and its type, such as any column of text can hold them.</summary>
    internal static (string Words, string Type) Describe(Exception fault)
    {
        var root = Chain(fault).Last();
        // Words that quote a message may hold half a character or a NUL, which no column takes.
        var words = Texts.Whole(Texts.Shortened(root.Message, WordsMost));
        return (words.Replace('\0', '\uFFFD'), root.GetType().FullName ?? "?");
    }

    /// <summary>
    /// An error that was written down, for who must not read what it may quote: a message, somebody's name, a
    /// statement. Its type, the database's code, and what that means.
    /// </summary>
    internal static string? QuoteNothing(string? type, string? words)
    {
        if (type is null)
            return null;
        var name = type.Split('.', '+')[^1].Split('`')[0];
        return name + ": " + name switch
        {
            nameof(PostgresException) when words is not null && SqlState().Match(words) is { Success: true } state =>
                $"the database refused what follows from it (SQLSTATE {state.Value}).",
            "JsonException" => "it cannot be read as the message that it says it is.",
            nameof(KeyNotFoundException) => "no service of this release publishes it, or something is missing.",
            _ => "what follows from it could not be done; the service's log has the error in its own words.",
        };
    }

    [GeneratedRegex(@"\A[0-9A-Z]{5}(?=:)")]
    private static partial Regex SqlState();

    private static bool IsPassingItself(Exception fault) => fault switch
    {
        PostgresException database => database.IsTransient || IsOfTheServer(database.SqlState),
        NpgsqlException { IsTransient: true } => true,
        TimeoutException or OperationCanceledException or SocketException => true,
        MassTransit.ConnectionException or RabbitMQClientException => true,
        ConcurrencyException or DocumentAlreadyExistsException => true,
        _ => false,
    };

    // By class: connection, authorization, no such database, resources, operator's intervention, the system itself; and
    // a server that only reads, as one does that has just become or ceased to be a replica.
    private static bool IsOfTheServer(string state) =>
        state[..2] is "08" or "28" or "3D" or "53" or "57" or "58"
        || state == PostgresErrorCodes.ReadOnlySqlTransaction;

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var one = fault; one is not null; one = one.InnerException)
            yield return one;
    }
}
