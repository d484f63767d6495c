using System.ComponentModel.DataAnnotations;
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
    /// <summary>Why an answer is not recorded, in order, or the flags are not listed.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such flag.")] UnknownFlag = 1,
        [Problem(409, "It was answered before, in other words.")] AnsweredInOtherWords = 2,
        [Problem(400, "There is no such state.")] BadState = 3,
        [Problem(400, "There is no such check.")] BadKind = 4,
    }

    /// <summary>The answer to a flag.</summary>
    /// <param name="Code">A short word, such as authorised, explained or corrected.</param>
    /// <param name="Note">What was found out, and what was done, in 1 to 2000 characters.</param>
    public sealed record Request(string Code, string Note);

    /// <summary>A question about recorded care, with its evidence; it accuses nobody.</summary>
    public sealed record Response
    {
        /// <summary>The id of the flag.</summary>
        public required Guid FlagId { get; init; }

        /// <summary>The check that asks.</summary>
        public required FlagKind Kind { get; init; }

        /// <summary>Either open, gone (the visits were corrected since) or resolved.</summary>
        public required string State { get; init; }

        /// <summary>The fund of the first visit.</summary>
        public required string FundId { get; init; }

        /// <summary>The worker; null if the flag is not about a worker.</summary>
        public required string? WorkerId { get; init; }

        /// <summary>The day that the flag is about.</summary>
        public required LocalDate CareOn { get; init; }

        /// <summary>The visits concerned, the one in question first; at most 10.</summary>
        public required IReadOnlyList<string> Visits { get; init; }

        /// <summary>The number of all visits concerned.</summary>
        public required long Count { get; init; }

        /// <summary>The question.</summary>
        public required string Asks { get; init; }

        /// <summary>The finding, with its figures.</summary>
        public required string Evidence { get; init; }

        /// <summary>What may explain it harmlessly.</summary>
        public required IReadOnlyList<string> InnocentReadings { get; init; }

        /// <summary>When it was found.</summary>
        public required Instant FoundAt { get; init; }

        /// <summary>The answer; null if there is none.</summary>
        public required Resolution? Resolution { get; init; }
    }

    private static readonly string[] States = ["open", "gone", "resolved"];

    /// <summary>The answer to record, the same answer if it was recorded before, or the refusal.</summary>
    internal static Decision<Resolution, Refusal> Decide(
        string id, SavedFlag? flag, Request request, string by, Instant now) =>
        flag is null ? (Refusal.UnknownFlag, $"No flag {id} is known here.")
        : Resolution.Decide(flag.Resolution, new(request.Code, request.Note, by, now), before =>
            (Refusal.AnsweredInOtherWords, $"It was answered as {before.Code} by {before.By}; that stays as it is."));

    /// <summary>Lists the flags that the checks of care raised, in pages or all as CSV.</summary>
    /// <param name="state">The state of the flag.</param>
    /// <param name="fundId">The fund.</param>
    /// <param name="workerId">The worker.</param>
    /// <param name="kind">The check that asks.</param>
    /// <param name="code">The code of the answer.</param>
    /// <param name="from">The first day that a flag is about.</param>
    /// <param name="to">The last day that a flag is about.</param>
    public static async Task<IResult> ListAsync(HttpContext http, Page page, Session session,
        [AllowedValues("open", "gone", "resolved")] string? state = null, string? fundId = null,
        string? workerId = null, [NamesOf(typeof(FlagKind))] string? kind = null, string? code = null,
        string? from = null, string? to = null)
    {
        if (state is not null && !States.Contains(state))
            throw ProblemException.For(Refusal.BadState, "?state= is open, gone or resolved.");
        if (kind is not null && !Enum.GetValues<FlagKind>().Select(CareChecks.NameOf).Contains(kind))
        {
            throw ProblemException.For(Refusal.BadKind,
                $"?kind= is one of {string.Join(", ", Enum.GetValues<FlagKind>().Select(CareChecks.NameOf))}.");
        }
        var query = new FlagQuery(state, fundId, workerId, kind, CareTables.From(from), CareTables.To(to), code);
        return await CareTables.RespondAsync(http, page, "care-flags",
            (after, max) => FlagTable.ListAsync(session, query,
                Guid.TryParse(after, out var id) ? id : Guid.Empty, max),
            flag => flag.Id.ToString(), ToJson,
            async after => Guid.TryParse(after, out var id) && await FlagTable.FindAsync(session, id) is not null,
            Task.FromResult);
    }

    /// <summary>Records the answer to a flag, once, and who gave it.</summary>
    /// <param name="id">The id of the flag.</param>
    public static async Task<ShowResult<Response>> PostResolutionAsync(
        Guid id, JsonBody<Request> body, Session session, Caller caller, IClock clock, HttpContext http)
    {
        Resolution.CheckFields(body.Value.Code, body.Value.Note, "authorised, explained or corrected");
        await session.LockAsync($"flag/{id}");
        var flag = await FlagTable.ShowAsync(session, id);
        var resolution =
            Decide($"{id}", flag, body.Value, caller.User, clock.GetCurrentInstant()).OrRefuse();
        if (flag!.Resolution is null)
            FlagTable.Resolve(session, id, resolution);
        await session.SaveChangesAsync();
        return IdempotentPut.Show(http, 2, ToJson(flag with { State = "resolved", Resolution = resolution }));
    }

    private static Response ToJson(SavedFlag flag)
    {
        var kind = Enum.GetValues<FlagKind>().First(kind => CareChecks.NameOf(kind) == flag.Kind);
        var (question, readings) = CareChecks.Table[kind];
        return new Response
        {
            FlagId = flag.Id,
            Kind = kind,
            State = flag.State,
            FundId = flag.FundId,
            WorkerId = flag.WorkerId,
            CareOn = flag.CareOn,
            Visits = flag.Visits,
            Count = flag.Count,
            Asks = question,
            Evidence = flag.Evidence,
            InnocentReadings = readings,
            FoundAt = flag.FoundAt,
            Resolution = flag.Resolution,
        };
    }
}
