using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Domain;

// The documents of this service. Each has the details as they were sent, under the id that the caller chose, and what
// the service adds to them.

/// <summary>A holder's settings. Each holder has one such document, under the holder's own id.</summary>
public sealed record Holder(string Id, HolderDetails Details);

/// <summary>
/// A person. The salt is random and made once; a hash over it and the person's words commits to the words without
/// revealing them.
/// </summary>
public sealed record Person(string Id, PersonDetails Details, string Salt);

/// <summary>A provider.</summary>
public sealed record Provider(string Id, ProviderDetails Details);

/// <summary>A fund. The nation is the person's when the fund was opened.</summary>
public sealed record Fund(string Id, FundDetails Details, Nation Nation);

/// <summary>A fund's budget for a range of days, as set on a day.</summary>
public sealed record Budget(string Id, string FundId, LocalDate SetOn, BudgetDetails Details);

/// <summary>A promise to a provider, on the terms set on a day.</summary>
public sealed record Allocation(string Id, string FundId, LocalDate SetOn, AllocationDetails Details);

/// <summary>The details of money that came in: from whom, how much, when, and for which days.</summary>
public record ReceiptDetails
{
    /// <summary>Who paid.</summary>
    public required Source Source { get; init; }

    /// <summary>The amount.</summary>
    public required long Pence { get; init; }

    /// <summary>The day on which it came in.</summary>
    public required LocalDate ReceivedOn { get; init; }

    /// <summary>The first day that it is for; null if it is for no days in particular.</summary>
    public LocalDate? ForFrom { get; init; }

    /// <summary>The last day that it is for; null if it is for no days in particular.</summary>
    public LocalDate? ForTo { get; init; }

    /// <summary>The payer's reference; null if there was none.</summary>
    public string? Reference { get; init; }

    /// <summary>The amount that came in.</summary>
    public Money Amount() => new(Pence);
}

/// <summary>
/// Money received. A receipt that was recorded in error is voided, for the reason in VoidedBecause. BeyondHeld is a
/// holder-admin's reason for voiding a receipt although the source's other receipts do not cover what has gone back to
/// the source; null if no such reason was given.
/// </summary>
public sealed record Receipt(
    string Id, string FundId, ReceiptDetails Details, string? VoidedBecause = null, string? BeyondHeld = null);

/// <summary>The details of money that went back: to whom, how much, when and why.</summary>
public record ReturnDetails
{
    /// <summary>To whom it went back.</summary>
    public required Source Source { get; init; }

    /// <summary>The amount.</summary>
    public required long Pence { get; init; }

    /// <summary>The day on which it went back.</summary>
    public required LocalDate PaidOn { get; init; }

    /// <summary>Why it went back.</summary>
    public required ReturnReason Reason { get; init; }

    /// <summary>
    /// The reason why more may go back than the source has paid in, which only a holder-admin may give; null if none is
    /// needed.
    /// </summary>
    public string? BeyondHeld { get; init; }

    /// <summary>The amount that went back.</summary>
    public Money Amount() => new(Pence);
}

/// <summary>Money returned. A return is voided if the money never went back.</summary>
public sealed record MoneyReturn(string Id, string FundId, ReturnDetails Details, string? VoidedBecause = null);

/// <summary>The parts of a fund that a supporter may see.</summary>
public enum Seen { Statements = 1, Visits }

/// <summary>The terms of a consent: the supporter, the parts of a fund that they may see, and until when.</summary>
public record ConsentDetails
{
    /// <summary>The user to whom the consent is given, as their token names them.</summary>
    public required string Supporter { get; init; }

    /// <summary>The parts of the fund that they may see.</summary>
    public required IReadOnlyList<Seen> Sees { get; init; }

    /// <summary>The last day of the consent; null if it has none.</summary>
    public LocalDate? To { get; init; }
}

/// <summary>A person's consent, and whether the person has withdrawn it.</summary>
public sealed record Consent(string Id, string FundId, ConsentDetails Details, bool Withdrawn = false)
{
    /// <summary>Whether the consent is in force on this day.</summary>
    public bool IsLive(LocalDate day) => !Withdrawn && (Details.To is null || Details.To >= day);
}

/// <summary>The amount that a provider is owed because care ended without full notice, and the reason.</summary>
public sealed record NoticeDetails
{
    /// <summary>The provider.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The amount.</summary>
    public required long Pence { get; init; }

    /// <summary>The reason, in 1 to 500 characters.</summary>
    public required string Why { get; init; }
}

/// <summary>
/// The details of a closure: the fund's last day, the time of a death in London (null if none was given), the reason,
/// and the amounts owed for notice.
/// </summary>
public record ClosureDetails
{
    /// <summary>The fund's last day.</summary>
    public required LocalDate On { get; init; }

    /// <summary>The time of a death, in London; null if none was given.</summary>
    public LocalTime? At { get; init; }

    /// <summary>Why the fund closed.</summary>
    public required ClosureReason Reason { get; init; }

    /// <summary>The amounts that providers are owed because care ended without full notice.</summary>
    public required IReadOnlyList<NoticeDetails> Notice { get; init; }
}

/// <summary>A fund's closure, under the fund's own id, with the day on which it was made known.</summary>
public sealed record Closure(string Id, LocalDate SetOn, ClosureDetails Details);

/// <summary>
/// The management fee for the days From to To, both included, by the clause in force when the fee was charged.
/// </summary>
public sealed record Fee(
    string Id, string FundId, LocalDate From, LocalDate To, long WeeklyPence, long Pence, FeeMode Mode);
