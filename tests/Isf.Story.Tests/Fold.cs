using System.Text.Json.Nodes;
using Isf.Client;
using NodaTime;

namespace Isf.Story.Tests;

/// <summary>
/// An accountant's independent check. It adds up the journals that the interface shows, by design §4 and without any
/// of the Ledger's code, and computes the balance at a day and a position.
/// </summary>
internal sealed class Fold(IReadOnlyList<ListJournalsItem> journals, params string[] spendOrder)
{
    private readonly IReadOnlyList<Entry> entries = [.. journals.Select(Entry.Of)];

    private sealed record Entry(long Position, LocalDate EffectiveOn, bool IsReversal, IReadOnlyList<Moved> Moves)
    {
        public static Entry Of(ListJournalsItem journal) => new(
            journal.Position, journal.EffectiveOn, journal.Reverses is not null,
            [.. journal.Moves.Select(move =>
                new Moved($"{move.Book}:{move.From}", $"{move.Book}:{move.To}", move.Amount))]);
    }

    private sealed record Moved(string From, string To, long Amount);

    /// <summary>
    /// Computes the figures of a balance, under api.md's names, as at a day and as known at a position.
    /// </summary>
    public SortedDictionary<string, long> At(LocalDate effectiveOn, long position)
    {
        var counted = entries.Where(entry => entry.EffectiveOn <= effectiveOn && entry.Position <= position).ToList();
        var balances = Balances(counted);
        long In(string account) => balances
            .Where(balance => balance.Key == account || balance.Key.StartsWith(account + "/", StringComparison.Ordinal))
            .Sum(balance => balance.Value);
        var (held, charged) = (In("money:held"), In("time:charged"));
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["receivedPence"] = Flow(counted, "money:outside/", "money:held/"),
            ["returnedPence"] = Flow(counted, "money:held/", "money:outside/"),
            ["heldPence"] = held, ["accruedPence"] = In("money:accrued"), ["owedPence"] = In("money:owed"),
            ["paidPence"] = In("money:paid"), ["cashPence"] = held + In("money:accrued") + In("money:owed"),
            ["budgetPence"] = -In("promise:budget"), ["freePence"] = In("promise:free"),
            ["promisedPence"] = In("promise:promised"), ["usedPence"] = In("promise:used"),
            ["plannedMinutes"] = -In("time:agreed"), ["extraMinutes"] = -In("time:extra"),
            ["deliveredMinutes"] = In("time:delivered"), ["missedMinutes"] = In("time:missed") + charged,
            ["chargedNotDeliveredMinutes"] = charged, ["bankedMinutes"] = In("time:banked"),
            ["releasedMinutes"] = In("time:released"), ["outstandingMinutes"] = In("time:planned"),
        };
        AttributeDrawn(figures, balances);
        return figures;
    }

    private static Dictionary<string, long> Balances(IEnumerable<Entry> counted)
    {
        var balances = new Dictionary<string, long>();
        foreach (var move in counted.SelectMany(entry => entry.Moves))
        {
            balances[move.From] = balances.GetValueOrDefault(move.From) - move.Amount;
            balances[move.To] = balances.GetValueOrDefault(move.To) + move.Amount;
        }
        return balances;
    }

    /// <summary>
    /// Sums the money that flowed from one kind of account to another. A reversal reduces the flow that it reverses,
    /// so a voided receipt is not a return.
    /// </summary>
    private static long Flow(IEnumerable<Entry> counted, string from, string to)
    {
        var flow = 0L;
        foreach (var (entry, move) in counted.SelectMany(entry => entry.Moves.Select(move => (entry, move))))
        {
            var (starts, ends) = entry.IsReversal ? (move.To, move.From) : (move.From, move.To);
            if (starts.StartsWith(from, StringComparison.Ordinal) && ends.StartsWith(to, StringComparison.Ordinal))
                flow += entry.IsReversal ? -move.Amount : move.Amount;
        }
        return flow;
    }

    private void AttributeDrawn(SortedDictionary<string, long> figures, Dictionary<string, long> balances)
    {
        var drawn = -balances.GetValueOrDefault("money:held/drawn");
        foreach (var source in spendOrder)
        {
            var putIn = balances.GetValueOrDefault("money:held/" + source);
            var spent = Math.Min(Math.Max(putIn, 0), drawn);
            drawn -= spent;
            figures["held from " + source] = putIn - spent;
        }
        figures["overdrawnPence"] = drawn;
    }

    /// <summary>Reads the same figures from a response of the balance endpoint.</summary>
    public SortedDictionary<string, long> Of(JsonNode balance)
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in new[] { "money", "promise", "time" })
        {
            foreach (var (name, value) in balance[part]!.AsObject().Where(pair => pair.Value is JsonValue))
                figures[name] = value!.GetValue<long>();
        }
        foreach (var source in spendOrder)
        {
            var left = balance["money"]!["held"]!.AsArray()
                .FirstOrDefault(node => node!["source"]!.ToString() == source);
            figures["held from " + source] = left?["pence"]!.GetValue<long>() ?? 0;
        }
        return figures;
    }
}
