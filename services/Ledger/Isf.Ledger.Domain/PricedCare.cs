using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>Carer-minutes of one line of a plan.</summary>
public readonly record struct LineMinutes(string LineId, Minutes Amount);

/// <summary>The percentage of a cost that one source pays, where an allocation names its sources.</summary>
public readonly record struct SourcePercent(string Source, int Percent);

/// <summary>
/// A visit with its price, as the books need it: the minutes that Support published and the price that Invoicing
/// published.
/// </summary>
public sealed record PricedCare
{
    /// <summary>The visit's own id in Support.</summary>
    public required string VisitId { get; init; }

    /// <summary>1 at first; each correction adds one.</summary>
    public required int Version { get; init; }

    /// <summary>The fund that pays for the visit.</summary>
    public required string FundId { get; init; }

    /// <summary>The plan's line that the visit belongs to.</summary>
    public required string LineId { get; init; }

    /// <summary>The allocation that the visit uses; empty if it uses none.</summary>
    public required string AllocationId { get; init; }

    /// <summary>The provider that gave the visit and is paid for it.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The day of care.</summary>
    public required LocalDate CareOn { get; init; }

    /// <summary>Carer-minutes of the plan that the visit fulfils.</summary>
    public required Minutes Fulfilled { get; init; }

    /// <summary>Carer-minutes beyond the plan.</summary>
    public required Minutes Extra { get; init; }

    /// <summary>Carer-minutes of the plan that are charged though not given.</summary>
    public Minutes Charged { get; init; }

    /// <summary>The number of carers who come together; 1 or more.</summary>
    public required int Carers { get; init; }

    /// <summary>The person's own minutes; null if they are the carer-minutes given ÷ carers.</summary>
    public long? PersonMinutes { get; init; }

    /// <summary>The visit's cost to the fund, including VAT that is not recovered.</summary>
    public required Money Price { get; init; }

    /// <summary>
    /// The sources that the allocation names to pay the cost; empty if the agreement's spend order decides.
    /// </summary>
    public required IReadOnlyList<SourcePercent> FundedBy { get; init; }

    /// <summary>Whether money moves only when an invoice is accepted.</summary>
    public required bool ClaimedOnInvoice { get; init; }
}
