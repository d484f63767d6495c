using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Hosting;
using Microsoft.AspNetCore.Http;

namespace Isf.Funds.Features;

/// <summary>
/// Voids a receipt or a return that never was: a bounced payment, a typing mistake. Says ReceiptVoided or
/// ReturnVoided; the books reverse it. Source: api.md, Funds.
/// </summary>
public static class VoidMoney
{
    /// <summary>Why it cannot be voided, in order.</summary>
    public enum Refusal
    {
        [Answer(404, "There is nothing of this kind under this id.")]
        UnknownMoney = 1,

        [Answer(409, "It was voided before, for another reason.")]
        VoidedForAnotherReason = 2,
    }

    /// <summary>Why it never was.</summary>
    public sealed record Request
    {
        public required string Why { get; init; }
    }

    /// <summary>The reason that it is void for, from now on or already.</summary>
    public static Decision<string, Refusal> Decide(string id, bool known, string? voidedBecause, string why)
    {
        if (!known)
        {
            return (Refusal.UnknownMoney, $"This fund has nothing under {id}.");
        }
        return voidedBecause is not null && voidedBecause != why
            ? (Refusal.VoidedForAnotherReason,
                "A voided amount stays as it is. Record a new one if it was real after all.")
            : why;
    }

    public static async Task<IResult> HandleReceiptAsync(
        string fundId, string id, Asked<Request> asked, Session session, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.LockAsync(LockKey.Document<Receipt>(id), LockKey.Fund(fundId));
        var receipt = await session.LoadAsync<Receipt>(id);
        var why = WhyOf(asked, id, receipt?.FundId == fundId, receipt?.VoidedBecause);
        var voided = receipt! with { VoidedBecause = why };
        session.Say(new ReceiptVoided { HolderId = session.HolderId, FundId = fundId, ReceiptId = id, Why = why }, id,
            fundId);
        return await SaveAsync(session, http, receipt, voided, ReceiveMoney.Shown(voided));
    }

    public static async Task<IResult> HandleReturnAsync(
        string fundId, string id, Asked<Request> asked, Session session, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.LockAsync(LockKey.Document<MoneyReturn>(id), LockKey.Fund(fundId));
        var back = await session.LoadAsync<MoneyReturn>(id);
        var why = WhyOf(asked, id, back?.FundId == fundId, back?.VoidedBecause);
        var voided = back! with { VoidedBecause = why };
        session.Say(new ReturnVoided { HolderId = session.HolderId, FundId = fundId, ReturnId = id, Why = why }, id,
            fundId);
        return await SaveAsync(session, http, back, voided, ReturnMoney.Shown(voided));
    }

    private static string WhyOf(Asked<Request> asked, string id, bool known, string? voidedBecause)
    {
        ArgumentNullException.ThrowIfNull(asked);
        new Fields().Text(asked.Value.Why, "/why", 500).Refuse();
        return Decide(id, known, voidedBecause, asked.Value.Why).OrRefuse();
    }

    /// <summary>Already void for this reason: nothing is saved, and the fact's id is the same.</summary>
    private static async Task<IResult> SaveAsync<T>(Session session, HttpContext http, T before, T voided, object shown)
        where T : class
    {
        if (!before.Equals(voided))
        {
            session.Store(voided);
            await session.SaveChangesAsync();
        }
        await session.NameFactAsync(http);
        return Results.Json(shown, IsfJson.Options);
    }
}
