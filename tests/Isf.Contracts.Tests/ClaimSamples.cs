using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using NodaTime;

namespace Isf.Contracts.Tests;

/// <summary>One of each message that Invoicing can publish about claims and payments, with every field set.</summary>
internal static class ClaimSamples
{
    private static readonly LocalDate EasterMonday = new(2026, 4, 6);
    private static readonly LocalDate Sunday = new(2026, 4, 12);
    private static readonly LocalDate Accepted = new(2026, 4, 20);
    private static readonly FundingShare[] Nhs = [new("nhs", 100)];

    public static readonly object[] All =
    [
        new PriceAdjusted
        {
            HolderId = "sunrise", FundId = "F-1", AllocationId = "A-1", ProviderId = "V-1", Kind = "set-off",
            From = EasterMonday, To = Sunday, Version = 2, Pence = -2_400,
            Because = "16 hours were given and 15 are charged, as planned for the week", FundedBy = Nhs,
        },
        new InvoicingRunAsked
        {
            HolderId = "sunrise", Schedule = "rate-holidays", UpTo = Accepted, AskedBy = "2026-04-20",
        },
        new InvoiceMatched
        {
            HolderId = "sunrise", FundId = "F-1", InvoiceId = "I-1", Version = 2, ProviderId = "V-1",
            From = EasterMonday, To = Sunday, AcceptedOn = Accepted, Final = true,
            Parts =
            [
                new()
                {
                    AllocationId = "A-1", DeliveredPence = 36_000, AgreedExtraPence = 1_200, BoughtPence = 850,
                    UnclaimedPence = 2_400, FundedBy = Nhs,
                },
            ],
        },
        new InvoiceQueried
        {
            HolderId = "sunrise", FundId = "F-1", InvoiceId = "I-1", Version = 2, ProviderId = "V-1",
            QueriedOn = Accepted, QueriedPence = 2_400, Reasons = ["not-delivered"],
        },
        new CreditNoteAccepted
        {
            HolderId = "sunrise", FundId = "F-1", CreditNoteId = "C-1", ProviderId = "V-1", InvoiceId = "I-1",
            CareOn = Sunday, AcceptedOn = Accepted, Parts = [new("A-1", 1_200, Nhs)],
        },
        new PaymentMade
        {
            HolderId = "sunrise", PaymentId = "M-1", PayRunId = "R-1", ProviderId = "V-1", PaidOn = Accepted,
            Claims = [new("F-1", "I-1", 38_050)],
        },
        new PaymentReturned
        {
            HolderId = "sunrise", PaymentId = "M-1", ProviderId = "V-1", ReturnedOn = Accepted,
            Why = "account-closed", FundIds = ["F-1"],
        },
        new ProviderRepaid
        {
            HolderId = "sunrise", FundId = "F-1", RepaymentId = "Q-1", ProviderId = "V-1", Pence = 1_200,
            RepaidOn = Accepted, Reference = "CREDIT C-1",
        },
        new VatRecovered
        {
            HolderId = "sunrise", FundId = "F-1", RecoveryId = "T-1", ProviderId = "V-1", Pence = 1_000,
            RecoveredOn = Accepted, FundedBy = Nhs,
        },
    ];
}
