using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>
/// The closure of a fund: its last day, the reason, and the amounts owed to providers because care ended without full
/// notice.
/// </summary>
/// <param name="On">The last day of the fund: care on that day is still paid for.</param>
/// <param name="Reason">The reason as in api.md: died, moved or ended; null if only the books record the
/// closure.</param>
/// <param name="Notice">The amounts that providers are owed for notice.</param>
public sealed record Closure(LocalDate On, string? Reason, IReadOnlyList<ClosureNotice> Notice)
{
    /// <summary>Whether the fund was closed because the person died.</summary>
    public bool ByDeath => Reason == "died";

    /// <summary>Whether the fund counts as closed at a moment: its last day has come, or the person has died.</summary>
    public bool IsClosedAt(Instant moment) => ByDeath || On <= London.DayOf(moment);

    /// <summary>
    /// The closure as the journals show it, for funds that were closed before Statements stored closures; null if the
    /// journals show none. The reason and the notice are then not known.
    /// </summary>
    public static Closure? InBooks(IEnumerable<Journal> journals)
    {
        return journals.LastOrDefault(journal => journal.CauseMessage == "fund-closed") is { } closed
            ? new Closure(closed.About, null, []) : null;
    }
}

/// <summary>The amount owed to a provider for notice that was cut short.</summary>
public sealed record ClosureNotice(string NoticeId, string ProviderId, Money Amount);

/// <summary>
/// The part of a statement about a closed fund: when and why it closed, and what is still to be settled with whom.
/// </summary>
public sealed record ClosedFund
{
    public required LocalDate On { get; init; }

    /// <summary>The reason: died, moved or ended; null if it is not known.</summary>
    public required string? Reason { get; init; }

    /// <summary>
    /// Whether the statement's period reaches the fund's last day. The money to return is not known before that.
    /// </summary>
    public required bool IsReached { get; init; }

    /// <summary>
    /// The money left of each source, which goes back to that source; empty until the statement reaches the last day.
    /// </summary>
    public required IReadOnlyList<SourceLeft> ToReturn { get; init; }

    /// <summary>
    /// The spending beyond all the money that came in; zero until the statement reaches the last day.
    /// </summary>
    public required Money Overdrawn { get; init; }

    /// <summary>
    /// The amount accrued for or owed to each provider (or the holder, for its fee) and not paid yet; negative if it
    /// is owed back.
    /// </summary>
    public required IReadOnlyList<(string ProviderId, Money Amount)> ToProviders { get; init; }

    public required IReadOnlyList<ClosureNotice> Notice { get; init; }

    /// <summary>
    /// The closed fund as it is at the end of day <paramref name="to"/>; null if the fund is not closed at the moment
    /// of issue.
    /// </summary>
    internal static ClosedFund? From(
        FundFacts facts, IReadOnlyList<Journal> journals, Balances balances, LocalDate to, Instant issuedAt)
    {
        if (facts.Closure is not { } closure || !closure.IsClosedAt(issuedAt))
            return null;
        var isReached = to >= closure.On;
        var (left, overdrawn) = isReached ? SourceAttribution.At(facts, journals, to) : ([], Money.Zero);
        return new ClosedFund
        {
            On = closure.On,
            Reason = closure.Reason,
            IsReached = isReached,
            ToReturn = [.. left.Where(source => source.Amount > Money.Zero)],
            Overdrawn = overdrawn,
            ToProviders =
            [
                .. from place in balances.In(Book.Money, "accrued").Concat(balances.In(Book.Money, "owed"))
                   group place.Amount by place.Of into provider
                   where provider.Sum() != 0
                   orderby provider.Key
                   select (provider.Key, new Money(provider.Sum())),
            ],
            Notice = closure.Notice,
        };
    }
}
