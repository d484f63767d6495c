using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Visits;

/// <summary>
/// Records or corrects one visit, and decides which planned minutes the visit fulfils and how many of its minutes are
/// extra. The checks are those of a row of a file (Isf.Support.Domain, VisitCheck). Publishes VisitsRecorded or
/// VisitCorrected.
/// </summary>
public static class RecordVisit
{
    /// <summary>Why a visit is not recorded, besides the refusals of VisitCheck.</summary>
    public enum Refusal
    {
        [Problem(428, "Say which version of the visit you are correcting.")] VersionNeeded = 1,
        [Problem(412, "The visit has changed since you read it.")] HasMovedOn = 2,
    }

    // JSON has no numbers that are none, a plan names no allocation that is not known, and a day that its allocation
    // does not cover is a fault of no visit any more.
    private static readonly VisitCheck.Refusal[] NotOfRequests =
        [VisitCheck.Refusal.NotANumber, VisitCheck.Refusal.UnknownAllocation, VisitCheck.Refusal.DayNotCovered];

    /// <summary>The faults of a visit as problems: 400 for a malformed field, 422 for a broken rule.</summary>
    public static IReadOnlyList<DeclaredProblem> Faults { get; } =
        [.. Enum.GetValues<VisitCheck.Refusal>().Except(NotOfRequests).Select(ProblemOf)];

    /// <summary>
    /// The record, if a request with this If-Match header (null for none) may record or correct the visit.
    /// </summary>
    public static Decision<VisitRecord, Refusal> Decide(Visit? stored, VisitRecord record, IfMatch? ifMatch)
    {
        if (stored is null)
        {
            return ifMatch is null ? record
                : (Refusal.HasMovedOn, "There is no visit under this id yet: leave If-Match out to record it.");
        }
        if (stored.Record.SameAs(record) || ifMatch?.Matches(stored.Version) == true)
            return record;
        return ifMatch is null
            ? (Refusal.VersionNeeded,
                $"It is at version {stored.Version}. Send If-Match: {IfMatch.Tag(stored.Version)} to correct it.")
            : (Refusal.HasMovedOn, $"It is at version {stored.Version} now. Read it again, and correct that.");
    }

    /// <summary>Records one visit, or corrects it.</summary>
    /// <param name="id">The id of the visit, which the caller chooses.</param>
    public static async Task<PutResult<ShowVisit.Response>> PutAsync(
        string id, JsonBody<VisitInput> body, ConditionalPut put, HttpContext http, Session session, IClock clock)
    {
        var (record, fault) = (body.Value with { VisitId = id }).Read(offsetNeeded: true);
        if (record is null)
            throw Refuse(fault!);
        await session.WaitForAsync<Fund>(record.FundId);
        var rows = new VisitTable(session);
        return new(await put.ChangeRowAsync(session, ["visit/" + id, FundTable.Lock(record.FundId)],
            load: async () => (await rows.ByIdAsync([id])).SingleOrDefault(),
            change: (stored, ifMatch) => RecordAsync(http, session, rows, stored,
                Decide(stored, record, ifMatch).OrRefuse(), clock.GetCurrentInstant())));
    }

    private static async Task<IResult> RecordAsync(
        HttpContext http, Session session, VisitTable rows, Visit? stored, VisitRecord record, Instant now)
    {
        var funds = await FundTable.CareAsync(
            session, [record.FundId], record.Outcome == VisitOutcome.Delivered ? [] : [record.FundId]);
        var fulfilling = await rows.FulfillingAsync([.. VisitRecorder.DaysToFulfil(record)]);
        var recording = new VisitRecorder(funds, stored is null ? [] : [stored], fulfilling);
        var result = recording.Record(record, now);
        if (result.Fault is not null)
            throw Refuse(result.Fault);
        return await RespondAsync(http, session, result, funds);
    }

    private static async Task<IResult> RespondAsync(
        HttpContext http, Session session, RecordResult result, Dictionary<string, FundCare> funds)
    {
        var visit = result.Visit!;
        var cause = $"visit/{visit.Record.VisitId}/{visit.Version}";
        if (result.Outcome == RecordOutcome.Unchanged)
        {
            // The session is not saved. The visit is published in it only so that the response can name the visit's
            // fact.
            object message = visit.Version == 1
                ? new VisitsRecorded { Visits = [CareAnnouncements.Recorded(visit)] }
                : new VisitCorrected { Visits = [CareAnnouncements.Recorded(visit)] };
            session.Publish(message, cause + "/0", visit.Record.FundId);
        }
        else
        {
            visit = (await CareAnnouncements.RecordAsync(session, cause, [result], funds))[0];
            await session.SaveChangesAsync();
        }
        http.Response.Headers.ETag = IfMatch.Tag(visit.Version);
        await session.NameFactAsync(http);
        return Results.Json(ShowVisit.ToJson(visit), IsfJson.Options,
            statusCode: result.Outcome == RecordOutcome.New ? 201 : 200);
    }

    private static ProblemException Refuse(VisitCheck.Fault fault)
    {
        var declared = ProblemOf(fault.Why);
        return ProblemException.For(declared, fault.PlainWords,
            new FieldError("/" + fault.Field, fault.PlainWords, declared.Code));
    }

    private static DeclaredProblem ProblemOf(VisitCheck.Refusal why) => VisitCheck.IsMalformed(why)
        ? new(400, DeclaredProblem.CodeOf(why), "The visit cannot be read.", null)
        : new(422, DeclaredProblem.CodeOf(why), "The visit cannot be recorded.", null);
}
