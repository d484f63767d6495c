using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>The topics by which a statement sorts the journals that it counts.</summary>
internal enum Topic { Spending = 1, Payment, Plan, Week }

/// <summary>
/// Builds a line for each journal that a statement prints: its day, its provider, its amount and its reason.
/// </summary>
public static class Lines
{
    /// <summary>
    /// The lines of everything delivered or bought, in order of days; their amounts add up to the money out.
    /// </summary>
    public static IReadOnlyList<Line> OfSpending(
        FundFacts facts, IEnumerable<Journal> counted, IReadOnlyList<Journal> all)
    {
        var byId = all.ToDictionary(journal => journal.JournalId);
        return InOrder(facts, counted.Select(JournalEffect.From).Where(effect => TopicOf(effect) == Topic.Spending),
            byId);
    }

    /// <summary>
    /// The lines of the counted journals that are corrections, whatever their topic, in order of days.
    /// </summary>
    public static IReadOnlyList<Line> OfCorrections(
        FundFacts facts, IEnumerable<Journal> counted, IReadOnlyList<Journal> all, Func<Journal, bool> isCorrection)
    {
        var byId = all.ToDictionary(journal => journal.JournalId);
        return InOrder(facts, counted.Where(isCorrection).Select(JournalEffect.From), byId);
    }

    internal static Topic TopicOf(JournalEffect effect)
    {
        if (effect.In != default || effect.Returned != default)
            return Topic.Payment;
        if (effect.Out != default || effect.Delivered != default || effect.Charged != default)
            return Topic.Spending;
        return effect.Planned != default ? Topic.Plan : Topic.Week;
    }

    /// <summary>
    /// The provider that is paid: the one that the journal's money accounts name or, if no money moved, the one that
    /// the reason of the visit names; null if neither names one.
    /// </summary>
    internal static string? ProviderOf(FundFacts facts, JournalEffect effect, Journal reasoned) =>
        effect.ProviderId ?? (TopicOf(effect) == Topic.Spending ? facts.ReasonOf(reasoned)?.ProviderId : null);

    /// <summary>
    /// The reason for the journal's amount, in a plain sentence that does not say whether the journal is a reversal.
    /// </summary>
    internal static string Because(FundFacts facts, JournalEffect effect, Journal reasoned) => TopicOf(effect) switch
    {
        Topic.Spending => facts.ReasonOf(reasoned)?.Because ?? Plainly(facts, effect),
        Topic.Payment => effect.Returned != default
            ? $"Money given back to {Reader.For(facts).Payer(effect.Source ?? "other")}."
            : $"Money in from {Reader.For(facts).Payer(effect.Source ?? "other")}.",
        Topic.Plan => effect.Planned > Minutes.Zero
            ? $"{effect.Planned} added to the plan for this day."
            : $"{Minutes.Zero - effect.Planned} taken off the plan for this day.",
        _ => "Hours that were not given on this day have been counted.",
    };

    /// <summary>
    /// The journal whose reason a line shows: for a reversal, the journal that it reverses; else the journal itself.
    /// </summary>
    internal static Journal Reasoned(Journal journal, Dictionary<Guid, Journal> byId) =>
        journal.Reverses is { } reversed ? byId.GetValueOrDefault(reversed, journal) : journal;

    private static IReadOnlyList<Line> InOrder(
        FundFacts facts, IEnumerable<JournalEffect> effects, Dictionary<Guid, Journal> byId) =>
    [
        .. from effect in effects
           where effect.IsPrinted
           orderby effect.Journal.About, effect.Journal.Position
           select LineOf(facts, effect, Reasoned(effect.Journal, byId)),
    ];

    private static Line LineOf(FundFacts facts, JournalEffect effect, Journal reasoned)
    {
        var because = Because(facts, effect, reasoned);
        return new Line(
            effect.Journal.JournalId, effect.Journal.About, ProviderOf(facts, effect, reasoned),
            effect.Out + effect.In - effect.Returned, effect.Delivered,
            effect.Journal.Reverses is null ? because : "Taken back: " + because);
    }

    private static string Plainly(FundFacts facts, JournalEffect effect)
    {
        if (effect.VatRecovered)
            return "VAT that was got back.";
        if (effect.Journal.CauseMessage == "notice-charged")
            return "Notice: care ended when the fund closed.";
        var name = effect.ProviderId is { } id && facts.Providers.TryGetValue(id, out var card)
            ? Texts.Isolated(card.Name) : null;
        return (effect.Out < Money.Zero && effect.Journal.Reverses is null, name) switch
        {
            (true, null) => "Money that was put back in the fund.",
            (true, _) => $"Money that {name} does not charge after all.",
            (false, null) => effect.ProviderId == ReservedNames.Holder
                ? "The fee for looking after the fund." : "Money spent.",
            _ => $"Bought from {name}.",
        };
    }
}
