using System.Text.Json.Nodes;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;
using Npgsql;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Lists the differences, and records how each was explained or corrected, once, and by whom. An exception whose cause
/// is gone resolves itself. Publishes ExceptionResolved. Source: api.md, Reconciliation; domain.md §6.
/// </summary>
public static class ResolveException
{
    /// <summary>Why a resolution is not recorded, in order.</summary>
    public enum Refusal
    {
        /// <summary>The exception is not known here.</summary>
        [Problem(404, "There is no such exception.")]
        UnknownException = 1,

        /// <summary>The exception was resolved before, with other words.</summary>
        [Problem(409, "It was resolved before, in other words.")]
        ResolvedInOtherWords = 2,
    }

    /// <summary>The resolution: a short code such as put-right, and a note of the findings.</summary>
    public sealed record Request(string Code, string Note);

    /// <summary>An exception as kept.</summary>
    public sealed record Stored(
        string ExceptionId, string Kind, string? FundId, string Code, string PlainWords, JsonNode Figures, string State,
        Instant RaisedAt, string RaisedByRun, string LastFoundByRun, Resolution? Resolution);

    /// <summary>How an exception was resolved, by whom and when.</summary>
    public sealed record Resolution(string Code, string Note, string By, Instant At);

    private static readonly string[] Kinds = [.. Enum.GetValues<ExceptionKind>().Select(ProblemException.CodeOf)];

    private const string Columns = """
        select exception_id, kind, fund_id, code, plain_words, figures::text, state, raised_at, raised_by_run,
          last_found_by_run, resolution_code, resolution_note, resolved_by, resolved_at
        from exceptions where holder_id = $1
        """;

    /// <summary>The resolution to record, or the one recorded before.</summary>
    public static Decision<Resolution, Refusal> Decide(string id, Stored? kept, Request asked, string by, Instant now)
    {
        ArgumentNullException.ThrowIfNull(asked);
        if (kept is null)
            return (Refusal.UnknownException, $"No exception {id} is known here.");
        if (kept.Resolution is not { } before)
            return new Resolution(asked.Code, asked.Note, by, now);
        return (before.Code, before.Note) == (asked.Code, asked.Note) ? before
            : (Refusal.ResolvedInOtherWords, $"It was resolved as {before.Code} by {before.By}; that stays as it is.");
    }

    /// <summary>Answers POST /v1/exceptions/{id}/resolution.</summary>
    public static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, Session session, Caller caller, IClock clock, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(caller);
        CheckFields(body.Value);
        await session.LockAsync("exception/" + id);
        var found = await session.RowsAsync(Columns + " and exception_id = $2", At, session.HolderId, id);
        var kept = found.FirstOrDefault();
        var resolution = Decide(id, kept, body.Value, caller.User, clock.GetCurrentInstant()).OrRefuse();
        session.Queue("""
            update exceptions set state = 'resolved', resolution_code = $3, resolution_note = $4, resolved_by = $5,
              resolved_at = $6
            where holder_id = $1 and exception_id = $2 and state = 'open'
            """, session.HolderId, id, resolution.Code, resolution.Note, resolution.By, resolution.At);
        var said = new ExceptionResolved { HolderId = session.HolderId, ExceptionId = id, Code = resolution.Code };
        session.Publish(said, id, kept!.FundId is { } fund ? [fund] : []);
        if (kept.Resolution is null)
            await session.SaveChangesAsync();
        await session.NameFactAsync(http);
        return IdempotentPut.Show(http, 2, kept with { State = "resolved", Resolution = resolution });
    }

    /// <summary>
    /// Answers GET /v1/exceptions: ?state=open|resolved, ?kind=, ?fundId=, ?run=, ?code= and the London days ?from= and
    /// ?to= on which they were raised narrow the list.
    /// </summary>
    public static async Task<IResult> ListAsync(Page page, Session session, string? state = null,
        string? kind = null, string? fundId = null, string? run = null, string? code = null, string? from = null,
        string? to = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (state is not (null or "open" or "resolved"))
            throw new ProblemException(400, "bad-state", "There is no such state.", "?state= is open or resolved.",
                new FieldError("?state", "open or resolved"));
        if (kind is not null && !Kinds.Contains(kind))
        {
            var words = $"is one of {string.Join(", ", Kinds)}";
            throw new ProblemException(400, "bad-kind", "There is no such kind.", $"?kind= {words}.",
                new FieldError("?kind", words));
        }
        ArgumentNullException.ThrowIfNull(page);
        await page.CheckAfterAsync(async id =>
            (await session.RowsAsync(Columns + " and exception_id = $2", At, session.HolderId, id)).Count > 0);
        var items = await session.RowsAsync(Columns + """
             and exception_id > $2 and ($3::text is null or state = $3) and ($4::text is null or fund_id = $4)
            and ($5::text is null or $5 in (raised_by_run, last_found_by_run)) and ($6::text is null or code = $6)
            and ($7::text is null or kind = $7) and ($8::timestamptz is null or raised_at >= $8)
            and ($9::timestamptz is null or raised_at < $9)
            order by exception_id limit $10
            """, At, session.HolderId, page.After ?? "", state, fundId, run, code, kind, BeginningOf("from", from),
            BeginningOf("to", to, daysOn: 1), page.Limit + 1);
        return Results.Json(Page.Of(items, page.Limit, item => item.ExceptionId), IsfJson.Options);
    }

    // The instant at which a day, or a day some days after it, begins in London.
    private static Instant? BeginningOf(string option, string? text, int daysOn = 0)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var day = London.Day(text) ?? throw new ProblemException(400, $"bad-{option}", "The address cannot be read.",
            $"?{option}= is a day such as 2026-04-06.", new FieldError("?" + option, "a day such as 2026-04-06"));
        return day.PlusDays(daysOn).AtStartOfDayInZone(London.Zone).ToInstant();
    }

    private static void CheckFields(Request asked)
    {
        var errors = new List<FieldError>();
        if (!Ids.IsId(asked.Code))
            errors.Add(new("/code", "A word such as put-right or explained: 1 to 64 of A–Z a–z 0–9 . _ -"));
        if (!Texts.Fits(asked.Note, 2000))
            errors.Add(new("/note", "Write 1 to 2000 characters: what was found out, and what was done."));
        if (errors.Count > 0)
            throw new ProblemException(400, "bad-field", "A field holds a value that cannot be used.",
                string.Join(" ", errors.Select(error => $"{error.Pointer}: {error.Detail}")), [.. errors]);
    }

    private static Stored At(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetString(3), row.GetString(4),
        JsonNode.Parse(row.GetString(5))!, row.GetString(6), row.GetFieldValue<Instant>(7), row.GetString(8),
        row.GetString(9),
        row.IsDBNull(10)
            ? null : new(row.GetString(10), row.GetString(11), row.GetString(12), row.GetFieldValue<Instant>(13)));
}
