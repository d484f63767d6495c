using System.Runtime.CompilerServices;
using Isf.Hosting.Data;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Books;

/// <summary>A fund, with its person, its council, and the position and moment of its last journal.</summary>
public sealed record FundRow(string FundId, string PersonId, string CouncilId, long Position, Instant RecordedAt);

/// <summary>Reads the books: complete journals, and sums of moves.</summary>
public static class BooksTable
{
    // Adds the moves of each journal as arrays in their order, so that a journal is one row, however many moves it
    // has.
    internal const string Moves = """
        left join lateral (
          select array_agg(m.book order by m.n), array_agg(m.from_place order by m.n),
            array_agg(m.to_place order by m.n), array_agg(m.amount order by m.n)
          from moves m where m.fund_id = j.fund_id and m.holder_id = j.holder_id and m.position = j.position
        ) m(books, froms, tos, amounts) on true
        """;

    internal const string Journals = "j.*, m.*";

    // A journal never counts before the day that it is about. So a journal about a day after a closed period also
    // counts after that period, and its position is at least open_from of the period's closing.
    private const string AfterClosing = """
        position >= coalesce((select c.open_from from period_closings c
          where c.fund_id = $1 and c.to_on < $3 order by c.to_on desc limit 1), 0)
        """;

    /// <summary>
    /// The fund; null if its books do not exist, because the fund is not known or has no signed agreement yet.
    /// </summary>
    public static async Task<FundRow?> FundAsync(Session session, string fundId)
    {
        var found = await session.RowsAsync<FundRow>(
            """
            select f.fund_id, f.person_id, f.council_id, h.position, h.recorded_at
            from funds f join heads h on h.fund_id = f.fund_id and h.holder_id = f.holder_id
            where f.fund_id = $1
            """,
            fundId);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The first and the last day of a fund; null for a day that is not known.</summary>
    public static async Task<(LocalDate? OpensOn, LocalDate? ClosedOn)> DaysAsync(Session session, string fundId)
    {
        var found = await session.RowsAsync<(LocalDate?, LocalDate?)>(
            """
            select f.opens_on, h.closed_on
            from funds f join heads h on h.fund_id = f.fund_id and h.holder_id = f.holder_id
            where f.fund_id = $1
            """,
            fundId);
        return found.FirstOrDefault();
    }

    /// <summary>The fund's last position recorded at or before a moment; 0 if there was none.</summary>
    public static async Task<long> PositionAtAsync(Session session, string fundId, Instant moment)
    {
        var found = await session.RowsAsync<long>(
            "select position_at(current_setting('isf.holder'), $1, $2)", fundId, moment);
        return found[0];
    }

    /// <summary>
    /// The sums of the fund's moves by pair of accounts, effective up to a day and recorded up to a position.
    /// </summary>
    public static async Task<PostingSums> SumsAsync(Session session, string fundId, LocalDate effectiveOn,
        long position)
    {
        var sums = await session.RowsAsync(
            """
            select book, from_place, to_place, reversing, amount
            from flows_at(current_setting('isf.holder'), $1, $2, $3)
            """,
            ((short Book, string From, string To, bool IsReversal, long Amount) row) => PostingSum.FromMove(
                Move.Parse((Book)row.Book, row.From, row.To, row.Amount), row.IsReversal),
            fundId, effectiveOn, position);
        return new PostingSums(sums);
    }

    /// <summary>
    /// The spending of each day of care, which is the pence moved out of held/drawn less the pence moved into it.
    /// Moves count if they are effective up to the given day and recorded up to the given position.
    /// </summary>
    public static Task<List<DrawnOnDay>> DrawnAsync(Session session, string fundId, LocalDate effectiveOn,
        long position)
    {
        return session.RowsAsync<DrawnOnDay>(
            "select care_on, pence from drawn_at(current_setting('isf.holder'), $1, $2, $3) order by care_on",
            fundId, effectiveOn, position);
    }

    /// <summary>
    /// The version of each of the fund's budgets that is in force on the given day, as known at the given position.
    /// </summary>
    public static Task<List<PromiseTerms>> BudgetsAsync(Session session, string fundId, LocalDate effectiveOn,
        long position)
    {
        return session.RowsAsync(
            """
            select distinct on (promise_id) terms from promises
            where fund_id = $1 and kind = 1 and position <= $2 and effective_on <= $3
            order by promise_id, version desc
            """,
            (ValueTuple<PromiseTerms> row) => row.Item1, fundId, position, effectiveOn);
    }

    /// <summary>The journals with the given ids; an id without a journal is left out.</summary>
    public static async Task<IReadOnlyList<Journal>> ByIdAsync(
        Session session, IReadOnlyCollection<(string FundId, Guid JournalId)> ids)
    {
        // Nearly always none of the journals exists. A query for existence alone is far cheaper to plan than one that
        // reads journals. "offset 0" keeps the planner to one index lookup for each journal, even with outdated
        // statistics.
        var found = await session.RowsAsync<(string FundId, Guid JournalId)>(
            """
            select j.fund_id, j.journal_id from unnest($1::text[], $2::uuid[]) asked(fund_id, journal_id), lateral (
              select fund_id, journal_id from journals
              where fund_id = asked.fund_id and journal_id = asked.journal_id offset 0) j
            """,
            ids.Select(id => id.FundId).ToArray(), ids.Select(id => id.JournalId).ToArray());
        return found.Count == 0 ? [] : await session.RowsAsync(
            JournalRow.Columns,
            $"""
            select {Journals} from unnest($1::text[], $2::uuid[]) asked(fund_id, journal_id) cross join lateral (
              select * from journals
              where fund_id = asked.fund_id and journal_id = asked.journal_id offset 0) j
            {Moves}
            """,
            row => row.ToJournal(),
            found.Select(id => id.FundId).ToArray(), found.Select(id => id.JournalId).ToArray());
    }

    /// <summary>
    /// A fund's journals after position <paramref name="after"/> and up to position <paramref name="upTo"/> that are
    /// effective on the given days, in order of position; at most <paramref name="limit"/> of them.
    /// </summary>
    public static Task<List<Journal>> JournalsAsync(
        Session session, string fundId, CareRange effective, long after, long upTo, int limit)
    {
        return session.RowsAsync(
            JournalRow.Columns,
            $"""
            select {Journals} from (
              select * from journals where fund_id = $1 and position > $2 and position <= $3
                and effective_on between $4 and $5 order by position limit $6) j
            {Moves}
            order by j.position
            """,
            row => row.ToJournal(),
            fundId, after, upTo, effective.From, effective.To, limit);
    }

    /// <summary>
    /// All of a fund's journals after position <paramref name="after"/> and up to position <paramref name="upTo"/>
    /// that are effective on the given days, in order of position. They are read in parts, so that memory does not
    /// grow with their number.
    /// </summary>
    public static async IAsyncEnumerable<Journal> AllAsync(
        Session session, string fundId, CareRange effective, long after, long upTo,
        [EnumeratorCancellation] CancellationToken stop = default)
    {
        while (await JournalsAsync(session, fundId, effective, after, upTo, 500) is { Count: > 0 } some)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var journal in some)
                yield return journal;
            after = some[^1].Position;
        }
    }

    /// <summary>
    /// Every account in the moves of the fund's journals after position <paramref name="after"/> and up to position
    /// <paramref name="upTo"/> that are effective on the given days.
    /// </summary>
    public static async Task<IReadOnlyList<Account>> AccountsAsync(
        Session session, string fundId, CareRange effective, long after, long upTo)
    {
        var ends = await session.RowsAsync<(short Book, string From, string To)>(
            """
            select distinct book, from_place, to_place from moves where fund_id = $1
              and position > $2 and position <= $3 and effective_on between $4 and $5
            """,
            fundId, after, upTo, effective.From, effective.To);
        return [.. ends
            .SelectMany(row => new[] { row.From, row.To }.Select(path => Account.Parse((Book)row.Book, path)))
            .Distinct().OrderBy(account => account.Book).ThenBy(account => account.Path, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The sums of the moves of time, by day of care and pair of accounts, as known at the given position.
    /// </summary>
    public static Task<List<DayPostingSum>> TimeAsync(Session session, string fundId, CareRange careOn, long position)
    {
        return session.RowsAsync(
            $"""
            select care_on, from_place, to_place, reversing, sum(amount)::bigint from moves
            where fund_id = $1 and position <= $2 and care_on between $3 and $4 and book = 3
              and {AfterClosing}
            group by 1, 2, 3, 4
            """,
            ((LocalDate CareOn, string From, string To, bool IsReversal, long Minutes) row) => new DayPostingSum(
                row.CareOn, PostingSum.FromMove(Move.Parse(Book.Time, row.From, row.To, row.Minutes), row.IsReversal)),
            fundId, position, careOn.From, careOn.To);
    }

    /// <summary>
    /// The person's own minutes by day of care and line, as known at a position; a journal's first move names the
    /// line.
    /// </summary>
    public static Task<List<PersonTime>> PersonTimeAsync(Session session, string fundId, CareRange careOn,
        long position)
    {
        return session.RowsAsync<PersonTime>(
            $"""
            select m.care_on, split_part(m.from_place, '/', 2) as line_id, sum(j.person_minutes)::bigint as minutes
            from journals j
            join moves m on m.fund_id = j.fund_id and m.holder_id = j.holder_id and m.position = j.position and m.n = 0
            where j.fund_id = $1 and j.position <= $2 and j.person_minutes is not null
              and m.care_on between $3 and $4 and m.book = 3 and j.{AfterClosing}
            group by 1, 2
            """,
            fundId, position, careOn.From, careOn.To);
    }
}

/// <summary>A range of days, of which the first and the last are included.</summary>
public sealed record CareRange(LocalDate From, LocalDate To)
{
    /// <summary>All days from the year 1 to the year 9999.</summary>
    public static CareRange All { get; } = new(new LocalDate(1, 1, 1), new LocalDate(9999, 12, 31));
}

/// <summary>The agreement's words for the order of spending.</summary>
public static class SpendOrders
{
    /// <summary>Parses person-first, pro-rata or council-first; throws for any other word.</summary>
    public static SpendOrder Parse(string name) => name switch
    {
        "person-first" => SpendOrder.PersonFirst,
        "pro-rata" => SpendOrder.ProRata,
        "council-first" => SpendOrder.CouncilFirst,
        _ => throw new ArgumentException($"“{name}” is no order of spending.", nameof(name)),
    };
}
