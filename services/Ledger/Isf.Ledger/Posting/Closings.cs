using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// A fact about a day after the fund's last day: the fact is refused, and its message goes to the error queue (design
/// §4).
/// </summary>
public sealed class FundClosedException(string what, string fundId, LocalDate closedOn) : Exception(
    $"{what} is refused: fund {fundId} closed on {closedOn:d MMMM uuuu}, and this is about later days.");

/// <summary>
/// Posts the consequences of a closure or of another spend order, whenever a fact arrives that changes them: later care
/// is refused, the hours to come are taken back, spending is attributed to the sources. Each consequence is a target;
/// only its difference from the books is posted, in the transaction of the fact that changed it.
/// </summary>
public static class Closings
{
    /// <summary>The agreed terms of a fund, as known at a position.</summary>
    public static async Task<FundTerms> TermsAsync(Session session, string fundId, long position)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.RowsAsync(
            """
            select a.version, a.signed_on, a.since, a.spend_order, a.contribution = 'to-holder', c.closed_on,
              c.effective_on
            from agreements a left join closures c
              on c.fund_id = a.fund_id and c.holder_id = a.holder_id and c.position <= $3
            where a.fund_id = $1 and a.holder_id = $2 and a.position <= $3 order by a.version
            """,
            row => (
                Agreed: new AgreedTerms(
                    row.GetInt32(0), row.GetFieldValue<LocalDate>(1), row.GetFieldValue<LocalDate>(2),
                    SpendOrders.Parse(row.GetString(3)), row.GetBoolean(4)),
                Closed: row.IsDBNull(5)
                    ? null : new ClosedTerms(row.GetFieldValue<LocalDate>(5), row.GetFieldValue<LocalDate>(6))),
            fundId, session.HolderId, position);
        return new FundTerms([.. rows.Select(row => row.Agreed)], rows[0].Closed);
    }

    /// <summary>
    /// Money into and out of held accounts, without attributions; effective up to a day, as known at a position.
    /// </summary>
    public static Task<List<HeldSum>> HeldSumsAsync(
        Session session, string fundId, LocalDate effectiveOn, long position)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.RowsAsync(
            """
            select effective_on, care_on, from_place, to_place, sum(amount)::bigint from moves m
            where fund_id = $1 and holder_id = $2 and position <= $3 and effective_on <= $4 and book = 1
              and (from_place like 'held/%' or to_place like 'held/%')
              and not (from_place like 'held/%' and to_place like 'held/%' and exists (
                select from journals j where j.fund_id = m.fund_id and j.holder_id = m.holder_id
                  and j.position = m.position and j.kind = 'laid'))
            group by 1, 2, 3, 4
            """,
            row => new HeldSum(row.GetFieldValue<LocalDate>(0), row.GetFieldValue<LocalDate>(1),
                Account.Parse(Book.Money, row.GetString(2)),
                Account.Parse(Book.Money, row.GetString(3)), row.GetInt64(4)),
            fundId, session.HolderId, position, effectiveOn);
    }

    /// <summary>Every version of the fund's budgets, as known at a position.</summary>
    public static Task<List<BudgetVersion>> BudgetsAsync(Session session, string fundId, long position)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.RowsAsync(
            """
            select effective_on, terms::text from promises
            where fund_id = $1 and holder_id = $2 and kind = 1 and position <= $3 order by promise_id, version
            """,
            row => new BudgetVersion(row.GetFieldValue<LocalDate>(0), IsfJson.Read<PromiseTerms>(row.GetString(1))),
            fundId, session.HolderId, position);
    }

    /// <summary>Reversals of care and fees posted for days after the fund's last: each is refused.</summary>
    internal static async Task<IReadOnlyList<Entry>> RefusedAsync(Session session, string fundId, LocalDate closedOn)
    {
        var later = await session.RowsAsync(
            """
            select j.journal_id from journals j
            where j.fund_id = $1 and j.holder_id = $2 and coalesce(j.care_on, j.effective_on) > $3
              and j.kind in ('visit-priced', 'visit-repriced', 'fee-charged')
              and not exists (select 1 from journals r
                where r.fund_id = j.fund_id and r.holder_id = j.holder_id and r.reverses = j.journal_id)
            order by j.position
            """,
            row => row.GetGuid(0), fundId, session.HolderId, closedOn);
        if (later.Count == 0)
            return [];
        var journals = await BooksTable.ByIdAsync(session, [.. later.Select(id => (fundId, id))]);
        return [.. journals.OrderBy(journal => journal.Position).Select(ClosingRules.Refused)];
    }

    /// <summary>The hours that a closure takes back: hours planned for later days, and banked hours.</summary>
    internal static async Task<IReadOnlyList<Entry>> HoursAsync(Session session, string fundId, LocalDate closedOn)
    {
        // Hours banked up to the last day end on that day; later ones end on their own day. The fund's last week closes
        // on its Sunday and is about earlier days: minutes that it took out of planned stay taken.
        var lie = await session.RowsAsync(
            """
            select greatest(care_on, $3), place, sum(amount)::bigint from (
              select position, care_on, to_place as place, amount from moves
              where fund_id = $1 and holder_id = $2 and book = 3
              union all
              select position, care_on, from_place, -amount from moves
              where fund_id = $1 and holder_id = $2 and book = 3) ends
            where place like 'banked/%' or (place like 'planned/%' and care_on > $3 and not exists (
              select from journals j where j.fund_id = $1 and j.holder_id = $2 and j.position = ends.position
                and j.kind = 'week-closed'))
            group by 1, 2 having sum(amount) <> 0 order by 1, 2
            """,
            row => (On: row.GetFieldValue<LocalDate>(0), End: new HoursEnd(Account.Parse(Book.Time, row.GetString(1)),
                row.GetInt64(2))),
            fundId, session.HolderId, closedOn);
        if (lie.Count == 0)
            return [];
        var parts = (await session.RowsAsync(
            "select cause_id from journals where fund_id = $1 and holder_id = $2 and kind = 'hours-ended'",
            row => row.GetString(0), fundId, session.HolderId)).ToLookup(cause => cause.Split('/')[0]);
        return
        [
            .. lie.GroupBy(each => each.On, each => each.End).Select(day => ClosingRules.HoursEnded(
                fundId, day.Key, parts[$"{day.Key:uuuu-MM-dd}"].Count() + 1, day)),
        ];
    }

    /// <summary>The attributions to post beyond those posted already, and the last day that they depend on.</summary>
    internal static async Task<(IReadOnlyList<Entry> Entries, LocalDate? To)> AttributionsAsync(Session session,
        string fundId)
    {
        var terms = await TermsAsync(session, fundId, long.MaxValue);
        var to = SourceAttribution.LastDay(terms);
        // Without another spend order or a closure nothing is attributed, and earlier attributions are taken back.
        var targets = to is not { } last ? [] : SourceAttribution.Targets(terms,
            await HeldSumsAsync(session, fundId, last, long.MaxValue),
            await BudgetsAsync(session, fundId, long.MaxValue));
        var stands = (await session.RowsAsync(
            """
            select j.position, j.cause_id, coalesce(j.care_on, j.effective_on), m.from_place, m.to_place, m.amount
            from journals j join moves m
              on m.fund_id = j.fund_id and m.holder_id = j.holder_id and m.position = j.position
            where j.fund_id = $1 and j.holder_id = $2 and j.kind = 'laid'
            """,
            row => new Stands(row.GetInt64(0), row.GetString(1), row.GetFieldValue<LocalDate>(2), row.GetString(3),
                row.GetString(4), row.GetInt64(5)),
            fundId, session.HolderId)).ToLookup(each => (each.About, each.On));
        var none = new Dictionary<string, long>();
        var wanted = targets.ToDictionary(target => (target.About, target.On), target => target.BySource);
        var parts = stands.SelectMany(each => each).GroupBy(each => each.About, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(each => each.Position).Distinct().Count(),
                StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var (about, on) in wanted.Keys.Union(stands.Select(group => group.Key)).OrderBy(key => key.On))
        {
            var difference = Less(wanted.GetValueOrDefault((about, on)) ?? none, stands[(about, on)]);
            if (difference.Values.All(pence => pence == 0))
                continue;
            var part = parts[about] = parts.GetValueOrDefault(about) + 1;
            entries.Add(ClosingRules.SpendingAttributed(fundId, about, on, part, difference));
        }
        return (entries, to);
    }

    internal static void SaveAttributedTo(Session session, string fundId, LocalDate? to) => session.Queue(
        "update heads set laid_to = $3 where fund_id = $1 and holder_id = $2", fundId, session.HolderId, to);

    private static Dictionary<string, long> Less(IReadOnlyDictionary<string, long> wanted, IEnumerable<Stands> stands)
    {
        var difference = new Dictionary<string, long>(wanted, StringComparer.Ordinal);
        foreach (var each in stands)
        {
            var forth = each.To == Account.Drawn.Path;
            var source = (forth ? each.From : each.To)["held/".Length..];
            difference[source] = difference.GetValueOrDefault(source) - (forth ? each.Pence : -each.Pence);
        }
        return difference;
    }

    // One move of an attribution's journal: agreement/v2/1 is the first part of the attribution about agreement/v2.
    private sealed record Stands(long Position, string Cause, LocalDate On, string From, string To, long Pence)
    {
        public string About => Cause[..Cause.LastIndexOf('/')];
    }
}
