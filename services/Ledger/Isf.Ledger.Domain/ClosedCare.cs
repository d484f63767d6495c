using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>One week of a fund as Support closed it, with the sums of all its lines.</summary>
public sealed record ClosedCare
{
    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The week's Monday.</summary>
    public required LocalDate WeekFrom { get; init; }

    /// <summary>1 at first; each time the week is closed again adds one.</summary>
    public required int Version { get; init; }

    /// <summary>The lines that have sums in this week.</summary>
    public required IReadOnlyList<ClosedCareLine> Lines { get; init; }
}

/// <summary>One line of a closed week, in carer-minutes.</summary>
public sealed record ClosedCareLine
{
    /// <summary>The plan's line.</summary>
    public required string LineId { get; init; }

    /// <summary>The minutes not given, by reason.</summary>
    public required IReadOnlyList<MissedCare> Missed { get; init; }

    /// <summary>Minutes taken out of the bank for care beyond the plan.</summary>
    public required Minutes Drawn { get; init; }

    /// <summary>Minutes released from the bank because they expired.</summary>
    public required Minutes Expired { get; init; }

    /// <summary>
    /// The minutes that a change of rate adds to a bank that keeps money; below zero if the change takes minutes away.
    /// </summary>
    public required Minutes Revalued { get; init; }
}

/// <summary>The minutes not given for one reason, and how many of them are banked or released.</summary>
public readonly record struct MissedCare
{
    /// <summary>Throws if the banked and released minutes together are more than the missed ones.</summary>
    public MissedCare(string reason, Minutes amount, Minutes banked, Minutes released)
    {
        if (banked + released > amount)
            throw new ArgumentException($"More is banked and released than the {amount} missed.", nameof(amount));
        (Reason, Amount, Banked, Released) = (reason, amount, banked, released);
    }

    /// <summary>The reason, as Support names it.</summary>
    public string Reason { get; }

    /// <summary>All minutes not given for this reason.</summary>
    public Minutes Amount { get; }

    /// <summary>The part of these minutes that is banked.</summary>
    public Minutes Banked { get; }

    /// <summary>The part of these minutes that is released.</summary>
    public Minutes Released { get; }
}
