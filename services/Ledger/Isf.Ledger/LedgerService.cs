using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Ledger.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Isf.Ledger;

/// <summary>Table of contents of the Ledger service: the books.</summary>
public static class LedgerService
{
    /// <summary>All that it publishes, consumes, schedules and answers.</summary>
    public static Service Describe() => new Service("ledger", typeof(LedgerService).Assembly)
        .Says<JournalsPosted>()
        .Says<FundOverdrawn>()
        .Says<PromiseOverdrawn>()
        .Says<ReturnedBeyondHeld>()
        .Says<BooksStated>()
        .Says<PeriodClosed>()
        .Says<LedgerRunAsked>()
        .Says<Contracts.Ledger.CopyDiffers>()
        .Hears<HolderSet, KeepCalendarConsumer>()
        .Hears<PersonRegistered, KeepSaltsConsumer>()
        .Hears<ConsentGiven, KeepConsentsConsumer>()
        .Hears<ConsentWithdrawn, KeepConsentsConsumer>()
        .Hears<FundOpened, KeepFundsConsumer>()
        .Hears<AgreementSigned, KeepFundsConsumer>()
        .Hears<MoneyReceived, PostMoneyConsumer>()
        .Hears<ReceiptVoided, PostMoneyConsumer>()
        .Hears<MoneyReturned, PostMoneyConsumer>()
        .Hears<ReturnVoided, PostMoneyConsumer>()
        .Hears<BudgetSet, PostBudgetsConsumer>()
        .Hears<AllocationMade, PostAllocationsConsumer>()
        .Hears<AllocationRevised, PostAllocationsConsumer>()
        .Hears<AllocationEnded, PostAllocationsConsumer>()
        .Hears<FeeCharged, PostFeesConsumer>()
        .Hears<FundClosed, PostClosuresConsumer>()
        .Hears<DaysPlanned, PostPlannedDaysConsumer>()
        .Hears<DaysUnplanned, PostPlannedDaysConsumer>()
        .Hears<VisitsPriced, PostVisitsConsumer>()
        .Hears<VisitRepriced, PostVisitsConsumer>()
        .Hears<PriceAdjusted, PostPriceAdjustmentsConsumer>()
        .Hears<WeekClosed, PostWeeksConsumer>()
        .Hears<InvoiceMatched, PostInvoicesConsumer>()
        .Hears<CreditNoteAccepted, PostInvoicesConsumer>()
        .Hears<PaymentMade, PostPaymentsConsumer>()
        .Hears<PaymentReturned, PostPaymentsConsumer>()
        .Hears<ProviderRepaid, PostPaymentsConsumer>()
        .Hears<VatRecovered, PostPaymentsConsumer>()
        .Hears<LedgerRunAsked, StateBooksConsumer>()
        .Hears<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>()
        .Schedules(StateBooks.Schedule, StateBooks.Cron, StateBooks.Ask)
        .Routes(routes =>
        {
            routes.MapGet("/v1/funds/{fundId}/balance", ShowBalance.HandleAsync).Takes("effectiveOn").WaitsForFact()
                .RequireRoles(Role.AnyReader);
            routes.MapGet("/v1/funds/{fundId}/journals", ListJournals.HandleAsync).Takes("from", "to")
                .WaitsForFact().RequireRoles(Role.AnyReader);
            routes.MapGet("/v1/funds/{fundId}/integrity", CheckIntegrity.HandleAsync).WaitsForFact()
                .RequireRoles(Role.AnyReader);
            MapByHand(routes);
            routes.MapPut("/v1/periods/{id}/close", ClosePeriod.HandleAsync)
                .RequireRoles(Role.HolderFinance, Role.HolderAdmin);
            routes.MapGet("/v1/periods", ClosePeriod.ListAsync).RequireRoles([.. Role.AnyHolder, Role.Auditor]);
            routes.MapGet("/v1/funds/{fundId}/hours", ShowHours.HandleAsync).Takes("from", "to", "format")
                .WaitsForFact().RequireRoles(Role.AnyReader);
        });

    // Postings by hand: proposed by one person, approved by another.
    private static void MapByHand(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/funds/{fundId}/adjustments/{id}", AdjustFund.HandleAsync)
            .RequireRoles(Role.HolderFinance, Role.HolderAdmin);
        routes.MapGet("/v1/funds/{fundId}/adjustments/{id}", AdjustFund.ShowAsync)
            .RequireRoles([.. Role.AnyHolder, Role.Auditor]);
        routes.MapPost("/v1/funds/{fundId}/adjustments/{id}/approve", ApproveAdjustment.HandleAsync)
            .RequireRoles(Role.HolderFinance, Role.HolderAdmin);
        routes.MapPut("/v1/funds/{fundId}/reversals/{id}", ReverseAdjustment.HandleAsync)
            .RequireRoles(Role.HolderFinance, Role.HolderAdmin);
        routes.MapGet("/v1/funds/{fundId}/reversals/{id}", ReverseAdjustment.ShowAsync)
            .RequireRoles([.. Role.AnyHolder, Role.Auditor]);
        routes.MapPost("/v1/funds/{fundId}/reversals/{id}/approve", ApproveReversal.HandleAsync)
            .RequireRoles(Role.HolderFinance, Role.HolderAdmin);
    }
}
