using System.ComponentModel.DataAnnotations;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Lists the exceptions, and records once for each who explained or corrected it, and how. An exception whose cause is
/// gone is resolved without such a record. Publishes ExceptionResolved. Source: api.md, Reconciliation; domain.md §6.
/// </summary>
public static class ResolveException
{
    /// <summary>Why a resolution is not recorded, in the order of the checks.</summary>
    public enum Refusal
    {
        /// <summary>The exception is not known here.</summary>
        [Problem(404, "There is no such exception.")]
        UnknownException = 1,

        /// <summary>The exception was resolved before, with another code or note.</summary>
        [Problem(409, "It was resolved before, in other words.")]
        ResolvedInOtherWords = 2,
    }

    /// <summary>Why the exceptions are not listed.</summary>
    public enum ListRefusal
    {
        /// <summary>?state= is neither open nor resolved.</summary>
        [Problem(400, "There is no such state.")]
        BadState = 1,

        /// <summary>?kind= is not a kind of exception.</summary>
        [Problem(400, "There is no such kind.")]
        BadKind = 2,
    }

    /// <summary>The resolution of an exception.</summary>
    /// <param name="Code">A short code such as put-right or explained.</param>
    /// <param name="Note">What was found out and done, in 1 to 2000 characters.</param>
    public sealed record Request(string Code, string Note);

    private static readonly string[] Kinds = [.. Enum.GetValues<ExceptionKind>().Select(ProblemException.CodeOf)];

    /// <summary>The resolution to record, or the one recorded before.</summary>
    public static Decision<Resolution, Refusal> Decide(
        string id, StoredException? stored, Request request, string by, Instant now)
    {
        if (stored is null)
            return (Refusal.UnknownException, $"No exception {id} is known here.");
        return Resolution.Decide(stored.Resolution, new(request.Code, request.Note, by, now), before =>
            (Refusal.ResolvedInOtherWords, $"It was resolved as {before.Code} by {before.By}; that stays as it is."));
    }

    /// <summary>Resolves an exception.</summary>
    /// <param name="id">The id of the exception.</param>
    public static async Task<ShowResult<StoredException>> PostAsync(
        string id, JsonBody<Request> body, Session session, Caller caller, IClock clock, HttpContext http)
    {
        Resolution.CheckFields(body.Value.Code, body.Value.Note, "put-right or explained");
        await session.LockAsync("exception/" + id);
        var stored = await ExceptionTable.FindAsync(session, id);
        var resolution = Decide(id, stored, body.Value, caller.User, clock.GetCurrentInstant()).OrRefuse();
        ExceptionTable.Resolve(session, id, resolution);
        session.Publish(
            new ExceptionResolved { ExceptionId = id, Code = resolution.Code }, id,
            stored!.FundId is { } fund ? [fund] : []);
        if (stored.Resolution is null)
            await session.SaveChangesAsync();
        await session.NameFactAsync(http);
        return IdempotentPut.Show(http, 2, stored with { State = "resolved", Resolution = resolution });
    }

    /// <summary>Lists the exceptions, in order of id.</summary>
    /// <param name="state">Only exceptions in this state.</param>
    /// <param name="kind">Only exceptions of this kind.</param>
    /// <param name="fundId">Only exceptions about this fund.</param>
    /// <param name="run">Only exceptions that this run found.</param>
    /// <param name="code">Only exceptions with this code, such as balance-differs.</param>
    /// <param name="from">Only exceptions raised on this day in London or later.</param>
    /// <param name="to">Only exceptions raised on this day in London or earlier.</param>
    public static async Task<ItemPage<StoredException>> ListAsync(Page page, Session session,
        [AllowedValues("open", "resolved")] string? state = null, [NamesOf(typeof(ExceptionKind))] string? kind = null,
        string? fundId = null, string? run = null, string? code = null, string? from = null, string? to = null)
    {
        if (state is not (null or "open" or "resolved"))
        {
            throw ProblemException.For(ListRefusal.BadState, "?state= is open or resolved.",
                new FieldError("?state", "open or resolved"));
        }
        if (kind is not null && !Kinds.Contains(kind))
        {
            var detail = $"is one of {string.Join(", ", Kinds)}";
            throw ProblemException.For(ListRefusal.BadKind, $"?kind= {detail}.", new FieldError("?kind", detail));
        }
        await page.CheckAfterAsync(async id => await ExceptionTable.FindAsync(session, id) is not null);
        var items = await ExceptionTable.ListAsync(session, new ExceptionFilter(
            state, fundId, run, code, kind, BeginningOf(FeatureRefusal.BadFrom, "from", from),
            BeginningOf(FeatureRefusal.BadTo, "to", to, daysOn: 1)), page);
        return Page.Of(items, page.Limit, item => item.ExceptionId);
    }

    // The instant at which a day begins in London. The day lies daysOn days after the one in the text; null if there is
    // no text.
    private static Instant? BeginningOf(FeatureRefusal otherwise, string option, string? text, int daysOn = 0)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var day = London.Day(text) ?? throw ProblemException.For(otherwise,
            $"?{option}= is a day such as 2026-04-06.", new FieldError("?" + option, "a day such as 2026-04-06"));
        return day.PlusDays(daysOn).AtStartOfDayInZone(London.Zone).ToInstant();
    }
}
