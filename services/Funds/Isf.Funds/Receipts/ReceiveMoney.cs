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

    /// <summary>Money that came into a fund.</summary>
    public sealed record Response : ReceiptDetails
    {
        /// <summary>Shows the details under the ids of the receipt and its fund, and why it was voided.</summary>
        [SetsRequiredMembers]
        public Response(Receipt receipt) : base(receipt.Details) =>
            (ReceiptId, FundId, VoidedBecause, BeyondHeld) =
                (receipt.Id, receipt.FundId, receipt.VoidedBecause, receipt.BeyondHeld);

        /// <summary>The id of the receipt.</summary>
        public string ReceiptId { get; init; }

        /// <summary>The fund.</summary>
        public string FundId { get; init; }

        /// <summary>Why the receipt was voided; left out if it was not.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? VoidedBecause { get; init; }

        /// <summary>
        /// Why the receipt was voided although more has gone back to its source than the others brought in; left out if
        /// no such reason was given.
        /// </summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? BeyondHeld { get; init; }
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

    /// <summary>Records money that came into a fund; a receipt never changes, but can be voided.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the receipt, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(string fundId, string id, JsonBody<ReceiptDetails> body,
        IdempotentPut put, Session session, IClock clock)
    {
        var details = body.Value;
        new Fields().Pence(details.Pence, "/pence", 1).Text(details.Reference, "/reference")
            .Need((details.ForFrom is null) == (details.ForTo is null), "/forTo", "Give forFrom and forTo together.")
            .Refuse();
        return put.CreateAsync<Receipt, Refusal, Response>(session, id, [LockKey.Fund(fundId)],
            same: stored => stored.FundId == fundId && JsonEquality.AreEqual(stored.Details, details),
            decide: async () =>
            {
                (await FundDays.OfAsync(session, fundId, clock))?.Money(details.ReceivedOn, "/receivedOn");
                return Decide(await session.LoadAsync<Fund>(fundId), new Receipt(id, fundId, details));
            },
            publish: receipt => session.Publish(Fact(receipt), receipt.Id, fundId),
            show: receipt => new Response(receipt));
    }

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
