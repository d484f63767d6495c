using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>A difference that a check found, and what became of it.</summary>
/// <param name="ExceptionId">The id of the exception.</param>
/// <param name="Kind">The kind of check that found it.</param>
/// <param name="FundId">The fund; null if it is about no single fund.</param>
/// <param name="Code">What differs, as a stable code such as balance-differs.</param>
/// <param name="PlainWords">What differs, in words for people.</param>
/// <param name="Figures">The figures that differ, by name.</param>
/// <param name="State">Either open or resolved.</param>
/// <param name="RaisedAt">When it was first found.</param>
/// <param name="RaisedByRun">The run that first found it.</param>
/// <param name="LastFoundByRun">The run that last found it.</param>
/// <param name="Resolution">How it was resolved; null while it is open.</param>
public sealed record StoredException(
    string ExceptionId, string Kind, string? FundId, string Code, string PlainWords, JsonNode Figures, string State,
    Instant RaisedAt, string RaisedByRun, string LastFoundByRun, Resolution? Resolution);

/// <summary>The conditions that the exceptions of a list meet; a field that is null sets no condition.</summary>
public sealed record ExceptionFilter(
    string? State, string? FundId, string? Run, string? Code, string? Kind, Instant? RaisedFrom, Instant? RaisedBefore);

/// <summary>
/// The table of exceptions. It has at most one open row for each difference, however often the difference is found.
/// </summary>
public static class ExceptionTable
{
    // An open difference is updated with the latest words, figures and run.
    private const string Raise = """
        insert into exceptions (exception_id, difference, kind, fund_id, code, plain_words, figures, raised_at,
          raised_by_run, last_found_by_run)
        select e.id, e.difference, e.kind, e.fund_id, e.code, e.words, e.figures, $8, $9, $9
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
          e(id, difference, kind, fund_id, code, words, figures)
        on conflict (holder_id, difference) where state = 'open'
          do update set last_found_by_run = excluded.last_found_by_run, plain_words = excluded.plain_words,
            figures = excluded.figures
        returning exception_id, raised_by_run
        """;

    // The statement locks the row of the earlier finding about the same difference, so that such findings are taken in
    // one after another.
    private const string Follow = """
        insert into findings (difference, as_of, stands) values ($1, $2, $3)
        on conflict (holder_id, difference) do update set as_of = excluded.as_of, stands = excluded.stands
          where excluded.as_of > findings.as_of
        returning as_of
        """;

    private const string ResolveCause = """
        update exceptions set state = 'resolved', resolution_code = $2, resolution_note = $3, resolved_by = $4,
          resolved_at = $5
        where difference = $1 and state = 'open'
        returning exception_id
        """;

    private static readonly TableColumns<StoredException> Columns = TableColumns<StoredException>.ByName
        .WithPart(row => row.Resolution)
        .Named(row => row.Resolution!.Code, "resolution_code").Named(row => row.Resolution!.Note, "resolution_note")
        .Named(row => row.Resolution!.By, "resolved_by").Named(row => row.Resolution!.At, "resolved_at");

    /// <summary>The resolution code of an exception whose cause is gone.</summary>
    public const string CauseGone = "cause-gone";

    /// <summary>The resolution code of an exception about a message that somebody discarded.</summary>
    public const string Discarded = "discarded";

    /// <summary>The resolver that is named for an exception whose cause is gone.</summary>
    public const string Itself = "reconciliation";

    /// <summary>
    /// Raises or resolves the exception of a service's finding, unless a later finding about the same difference has
    /// been taken in already. The resolver is Reconciliation itself, unless somebody's decision
    /// (<paramref name="because"/>) removed the cause.
    /// </summary>
    public static async Task FollowAsync(Session session, Finding finding, Instant now, MessageDecision? because = null)
    {
        var about = finding.About;
        var isLatest = await session.RowsAsync<long>(Follow,
            about.Key, finding.AsOf, finding.Exists);
        if (isLatest.Count == 0)
            return;
        if (finding.Exists)
        {
            await RaiseAsync(session, finding.FoundBy, [about], now);
            return;
        }
        var code = because is null ? CauseGone : Discarded;
        foreach (var id in await session.RowsAsync<string>(ResolveCause,
            about.Key, code, because?.Why ?? about.PlainWords, because?.By ?? Itself,
            because?.At ?? now))
        {
            session.Publish(new ExceptionResolved { ExceptionId = id, Code = code }, id,
                about.FundId is { } fund ? [fund] : []);
        }
    }

    /// <summary>
    /// The differences that have one of these codes and whose cause still exists by the latest finding; they are
    /// without words and figures.
    /// </summary>
    public static async Task<IReadOnlyList<Difference>> PersistingAsync(
        Session session, params IReadOnlyList<DifferenceCode> codes)
    {
        var keys = await session.RowsAsync<string>("""
            select difference from findings
            where stands and split_part(difference, '|', 1) = any($1)
            """,
            codes.Select(code => ((int)code).ToString(CultureInfo.InvariantCulture)).ToArray());
        return [.. keys.Select(Difference.FromKey)];
    }

    /// <summary>
    /// Raises and publishes the differences that have no open exception yet, and updates the open exceptions of the
    /// others.
    /// </summary>
    public static async Task RaiseAsync(
        Session session, string runId, IReadOnlyList<Difference> differences, Instant now)
    {
        var found = differences.GroupBy(difference => difference.Key).Select(same => same.First())
            .Select(difference => (Id: IdOf(session.HolderId, runId, difference), Difference: difference)).ToList();
        if (found.Count == 0)
            return;
        T[] Of<T>(Func<Difference, T> field) => [.. found.Select(row => field(row.Difference))];
        var raised = await session.RowsAsync<(string Id, string Run)>(Raise,
            found.Select(row => row.Id).ToArray(), Of(difference => difference.Key),
            Of(difference => ProblemException.CodeOf(difference.Kind)), Of(difference => difference.FundId),
            Of(CodeOf), Of(difference => difference.PlainWords), Of(difference => Json.From(difference.Figures)), now,
            runId);
        var isNew = raised.Where(row => row.Run == runId).Select(row => row.Id).ToHashSet();
        foreach (var (id, difference) in found.Where(row => isNew.Contains(row.Id)))
        {
            session.Publish(new ExceptionRaised
            {
                ExceptionId = id,
                RunId = runId,
                FundId = difference.FundId,
                Code = CodeOf(difference),
                PlainWords = difference.PlainWords,
            }, id, difference.FundId is { } fund ? [fund] : []);
        }
    }

    /// <summary>An exception; null if there is none of this id.</summary>
    internal static async Task<StoredException?> FindAsync(Session session, string id) =>
        (await session.RowsAsync(
            Columns, $"select {Columns.Names} from exceptions where exception_id = $1", id)).FirstOrDefault();

    /// <summary>Returns the exceptions of the page, in order of id, and one more if there is a next page.</summary>
    internal static Task<List<StoredException>> ListAsync(Session session, ExceptionFilter filter, Page page) =>
        session.RowsAsync(Columns, $"""
            select {Columns.Names} from exceptions
            where exception_id > $1 and ($2::text is null or state = $2) and ($3::text is null or fund_id = $3)
            and ($4::text is null or $4 in (raised_by_run, last_found_by_run)) and ($5::text is null or code = $5)
            and ($6::text is null or kind = $6) and ($7::timestamptz is null or raised_at >= $7)
            and ($8::timestamptz is null or raised_at < $8)
            order by exception_id limit $9
            """, page.After ?? "", filter.State, filter.FundId, filter.Run, filter.Code,
            filter.Kind, filter.RaisedFrom, filter.RaisedBefore, page.Limit + 1);

    /// <summary>Records a resolution, unless the exception was resolved before.</summary>
    internal static void Resolve(Session session, string id, Resolution resolution) => session.Queue("""
        update exceptions set state = 'resolved', resolution_code = $2, resolution_note = $3, resolved_by = $4,
          resolved_at = $5
        where exception_id = $1 and state = 'open'
        """, id, resolution.Code, resolution.Note, resolution.By, resolution.At);

    /// <summary>A difference's stable code, such as balance-differs.</summary>
    public static string CodeOf(Difference difference) =>
        ProblemException.CodeOf(difference.Code);

    private static string IdOf(string holderId, string runId, Difference difference) =>
        $"E-{DeterministicGuid.From("exception", holderId, runId, difference.Key):N}";
}
