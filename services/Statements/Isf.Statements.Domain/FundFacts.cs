using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// The facts about one fund that Statements has consumed and stored, in addition to the fund's journals.
/// </summary>
public sealed record FundFacts
{
    public required FundCard Fund { get; init; }
    public PersonCard? Person { get; init; }
    public HolderCard? Holder { get; init; }
    public IReadOnlyList<AgreementTerms> Agreements { get; init; } = [];
    public IReadOnlyList<BudgetTerms> Budgets { get; init; } = [];
    public IReadOnlyList<Promise> Allocations { get; init; } = [];
    public IReadOnlyList<Receipt> Receipts { get; init; } = [];
    public IReadOnlyList<PlannedLine> Lines { get; init; } = [];

    /// <summary>The fund's closure, whose last day may be still to come; null if the fund was not closed.</summary>
    public Closure? Closure { get; init; }

    public IReadOnlyDictionary<string, ProviderCard> Providers { get; init; } = new Dictionary<string, ProviderCard>();

    /// <summary>
    /// The reasons for prices, by the id and version of a visit or of a price adjusted for several visits.
    /// </summary>
    public IReadOnlyDictionary<(string Subject, int Version), Reason> Reasons { get; init; } =
        new Dictionary<(string Subject, int Version), Reason>();

    /// <summary>
    /// The amount by which the closing of a week changed the worth of a line's bank, by week, version of the week and
    /// line. Only a bank that keeps money has such an amount. Its minutes are worth the rates of the days on which they
    /// were banked. A week is named by its Monday, as in its journals.
    /// </summary>
    public IReadOnlyDictionary<(string Week, int Version, string LineId), Money> Banked { get; init; } =
        new Dictionary<(string Week, int Version, string LineId), Money>();

    /// <summary>
    /// The reason for the price of the visit, or for the adjusted price, that a journal posts; null if none is stored.
    /// A journal of any other fact has no such reason, even if that fact has the same id as a visit.
    /// </summary>
    public Reason? ReasonOf(Journal journal)
    {
        var isPrice = journal.CauseMessage.StartsWith("visit", StringComparison.Ordinal)
            || journal.CauseMessage.StartsWith("price", StringComparison.Ordinal);
        return isPrice && journal.Version is { } version
            ? Reasons.GetValueOrDefault((journal.Subject, version)) : null;
    }
}

/// <summary>A fund with its person and its council, the day on which it opens and its nation.</summary>
public sealed record FundCard(string FundId, string PersonId, string CouncilId, LocalDate OpensOn, string Nation);

/// <summary>How the person is addressed, and the council's reference for the person.</summary>
public sealed record PersonCard(string Name, string? PreferredName, string? CouncilRef);

/// <summary>The holder of the fund, to whom questions and complaints go.</summary>
public sealed record HolderCard(string Name, string Address, string Phone, string Email, string Complaints);

/// <summary>A provider's name and kind (api.md, providers).</summary>
public sealed record ProviderCard(string Name, string Kind);

/// <summary>
/// One version of the agreement, with the terms that a statement needs; it is in force from the day it was signed. A
/// version stored before statements showed whose money is left has no spend order: the person's money is then spent
/// first, as the guidance has it.
/// </summary>
public sealed record AgreementTerms(
    int Version, LocalDate SignedOn, LocalDate? ReviewOn, string Contribution, string? BankingKeep,
    int? BankingExpiresAfterWeeks, string? SpendOrder = null);

/// <summary>
/// A budget over a range of days: the weekly amount that the fund holds, and the weekly share of each source.
/// </summary>
public sealed record BudgetTerms(
    string BudgetId, CarePeriod Over, Money WeeklyIsf, IReadOnlyDictionary<string, Money> WeeklyBySource);

/// <summary>
/// An allocation: part of the fund promised to a provider at a price list, and its last day if it was ended.
/// </summary>
public sealed record Promise(
    string AllocationId, string ProviderId, bool OneOff, CarePeriod Over, PriceList Prices, LocalDate? EndedOn = null);

/// <summary>Money received, with the days it was given for if the payer named them.</summary>
public sealed record Receipt(string ReceiptId, Money Amount, CarePeriod? ForDays);

/// <summary>A line of a support plan, with the allocation that pays for it and the service.</summary>
public sealed record PlannedLine(string LineId, string AllocationId, string Service);

/// <summary>The reason for the price of a visit in one plain sentence, and the provider who gave the visit.</summary>
public sealed record Reason(string ProviderId, string Because);
