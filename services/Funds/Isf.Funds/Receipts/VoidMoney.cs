using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Microsoft.AspNetCore.Http;

namespace Isf.Funds.Receipts;

/// <summary>
/// Voids a receipt or a return that was recorded in error, such as one keyed twice. Publishes ReceiptVoided or
/// ReturnVoided, and the Ledger reverses the journal. If voiding a receipt means that its source has got back more than
/// it has paid in, only a holder-admin may void it, with a reason. Usually the return is an error too and is voided
/// first. Source: api.md, Funds.
/// </summary>
public static class VoidMoney
{
    /// <summary>Why the record cannot be voided, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is nothing of this kind under this id.")]
        UnknownMoney = 1,

        [Problem(409, "It was voided before, for another reason.")]
        VoidedForAnotherReason = 2,

        [Problem(403, "Only a holder-admin lets more have gone back than was paid in.")]
        NotYourRole = 3,

        [Problem(422, "More has gone back to the source than it would have paid in.")]
        MoreThanReceived = 4,
    }

    /// <summary>The reason for voiding a return.</summary>
    public sealed record Request
    {
        /// <summary>Why the return is voided, in 1 to 500 characters.</summary>
        public required string Why { get; init; }
    }

    /// <summary>The reason for voiding a receipt.</summary>
    public sealed record ReceiptRequest
    {
        /// <summary>Why the receipt is voided, in 1 to 500 characters.</summary>
        public required string Why { get; init; }

        /// <summary>
        /// Why it is voided although more has gone back to its source than the other receipts brought in, which only a
        /// holder-admin may decide; null if they cover it.
        /// </summary>
        public string? BeyondHeld { get; init; }
    }

    /// <summary>
    /// The voided receipt, if the other receipts of its source cover the money that has gone back, or if a holder-admin
    /// gives a reason.
    /// </summary>
    public static Decision<Receipt, Refusal> Decide(Receipt receipt, IReadOnlyList<Receipt> receipts,
        IReadOnlyList<MoneyReturn> returns, ReceiptRequest request, string role)
    {
        var voided = receipt with { VoidedBecause = request.Why, BeyondHeld = request.BeyondHeld };
        if (request.BeyondHeld is not null)
        {
            return role == Role.HolderAdmin
                ? voided : (Refusal.NotYourRole, "Leave /beyondHeld out, or ask a holder-admin.");
        }
        var rest = receipts.Where(other => other.Id != receipt.Id);
        return ReturnBounds.FirstExcess(receipt.Details.Source, receipt.Details.ReceivedOn, rest, returns)
            is { } excess ? (Refusal.MoreThanReceived, ReturnMoney.DetailOf(excess)) : voided;
    }

    /// <summary>
    /// The reason for which a record is voided. A record that was voided before keeps its reason, and another reason is
    /// refused.
    /// </summary>
    public static Decision<string, Refusal> Decide(string id, bool isKnown, string? voidedBecause, string why)
    {
        if (!isKnown)
            return (Refusal.UnknownMoney, $"This fund has nothing under {id}.");
        return voidedBecause is not null && voidedBecause != why
            ? (Refusal.VoidedForAnotherReason,
                "A voided amount stays as it is. Record a new one if it was real after all.")
            : why;
    }

    /// <summary>Voids a receipt of money that never came in; the Ledger reverses its journal.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the receipt.</param>
    public static async Task<ReceiveMoney.Response> PostReceiptAsync(string fundId, string id,
        JsonBody<ReceiptRequest> body, Session session, Caller caller, HttpContext http)
    {
        new Fields().Text(body.Value.BeyondHeld, "/beyondHeld", 500).Refuse();
        await session.LockAsync(LockKey.Document<Receipt>(id), LockKey.Fund(fundId));
        var receipt = await session.LoadAsync<Receipt>(id);
        WhyOf(body.Value.Why, id, receipt?.FundId == fundId, receipt?.VoidedBecause);
        var voided = receipt!.VoidedBecause is not null ? receipt : Decide(receipt,
            await session.Query<Receipt>().Where(receipt => receipt.FundId == fundId).ToListAsync(),
            await session.Query<MoneyReturn>().Where(moneyReturn => moneyReturn.FundId == fundId).ToListAsync(),
            body.Value, caller.Role).OrRefuse();
        session.Publish(
            new ReceiptVoided
            {
                FundId = fundId, ReceiptId = id, Why = voided.VoidedBecause!,
            },
            id, fundId);
        await SaveAsync(session, http, receipt, voided);
        return new(voided);
    }

    /// <summary>Voids a return of money that never went back; the Ledger reverses its journal.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the return.</param>
    public static async Task<ReturnMoney.Response> PostReturnAsync(
        string fundId, string id, JsonBody<Request> body, Session session, HttpContext http)
    {
        await session.LockAsync(LockKey.Document<MoneyReturn>(id), LockKey.Fund(fundId));
        var moneyReturn = await session.LoadAsync<MoneyReturn>(id);
        var why = WhyOf(body.Value.Why, id, moneyReturn?.FundId == fundId, moneyReturn?.VoidedBecause);
        var voided = moneyReturn! with { VoidedBecause = why };
        session.Publish(new ReturnVoided { FundId = fundId, ReturnId = id, Why = why }, id,
            fundId);
        await SaveAsync(session, http, moneyReturn, voided);
        return new(voided);
    }

    private static string WhyOf(string why, string id, bool isKnown, string? voidedBecause)
    {
        new Fields().Text(why, "/why", 500).Refuse();
        return Decide(id, isKnown, voidedBecause, why).OrRefuse();
    }

    /// <summary>
    /// Saves a voided record. If the record was voided before for the same reason, nothing is saved, and the answer
    /// names the same fact.
    /// </summary>
    private static async Task SaveAsync<T>(Session session, HttpContext http, T before, T voided) where T : class
    {
        if (!before.Equals(voided))
        {
            session.Store(voided);
            await session.SaveChangesAsync();
        }
        await session.NameFactAsync(http);
    }
}
