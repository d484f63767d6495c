using System.Diagnostics.CodeAnalysis;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace Isf.Funds.Funds;

/// <summary>
/// Closes a fund on its last day, once and for good, because it ended, moved to another holder, or the person died.
/// Nothing is promised for later days, and providers are owed the agreed notice. A transfer to another holder is a
/// closure, followed by returns with the reason transfer. Publishes FundClosed. Source: api.md, Funds; domain.md §2.2
/// (ending).
/// </summary>
public static class CloseFund
{
    /// <summary>Why a closure is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(422, "The fund would close before it opens.")]
        BeforeFundOpens = 2,

        [Problem(422, "There is no such provider.")]
        UnknownProvider = 3,

        [Problem(422, "The moment lies on another day.")]
        MomentOnAnotherDay = 4,

        [Problem(404, "The fund is not closed.")]
        NotClosed = 5,
    }

    /// <summary>The last day of a fund, the moment of a death, the reason and the notice.</summary>
    public sealed record Request
    {
        /// <summary>The fund's last day.</summary>
        public required LocalDate On { get; init; }

        /// <summary>
        /// The moment of a death, such as 2026-08-12T13:00:00Z, or the time of day in London, such as 14:00.
        /// </summary>
        public string? At { get; init; }

        /// <summary>Why the fund closes.</summary>
        public required ClosureReason Reason { get; init; }

        /// <summary>The amounts that providers are owed because care ends without full notice.</summary>
        public IReadOnlyList<NoticeDetails>? Notice { get; init; }
    }

    /// <summary>The closure of a fund.</summary>
    public sealed record Response : ClosureDetails
    {
        /// <summary>Shows the details under the fund's id.</summary>
        [SetsRequiredMembers]
        public Response(Closure closure) : base(closure.Details) => FundId = closure.Id;

        /// <summary>The fund.</summary>
        public string FundId { get; init; }
    }

    /// <summary>The closure, or the refusal.</summary>
    /// <param name="fund">The fund; null if it is not known.</param>
    /// <param name="providers">The ids of the registered providers among those named under notice.</param>
    /// <param name="request">The requested closure.</param>
    /// <param name="moment">The moment of the closure, in London; null if none was sent.</param>
    public static Decision<Closure, Refusal> Decide(
        Fund? fund, IReadOnlyCollection<string> providers, Closure request, LocalDateTime? moment)
    {
        var details = request.Details;
        if (fund is null)
            return (Refusal.UnknownFund, $"No fund {request.Id} is known here.");
        if (details.On < fund.Details.OpensOn)
            return (Refusal.BeforeFundOpens, $"The fund opens on {fund.Details.OpensOn:d MMMM uuuu}: look at /on.");
        if (details.Notice.FirstOrDefault(notice => !providers.Contains(notice.ProviderId)) is { } unknown)
            return (Refusal.UnknownProvider, $"Register {unknown.ProviderId} first, or look at /notice.");
        return moment is { } at && at.Date != details.On
            ? (Refusal.MomentOnAnotherDay, $"/at is {at:d MMMM uuuu HH:mm} in London: look at /at and /on.") : request;
    }

    /// <summary>Closes a fund on its last day, once and for good.</summary>
    /// <param name="fundId">The fund.</param>
    public static Task<PutResult<Response>> PutAsync(
        string fundId, JsonBody<Request> body, IdempotentPut put, Session session, IClock clock)
    {
        var moment = MomentOf(body.Value);
        CheckFields(body.Value);
        var details = new ClosureDetails
        {
            On = body.Value.On,
            At = moment?.TimeOfDay,
            Reason = body.Value.Reason,
            Notice = body.Value.Notice ?? [],
        };
        return put.CreateAsync<Closure, Refusal, Response>(session, fundId, [LockKey.Fund(fundId)],
            same: stored => JsonEquality.AreEqual(stored.Details, details),
            decide: async () =>
            {
                (await FundDays.OfAsync(session, fundId, clock))?.Closes(details.On);
                var providers =
                    await session.LoadManyAsync<Provider>([.. details.Notice.Select(notice => notice.ProviderId)]);
                return Decide(await session.LoadAsync<Fund>(fundId),
                    [.. providers.Select(provider => provider.Id)],
                    new Closure(fundId, London.Today(clock), details), moment);
            },
            publish: closure => session.Publish(Fact(closure), closure.Id, fundId),
            show: closure => new Response(closure));
    }

    /// <summary>Shows the closure of a fund.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string fundId, Session session, Caller caller, HttpContext http)
    {
        await OpenFund.VisibleAsync(fundId, session, caller);
        return await session.LoadAsync<Closure>(fundId) is { } closure
            ? IdempotentPut.Show(http, session.VersionOf<Closure>(fundId), new Response(closure))
            : throw ProblemException.For(Refusal.NotClosed, $"Fund {fundId} is open.");
    }

    /// <summary>The last day of a closed fund, after which nothing may be promised; null if the fund is open.</summary>
    internal static async Task<LocalDate?> LastDayAsync(Session session, string fundId) =>
        (await session.LoadAsync<Closure>(fundId))?.Details.On;

    // Reads the moment of a closure, with an offset (…Z) or as a time of day in London; null if none was sent.
    private static LocalDateTime? MomentOf(Request request)
    {
        if (request.At is null)
            return null;
        var moment = OffsetDateTimePattern.ExtendedIso.Parse(request.At);
        if (moment.Success && AcceptedDays.Holds(moment.Value.Date))
            return moment.Value.ToInstant().InZone(London.Zone).LocalDateTime;
        LocalTimePattern[] patterns =
            [LocalTimePattern.ExtendedIso, LocalTimePattern.CreateWithInvariantCulture("HH:mm")];
        foreach (var pattern in patterns)
        {
            if (pattern.Parse(request.At) is { Success: true } time)
                return request.On.At(time.Value);
        }
        if (moment.Success)
        {
            throw ProblemException.For(PlatformRefusal.DateOutOfRange,
                $"/at is not a moment {AcceptedDays.Bounds}.",
                new FieldError("/at", $"is not a moment {AcceptedDays.Bounds}", "date-out-of-range"));
        }
        throw ProblemException.For(FeatureRefusal.BadField, "/at: a moment such as 2026-08-12T13:00:00Z.",
            new FieldError("/at", "A moment such as 2026-08-12T13:00:00Z."));
    }

    private static void CheckFields(Request request)
    {
        var fields = new Fields();
        foreach (var (notice, i) in (request.Notice ?? []).Select((notice, i) => (notice, i)))
        {
            fields.Id(notice.ProviderId, $"/notice/{i}/providerId").Pence(notice.Pence, $"/notice/{i}/pence", 1)
                .Text(notice.Why, $"/notice/{i}/why", 500);
        }
        fields.Refuse();
    }

    internal static FundClosed Fact(Closure closure) => new()
    {
        FundId = closure.Id,
        Version = 1,
        On = closure.Details.On,
        At = closure.Details.At,
        Reason = Wire.NameOf(closure.Details.Reason),
        SetOn = closure.SetOn,
        // The reason of a notice charge is personal, so it stays in Funds. The message names it by the fund's id and
        // the number of the charge.
        Notice = [.. closure.Details.Notice.Select((notice, i) => new NoticeCharge(
            $"notice-{i + 1}", notice.ProviderId, notice.Pence, $"{closure.Id}/notice-{i + 1}"))],
    };
}
