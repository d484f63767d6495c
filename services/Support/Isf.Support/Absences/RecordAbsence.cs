using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Plans;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Support.Absences;

/// <summary>
/// Records the days on which a person is away, with or without a last day. Care planned on these days is not expected.
/// When a week closes, care planned on days of an absence is missed for that reason, or is charged on the paid days of
/// a hospital stay. An absence recorded in error is withdrawn with a reason. Publishes AbsenceRecorded. Source: api.md,
/// Support; design §4, Weeks.
/// </summary>
public static class RecordAbsence
{
    /// <summary>Why an absence is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")] UnknownFund = 1,
        [Problem(409, "The absence belongs to another fund.")] AbsenceOfAnotherFund = 2,
        [Problem(422, "The absence ends before it begins.")] EndsBeforeItStarts = 3,
        [Problem(422, "The absence begins after the fund's last day.")] FundClosed = 4,
        [Problem(422, "The person is away for the same reason on the same days.")] Overlaps = 5,
        [Problem(404, "There is no such absence.")] UnknownAbsence = 6,
        [Problem(422, "The absence needs a reason to be taken back.")] NoReason = 7,
    }

    /// <summary>The request body: an absence.</summary>
    public sealed record Request(LocalDate From, AbsenceKind Kind, LocalDate? To = null);

    /// <summary>The records that an absence is judged against.</summary>
    public sealed record Facts(Fund? Fund, Absence? Stored, IReadOnlyList<Absence> OfFund);

    /// <summary>
    /// The absence, or the refusal. Two absences of one kind share no day: a return to hospital on the day of discharge
    /// is still the same stay. If absences of two kinds cover one day, hospital comes before respite, holiday and
    /// other.
    /// </summary>
    public static Decision<Absence, Refusal> Decide(Absence requested, Facts facts)
    {
        if (facts.Fund is not { } fund)
            return (Refusal.UnknownFund, $"No fund {requested.FundId} is known. Check the id, or open the fund first.");
        if (facts.Stored is { } stored && stored.FundId != requested.FundId)
            return (Refusal.AbsenceOfAnotherFund, $"Absence {requested.Id} is of another fund. Choose another id.");
        if (requested.To < requested.From)
        {
            return (Refusal.EndsBeforeItStarts,
                $"It runs from {requested.From:d MMM uuuu} to {requested.To:d MMM uuuu}.");
        }
        if (fund.End is { } end && requested.From > end.On)
            return (Refusal.FundClosed, $"The fund closed on {end.On:d MMM uuuu}.");
        var other = facts.OfFund.FirstOrDefault(absence => absence.WithdrawnBecause is null &&
            absence.Id != requested.Id && absence.Kind == requested.Kind && absence.Days().Meets(requested.Days()));
        return other is null ? requested : (Refusal.Overlaps,
            $"Absence {other.Id} runs from {other.From:d MMM uuuu} "
            + $"{(other.To is { } to ? $"to {to:d MMM uuuu}" : "on")}: change that one instead.");
    }

    /// <summary>PUT /v1/funds/{fundId}/absences/{id}</summary>
    public static async Task<IResult> PutAsync(
        string fundId, string id, JsonBody<Request> body, ConditionalPut put, Session session)
    {
        var absence = new Absence
        {
            Id = id, FundId = fundId, From = body.Value.From, To = body.Value.To, Kind = body.Value.Kind,
        };
        var isPublished = false;
        // The absence is published before the touched weeks, so that it is the fact returned to the caller and the
        // one that the closings follow from.
        void Publish(Absence published, int version)
        {
            if (!isPublished)
            {
                session.Publish(
                    Recorded(published, version), $"{published.Id}/{version}", published.FundId);
            }
            isPublished = true;
        }
        await session.WaitForAsync<Fund>(fundId);
        return await put.UpsertAsync<Absence, Refusal>(
            session, id, [FundTable.Lock(fundId)],
            same: stored => stored == absence,
            decide: async (stored, version) =>
            {
                var fund = await session.LoadAsync<Fund>(fundId);
                ApprovePlan.StartsWhileHeld(absence.From, fund);
                var ofFund = await session.Query<Absence>().Where(item => item.FundId == fundId)
                    .OrderBy(item => item.Id)
                    .ToListAsync();
                var decision = Decide(absence, new Facts(fund, stored, ofFund));
                if (decision.Refusal is not null)
                    return decision;
                Publish(absence, version);
                var first = LocalDate.Min(absence.From, stored?.From ?? absence.From);
                await CareAnnouncements.AnnounceTouchedAsync(session, $"absence/{id}/{version}", [(fundId, first)]);
                return decision;
            },
            publish: Publish,
            show: ToJson);
    }

    /// <summary>The request body of a withdrawal: why the absence never took place.</summary>
    public sealed record Withdrawal(string Why);

    /// <summary>The withdrawn absence, or the refusal. An absence that was withdrawn before stays as it is.</summary>
    public static Decision<Absence, Refusal> Withdraw(Absence? stored, string fundId, string why) =>
        stored is null || stored.FundId != fundId ? (Refusal.UnknownAbsence, "Check the id; see …/absences.")
        : !Texts.Fits(why, 500)
            ? (Refusal.NoReason, "Say in up to 500 characters why it never was.")
        : stored.WithdrawnBecause is null ? stored with { WithdrawnBecause = why } : stored;

    /// <summary>POST /v1/funds/{fundId}/absences/{id}/withdraw</summary>
    public static async Task<IResult> PostWithdrawalAsync(
        string fundId, string id, JsonBody<Withdrawal> body, HttpContext http, Session session)
    {
        await session.LockAsync(LockKey.Document<Absence>(id), FundTable.Lock(fundId));
        var stored = await session.LoadAsync<Absence>(id);
        var absence = Withdraw(stored, fundId, body.Value.Why).OrRefuse();
        var version = session.VersionOf<Absence>(id) + (absence == stored ? 0 : 1);
        session.Publish(Recorded(absence, version), $"{id}/{version}", fundId);
        if (absence != stored)
        {
            session.Store(absence);
            await CareAnnouncements.AnnounceTouchedAsync(session, $"absence/{id}/{version}", [(fundId, absence.From)]);
            await session.SaveChangesAsync();
        }
        await session.NameFactAsync(http);
        return IdempotentPut.Show(http, version, ToJson(absence));
    }

    /// <summary>GET /v1/funds/{fundId}/absences/{id}</summary>
    public static async Task<IResult> GetAsync(
        string fundId, string id, HttpContext http, Session session, Caller caller)
    {
        await ShowPlans.FundOfAsync(session, fundId, caller);
        return await session.LoadAsync<Absence>(id) is { } absence && absence.FundId == fundId
            ? IdempotentPut.Show(http, session.VersionOf<Absence>(id), ToJson(absence))
            : throw new ProblemException(404, "unknown-absence", "There is no such absence.",
                $"Fund {fundId} has no absence {id}.");
    }

    /// <summary>GET /v1/funds/{fundId}/absences</summary>
    public static async Task<IResult> ListAsync(string fundId, Page page, Session session, Caller caller)
    {
        await ShowPlans.FundOfAsync(session, fundId, caller);
        await page.CheckAfterAsync(async id => (await session.LoadAsync<Absence>(id))?.FundId == fundId);
        var absences = await session.Query<Absence>().Where(absence => absence.FundId == fundId)
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Results.Json(Page.Of([.. absences.Select(ToJson)], page.Limit, _ => absences[page.Limit - 1].Id),
            IsfJson.Options);
    }

    private static object ToJson(Absence absence) => new
    {
        absenceId = absence.Id, absence.FundId, absence.From, absence.To, absence.Kind,
        absence.WithdrawnBecause,
    };

    private static AbsenceRecorded Recorded(Absence absence, int version) => new()
    {
        FundId = absence.FundId,
        AbsenceId = absence.Id,
        Version = version,
        From = absence.From,
        To = absence.To,
        Kind = LineWeek.NameOf(absence.Kind),
        Withdrawn = absence.WithdrawnBecause is null ? null : true,
    };
}
