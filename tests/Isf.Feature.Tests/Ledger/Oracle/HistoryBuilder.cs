using System.Text.Json;
using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>A step of a history.</summary>
internal abstract record Step
{
    /// <summary>A fact that another service publishes.</summary>
    public sealed record Publish(object Message) : Step
    {
        public override string ToString() =>
            $"{Message.GetType().Name} {JsonSerializer.Serialize(Message, Message.GetType(), IsfJson.Options)}";
    }

    /// <summary>An adjustment by hand.</summary>
    public sealed record Adjust(string FundId, string Id, LocalDate On, Flowed[] Moves) : Step
    {
        public override string ToString() => $"Adjust {FundId} {Id} {On:uuuu-MM-dd} {string.Join<Flowed>(", ", Moves)}";
    }

    /// <summary>A reversal of an adjustment by hand.</summary>
    public sealed record Reverse(string FundId, string Id, string Adjustment, LocalDate On) : Step;

    /// <summary>Closes the next period if it has ended.</summary>
    public sealed record ClosePeriod : Step;

    /// <summary>Lets some days pass.</summary>
    public sealed record Wait(int Days) : Step;
}

/// <summary>
/// Turns commands into steps with ids and versions, so that every fact is one that its service could publish. Some
/// facts arrive late, and some twice. Any subset of the commands is still a valid history.
/// </summary>
internal sealed partial class HistoryBuilder
{
    public const int FundCount = 3;

    private static readonly LocalDate First = new(2026, 3, 30);
    private readonly List<(int At, Step Step)> steps = [];
    private readonly Dictionary<string, int> counts = [];
    private readonly List<PricedVisit> visits = [];
    private readonly Dictionary<string, AllocationTerms> allocations = [];
    private readonly Dictionary<string, BudgetSet> budgets = [];
    private readonly List<(string Fund, string Id)> receipts = [], returns = [], adjustments = [];
    private readonly Dictionary<(string Fund, LocalDate Day), string[]> planned = [];
    private readonly List<PaymentMade> payments = [];
    private readonly int length;
    private int at;

    private HistoryBuilder(int length) => this.length = length;

    /// <summary>Returns the steps of some commands, in the order in which the facts arrive.</summary>
    public static List<Step> Of(IReadOnlyList<Command> commands)
    {
        var builder = new HistoryBuilder(commands.Count);
        foreach (var command in commands)
        {
            builder.at++;
            if (builder.Steps(command) is { } step)
                builder.steps.Add((builder.at + Delay(command, step), step));
        }
        var opening = Enumerable.Range(1, FundCount).SelectMany(n => Facts.Opened($"F-{n}",
            new[] { "person-first", "pro-rata", "council-first" }[n % 3])).Select(fact => fact.Message)
            .Append(Periods_are_closed.Calendar().Message).Append(Adjustments_are_made_by_hand.Person().Message);
        return [.. opening.Select(message => new Step.Publish(message)),
            .. builder.steps.OrderBy(step => step.At).Select(step => step.Step)];
    }

    // One in four facts arrives late, by up to 29 commands.
    private static int Delay(Command command, Step step) =>
        step is Step.Publish && command.Three % 4 == 0 ? command.Three / 4 % 30 : 0;

    private Step? Steps(Command command)
    {
        var message = MoneyFact(command) ?? CareFact(command) ?? ClaimFact(command);
        return message is not null ? new Step.Publish(message) : command.Deed switch
        {
            Deed.AdjustByHand => ByHand(command),
            Deed.ReverseByHand when adjustments.Count > 0 =>
                ReversalOf(command, adjustments[command.One % adjustments.Count]),
            Deed.ClosePeriod => new Step.ClosePeriod(),
            Deed.Wait => new Step.Wait(1 + (command.One % 30)),
            Deed.Repeat when steps.Count > 0 && steps[command.One % steps.Count].Step is Step.Publish repeated =>
                repeated,
            _ => null,
        };
    }

    private Step.Reverse ReversalOf(Command command, (string Fund, string Id) adjustment) =>
        new(adjustment.Fund, Next("R"), adjustment.Id, Day(command));

    private Step.Adjust ByHand(Command command)
    {
        var ends = new[]
        {
            ("money:outside/other", "money:held/other"), ("money:held/council", "money:held/person"),
            ("money:held/drawn", "money:accrued/V-1"), ("money:held/nhs", "money:outside/nhs"),
            ("money:held/drawn", "money:outside/holder"), ("money:outside/holder", "money:held/drawn"),
            ("money:held/drawn", "money:held/council"), ("money:held/top-up", "money:held/drawn"),
            ("promise:free", "promise:promised/A-1"), ("promise:used/none", "promise:promised/none"),
            ("time:planned/L-1", "time:released/L-1"), ("time:agreed/L-2", "time:planned/L-2"),
            ("time:missed/L-1/short", "time:planned/L-1"), ("time:missed/L-1/short", "time:banked/L-1"),
        };
        var moves = Enumerable.Range(0, 1 + (command.Two % 2)).Select(n => ends[(command.One + (5 * n)) % ends.Length])
            .Select(end => new Flowed(end.Item1, end.Item2, 1 + (command.Three % 700))).ToArray();
        var id = Next("J");
        adjustments.Add((Fund(command), id));
        return new Step.Adjust(Fund(command), id, Day(command), moves);
    }

    private string Next(string what)
    {
        counts[what] = counts.GetValueOrDefault(what) + 1;
        return $"{what}-{counts[what]}";
    }

    private int Version(string what)
    {
        counts[what] = counts.GetValueOrDefault(what) + 1;
        return counts[what];
    }

    private static string Fund(Command command) => $"F-{command.Fund}";

    private static LocalDate Day(Command command) => First.PlusDays(command.Day);

    private static string Source(int n) => new[] { "council", "person", "nhs", "top-up", "other", "person" }[n % 6];

    private static FundingShare[]? FundedBy(int n) => (n % 12) switch
    {
        0 => [new("nhs", 100)],
        1 => [new("council", 60), new("person", 40)],
        2 => [new("person", 50)],
        3 => [new("council", 33), new("nhs", 33), new("person", 34)],
        _ => null,
    };

    private string AllocationOf(string fund, int n)
    {
        var ids = allocations.Values.Where(terms => terms.FundId == fund).Select(terms => terms.AllocationId)
            .ToList();
        return n % 8 == 0 ? "" : ids.Count == 0 ? "A-1" : ids[n % ids.Count];
    }
}
