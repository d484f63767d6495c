using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Reports;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>
/// Lists the flags that the checks of care raised, each with its evidence and its harmless readings, in pages or as
/// CSV. Records the answer to a flag, once, and who gave it. A flag accuses nobody (domain.md §6).
/// </summary>
public static class CareFlags
{
    /// <summary>Why an answer is not recorded, in order.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such flag.")] UnknownFlag = 1,
        [Problem(409, "It was answered before, in other words.")] AnsweredInOtherWords = 2,
    }

    /// <summary>The answer: a short code such as authorised or explained, and a note of the findings.</summary>
    public sealed record Request(string Code, string Note);

    private static readonly string[] States = ["open", "gone", "resolved"];

    /// <summary>The answer to record, the same answer if it was recorded before, or the refusal.</summary>
    internal static Decision<Resolution, Refusal> Decide(
        string id, SavedFlag? flag, Request request, string by, Instant now) =>
        flag is null ? (Refusal.UnknownFlag, $"No flag {id} is known here.")
        : Resolution.Decide(flag.Resolution, new(request.Code, request.Note, by, now), before =>
            (Refusal.AnsweredInOtherWords, $"It was answered as {before.Code} by {before.By}; that stays as it is."));

    /// <summary>
    /// GET /v1/care-flags: ?state=, ?fundId=, ?workerId=, ?kind=, ?code=, ?from= and ?to= narrow the list.
    /// </summary>
    public static async Task<IResult> ListAsync(HttpContext http, Page page, Session session, string? state = null,
        string? fundId = null, string? workerId = null, string? kind = null, string? code = null)
    {
        if (state is not null && !States.Contains(state))
        {
            throw new ProblemException(400, "bad-state", "There is no such state.",
                "?state= is open, gone or resolved.");
        }
        if (kind is not null && !Enum.GetValues<FlagKind>().Select(CareChecks.NameOf).Contains(kind))
        {
            throw new ProblemException(400, "bad-kind", "There is no such check.",
                $"?kind= is one of {string.Join(", ", Enum.GetValues<FlagKind>().Select(CareChecks.NameOf))}.");
        }
        var query = new FlagQuery(state, fundId, workerId, kind, CareTables.Day(http, "from"),
            CareTables.Day(http, "to"), code);
        return await CareTables.RespondAsync(http, page, "care-flags",
            (after, max) => FlagTable.ListAsync(session, query,
                Guid.TryParse(after, out var id) ? id : Guid.Empty, max),
            flag => flag.Id.ToString(), ToJson,
            async after => Guid.TryParse(after, out var id) && await FlagTable.FindAsync(session, id) is not null);
    }

    /// <summary>POST /v1/care-flags/{id}/resolution</summary>
    public static async Task<IResult> PostResolutionAsync(
        Guid id, JsonBody<Request> body, Session session, Caller caller, IClock clock, HttpContext http)
    {
        CheckFields(body.Value);
        await session.LockAsync($"flag/{id}");
        var flag = await FlagTable.ShowAsync(session, id);
        var resolution =
            Decide($"{id}", flag, body.Value, caller.User, clock.GetCurrentInstant()).OrRefuse();
        if (flag!.Resolution is null)
            FlagTable.Resolve(session, id, resolution);
        await session.SaveChangesAsync();
        return IdempotentPut.Show(http, 2, ToJson(flag with { State = "resolved", Resolution = resolution }));
    }

    private static void CheckFields(Request request)
    {
        if (!Ids.IsId(request.Code))
        {
            throw new ProblemException(400, "bad-field", "A field holds a value that cannot be used.",
                "The code is a word such as authorised, explained or corrected.", new FieldError("/code", "a word"));
        }
        if (!Texts.Fits(request.Note, 2000))
        {
            throw new ProblemException(400, "bad-field", "A field holds a value that cannot be used.",
                "Write 1 to 2000 characters: what was found out, and what was done.",
                new FieldError("/note", "1 to 2000 characters"));
        }
    }

    private static object ToJson(SavedFlag flag)
    {
        var (question, readings) =
            CareChecks.Table[Enum.GetValues<FlagKind>().First(kind => CareChecks.NameOf(kind) == flag.Kind)];
        return new
        {
            flagId = flag.Id, flag.Kind, flag.State, flag.FundId, flag.WorkerId, flag.CareOn, flag.Visits,
            flag.Count, asks = question, flag.Evidence, innocentReadings = readings, flag.FoundAt, flag.Resolution,
        };
    }
}
