using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>A fund's week as Support closed it, whole: the sums of every line.</summary>
public sealed record ClosedCare
{
    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>Its Monday.</summary>
    public required LocalDate WeekFrom { get; init; }

    /// <summary>1 at first; each closing again adds one.</summary>
    public required int Version { get; init; }

    /// <summary>Every line that has sums.</summary>
    public required IReadOnlyList<ClosedCareLine> Lines { get; init; }
}

/// <summary>One line of a closed week, in carer-minutes.</summary>
public sealed record ClosedCareLine
{
    /// <summary>The plan's line.</summary>
    public required string LineId { get; init; }

    /// <summary>What was not given, by reason.</summary>
    public required IReadOnlyList<MissedCare> Missed { get; init; }

    /// <summary>Taken out of the bank for care beyond the plan.</summary>
    public required Minutes Drawn { get; init; }

    /// <summary>Let go because it was kept too long.</summary>
    public required Minutes Expired { get; init; }

    /// <summary>What a change of rate adds to a bank that keeps money; below zero what it takes.</summary>
    public required Minutes Revalued { get; init; }
}

/// <summary>What was not given for one reason, and what of it is kept for later or let go.</summary>
public readonly record struct MissedCare
{
    /// <summary>Banked and released together are never more than what was missed.</summary>
    public MissedCare(string reason, Minutes amount, Minutes banked, Minutes released)
    {
        if (banked + released > amount)
            throw new ArgumentException($"More is banked and released than the {amount} missed.", nameof(amount));
        (Reason, Amount, Banked, Released) = (reason, amount, banked, released);
    }

    /// <summary>Why: Support's word.</summary>
    public string Reason { get; }

    /// <summary>All that was not given for it.</summary>
    public Minutes Amount { get; }

    /// <summary>Of it, kept for later.</summary>
    public Minutes Banked { get; }

    /// <summary>Of it, let go.</summary>
    public Minutes Released { get; }
}
