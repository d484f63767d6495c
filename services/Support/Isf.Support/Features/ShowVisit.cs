using Isf.Hosting;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using Microsoft.AspNetCore.Http;

namespace Isf.Support.Features;

/// <summary>Shows a visit in its latest version, and the planned care that it answers.</summary>
public static class ShowVisit
{
    /// <summary>GET /v1/visits/{id}</summary>
    public static async Task<IResult> GetAsync(string id, HttpContext http, Session session, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(session);
        var visit = (await new VisitRows(session).KnownAsync([id])).SingleOrDefault();
        // A missing visit and another person's visit get the same answer, so that nobody learns whose it is.
        if (visit is null || await ShowPlans.VisibleAsync(session, visit.Words.FundId, caller) is null)
        {
            throw new ProblemException(404, "unknown-visit", "There is no such visit.",
                $"No visit {id} is known here, or it is not yours to see.");
        }
        var authorised = await AuthorisedAsync(session, [visit]);
        return IdempotentPut.Show(
            http, visit.Version, Shown(visit, authorised.TryGetValue(id, out var answer) ? answer : null));
    }

    /// <summary>
    /// Whether somebody authorised care outside a plan or outside its allocation's days: true or false once a flag is
    /// answered; visits without an answer are omitted.
    /// </summary>
    internal static async Task<Dictionary<string, bool>> AuthorisedAsync(
        Session session, IReadOnlyCollection<Visit> visits)
    {
        var asked = visits.Where(visit => CareChecks.AuthorisedBy(visit) is not null).ToDictionary(visit =>
            FlagRows.IdOf(session, CareFlag.KeyOf(CareChecks.AuthorisedBy(visit)!.Value, visit.Words.VisitId)));
        return (await FlagRows.FindAsync(session, [.. asked.Keys]))
            .Where(flag => flag.Resolution?.Code is "authorised" or "not-authorised")
            .ToDictionary(flag => asked[flag.Id].Words.VisitId, flag => flag.Resolution!.Code == "authorised",
                StringComparer.Ordinal);
    }

    /// <summary>A visit as returned, with the answer to its flag if it answers nothing planned.</summary>
    internal static object Shown(Visit visit, bool? authorised = null)
    {
        ArgumentNullException.ThrowIfNull(visit);
        var words = visit.Words;
        return new
        {
            words.VisitId, visit.Version, words.FundId, words.LineId, visit.AllocationId, visit.Service,
            words.VisitGroup, words.WorkerId, visit.CareOn, words.PlannedStart, words.PlannedMinutes, words.Start,
            words.End, words.Carers, Outcome = VisitOffer.Word(words.Outcome), words.NoticeHours, words.Miles,
            words.Quantity, words.Disturbances, words.Note, words.Place, words.Captured,
            visit.Answer.AnswersMinutes, visit.Answer.ExtraMinutes,
            ChargedNotGivenMinutes = visit.Answer.ChargedMinutes, ChargedNotGiven = visit.Answer.IsCharged,
            PersonMinutes = visit.PersonMinutes
                ?? (visit.Answer.AnswersMinutes + visit.Answer.ExtraMinutes) / words.Carers,
            AnswersPlannedStart = visit.Answer.Occurrence is { } wall
                ? LondonTime.PlannedAt(wall)
                : (NodaTime.OffsetDateTime?)null,
            AnswersWeek = visit.Answer.Week,
            visit.IsUnplanned, visit.NotCovered, Authorised = authorised,
        };
    }
}
