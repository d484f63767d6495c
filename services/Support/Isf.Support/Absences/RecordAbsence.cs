using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
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
        [Problem(422, "The person is away for the same reason on the same days.")] Overlaps = 4,
        [Problem(404, "There is no such absence.")] UnknownAbsence = 5,
        [Problem(422, "The absence needs a reason to be taken back.")] NoReason = 6,
    }

    /// <summary>The days on which a person is away.</summary>
    /// <param name="From">The first day.</param>
    /// <param name="Kind">The reason.</param>
    /// <param name="To">The last day; left out until somebody knows it.</param>
    public sealed record Request(LocalDate From, AbsenceKind Kind, LocalDate? To = null);

    /// <summary>The days on which a person is away.</summary>
    /// <param name="AbsenceId">The id of the absence.</param>
    /// <param name="FundId">The fund.</param>
    /// <param name="From">The first day.</param>
    /// <param name="To">The last day; null until somebody reports it.</param>
    /// <param name="Kind">The reason.</param>
    /// <param name="WithdrawnBecause">Why it was withdrawn, as it never was; null if it was not.</param>
    public sealed record Response(string AbsenceId, string FundId, LocalDate From, LocalDate? To, AbsenceKind Kind,
        string? WithdrawnBecause);

    /// <summary>The records that an absence is judged against.</summary>
    public sealed record Facts(Fund? Fund, Absence? Stored, IReadOnlyList<Absence> OfFund);

    /// <summary>
    /// The absence, or the refusal. Two absences of one kind share no day: a return to hospital on the day of discharge
    /// is still the same stay. If absences of two kinds cover one day, hospital comes before respite, holiday and
    /// other.
    /// </summary>
    public static Decision<Absence, Refusal> Decide(Absence requested, Facts facts)
    {
        if (facts.Fund is null)
            return (Refusal.UnknownFund, $"No fund {requested.FundId} is known. Check the id, or open the fund first.");
        if (facts.Stored is { } stored && stored.FundId != requested.FundId)
            return (Refusal.AbsenceOfAnotherFund, $"Absence {requested.Id} is of another fund. Choose another id.");
        if (requested.To < requested.From)
        {
            return (Refusal.EndsBeforeItStarts,
                $"It runs from {requested.From:d MMM uuuu} to {requested.To:d MMM uuuu}.");
        }
        var other = facts.OfFund.FirstOrDefault(absence => absence.WithdrawnBecause is null &&
            absence.Id != requested.Id && absence.Kind == requested.Kind && absence.Days().Meets(requested.Days()));
        return other is null ? requested : (Refusal.Overlaps,
            $"Absence {other.Id} runs from {other.From:d MMM uuuu} "
            + $"{(other.To is { } to ? $"to {to:d MMM uuuu}" : "on")}: change that one instead.");
    }

    /// <summary>Records the days on which a person is away, or changes them.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the absence, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(
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
        return await put.UpsertAsync<Absence, Refusal, Response>(
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

    /// <summary>The reason for withdrawing an absence.</summary>
    /// <param name="Why">Why it never was, in 1 to 500 characters.</param>
    public sealed record Withdrawal(string Why);

    /// <summary>The withdrawn absence, or the refusal. An absence that was withdrawn before stays as it is.</summary>
    public static Decision<Absence, Refusal> Withdraw(Absence? stored, string fundId, string why) =>
        stored is null || stored.FundId != fundId ? (Refusal.UnknownAbsence, "Check the id; see …/absences.")
        : !Texts.Fits(why, 500)
            ? (Refusal.NoReason, "Say in up to 500 characters why it never was.")
        : stored.WithdrawnBecause is null ? stored with { WithdrawnBecause = why } : stored;

    /// <summary>Withdraws an absence that never was; it stays listed with the reason.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the absence.</param>
    public static async Task<ShowResult<Response>> PostWithdrawalAsync(
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

    /// <summary>Shows an absence.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the absence.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string fundId, string id, HttpContext http, Session session, Caller caller)
    {
        await ShowPlans.FundOfAsync(session, fundId, caller);
        return await session.LoadAsync<Absence>(id) is { } absence && absence.FundId == fundId
            ? IdempotentPut.Show(http, session.VersionOf<Absence>(id), ToJson(absence))
            : throw ProblemException.For(Refusal.UnknownAbsence, $"Fund {fundId} has no absence {id}.");
    }

    /// <summary>Lists the absences of a fund in order of id, withdrawn ones included.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ItemPage<Response>> ListAsync(string fundId, Page page, Session session, Caller caller)
    {
        await ShowPlans.FundOfAsync(session, fundId, caller);
        await page.CheckAfterAsync(async id => (await session.LoadAsync<Absence>(id))?.FundId == fundId);
        var absences = await session.Query<Absence>().Where(absence => absence.FundId == fundId)
            .After(page.After).Take(page.Limit + 1).ToListAsync();
        return Page.Of([.. absences.Select(ToJson)], page.Limit, absence => absence.AbsenceId);
    }

    private static Response ToJson(Absence absence) =>
        new(absence.Id, absence.FundId, absence.From, absence.To, absence.Kind, absence.WithdrawnBecause);

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
