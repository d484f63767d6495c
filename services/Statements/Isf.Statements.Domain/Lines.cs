using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>
/// Turns journals into lines that a person can read. All that was posted about one visit within one statement is one
/// line: what was told before is taken back, what holds now is put in, and the line is the difference.
/// </summary>
public static class Lines
{
    /// <summary>Everything delivered or bought: the lines sum to the money out.</summary>
    public static IReadOnlyList<Line> OfSpending(
        FundFacts facts, IEnumerable<Journal> counted, IEnumerable<Journal> all) =>
        [.. Groups(counted, all).Where(group => group.Topic == Spending).Select(group => LineOf(facts, group))];

    /// <summary>Everything counted that the window calls a correction: spending, money in and out, plans.</summary>
    public static IReadOnlyList<Line> OfCorrections(
        FundFacts facts, IEnumerable<Journal> counted, IEnumerable<Journal> all, Func<Journal, bool> isCorrection) =>
        [.. Groups(counted, all).Where(group => group.Effects.Any(effect => isCorrection(effect.Journal)))
            .Select(group => LineOf(facts, group))];

    private const string Spending = "spending";
    private const string Payment = "payment";
    private const string Plan = "plan";

    private sealed record Group(string Topic, IReadOnlyList<Effect> Effects);

    private static IEnumerable<Group> Groups(IEnumerable<Journal> counted, IEnumerable<Journal> all)
    {
        var byId = all.ToDictionary(journal => journal.JournalId);
        return from effect in counted.Select(Effect.Of)
               where effect.IsPrinted
               let topic = TopicOf(effect)
               let root = RootOf(effect.Journal, byId)
               group effect by (topic, About(topic, root)) into same
               let inOrder = same.OrderBy(effect => effect.Journal.Position).ToList()
               orderby inOrder[^1].Journal.About, inOrder[^1].Journal.Position
               select new Group(same.Key.topic, inOrder);
    }

    private static string TopicOf(Effect effect)
    {
        if (effect.In != default || effect.Returned != default)
            return Payment;
        if (effect.Out != default || effect.Delivered != default || effect.Charged != default)
            return Spending;
        return effect.Planned != default ? Plan : "week";
    }

    private static Journal RootOf(Journal journal, Dictionary<Guid, Journal> byId) =>
        journal.Reverses is { } reversed && byId.TryGetValue(reversed, out var root) ? root : journal;

    // A visit's journals are caused by visit-priced and then visit-repriced, so care goes by the first word alone.
    private static string About(string topic, Journal root) =>
        $"{(topic == Spending ? root.CauseMessage.Split('-')[0].TrimEnd('s') : root.CauseMessage)} {root.Subject}";

    private static Line LineOf(FundFacts facts, Group group)
    {
        var latest = group.Effects[^1].Journal;
        var ids = group.Effects.Select(effect => effect.Journal.JournalId).ToList();
        return group.Topic switch
        {
            Spending => new Line(
                latest.About, ProviderOf(facts, group.Effects), SumOut(group.Effects), SumGiven(group.Effects),
                BecauseSpending(facts, group.Effects), ids),
            Payment => new Line(
                latest.About, null,
                Money.Sum(group.Effects.Select(effect => effect.In - effect.Returned)), Minutes.Zero,
                BecausePayment(group.Effects), ids),
            _ => new Line(latest.About, null, Money.Zero, Minutes.Zero, BecauseTime(group), ids),
        };
    }

    private static string? ProviderOf(FundFacts facts, IEnumerable<Effect> effects) =>
        effects.Select(effect => effect.ProviderId ?? facts.ReasonOf(effect.Journal)?.ProviderId)
            .LastOrDefault(provider => provider is not null);

    private static string BecauseSpending(FundFacts facts, IReadOnlyList<Effect> effects)
    {
        var here = effects.Select(effect => effect.Journal.JournalId).ToHashSet();
        var taken = effects
            .Where(effect => effect.Journal.Reverses is { } reversed && !here.Contains(reversed)).ToList();
        var undone = effects.Select(effect => effect.Journal.Reverses).ToHashSet();
        var holds = effects.LastOrDefault(
            effect => effect.Journal.Reverses is null && !undone.Contains(effect.Journal.JournalId));
        var because = holds is null ? "" : facts.ReasonOf(holds.Journal)?.Because ?? Plainly(facts, holds);
        var was = Said(Minutes.Zero - SumGiven(taken), -SumOut(taken));
        if (taken.Count == 0)
            return holds is null ? "Recorded and taken back." : because;
        if (holds is null)
            return $"Taken back. It was {was}.";
        var rest = effects.Except(taken).ToList();
        return $"Put right. It was {was}, and is now {Said(SumGiven(rest), SumOut(rest))}. {because}";
    }

    private static string BecausePayment(IReadOnlyList<Effect> effects)
    {
        var latest = effects[^1];
        var who = PlainWords.Source(latest.Source ?? "other");
        return (latest.Journal.Reverses is not null, latest.Returned != default) switch
        {
            (false, false) => $"Money in from {who}, told late.",
            (true, false) => $"Money in from {who} that had been put down by mistake.",
            (false, true) => $"Money given back to {who}, told late.",
            (true, true) => $"Money given back to {who} that had been put down by mistake.",
        };
    }

    private static string BecauseTime(Group group)
    {
        var planned = new Minutes(group.Effects.Sum(effect => effect.Planned.Count));
        return (group.Topic, planned > Minutes.Zero) switch
        {
            (Plan, true) => $"{planned} added to the plan for this day.",
            (Plan, false) => $"{Minutes.Zero - planned} taken off the plan for this day.",
            _ => "Hours that were not given on this day have been counted.",
        };
    }

    private static string Plainly(FundFacts facts, Effect effect)
    {
        if (effect.VatRecovered)
            return "VAT that was got back.";
        var name = effect.ProviderId is { } id && facts.Providers.TryGetValue(id, out var card) ? card.Name : null;
        return (effect.Out < Money.Zero, name) switch
        {
            (true, null) => "Money that was put back in the fund.",
            (true, _) => $"Money that {name} does not charge after all.",
            (false, null) => effect.ProviderId == "holder" ? "The fee for looking after the fund." : "Money spent.",
            _ => $"Bought from {name}.",
        };
    }

    private static string Said(Minutes given, Money cost) => $"{given} and {cost}";

    private static Money SumOut(IEnumerable<Effect> effects) => Money.Sum(effects.Select(effect => effect.Out));

    private static Minutes SumGiven(IEnumerable<Effect> effects) =>
        new(effects.Sum(effect => effect.Delivered.Count));
}
