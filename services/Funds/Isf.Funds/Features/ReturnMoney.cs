using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Hosting;
using Microsoft.AspNetCore.Http;

namespace Isf.Funds.Features;

/// <summary>Records money that went back to a source. Says MoneyReturned. Source: api.md, Funds.</summary>
public static class ReturnMoney
{
    /// <summary>Why a return is refused, in order.</summary>
    public enum Refusal
    {
        [Answer(404, "There is no such fund.")]
        UnknownFund = 1,
    }

    /// <summary>The return.</summary>
    public static Decision<MoneyReturn, Refusal> Decide(Fund? fund, MoneyReturn asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return fund is null ? (Refusal.UnknownFund, $"No fund {asked.FundId} is known here.") : asked;
    }

    public static Task<IResult> HandleAsync(string fundId, string id, Asked<ReturnDetails> asked, Put put,
        Session session)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(session);
        new Fields().Pence(asked.Value.Pence, "/pence", 1).Refuse();
        return put.OnceAsync<MoneyReturn, Refusal>(session, id, [LockKey.Fund(fundId)],
            same: stored => stored.FundId == fundId && Words.Same(stored.Details, asked.Value),
            decide: async () => Decide(await session.LoadAsync<Fund>(fundId), new MoneyReturn(id, fundId, asked.Value)),
            say: back => session.Say(Fact(session.HolderId, back), back.Id, fundId),
            show: Shown);
    }

    internal static System.Text.Json.Nodes.JsonObject Shown(MoneyReturn back) => Wire.Shown(back.Details,
        ("returnId", back.Id), ("fundId", back.FundId), ("voidedBecause", back.VoidedBecause));

    private static MoneyReturned Fact(string holderId, MoneyReturn back) => new()
    {
        HolderId = holderId,
        FundId = back.FundId,
        ReturnId = back.Id,
        Source = Wire.Word(back.Details.Source),
        Pence = back.Details.Pence,
        PaidOn = back.Details.PaidOn,
        Reason = Wire.Word(back.Details.Reason),
    };
}
