using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>What Statements has heard and kept about one fund, beside its journals.</summary>
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

    /// <summary>That the fund was closed, where it was; its last day may be still to come.</summary>
    public Closure? Closure { get; init; }

    public IReadOnlyDictionary<string, ProviderCard> Providers { get; init; } = new Dictionary<string, ProviderCard>();

    /// <summary>Why each version of a visit, or of an adjusted price, costs what it does.</summary>
    public IReadOnlyDictionary<(string Subject, int Version), Reason> Reasons { get; init; } =
        new Dictionary<(string Subject, int Version), Reason>();

    /// <summary>
    /// Where a bank keeps money: by how much each version of a closed week changed what a line's bank is worth, at the
    /// rates of the days on which it was put by. A week goes by its Monday, as its journals' causes do.
    /// </summary>
    public IReadOnlyDictionary<(string Week, int Version, string LineId), Money> Banked { get; init; } =
        new Dictionary<(string Week, int Version, string LineId), Money>();

    /// <summary>
    /// Why a journal's visit or adjusted price costs what it does. Another fact may bear the id of a visit, and has no
    /// such reason.
    /// </summary>
    public Reason? ReasonOf(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var isPrice = journal.CauseMessage.StartsWith("visit", StringComparison.Ordinal)
            || journal.CauseMessage.StartsWith("price", StringComparison.Ordinal);
        return isPrice && journal.Version is { } version
            ? Reasons.GetValueOrDefault((journal.Subject, version)) : null;
    }
}

/// <summary>Whose fund it is, and who pays for it.</summary>
public sealed record FundCard(string FundId, string PersonId, string CouncilId, LocalDate OpensOn, string Nation);

/// <summary>How the person is spoken to.</summary>
public sealed record PersonCard(string Name, string? PreferredName, string? CouncilRef);

/// <summary>Whom to ask: the holder of the fund.</summary>
public sealed record HolderCard(string Name, string Address, string Phone, string Email, string Complaints);

/// <summary>A provider's name, and what kind it is (api.md, providers).</summary>
public sealed record ProviderCard(string Name, string Kind);

/// <summary>
/// The terms of the agreement that a statement counts with, from the day they were signed. Terms that were kept before
/// whose money is left was told have no order of spending: the person's goes first then, as the guidance has it.
/// </summary>
public sealed record AgreementTerms(
    int Version, LocalDate SignedOn, LocalDate? ReviewOn, string Contribution, string? BankingKeep,
    int? BankingExpiresAfterWeeks, string? SpendOrder = null);

/// <summary>A budget: so much a week over a range of days, the fund's own part, and its sources' shares.</summary>
public sealed record BudgetTerms(
    string BudgetId, CarePeriod Over, Money WeeklyIsf, IReadOnlyDictionary<string, Money> WeeklyBySource);

/// <summary>Part of the fund promised to a provider at a price list, and its last day where it was ended.</summary>
public sealed record Promise(
    string AllocationId, string ProviderId, bool OneOff, CarePeriod Over, PriceList Prices, LocalDate? EndedOn = null);

/// <summary>Money received, with the days it was given for where the payer said so.</summary>
public sealed record Receipt(string ReceiptId, Money Amount, CarePeriod? ForDays);

/// <summary>A line of a support plan: who is paid for it, for which service.</summary>
public sealed record PlannedLine(string LineId, string AllocationId, string Service);

/// <summary>Why a visit costs what it does, in one plain sentence, and who gave it.</summary>
public sealed record Reason(string ProviderId, string Because);
