using System.Globalization;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>The rows of exceptions: one open row for each difference, however often it is found.</summary>
public static class ExceptionTable
{
    // An open difference is updated with the latest words, figures and run.
    private const string Raise = """
        insert into exceptions (holder_id, exception_id, difference, kind, fund_id, code, plain_words, figures,
          raised_at, raised_by_run, last_found_by_run)
        select $1, e.id, e.difference, e.kind, e.fund_id, e.code, e.words, e.figures, $9, $10, $10
        from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
          e(id, difference, kind, fund_id, code, words, figures)
        on conflict (holder_id, difference) where state = 'open'
          do update set last_found_by_run = excluded.last_found_by_run, plain_words = excluded.plain_words,
            figures = excluded.figures
        returning exception_id, raised_by_run
        """;

    // The row lock of an earlier finding puts findings about one difference in sequence.
    private const string Follow = """
        insert into findings (holder_id, difference, as_of, stands) values ($1, $2, $3, $4)
        on conflict (holder_id, difference) do update set as_of = excluded.as_of, stands = excluded.stands
          where excluded.as_of > findings.as_of
        returning as_of
        """;

    private const string Resolve = """
        update exceptions set state = 'resolved', resolution_code = $3, resolution_note = $4, resolved_by = $5,
          resolved_at = $6
        where holder_id = $1 and difference = $2 and state = 'open'
        returning exception_id
        """;

    /// <summary>The resolution code of an exception whose cause is gone.</summary>
    public const string CauseGone = "cause-gone";

    /// <summary>The resolution code of an exception about a message that somebody discarded.</summary>
    public const string Discarded = "discarded";

    /// <summary>The resolver named for an exception whose cause is gone.</summary>
    public const string Itself = "reconciliation";

    /// <summary>
    /// Raises or resolves the exception of another service's finding, unless a later finding about the same difference
    /// came first. The resolver is Reconciliation itself, unless somebody's decision removed the cause.
    /// </summary>
    public static async Task FollowAsync(Session session, Finding finding, Instant now, MessageDecision? because = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(finding);
        var about = finding.About;
        var isLatest = await session.RowsAsync(Follow, row => row.GetInt64(0),
            session.HolderId, about.Key, finding.AsOf, finding.Stands);
        if (isLatest.Count == 0)
            return;
        if (finding.Stands)
        {
            await RaiseAsync(session, finding.FoundBy, [about], now);
            return;
        }
        var code = because is null ? CauseGone : Discarded;
        foreach (var id in await session.RowsAsync(Resolve, row => row.GetString(0),
            session.HolderId, about.Key, code, because?.Why ?? about.PlainWords, because?.By ?? Itself,
            because?.At ?? now))
        {
            session.Publish(new ExceptionResolved { HolderId = session.HolderId, ExceptionId = id, Code = code }, id,
                about.FundId is { } fund ? [fund] : []);
        }
    }

    /// <summary>The unresolved findings of other services with these codes; without their figures and words.</summary>
    public static async Task<IReadOnlyList<Difference>> StandingAsync(
        Session session, params IReadOnlyList<DifferenceCode> codes)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(codes);
        var keys = await session.RowsAsync("""
            select difference from findings
            where holder_id = $1 and stands and split_part(difference, '|', 1) = any($2)
            """, row => row.GetString(0), session.HolderId,
            codes.Select(code => ((int)code).ToString(CultureInfo.InvariantCulture)).ToArray());
        return [.. keys.Select(Difference.FromKey)];
    }

    /// <summary>Raises the new ones among the differences and publishes them.</summary>
    public static async Task RaiseAsync(
        Session session, string runId, IReadOnlyList<Difference> differences, Instant now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(differences);
        var found = differences.GroupBy(difference => difference.Key).Select(same => same.First())
            .Select(difference => (Id: IdOf(session.HolderId, runId, difference), Difference: difference)).ToList();
        if (found.Count == 0)
            return;
        var raised = await session.RowsAsync(Raise, row => (Id: row.GetString(0), Run: row.GetString(1)),
            session.HolderId, found.Select(one => one.Id).ToArray(), found.Select(one => one.Difference.Key).ToArray(),
            found.Select(one => ProblemException.CodeOf(one.Difference.Kind)).ToArray(),
            found.Select(one => one.Difference.FundId).ToArray(), found.Select(one => CodeOf(one.Difference)).ToArray(),
            found.Select(one => one.Difference.PlainWords).ToArray(),
            found.Select(one => Json.From(one.Difference.Figures)).ToArray(), now, runId);
        var isNew = raised.Where(one => one.Run == runId).Select(one => one.Id).ToHashSet();
        foreach (var (id, difference) in found.Where(one => isNew.Contains(one.Id)))
        {
            session.Publish(new ExceptionRaised
            {
                HolderId = session.HolderId,
                ExceptionId = id,
                RunId = runId,
                FundId = difference.FundId,
                Code = CodeOf(difference),
                PlainWords = difference.PlainWords,
            }, id, difference.FundId is { } fund ? [fund] : []);
        }
    }

    /// <summary>A difference's stable code, such as balance-differs.</summary>
    public static string CodeOf(Difference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return ProblemException.CodeOf(difference.Code);
    }

    private static string IdOf(string holderId, string runId, Difference difference) =>
        $"E-{DeterministicGuid.From("exception", holderId, runId, difference.Key):N}";
}
