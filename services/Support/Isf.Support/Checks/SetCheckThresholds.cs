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

    /// <summary>A holder's limits; one that is left out has its default.</summary>
    /// <param name="TravelMinutes">The minutes that a worker needs between two people, 0 to 120; 0 by default.</param>
    /// <param name="WorkerHoursADay">The most hours of a worker's visits of a day, 1 to 24; 24 by default.</param>
    /// <param name="EqualTimesFewest">
    /// The fewest visits of a worker's week, 2 to 100, for which the checks ask whether all took place exactly as
    /// planned; 10 by default.
    /// </param>
    public sealed record Request(int? TravelMinutes = null, int? WorkerHoursADay = null, int? EqualTimesFewest = null);

    /// <summary>The limits beyond which the checks ask about a worker.</summary>
    /// <param name="TravelMinutes">The minutes that a worker needs between two people.</param>
    /// <param name="WorkerHoursADay">The most hours of a worker's visits of a day.</param>
    /// <param name="EqualTimesFewest">
    /// The fewest visits of a worker's week for which the checks ask whether all took place exactly as planned.
    /// </param>
    public sealed record Response(int TravelMinutes, int WorkerHoursADay, int EqualTimesFewest);

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

    /// <summary>Sets the holder's own limits, or changes them.</summary>
    public static Task<IResult> PutAsync(JsonBody<Request> body, ConditionalPut put, Session session)
    {
        var terms = Decide(body.Value).OrRefuse();
        return put.UpsertAsync<CheckTerms, Refusal>(session, CheckTerms.TheId, [],
            same: stored => stored == terms,
            decide: (_, _) => Task.FromResult<Decision<CheckTerms, Refusal>>(terms),
            publish: (_, _) => { },
            show: ToJson);
    }

    /// <summary>Shows the holder's own limits, or the defaults, which have no ETag.</summary>
    public static async Task<ShowResult<Response>> GetAsync(HttpContext http, Session session)
    {
        var terms = await FlagTable.TermsAsync(session);
        return session.VersionOf<CheckTerms>(CheckTerms.TheId) is > 0 and var version
            ? IdempotentPut.Show(http, version, ToJson(terms)) : new(Results.Json(ToJson(terms), IsfJson.Options));
    }

    private static Response ToJson(CheckTerms terms) =>
        new(terms.TravelMinutes, terms.WorkerHoursADay, terms.EqualTimesFewest);
}
