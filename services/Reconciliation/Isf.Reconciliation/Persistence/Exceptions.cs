using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Persistence;

/// <summary>The rows of exceptions: one open row for each difference, however often it is found.</summary>
public static class Exceptions
{
    // A difference that is open already only learns which run found it last.
    private const string Raise = """
        insert into exceptions (holder_id, exception_id, difference, fund_id, code, plain_words, figures, raised_at,
          raised_by_run, last_found_by_run)
        select $1, e.id, e.difference, e.fund_id, e.code, e.words, e.figures, $8, $9, $9
        from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
          e(id, difference, fund_id, code, words, figures)
        on conflict (holder_id, difference) where state = 'open'
          do update set last_found_by_run = excluded.last_found_by_run
        returning exception_id, raised_by_run
        """;

    /// <summary>Raises what is new among the differences and says so.</summary>
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
            found.Select(one => one.Difference.FundId).ToArray(), found.Select(one => CodeOf(one.Difference)).ToArray(),
            found.Select(one => one.Difference.PlainWords).ToArray(),
            found.Select(one => Json.Of(one.Difference.Figures)).ToArray(), now, runId);
        var isNew = raised.Where(one => one.Run == runId).Select(one => one.Id).ToHashSet();
        foreach (var (id, difference) in found.Where(one => isNew.Contains(one.Id)))
        {
            session.Say(new ExceptionRaised
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
        return Refused.CodeOf(difference.Code);
    }

    private static string IdOf(string holderId, string runId, Difference difference) =>
        $"E-{Cause.Id("exception", holderId, runId, difference.Key):N}";
}
