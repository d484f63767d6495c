using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Funds.Receipts;

/// <summary>Records money that came into a fund. Publishes MoneyReceived. Source: api.md, Funds.</summary>
public static class ReceiveMoney
{
    /// <summary>Why a receipt is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(422, "The days that it is for end before they start.")]
        EndsBeforeItStarts = 2,
    }

    /// <summary>
    /// The receipt, if the fund is known and the days that the money is for do not end before they start.
    /// </summary>
    public static Decision<Receipt, Refusal> Decide(Fund? fund, Receipt request)
    {
        if (fund is null)
            return (Refusal.UnknownFund, $"No fund {request.FundId} is known here.");
        if (request.Details.ForTo < request.Details.ForFrom)
            return (Refusal.EndsBeforeItStarts, "Look at /forTo: it lies before /forFrom.");
        return request;
    }

    public static Task<IResult> PutAsync(string fundId, string id, JsonBody<ReceiptDetails> body, IdempotentPut put,
        Session session, IClock clock)
    {
        var details = body.Value;
        new Fields().Pence(details.Pence, "/pence", 1).Text(details.Reference, "/reference")
            .Need((details.ForFrom is null) == (details.ForTo is null), "/forTo", "Give forFrom and forTo together.")
            .Refuse();
        return put.CreateAsync<Receipt, Refusal>(session, id, [LockKey.Fund(fundId)],
            same: stored => stored.FundId == fundId && JsonEquality.AreEqual(stored.Details, details),
            decide: async () =>
            {
                (await FundDays.OfAsync(session, fundId, clock))?.Money(details.ReceivedOn, "/receivedOn");
                return Decide(await session.LoadAsync<Fund>(fundId), new Receipt(id, fundId, details));
            },
            publish: receipt => session.Publish(Fact(receipt), receipt.Id, fundId),
            show: ToJson);
    }

    internal static System.Text.Json.Nodes.JsonObject ToJson(Receipt receipt) => Wire.ToJson(receipt.Details,
        ("receiptId", receipt.Id), ("fundId", receipt.FundId), ("voidedBecause", receipt.VoidedBecause),
        ("beyondHeld", receipt.BeyondHeld));

    internal static MoneyReceived Fact(Receipt receipt) => new()
    {
        FundId = receipt.FundId,
        ReceiptId = receipt.Id,
        Source = Wire.NameOf(receipt.Details.Source),
        Pence = receipt.Details.Pence,
        ReceivedOn = receipt.Details.ReceivedOn,
        ForFrom = receipt.Details.ForFrom,
        ForTo = receipt.Details.ForTo,
        Reference = receipt.Details.Reference,
    };
}
