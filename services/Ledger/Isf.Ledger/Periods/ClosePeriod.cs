using Isf.Contracts.Ledger;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Ledger.Periods;

/// <summary>
/// Closes a holder's next period: from then on no journal that counts on a day of the period is added to any of the
/// holder's books. A fact about such a day posts on the first open day, with the day of care kept; only a posting by
/// hand that names a closed day is refused. The closing first waits for messages that are on their way to the books
/// when it is requested, above all those of a visit file. A closed period cannot be reopened. The sums of each fund's
/// books at the period's end are written once, and later sums begin there. Publishes PeriodClosed. Source: design §4,
/// Periods.
/// </summary>
public static class ClosePeriod
{
    /// <summary>Why a period is not closed, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(422, "The holder has no calendar of periods.")]
        NoCalendar = 1,

        [Problem(409, "That day is closed already.")]
        AlreadyClosed = 2,

        [Problem(422, "Periods are closed in order.")]
        NotTheNextPeriodEnd = 3,

        [Problem(422, "The period is not over.")]
        PeriodNotOver = 4,
    }

    /// <summary>The period to close.</summary>
    public sealed record Request
    {
        /// <summary>The last day to be closed, which ends the holder's next period.</summary>
        public required LocalDate To { get; init; }
    }

    /// <summary>A closed period.</summary>
    /// <param name="PeriodId">The id of the period.</param>
    /// <param name="From">Its first day; null for the first period.</param>
    /// <param name="To">Its last day.</param>
    /// <param name="ClosedAt">When it was closed.</param>
    public sealed record Response(string PeriodId, LocalDate? From, LocalDate To, Instant ClosedAt);

    /// <summary>
    /// The closed period to store, if the given day ends the holder's next period and is past. <paramref
    /// name="closedTo"/> is the holder's last closed day, or null before the first closing.
    /// </summary>
    public static Decision<ClosedPeriod, Refusal> Decide(
        string id, LocalDate to, PeriodCalendar? calendar, LocalDate? closedTo, LocalDate today, Instant now)
    {
        if (calendar is null)
        {
            return (Refusal.NoCalendar,
                "Set the holder's periods first (PUT /v1/holder): nothing says when a period ends.");
        }
        if (to <= closedTo)
            return (Refusal.AlreadyClosed, $"All days up to {Iso(closedTo.Value)} are closed, under another id.");
        var next = calendar.NextEnd(closedTo);
        if (to != next)
            return (Refusal.NotTheNextPeriodEnd, $"The next period ends on {Iso(next)}: look at /to.");
        return to < today
            ? new ClosedPeriod(id, closedTo?.PlusDays(1), to, now)
            : (Refusal.PeriodNotOver, $"It can be closed from {Iso(to.PlusDays(1))}, the day after its last.");
    }

    /// <summary>Closes the holder's next period; a closed period never changes.</summary>
    /// <param name="id">The id of the period, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(
        string id, JsonBody<Request> body, IdempotentPut put, Session session, MessageTracker tracker, IClock clock,
        CancellationToken stop)
    {
        var to = body.Value.To;
        var currentCalendar = await session.LoadEventuallyAsync<PeriodCalendar>(session.HolderId);
        var isNew = await session.LoadAsync<ClosedPeriod>(id) is null;
        // A period that cannot be closed is refused at once. Otherwise the request waits for the messages that were
        // sent before it.
        if (isNew)
        {
            Decide(id, to, currentCalendar, await ClosedPeriodTable.ClosedToAsync(session), London.Today(clock),
                clock.GetCurrentInstant()).OrRefuse();
        }
        await session.EndReadingAsync();
        if (isNew)
            await tracker.WaitForAllFundsAsync(session.HolderId, session.Service, stop);
        // Taking the lock waits for postings of this holder that are under way; postings that begin later wait for the
        // commit.
        return await put.CreateAsync<ClosedPeriod, Refusal, Response>(session, id, [ClosedPeriodTable.Lock],
            same: closed => closed.To == to,
            decide: async () =>
            {
                var calendar = await session.LoadAsync<PeriodCalendar>(session.HolderId);
                var closedTo = await ClosedPeriodTable.ClosedToAsync(session);
                var decided = Decide(
                    id, to, calendar, closedTo, London.Today(clock), clock.GetCurrentInstant());
                if (decided.Refusal is null)
                    await PeriodClosingTable.WriteAsync(session, to, closedTo);
                return decided;
            },
            publish: closed => session.Publish(Fact(closed), id),
            show: ToJson);
    }

    /// <summary>Lists the closed periods in order.</summary>
    public static async Task<ItemPage<Response>> ListAsync(Page page, Session session)
    {
        var after = LocalDatePattern.Iso.Parse(page.After ?? "") is { Success: true, Value: var day } ? day : default;
        await page.CheckAfterAsync(async _ => await session.Query<ClosedPeriod>()
            .Where(period => period.To == after).FirstOrDefaultAsync() is not null);
        var closed = await session.Query<ClosedPeriod>().Where(period => period.To > after)
            .OrderBy(period => period.To).Take(page.Limit + 1).ToListAsync();
        return Page.Of([.. closed.Select(ToJson)], page.Limit, period => Iso(period.To));
    }

    private static Response ToJson(ClosedPeriod closed) => new(closed.Id, closed.From, closed.To, closed.ClosedAt);

    private static PeriodClosed Fact(ClosedPeriod closed) => new()
    {
        PeriodId = closed.Id, From = closed.From, To = closed.To, ClosedAt = closed.ClosedAt,
    };

    private static string Iso(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
