using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Domain;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Checks;

/// <summary>
/// Saves a holder's limits beyond which the checks flag a worker (domain.md §6). They apply to visits recorded or
/// corrected from then on; an existing flag stays until its visits are checked again.
/// </summary>
public static class SetCheckThresholds
{
    /// <summary>Why the limits are refused.</summary>
    public enum Refusal
    {
        [Problem(422, "The travel time cannot be used.")] TravelOutOfRange = 1,
        [Problem(422, "The hours of a day cannot be used.")] HoursOutOfRange = 2,
        [Problem(422, "The number of visits cannot be used.")] FewestOutOfRange = 3,
    }

    /// <summary>The request body; an omitted limit has its default.</summary>
    public sealed record Request(int? TravelMinutes = null, int? WorkerHoursADay = null, int? EqualTimesFewest = null);

    /// <summary>The limits to save, or the refusal.</summary>
    public static Decision<CheckTerms, Refusal> Decide(Request request)
    {
        var usual = CheckTerms.Default;
        return request switch
        {
            { TravelMinutes: < 0 or > 120 } => (Refusal.TravelOutOfRange,
                "travelMinutes is a whole number from 0 (leaving and beginning in one minute) to 120."),
            { WorkerHoursADay: < 1 or > 24 } => (Refusal.HoursOutOfRange,
                "workerHoursADay is a whole number from 1 to 24."),
            { EqualTimesFewest: < 2 or > 100 } => (Refusal.FewestOutOfRange,
                "equalTimesFewest is a whole number from 2 to 100."),
            _ => new CheckTerms
            {
                TravelMinutes = request.TravelMinutes ?? usual.TravelMinutes,
                WorkerHoursADay = request.WorkerHoursADay ?? usual.WorkerHoursADay,
                EqualTimesFewest = request.EqualTimesFewest ?? usual.EqualTimesFewest,
            },
        };
    }

    /// <summary>PUT /v1/check-terms</summary>
    public static Task<IResult> PutAsync(JsonBody<Request> body, ConditionalPut put, Session session)
    {
        var terms = Decide(body.Value).OrRefuse();
        return put.UpsertAsync<CheckTerms, Refusal>(session, CheckTerms.TheId, [],
            same: stored => stored == terms,
            decide: (_, _) => Task.FromResult<Decision<CheckTerms, Refusal>>(terms),
            publish: (_, _) => { },
            show: ToJson);
    }

    /// <summary>GET /v1/check-terms: the holder's own limits, or the defaults.</summary>
    public static async Task<IResult> GetAsync(HttpContext http, Session session)
    {
        var terms = await FlagTable.TermsAsync(session);
        return session.VersionOf<CheckTerms>(CheckTerms.TheId) is > 0 and var version
            ? IdempotentPut.Show(http, version, ToJson(terms)) : Results.Json(ToJson(terms), IsfJson.Options);
    }

    private static object ToJson(CheckTerms terms) =>
        new { terms.TravelMinutes, terms.WorkerHoursADay, terms.EqualTimesFewest };
}
