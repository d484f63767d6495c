using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Thrown for a budget or an allocation that begins after the fund's last day, and is therefore refused. Its message
/// fails for good, and waits for an operator's decision (design §4).
/// </summary>
public sealed class FundClosedException(string what, string fundId, LocalDate closedOn) : Exception(
    $"{what} is refused: fund {fundId} closed on {closedOn:d MMMM uuuu}, and this is about later days.");

/// <summary>
/// Works out the entries that follow from a closure or from another spend order. A closure refuses care after the
/// fund's last day and takes back hours to come; both a closure and another spend order attribute spending to the
/// sources. Each consequence is worked out in full whenever a fact changes it. Only its difference from the books is
/// posted, in the transaction of that fact.
/// </summary>
public static class Closings
{
    /// <summary>
    /// The entries that refuse care and fees posted for days after the fund's last day. Each entry reverses one
    /// journal.
    /// </summary>
    internal static async Task<IReadOnlyList<Entry>> RefusedAsync(Session session, string fundId, LocalDate closedOn)
    {
        var later = await JournalTable.UnreversedAfterAsync(session, fundId, closedOn);
        if (later.Count == 0)
            return [];
        var journals = await BooksTable.ByIdAsync(session, [.. later.Select(id => (fundId, id))]);
        return [.. journals.OrderBy(journal => journal.Position).Select(ClosingRules.Refused)];
    }

    /// <summary>
    /// The entries that take back a closed fund's hours, which are minutes planned for days after its last day, and
    /// banked minutes.
    /// </summary>
    internal static async Task<IReadOnlyList<Entry>> HoursAsync(Session session, string fundId, LocalDate closedOn)
    {
        var hours = await MoveTable.HoursLeftAsync(session, fundId, closedOn);
        if (hours.Count == 0)
            return [];
        var parts = (await JournalTable.HoursEndedAsync(session, fundId)).ToLookup(cause => cause.Split('/')[0]);
        return
        [
            .. hours.GroupBy(entry => entry.On, entry => entry.End).Select(day => ClosingRules.HoursEnded(
                fundId, day.Key, parts[$"{day.Key:uuuu-MM-dd}"].Count() + 1, day)),
        ];
    }

    /// <summary>
    /// The entries that bring the posted attributions to what they must be, and the last day whose postings change an
    /// attribution (null if nothing is attributed).
    /// </summary>
    internal static async Task<(IReadOnlyList<Entry> Entries, LocalDate? To)> AttributionsAsync(Session session,
        string fundId)
    {
        var terms = await AgreementTable.TermsAsync(session, fundId, long.MaxValue);
        var to = SourceAttribution.LastDay(terms);
        // Without another spend order or a closure nothing is attributed, and attributions posted before are taken
        // back.
        var targets = to is not { } last ? [] : SourceAttribution.Targets(terms,
            await MoveTable.HeldSumsAsync(session, fundId, last, long.MaxValue),
            await PromiseTable.BudgetsAsync(session, fundId, long.MaxValue));
        var posted = (await MoveTable.AttributedAsync(session, fundId))
            .ToLookup(attributedMove => (attributedMove.About, attributedMove.On));
        var none = new Dictionary<string, long>();
        var required = targets.ToDictionary(target => (target.About, target.On), target => target.BySource);
        var parts = posted.SelectMany(moves => moves)
            .GroupBy(attributedMove => attributedMove.About, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key, group => group.Select(attributedMove => attributedMove.Position).Distinct().Count(),
                StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var (about, on) in required.Keys.Union(posted.Select(group => group.Key)).OrderBy(key => key.On))
        {
            var difference = Less(required.GetValueOrDefault((about, on)) ?? none, posted[(about, on)]);
            if (difference.Values.All(pence => pence == 0))
                continue;
            var part = parts[about] = parts.GetValueOrDefault(about) + 1;
            entries.Add(ClosingRules.SpendingAttributed(fundId, about, on, part, difference));
        }
        return (entries, to);
    }

    private static Dictionary<string, long> Less(
        IReadOnlyDictionary<string, long> required, IEnumerable<AttributedMove> posted)
    {
        var difference = new Dictionary<string, long>(required, StringComparer.Ordinal);
        foreach (var move in posted)
        {
            var forth = move.To == Account.Drawn.Path;
            var source = (forth ? move.From : move.To)["held/".Length..];
            difference[source] = difference.GetValueOrDefault(source) - (forth ? move.Pence : -move.Pence);
        }
        return difference;
    }
}
