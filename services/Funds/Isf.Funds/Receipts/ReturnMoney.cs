using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Receipts;

/// <summary>
/// Records money that went back to a source. If more would go back than the source has paid in, a holder-admin must
/// give a reason. Returns of a fund are decided one after another. Publishes MoneyReturned. Source: api.md, Funds.
/// </summary>
public static class ReturnMoney
{
    /// <summary>Why a return is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(403, "Only a holder-admin lets more go back than was paid in.")]
        NotYourRole = 2,

        [Problem(422, "That is more than the source has paid in.")]
        MoreThanReceived = 3,
    }

    /// <summary>Money that went back to a source.</summary>
    public sealed record Response : ReturnDetails
    {
        /// <summary>Shows the details under the ids of the return and its fund, and why it was voided.</summary>
        [SetsRequiredMembers]
        public Response(MoneyReturn moneyReturn) : base(moneyReturn.Details) => (ReturnId, FundId, VoidedBecause) =
            (moneyReturn.Id, moneyReturn.FundId, moneyReturn.VoidedBecause);

        /// <summary>The id of the return.</summary>
        public string ReturnId { get; init; }

        /// <summary>The fund.</summary>
        public string FundId { get; init; }

        /// <summary>Why the return was voided; left out if it was not.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? VoidedBecause { get; init; }
    }

    /// <summary>
    /// The return, if the source has paid in enough by the day of this return and by the day of every later one, or if
    /// a holder-admin gives a reason.
    /// </summary>
    /// <param name="fund">The fund; null if it is not known.</param>
    /// <param name="receipts">All receipts of the fund.</param>
    /// <param name="returns">All other returns of the fund.</param>
    /// <param name="request">The requested return.</param>
    /// <param name="role">The caller's role.</param>
    public static Decision<MoneyReturn, Refusal> Decide(Fund? fund, IReadOnlyList<Receipt> receipts,
        IReadOnlyList<MoneyReturn> returns, MoneyReturn request, string role)
    {
        if (fund is null)
            return (Refusal.UnknownFund, $"No fund {request.FundId} is known here.");
        if (request.Details.BeyondHeld is not null)
        {
            return role == Role.HolderAdmin
                ? request : (Refusal.NotYourRole, "Leave /beyondHeld out, or ask a holder-admin.");
        }
        return ReturnBounds.FirstExcess(request.Details.Source, request.Details.PaidOn, receipts, [.. returns, request])
            is { } excess ? (Refusal.MoreThanReceived, DetailOf(excess)) : request;
    }

    /// <summary>Records money that went back to a source; a return never changes, but can be voided.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the return, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(string fundId, string id, JsonBody<ReturnDetails> body,
        IdempotentPut put, Session session, Caller caller, IClock clock)
    {
        new Fields().Pence(body.Value.Pence, "/pence", 1).Text(body.Value.BeyondHeld, "/beyondHeld", 500).Refuse();
        // The lock puts concurrent returns in sequence, so that each sees the earlier ones and the limit holds for
        // their sum.
        return put.CreateAsync<MoneyReturn, Refusal, Response>(session, id, [LockKey.Fund(fundId)],
            same: stored => stored.FundId == fundId && JsonEquality.AreEqual(stored.Details, body.Value),
            decide: async () =>
            {
                (await FundDays.OfAsync(session, fundId, clock))?.Money(body.Value.PaidOn, "/paidOn");
                return Decide(await session.LoadAsync<Fund>(fundId),
                    await session.Query<Receipt>().Where(receipt => receipt.FundId == fundId).ToListAsync(),
                    await session.Query<MoneyReturn>().Where(moneyReturn => moneyReturn.FundId == fundId).ToListAsync(),
                    new MoneyReturn(id, fundId, body.Value), caller.Role);
            },
            publish: moneyReturn => session.Publish(Fact(moneyReturn), moneyReturn.Id, fundId),
            show: moneyReturn => new Response(moneyReturn));
    }

    /// <summary>States both sums, the day and the remedy.</summary>
    internal static string DetailOf(ReturnExcess excess) =>
        $"By {excess.On:d MMMM uuuu} {Wire.NameOf(excess.Source)} has paid in {excess.PaidIn}, and "
        + $"{excess.WentBack} would have gone back. Look at the amounts and days of its receipts and "
        + "returns; if it is so all the same, a holder-admin says why in /beyondHeld.";

    private static MoneyReturned Fact(MoneyReturn moneyReturn) => new()
    {
        FundId = moneyReturn.FundId,
        ReturnId = moneyReturn.Id,
        Source = Wire.NameOf(moneyReturn.Details.Source),
        Pence = moneyReturn.Details.Pence,
        PaidOn = moneyReturn.Details.PaidOn,
        Reason = Wire.NameOf(moneyReturn.Details.Reason),
    };
}
