using Isf.Measures;
using NodaTime;
using static Isf.Ledger.Domain.Entries;

namespace Isf.Ledger.Domain;

/// <summary>
/// The posting rules for a fund's closure, and for the attribution of its spending to sources (design §4). Each
/// consequence of the known facts is posted in full the first time and as a difference afterwards, so that the order
/// in which facts arrive does not matter.
/// </summary>
public static class ClosingRules
{
    /// <summary>
    /// A fund was closed. The entry moves nothing by itself; its position shows since when the closure is known.
    /// </summary>
    public static Entry FundClosed(string fundId, LocalDate on) => OnDay(fundId, "fund-closed",
        SourceAttribution.Closure, on, []);

    /// <summary>
    /// A provider is owed money for notice that was cut short. The money moves held/drawn → owed/p and, as for care
    /// without an allocation, the promise moves promised/none → used/none.
    /// </summary>
    public static Entry NoticeCharged(string fundId, string noticeId, string providerId, Money amount, LocalDate on) =>
        OnDay(fundId, "notice-charged", noticeId, on, amount == Money.Zero ? [] :
        [
            new Move(Book.Promise, Account.Promised(null), Account.Used(null), amount),
            new Move(Book.Money, Account.Drawn, Account.Owed(providerId), amount),
        ]);

    /// <summary>
    /// A budget or an allocation ends with its fund. The amounts for days after the fund's last day move
    /// free → budget/source for a budget, and promised/a → free for an allocation.
    /// </summary>
    public static Entry PromiseClosed(string fundId, PromiseTerms terms, PromiseStep step)
    {
        var kind = terms.Kind == PromiseKind.Budget ? "budget-closed" : "allocation-closed";
        var posted = PostingRules.Promise(fundId, terms, step);
        return posted with
        {
            Kind = kind,
            Cause = new PostingCause(kind,
                $"{PostingRules.PromiseCause(terms, null)}/{SourceAttribution.Closure}/{Iso(step.On)}"),
        };
    }

    /// <summary>
    /// A closure takes back minutes on one day. Planned minutes of a day after the fund's last day move
    /// planned/line → agreed/line, and banked minutes move banked/line → released/line. Minutes below zero move the
    /// other way.
    /// </summary>
    public static Entry HoursEnded(string fundId, LocalDate on, int part, IEnumerable<HoursEnd> ends)
    {
        return OnDay(fundId, "hours-ended", $"{Iso(on)}/{Number(part)}", on,
            [.. ends.OrderBy(end => end.Place.Path, StringComparer.Ordinal).Select(end => MoveOf(end))]);
    }

    /// <summary>
    /// Care or a fee for a day after the fund's last day is refused, and its journal is reversed in full.
    /// </summary>
    public static Entry Refused(Journal later) =>
        Reversal(later, RefusedKind(later.Entry.Kind), later.Entry.Cause.Id);

    /// <summary>The id of the journal that refuses the given journal.</summary>
    public static Guid RefusalOf(string holderId, Journal later)
    {
        var refused = Refused(later);
        return JournalId.From(holderId, refused.FundId, refused.Kind, refused.Cause);
    }

    // The refusal of a visit-… journal is visit-refused, that of a fee-… journal fee-refused.
    private static string RefusedKind(string kind) => kind.Split('-')[0] + "-refused";

    /// <summary>
    /// Spending is attributed to the sources (design §4). For each source, the pence not attributed yet move
    /// held/source → held/drawn; pence below zero move the other way.
    /// </summary>
    public static Entry SpendingAttributed(string fundId, string about, LocalDate on, int part,
        IReadOnlyDictionary<string, long> bySource)
    {
        var moves = bySource.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value > 0
                ? new Move(Book.Money, Account.Held(pair.Key), Account.Drawn, Money.OfPence(pair.Value))
                : new Move(Book.Money, Account.Drawn, Account.Held(pair.Key), Money.OfPence(-pair.Value)));
        return OnDay(fundId, "laid", $"{about}/{Number(part)}", on, [.. moves]);
    }

    private static Move MoveOf(HoursEnd end)
    {
        var (from, to) = end.Place.Kind == "planned"
            ? (end.Place, Account.Agreed(end.Place.About)) : (end.Place, Account.Released(end.Place.About));
        return end.Minutes > 0
            ? new Move(Book.Time, from, to, new Minutes(end.Minutes))
            : new Move(Book.Time, to, from, new Minutes(-end.Minutes));
    }
}

/// <summary>Minutes in planned/line or banked/line that must leave the account once the fund is closed.</summary>
public sealed record HoursEnd(Account Place, long Minutes);
