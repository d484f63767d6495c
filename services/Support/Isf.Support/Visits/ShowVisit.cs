using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Checks;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Plans;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Visits;

/// <summary>Shows a visit in its latest version, and the planned care that it fulfils.</summary>
public static class ShowVisit
{
    /// <summary>GET /v1/visits/{id}</summary>
    public static async Task<IResult> GetAsync(string id, HttpContext http, Session session, Caller caller)
    {
        var visit = (await new VisitTable(session).ByIdAsync([id])).SingleOrDefault();
        // A missing visit and another person's visit get the same answer, so that nobody learns whose it is.
        if (visit is null || await ShowPlans.VisibleAsync(session, visit.Record.FundId, caller) is null)
        {
            throw new ProblemException(404, "unknown-visit", "There is no such visit.",
                $"No visit {id} is known here, or it is not yours to see.");
        }
        var authorised = await AuthorisedAsync(session, [visit]);
        return IdempotentPut.Show(
            http, visit.Version, ToJson(visit, authorised.TryGetValue(id, out var answer) ? answer : null));
    }

    /// <summary>
    /// Tells, by visit id, whether somebody authorised care outside a plan or outside its allocation's days. Visits
    /// whose flag has no such answer yet are omitted.
    /// </summary>
    internal static async Task<Dictionary<string, bool>> AuthorisedAsync(
        Session session, IReadOnlyCollection<Visit> visits)
    {
        var flagged = visits.Where(visit => CareChecks.AuthorisedBy(visit) is not null).ToDictionary(visit =>
            FlagTable.IdOf(session, CareFlag.KeyOf(CareChecks.AuthorisedBy(visit)!.Value, visit.Record.VisitId)));
        return (await FlagTable.FindAsync(session, [.. flagged.Keys]))
            .Where(flag => flag.Resolution?.Code is "authorised" or "not-authorised")
            .ToDictionary(flag => flagged[flag.Id].Record.VisitId, flag => flag.Resolution!.Code == "authorised",
                StringComparer.Ordinal);
    }

    /// <summary>
    /// A visit as returned. Authorised is the answer to the flag about care outside the plan or outside its
    /// allocation's days; null if the visit has no such flag, or its flag has no answer.
    /// </summary>
    internal static object ToJson(Visit visit, bool? authorised = null)
    {
        var record = visit.Record;
        return new
        {
            record.VisitId, visit.Version, record.FundId, record.LineId, visit.AllocationId, visit.Service,
            record.VisitGroup, record.WorkerId, visit.CareOn, record.PlannedStart, record.PlannedMinutes, record.Start,
            record.End, record.Carers, Outcome = VisitInput.NameOf(record.Outcome), record.NoticeHours, record.Miles,
            record.Quantity, record.Disturbances, record.Note, record.Place, record.Captured,
            AnswersMinutes = visit.Fulfilment.FulfilledMinutes, visit.Fulfilment.ExtraMinutes,
            ChargedNotGivenMinutes = visit.Fulfilment.ChargedMinutes, ChargedNotGiven = visit.Fulfilment.IsCharged,
            PersonMinutes = visit.PersonMinutes
                ?? (visit.Fulfilment.FulfilledMinutes + visit.Fulfilment.ExtraMinutes) / record.Carers,
            AnswersPlannedStart = visit.Fulfilment.Occurrence is { } wall
                ? PlannedTimes.MomentOf(wall)
                : (NodaTime.OffsetDateTime?)null,
            AnswersWeek = visit.Fulfilment.Week,
            visit.IsUnplanned, visit.NotCovered, Authorised = authorised,
        };
    }
}
