using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>
/// The carer-minutes of a period (design §4): planned + extra = delivered + not given + charged + kept + released +
/// open. Each figure is summed from moves of its own, and is negative if corrections of earlier weeks outweigh it.
/// </summary>
public sealed record Hours
{
    public required Minutes Planned { get; init; }

    /// <summary>
    /// Minutes given beyond the plan, less minutes drawn from the bank, plus minutes that a change of rate added to
    /// the bank.
    /// </summary>
    public required Minutes Extra { get; init; }

    public required Minutes Delivered { get; init; }

    /// <summary>Minutes that stayed missed: not given, not charged, and neither banked nor released.</summary>
    public required Minutes NotGiven { get; init; }

    /// <summary>Minutes not given, but paid for as agreed.</summary>
    public required Minutes ChargedNotDelivered { get; init; }

    /// <summary>Minutes released at once, or expired in the bank.</summary>
    public required Minutes Released { get; init; }

    /// <summary>The increase of the minutes that have no outcome yet.</summary>
    public required Minutes Open { get; init; }

    /// <summary>
    /// All minutes that were not given, by reason, including minutes that were banked or released later.
    /// </summary>
    public required IReadOnlyList<(string Reason, Minutes Length)> MissedByReason { get; init; }

    /// <summary>Missed minutes that were put in the bank.</summary>
    public required Minutes MissedIntoBank { get; init; }

    /// <summary>Missed minutes that were released at once.</summary>
    public required Minutes MissedIntoReleased { get; init; }

    public required BankOfTime Bank { get; init; }

    /// <summary>The worth of the minutes in the bank at the end.</summary>
    public required Money BankedWorth { get; init; }

    /// <summary>Minutes not given, whether charged or not, without those banked or released.</summary>
    public Minutes Missed => NotGiven + ChargedNotDelivered;

    /// <summary>The minutes in the bank at the end.</summary>
    public Minutes Banked => Bank.Closing;

    /// <summary>The hours of the journals that a statement counts.</summary>
    internal static Hours Build(IReadOnlyList<JournalEffect> effects, Balances before, Balances after,
        Money worth) => new()
        {
            Planned = Sum(effects, effect => effect.Planned),
            Extra = Sum(effects, effect => effect.Extra),
            Delivered = Sum(effects, effect => effect.Delivered),
            NotGiven = Sum(effects, effect => effect.Missed),
            ChargedNotDelivered = Sum(effects, effect => effect.Charged),
            Released = Sum(effects, effect => effect.Released),
            Open = Sum(effects, effect => effect.Open),
            MissedByReason =
        [
            .. from missed in effects.SelectMany(effect => effect.FlowedIntoMissed)
               group missed.Length.Count by missed.Reason into reason
               where reason.Sum() != 0
               orderby reason.Key
               select (reason.Key, new Minutes(reason.Sum())),
        ],
            MissedIntoBank = Sum(effects, effect => effect.MissedIntoBank),
            MissedIntoReleased = Sum(effects, effect => effect.MissedIntoReleased),
            Bank = new BankOfTime(
            BankedIn(before), Sum(effects, effect => effect.BankIn), Sum(effects, effect => effect.BankUsed),
            Sum(effects, effect => effect.BankExpired), BankedIn(after)),
            BankedWorth = worth,
        };

    private static Minutes BankedIn(Balances balances) =>
        new(balances.In(Book.Time, "banked").Sum(place => place.Amount));

    private static Minutes Sum(IEnumerable<JournalEffect> effects, Func<JournalEffect, Minutes> part) =>
        new(effects.Sum(effect => part(effect).Count));
}

/// <summary>The bank of time over a period: opening + in − used − expired = closing.</summary>
public sealed record BankOfTime(Minutes Opening, Minutes In, Minutes Used, Minutes Expired, Minutes Closing)
{
    /// <summary>The net minutes put in the bank during the period.</summary>
    public Minutes NetBanked => In - Used - Expired;

    /// <summary>Whether the bank had any minutes, or any moves of minutes, in the period.</summary>
    public bool IsUsed =>
        this is not { Opening.Count: 0, In.Count: 0, Used.Count: 0, Expired.Count: 0, Closing.Count: 0 };
}
