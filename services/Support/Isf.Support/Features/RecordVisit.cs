using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Records one visit, or corrects it: which planned minutes it answers, and how much of it is extra. Its checks are
/// those of a row of a file (Isf.Support.Domain, VisitCheck). Publishes VisitsRecorded or VisitCorrected.
/// </summary>
public static class RecordVisit
{
    /// <summary>Why a visit is not recorded, besides the refusals of VisitCheck.</summary>
    public enum Refusal
    {
        [Problem(428, "Say which version of the visit you are correcting.")] VersionNeeded = 1,
        [Problem(412, "The visit has changed since you read it.")] HasMovedOn = 2,
    }

    /// <summary>The request body: a visit.</summary>
    public sealed record Request
    {
        public required string FundId { get; init; }
        public required string LineId { get; init; }
        public string? Service { get; init; }
        public string? VisitGroup { get; init; }
        public string? WorkerId { get; init; }
        public string? PlannedStart { get; init; }
        public int? PlannedMinutes { get; init; }
        public string? Start { get; init; }
        public string? End { get; init; }
        public int? Carers { get; init; }
        public required string Outcome { get; init; }
        public decimal? NoticeHours { get; init; }
        public decimal? Miles { get; init; }
        public decimal? Quantity { get; init; }
        public IReadOnlyList<Woken>? Disturbances { get; init; }
        public string? Note { get; init; }
        public string? Place { get; init; }
        public string? Captured { get; init; }
    }

    /// <summary>When a worker was woken, and until when.</summary>
    public sealed record Woken(string Start, string End);

    /// <summary>
    /// Whether a caller who names this version, or none, may overwrite the visit of this id; null if so.
    /// </summary>
    public static (Refusal Why, string Words)? Decide(Visit? stored, VisitWords words, IfMatch? ifMatch)
    {
        if (stored is null)
        {
            return ifMatch is null ? null
                : (Refusal.HasMovedOn, "There is no visit under this id yet: leave If-Match out to record it.");
        }
        if (stored.Words.SameAs(words) || ifMatch?.Matches(stored.Version) == true)
            return null;
        return ifMatch is null
            ? (Refusal.VersionNeeded,
                $"It is at version {stored.Version}. Send If-Match: {IfMatch.Tag(stored.Version)} to correct it.")
            : (Refusal.HasMovedOn, $"It is at version {stored.Version} now. Read it again, and correct that.");
    }

    /// <summary>PUT /v1/visits/{id}</summary>
    public static async Task<IResult> PutAsync(
        string id, JsonBody<Request> body, ConditionalPut put, HttpContext http, Session session, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(clock);
        var (words, fault) = Offer(id, body.Value).Read(offsetNeeded: true);
        if (words is null)
            throw Refuse(fault!);
        await session.WaitForAsync<Fund>(words.FundId);
        var rows = new VisitRows(session);
        return await put.ChangeRowAsync(session, ["visit/" + id, FundRows.Lock(words.FundId)],
            load: async () => (await rows.KnownAsync([id])).SingleOrDefault(),
            change: async (stored, ifMatch) => Decide(stored, words, ifMatch) is { } refused
                ? throw ProblemException.Of(refused.Why, refused.Words)
                : await RecordAsync(http, session, rows, stored, words, clock.GetCurrentInstant()));
    }

    private static async Task<IResult> RecordAsync(
        HttpContext http, Session session, VisitRows rows, Visit? stored, VisitWords words, Instant now)
    {
        var funds = await FundRows.KnownAsync(
            session, [words.FundId], words.Outcome == VisitOutcome.Delivered ? [] : [words.FundId]);
        var answering = await rows.AnsweringAsync([.. Recording.DaysAsked(words)]);
        var recording = new Recording(funds, stored is null ? [] : [stored], answering);
        var taken = recording.Take(words, now);
        if (taken.Fault is not null)
            throw Refuse(taken.Fault);
        return await AnswerAsync(http, session, taken, funds);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, Session session, Taken taken, Dictionary<string, KnownFund> funds)
    {
        var visit = taken.Visit!;
        var cause = $"visit/{visit.Words.VisitId}/{visit.Version}";
        if (taken.As == TakenAs.Unchanged)
        {
            // Published again only to name its fact; this session is not saved.
            object again = visit.Version == 1
                ? new VisitsRecorded { HolderId = session.HolderId, Visits = [CareSaid.Recorded(visit)] }
                : new VisitCorrected { HolderId = session.HolderId, Visits = [CareSaid.Recorded(visit)] };
            session.Publish(again, cause + "/0", visit.Words.FundId);
        }
        else
        {
            visit = (await CareSaid.RecordAsync(session, cause, [taken], funds))[0];
            await session.SaveChangesAsync();
        }
        http.Response.Headers.ETag = IfMatch.Tag(visit.Version);
        await session.NameFactAsync(http);
        return Results.Json(ShowVisit.Shown(visit), IsfJson.Options, statusCode: taken.As == TakenAs.New ? 201 : 200);
    }

    private static VisitOffer Offer(string id, Request asked) => new()
    {
        VisitId = id,
        FundId = asked.FundId,
        LineId = asked.LineId,
        Service = asked.Service,
        VisitGroup = asked.VisitGroup,
        WorkerId = asked.WorkerId,
        PlannedStart = asked.PlannedStart,
        PlannedMinutes = asked.PlannedMinutes,
        Start = asked.Start,
        End = asked.End,
        Carers = asked.Carers,
        Outcome = asked.Outcome,
        NoticeHours = asked.NoticeHours,
        Miles = asked.Miles,
        Quantity = asked.Quantity,
        Disturbances = asked.Disturbances?.Select(woken => (woken?.Start ?? "", woken?.End ?? "")).ToList(),
        Note = asked.Note,
        Place = asked.Place,
        Captured = asked.Captured,
    };

    /// <summary>A visit's fault as a problem: 400 for a malformed field, 422 for a broken rule.</summary>
    internal static ProblemException Refuse(VisitCheck.Fault fault)
    {
        var (status, title) = VisitCheck.IsMalformed(fault.Why)
            ? (400, "The visit cannot be read.")
            : (422, "The visit cannot be recorded.");
        var code = ProblemException.CodeOf(fault.Why);
        return new ProblemException(status, code, title, fault.PlainWords,
            new FieldError("/" + fault.Field, fault.PlainWords, code));
    }
}
