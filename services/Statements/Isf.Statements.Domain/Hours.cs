using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>
/// The period's carer-minutes, each figure summed from moves of its own (design §4): planned + extra = delivered + not
/// given + charged + kept + released + open. A figure is below zero where earlier weeks were put right.
/// </summary>
public sealed record Hours
{
    public required Minutes Planned { get; init; }

    /// <summary>Beyond the plan, without what was taken out of the bank for it.</summary>
    public required Minutes Extra { get; init; }

    public required Minutes Delivered { get; init; }

    /// <summary>What stayed missed: not given, not charged, and neither banked nor given up.</summary>
    public required Minutes NotGiven { get; init; }

    /// <summary>Not given, but paid for as agreed.</summary>
    public required Minutes ChargedNotDelivered { get; init; }

    /// <summary>Given up: let go, or expired in the bank.</summary>
    public required Minutes Released { get; init; }

    /// <summary>By how much what has no outcome yet grew.</summary>
    public required Minutes Open { get; init; }

    /// <summary>All that flowed into missed by reason, whatever became of it.</summary>
    public required IReadOnlyList<(string Reason, Minutes Length)> MissedByReason { get; init; }

    /// <summary>Of what was missed: put in the bank.</summary>
    public required Minutes MissedIntoBank { get; init; }

    /// <summary>Of what was missed: given up at once.</summary>
    public required Minutes MissedIntoReleased { get; init; }

    public required BankOfTime Bank { get; init; }

    /// <summary>What lies in the bank at the end, in money.</summary>
    public required Money BankedWorth { get; init; }

    /// <summary>Not given, with what was charged all the same; without what was banked or given up.</summary>
    public Minutes Missed => NotGiven + ChargedNotDelivered;

    /// <summary>What lies in the bank at the end.</summary>
    public Minutes Banked => Bank.Closing;

    /// <summary>The hours of the journals that a statement counts.</summary>
    internal static Hours Of(IReadOnlyList<Effect> effects, Balances before, Balances after, Money worth) => new()
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
            LiesIn(before), Sum(effects, effect => effect.BankIn), Sum(effects, effect => effect.BankUsed),
            Sum(effects, effect => effect.BankExpired), LiesIn(after)),
        BankedWorth = worth,
    };

    private static Minutes LiesIn(Balances balances) =>
        new(balances.In(Book.Time, "banked").Sum(place => place.Amount));

    private static Minutes Sum(IEnumerable<Effect> effects, Func<Effect, Minutes> part) =>
        new(effects.Sum(effect => part(effect).Count));
}

/// <summary>The bank of time over a period: opening + in − used − expired = closing.</summary>
public sealed record BankOfTime(Minutes Opening, Minutes In, Minutes Used, Minutes Expired, Minutes Closing)
{
    /// <summary>Net of the period into the bank.</summary>
    public Minutes Kept => In - Used - Expired;

    /// <summary>Whether anything was ever in it, as far as the period shows.</summary>
    public bool IsUsed =>
        this is not { Opening.Count: 0, In.Count: 0, Used.Count: 0, Expired.Count: 0, Closing.Count: 0 };
}
