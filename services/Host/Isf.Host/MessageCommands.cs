using System.Globalization;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using NodaTime;
using Npgsql;

namespace Isf.Host;

/// <summary>
/// The commands about failed and deferred messages (ops/replay, ops/discard). They use only the database, so that the
/// hosts keep running.
/// </summary>
public static class MessageCommands
{
    private const string Usage =
        "Say: messages | replay (ID | --all) [--why W] [--user U] | discard ID --why W [--user U]";

    /// <summary>Runs one command; returns the exit code.</summary>
    public static async Task<int> RunAsync(HostSettings settings, IClock clock, IReadOnlyList<string> args)
    {
        await using var databases = new Databases(settings);
        var map = new ServiceMap(IsfHost.AllServices(), new HashSet<string>());
        var decisions = new MessageDecisions(databases, map, new OutboxSignal());
        string? Option(string name) =>
            args.ToList().IndexOf("--" + name) is >= 0 and var at && at + 1 < args.Count ? args[at + 1] : null;
        var by = Option("user") ?? Environment.UserName;
        try
        {
            return await DecideAsync();
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return Complain("The message is being tried at this moment. Ask again in a minute.");
        }

        async Task<int> DecideAsync() => args switch
        {
            ["messages"] => await ListAsync(decisions, clock),
            ["replay", "--all", ..] =>
                Report(await decisions.RetryAsync(null, by, Option("why") ?? "replayed"), "will be tried again"),
            ["replay", var one, ..] when Guid.TryParse(one, out var id) =>
                Report(await decisions.RetryAsync(id, by, Option("why") ?? "replayed"), "will be tried again"),
            ["discard", var one, ..] when Guid.TryParse(one, out var id) => Option("why") is { Length: > 0 } why
                ? Report(await decisions.DiscardAsync(id, by, why), "discarded")
                : Complain("Say why: --why \"…\" is kept with the decision."),
            _ => Complain(Usage),
        };
    }

    private static async Task<int> ListAsync(MessageDecisions decisions, IClock clock)
    {
        var hourAgo = clock.GetCurrentInstant().Minus(Duration.FromHours(1)).ToDateTimeUtc();
        foreach (var message in await decisions.ListAsync(hourAgo))
        {
            var since = message.Since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            Console.WriteLine($"{message.MessageId}  {message.State} since {since}, {message.Tries} tries, of "
                + $"{message.HolderId}: {message.Urn} in {message.Queue} of {message.Service}");
            if (message.WaitsFor is { } key)
                Console.WriteLine($"    waits for {key}");
            if (message.LastError is { } error)
                Console.WriteLine($"    {error.ReplaceLineEndings(" ")}");
        }
        return 0;
    }

    private static int Report(int count, string what)
    {
        if (count == 0)
            return Complain("No such message is kept, or nothing has failed; ops/replay alone lists what there is.");
        Console.WriteLine($"{count} {what}.");
        return 0;
    }

    private static int Complain(string text)
    {
        Console.Error.WriteLine(text);
        return 1;
    }
}
