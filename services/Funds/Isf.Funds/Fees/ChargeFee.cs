using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Fees;

/// <summary>
/// Charges the holder's management fee for some days: the clause's weekly pence × days ÷ 7. No fee is charged for days
/// before the clause. Publishes FeeCharged. Source: api.md, Funds; design §4 (management fee).
/// </summary>
public static class ChargeFee
{
    /// <summary>Why a fee is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(422, "The days end before they start.")]
        EndsBeforeItStarts = 2,

        [Problem(422, "The agreement has no fee for these days.")]
        OutsideClause = 3,

        [Problem(422, "A fee was charged for some of these days.")]
        ChargedBefore = 4,

        [Problem(422, "The fund is closed, and these are later days.")]
        FundClosed = 5,
    }

    /// <summary>The days for which the fee is charged.</summary>
    public sealed record Request
    {
        /// <summary>The first day charged.</summary>
        public required LocalDate From { get; init; }

        /// <summary>The last day charged.</summary>
        public required LocalDate To { get; init; }
    }

    /// <summary>A fee that was charged.</summary>
    /// <param name="FeeId">The id of the fee.</param>
    /// <param name="FundId">The fund.</param>
    /// <param name="From">The first day charged.</param>
    /// <param name="To">The last day charged.</param>
    /// <param name="WeeklyPence">The fee of a week, by the clause in force when it was charged.</param>
    /// <param name="Pence">The fee of these days.</param>
    /// <param name="Mode">Whether the fee comes out of the budget or on top of it.</param>
    public sealed record Response(
        string FeeId, string FundId, LocalDate From, LocalDate To, long WeeklyPence, long Pence, FeeMode Mode);

    /// <summary>The fee for the days requested.</summary>
    public static Decision<Fee, Refusal> Decide(
        Fund? fund, IReadOnlyList<Fee> fees, LocalDate? lastDay, string id, string fundId, Request request)
    {
        if (fund is null)
            return (Refusal.UnknownFund, $"No fund {fundId} is known here.");
        if (request.To < request.From)
            return (Refusal.EndsBeforeItStarts, "Look at /to: it lies before /from.");
        if (fund.Details.Agreement.ManagementFee is not { } clause || request.From < clause.From)
        {
            return (Refusal.OutsideClause, fund.Details.Agreement.ManagementFee is { } later
                ? $"Its fee begins on {later.From:d MMMM uuuu}: look at /from." : "It has no fee clause at all.");
        }
        var days = new CarePeriod(request.From, request.To);
        if (fees.FirstOrDefault(fee => new CarePeriod(fee.From, fee.To).Meets(days)) is { } before)
        {
            return (Refusal.ChargedBefore,
                $"{before.Id} is for {before.From:d MMMM uuuu} to {before.To:d MMMM uuuu}.");
        }
        if (request.To > lastDay)
            return (Refusal.FundClosed, $"Its last day was {lastDay:d MMMM uuuu}: look at /to.");
        var amount = Rate.OfWeeklyForDays(clause.Weekly(), days.Days);
        return new Fee(id, fundId, request.From, request.To, clause.WeeklyPence, amount.Pence, clause.Mode);
    }

    /// <summary>Charges the holder's management fee for some days; a fee never changes.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the fee, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(
        string fundId, string id, JsonBody<Request> body, IdempotentPut put, Session session, IClock clock)
    {
        return put.CreateAsync<Fee, Refusal, Response>(session, id, [LockKey.Fund(fundId)],
            same: stored => (stored.FundId, stored.From, stored.To) == (fundId, body.Value.From, body.Value.To),
            decide: async () =>
            {
                var fund = await session.LoadAsync<Fund>(fundId);
                if (fund is not null && await FundDays.OfAsync(session, fundId, clock) is { } days)
                    days.Fee(body.Value.From, body.Value.To, fund.Details.Agreement);
                return Decide(fund, await session.Query<Fee>().Where(fee => fee.FundId == fundId).ToListAsync(),
                    await CloseFund.LastDayAsync(session, fundId), id, fundId, body.Value);
            },
            publish: fee => session.Publish(Fact(fee), fee.Id, fundId),
            show: fee => new Response(
                fee.Id, fee.FundId, fee.From, fee.To, fee.WeeklyPence, fee.Pence, fee.Mode));
    }

    private static FeeCharged Fact(Fee fee) => new()
    {
        FundId = fee.FundId,
        FeeId = fee.Id,
        From = fee.From,
        To = fee.To,
        WeeklyPence = fee.WeeklyPence,
        Pence = fee.Pence,
        Mode = Wire.NameOf(fee.Mode),
    };
}
