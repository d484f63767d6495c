using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// One visit, purchase or payment as a person thinks of it: the sum of all its journals that a statement counts.
/// </summary>
public sealed record Item(LocalDate On, string? ProviderId, Money Amount, Minutes Length, string Because);

/// <summary>
/// Groups journals into items for the page. All journals about one visit within one statement make one item: the
/// earlier figures are reversed and the present ones are posted, so the item shows the difference. A change of neither
/// time nor money makes no item. A visit that went from one provider to another makes an item for each.
/// </summary>
public static class Items
{
    /// <summary>The items of everything delivered or bought.</summary>
    public static IReadOnlyList<Item> OfSpending(
        FundFacts facts, IEnumerable<Journal> counted, IReadOnlyList<Journal> all) =>
        Build(facts, counted.Where(journal => Lines.TopicOf(JournalEffect.From(journal)) == Topic.Spending), all);

    /// <summary>The items of all counted journals that are corrections.</summary>
    public static IReadOnlyList<Item> OfCorrections(
        FundFacts facts, IEnumerable<Journal> counted, IReadOnlyList<Journal> all, Func<Journal, bool> isCorrection) =>
        Build(facts, counted.Where(isCorrection), all);

    private static List<Item> Build(FundFacts facts, IEnumerable<Journal> journals, IReadOnlyList<Journal> all)
    {
        var byId = all.ToDictionary(journal => journal.JournalId);
        var items = from effect in journals.Select(JournalEffect.From)
                    where effect.IsPrinted
                    let reasoned = Lines.Reasoned(effect.Journal, byId)
                    group effect by (About(Lines.TopicOf(effect), reasoned), Lines.ProviderOf(facts, effect, reasoned))
                    into same
                    let inOrder = same.OrderBy(effect => effect.Journal.Position).ToList()
                    orderby inOrder[^1].Journal.About, inOrder[^1].Journal.Position
                    select ItemOf(facts, inOrder, byId);
        return [.. items.Where(item => item.Amount != Money.Zero || item.Length != Minutes.Zero)];
    }

    // The first journal of a visit is caused by visit-priced, and later ones by visit-repriced. So journals of care
    // are grouped by the first word of their cause and by their subject.
    private static (Topic, string) About(Topic topic, Journal root) => (topic, topic == Topic.Spending
        ? $"{root.CauseMessage.Split('-')[0].TrimEnd('s')} {root.Subject}"
        : $"{root.CauseMessage} {root.Subject}");

    private static Item ItemOf(FundFacts facts, List<JournalEffect> effects, Dictionary<Guid, Journal> byId)
    {
        var ownIds = effects.Select(effect => effect.Journal.JournalId).ToHashSet();
        var reversals = effects
            .Where(effect => effect.Journal.Reverses is { } reversed && !ownIds.Contains(reversed)).ToList();
        var undone = effects.Select(effect => effect.Journal.Reverses).ToHashSet();
        var holds = effects.LastOrDefault(
            effect => effect.Journal.Reverses is null && !undone.Contains(effect.Journal.JournalId));
        var speaks = holds ?? effects[^1];
        var reasoned = Lines.Reasoned(speaks.Journal, byId);
        var text = Lines.Because(facts, speaks, reasoned);
        var because = facts.ReasonOf(reasoned) is null ? text : ReasonText.WithoutCodes(text);
        return new Item(
            speaks.Journal.About, Lines.ProviderOf(facts, speaks, reasoned),
            Amount(effects), Given(effects),
            (reversals.Count > 0, holds is not null) switch
            {
                (false, true) => because,
                (false, false) => "Put down and taken back. " + because,
                (true, false) => "Taken back. " + because,
                _ => $"Put right. It was {Given(reversals, -1)} and {-Amount(reversals)}, and is now "
                    + $"{Given(effects.Except(reversals))} and {Amount(effects.Except(reversals))}. {because}",
            });
    }

    private static Money Amount(IEnumerable<JournalEffect> effects) =>
        Money.Sum(effects.Select(effect => effect.Out + effect.In - effect.Returned));

    private static Minutes Given(IEnumerable<JournalEffect> effects, int times = 1) =>
        new Minutes(effects.Sum(effect => effect.Delivered.Count)) * times;
}
