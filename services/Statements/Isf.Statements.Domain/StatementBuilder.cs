using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// The statement to build: its days, the position of the last journal that it may count, and the moment of issue.
/// </summary>
public sealed record StatementRequest(
    string StatementId, LocalDate From, LocalDate To, long Position, Instant IssuedAt);

/// <summary>
/// Builds the statement of a fund for a period. The result is a pure function of the fund's complete journals, the
/// other facts known of it, and the figures that the previous statement handed on. Source: design §4, “A statement”.
/// </summary>
public static class StatementBuilder
{
    private static readonly string[] SourceOrder = ["council", "nhs", "person", "top-up", "other"];

    /// <summary>
    /// Builds the statement from journals that are in order and complete up to the requested position.
    /// </summary>
    public static Statement Build(
        FundFacts facts, IReadOnlyList<Journal> journals, CarriedForward? previous, StatementRequest request)
    {
        var window = StatementPeriod.After(previous, facts.Fund.OpensOn, request.From, request.To, request.Position);
        var included = journals.Where(window.IsKnown).ToList();
        var before = included.Where(window.IsCountedBefore).ToList();
        var counted = included.Where(window.Counts).ToList();
        var effects = counted.ConvertAll(JournalEffect.From);
        var balances = Balances.Sum(included);
        var statement = new Statement
        {
            StatementId = request.StatementId,
            FundId = facts.Fund.FundId,
            From = request.From,
            To = request.To,
            Position = request.Position,
            IssuedAt = request.IssuedAt,
            Opening = previous?.Closing ?? Balances.Sum(before).Held,
            MoneyIn = BySources(effects, effect => effect.In),
            MoneyOut = ByProviders(facts, effects, journals),
            Returned = BySources(effects, effect => effect.Returned),
            SpokenFor = Contributions.SpokenForAt(facts, included, balances, request.To),
            Contribution = Contributions.ContributionOf(
                facts, previous, request.From, request.To, PaidByPerson(before.Select(JournalEffect.From)),
                    PaidByPerson(effects)),
            Hours = Hours.Build(effects, Balances.Sum(before), balances, BankedTime.WorthAt(facts, included, balances,
                request.To)),
            Forecast = null,
            Closed = ClosedFund.From(facts, included, balances, request.To, request.IssuedAt),
            Corrections = Lines.OfCorrections(facts, counted, journals, window.IsCorrection),
            Lines = Lines.OfSpending(facts, counted, journals),
            CorrectedItems = Items.OfCorrections(facts, counted, journals, window.IsCorrection),
            Items = Items.OfSpending(facts, counted, journals),
        };
        if (statement.Closed is not null)
            return statement;
        var pace = Forecast.PaceAt(facts, included, request.To);
        return statement with { Forecast = Forecast.From(facts, statement.FreeToUse, pace, request.To) };
    }

    /// <summary>
    /// The money held at the end of a day as known now, and the part of it that is free to use. A forecast starts from
    /// the free part.
    /// </summary>
    public static (Money Held, Money Free) MoneyAt(FundFacts facts, IReadOnlyList<Journal> journals, LocalDate to)
    {
        var included = journals.Where(journal => journal.EffectiveOn <= to).ToList();
        var balances = Balances.Sum(included);
        return (balances.Held, balances.Held - Contributions.SpokenForAt(facts, included, balances, to).Total);
    }

    private static IReadOnlyList<BySource> BySources(IEnumerable<JournalEffect> effects, Func<JournalEffect,
        Money> amount) =>
    [
        .. from effect in effects
           where amount(effect) != default
           group effect by effect.Source into source
           where source.Sum(effect => effect.Count) != 0 || source.Sum(effect => amount(effect).Pence) != 0
           orderby Array.IndexOf(SourceOrder, source.Key), source.Key
           select new BySource(
               source.Key, Money.Sum(source.Select(amount)), source.Sum(effect => effect.Count),
               [.. source.Select(effect => effect.Journal.JournalId)]),
    ];

    private static List<ByProvider> ByProviders(
        FundFacts facts, IEnumerable<JournalEffect> effects, IReadOnlyList<Journal> all)
    {
        var byId = all.ToDictionary(journal => journal.JournalId);
        var rows =
            from effect in effects
            where effect.Out != default || effect.Delivered != default
            let provider = Lines.ProviderOf(facts, effect, Lines.Reasoned(effect.Journal, byId))
            group effect by (provider, category: CategoryOf(facts, provider, effect.VatRecovered)) into row
            orderby row.Key.category, row.Key.provider
            select new ByProvider(
                row.Key.provider, row.Key.category, Money.Sum(row.Select(effect => effect.Out)),
                new Minutes(row.Sum(effect => effect.Delivered.Count)));
        return [.. rows];
    }

    // A management fee is owed to the holder itself (owed/holder), and not to a provider of care.
    private static string CategoryOf(FundFacts facts, string? provider, bool vat)
    {
        if (vat)
            return "vat-recovered";
        var kind = provider is null ? null : facts.Providers.GetValueOrDefault(provider)?.Kind;
        return (kind, provider) switch
        {
            (null, ReservedNames.Holder) => "management-fee",
            ("community", _) => "activities",
            ("shop", _) => "equipment",
            _ => "support",
        };
    }

    // Money given back to the person is taken off what the person has paid.
    private static Money PaidByPerson(IEnumerable<JournalEffect> effects) =>
        Money.Sum(effects.Where(effect => effect.Source == "person").Select(effect => effect.In - effect.Returned));
}
