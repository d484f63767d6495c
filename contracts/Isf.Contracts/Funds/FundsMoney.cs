using System.Text.Json.Serialization;
using MassTransit;
using NodaTime;

// The messages that the Funds service publishes about money that came in, went back or was voided, and about the
// holder's own fee. Amounts are whole pence, always above zero.
namespace Isf.Contracts.Funds;

/// <summary>Money came in from a source.</summary>
[MessageUrn("isf:funds:money-received:v1")]
[EntityName("isf.funds.money-received.v1")]
public sealed record MoneyReceived
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string ReceiptId { get; init; }
    public required string Source { get; init; }
    public required long Pence { get; init; }
    public required LocalDate ReceivedOn { get; init; }
    public LocalDate? ForFrom { get; init; }
    public LocalDate? ForTo { get; init; }
    public string? Reference { get; init; }
}

/// <summary>A receipt was voided, because no such money came in; the Ledger reverses its journal.</summary>
[MessageUrn("isf:funds:receipt-voided:v1")]
[EntityName("isf.funds.receipt-voided.v1")]
public sealed record ReceiptVoided
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string ReceiptId { get; init; }
    public required string Why { get; init; }
}

/// <summary>Money went back to a source.</summary>
[MessageUrn("isf:funds:money-returned:v1")]
[EntityName("isf.funds.money-returned.v1")]
public sealed record MoneyReturned
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string ReturnId { get; init; }
    public required string Source { get; init; }
    public required long Pence { get; init; }
    public required LocalDate PaidOn { get; init; }
    public required string Reason { get; init; }
}

/// <summary>A return was voided, because no such money went back; the Ledger reverses its journal.</summary>
[MessageUrn("isf:funds:return-voided:v1")]
[EntityName("isf.funds.return-voided.v1")]
public sealed record ReturnVoided
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string ReturnId { get; init; }
    public required string Why { get; init; }
}

/// <summary>The holder's management fee was charged for some days, as a dated clause of the agreement allows.</summary>
[MessageUrn("isf:funds:fee-charged:v1")]
[EntityName("isf.funds.fee-charged.v1")]
public sealed record FeeCharged
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string FeeId { get; init; }
    public required LocalDate From { get; init; }
    /// <summary>The last day that the fee is for; the fee counts on that day.</summary>
    public required LocalDate To { get; init; }
    /// <summary>The weekly fee of the clause in force; the printed reason states it.</summary>
    public required long WeeklyPence { get; init; }
    /// <summary>The weekly fee × days ÷ 7, rounded once, half up.</summary>
    public required long Pence { get; init; }
    /// <summary>within if the fee is taken out of the budget; on-top if the council adds it to the budget.</summary>
    public required string Mode { get; init; }
}
