using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Ledger.Adjustments;
using Isf.Ledger.Books;
using Isf.Ledger.Copies;
using Isf.Ledger.Domain;
using Isf.Ledger.Export;
using Isf.Ledger.Periods;
using Isf.Ledger.Posting;
using Isf.Ledger.Questions;

namespace Isf.Ledger;

/// <summary>Table of contents of the Ledger service, which keeps the books.</summary>
public static class LedgerService
{
    private static readonly string[] Posters = [Role.HolderFinance, Role.HolderAdmin];
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];

    /// <summary>All that the service publishes, consumes, schedules and answers.</summary>
    public static Service Describe() => WithDocuments(new Service("ledger", typeof(LedgerService).Assembly))
        .Publishes<JournalsPosted>()
        .Publishes<FundOverdrawn>()
        .Publishes<PromiseOverdrawn>()
        .Publishes<ReturnedBeyondHeld>()
        .Publishes<BooksStated>()
        .Publishes<PeriodClosed>()
        .Publishes<LedgerRunAsked>()
        .Publishes<Contracts.Ledger.CopyDiffers>()
        .Consumes<HolderSet, CopyCalendarConsumer>("keep-calendar")
        .Consumes<PersonRegistered, CopySaltsConsumer>("keep-salts")
        .Consumes<ConsentGiven, CopyConsentsConsumer>("keep-consents")
        .Consumes<ConsentWithdrawn, CopyConsentsConsumer>("keep-consents")
        .Consumes<FundOpened, PostFundTermsConsumer>("keep-funds")
        .Consumes<AgreementSigned, PostFundTermsConsumer>("keep-funds")
        .Consumes<MoneyReceived, PostMoneyConsumer>("post-money")
        .Consumes<ReceiptVoided, PostMoneyConsumer>("post-money")
        .Consumes<MoneyReturned, PostMoneyConsumer>("post-money")
        .Consumes<ReturnVoided, PostMoneyConsumer>("post-money")
        .Consumes<BudgetSet, PostBudgetsConsumer>("post-budgets")
        .Consumes<AllocationMade, PostAllocationsConsumer>("post-allocations")
        .Consumes<AllocationRevised, PostAllocationsConsumer>("post-allocations")
        .Consumes<AllocationEnded, PostAllocationsConsumer>("post-allocations")
        .Consumes<FeeCharged, PostFeesConsumer>("post-fees")
        .Consumes<FundClosed, PostClosuresConsumer>("post-closures")
        .Consumes<DaysPlanned, PostPlannedDaysConsumer>("post-planned-days")
        .Consumes<DaysUnplanned, PostPlannedDaysConsumer>("post-planned-days")
        .Consumes<VisitsPriced, PostVisitsConsumer>("post-visits")
        .Consumes<VisitRepriced, PostVisitsConsumer>("post-visits")
        .Consumes<PriceAdjusted, PostPriceAdjustmentsConsumer>("post-price-adjustments")
        .Consumes<WeekClosed, PostWeeksConsumer>("post-weeks")
        .Consumes<InvoiceMatched, PostInvoicesConsumer>("post-invoices")
        .Consumes<CreditNoteAccepted, PostInvoicesConsumer>("post-invoices")
        .Consumes<PaymentMade, PostPaymentsConsumer>("post-payments")
        .Consumes<PaymentReturned, PostPaymentsConsumer>("post-payments")
        .Consumes<ProviderRepaid, PostPaymentsConsumer>("post-payments")
        .Consumes<VatRecovered, PostPaymentsConsumer>("post-payments")
        .Consumes<LedgerRunAsked, StateBooksConsumer>("state-books")
        .Consumes<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Schedules(StateBooks.Schedule, StateBooks.Cron, StateBooks.ToMessage)
        .Routes(routes =>
        {
            MapQuestions(routes);
            MapByHand(routes);
            routes.MapPut("/v1/periods/{id}/close", ClosePeriod.PutAsync).RequireRoles(Posters)
                .Refuses<ClosePeriod.Refusal>();
            routes.MapGet("/v1/periods", ClosePeriod.ListAsync).RequireRoles(Readers);
        });

    private static void MapQuestions(Routes routes)
    {
        routes.MapGet("/v1/funds/{fundId}/balance", ShowBalance.GetAsync).AcceptsOptions("effectiveOn")
            .WaitsForFact().RequireRoles(Role.AnyReader).Refuses(AsAtRefusal.BadDate);
        routes.MapGet("/v1/funds/{fundId}/journals", ListJournals.GetAsync).AcceptsOptions("from", "to")
            .WaitsForFact().RequireRoles(Role.AnyReader)
            .Refuses(AsAtRefusal.BadDate, AsAtRefusal.BadRange).Returns<ListJournals.Response>(200)
            .ReturnsFile(ListJournals.HledgerType, ListJournals.BeancountType).SendsHeader(ResponseHeader.ETag);
        routes.MapGet("/v1/funds/{fundId}/integrity", CheckIntegrity.GetAsync).WaitsForFact()
            .RequireRoles(Role.AnyReader);
        routes.MapGet("/v1/funds/{fundId}/hours", ShowHours.GetAsync).AcceptsOptions("from", "to", "format")
            .WaitsForFact().RequireRoles(Role.AnyReader)
            .Refuses(AsAtRefusal.BadDate, AsAtRefusal.BadRange).Returns<ShowHours.Response>(200)
            .ReturnsFile("text/csv").SendsHeader(ResponseHeader.ETag);
    }

    // Postings by hand are proposed by one person and approved by another.
    private static void MapByHand(Routes routes)
    {
        routes.MapPut("/v1/funds/{fundId}/adjustments/{id}", AdjustFund.PutAsync).RequireRoles(Posters)
            .Refuses<AdjustFund.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapGet("/v1/funds/{fundId}/adjustments/{id}", AdjustFund.GetAsync).RequireRoles(Readers)
            .Refuses(ApproveAdjustment.Refusal.UnknownAdjustment);
        routes.MapPost("/v1/funds/{fundId}/adjustments/{id}/approve", ApproveAdjustment.PostAsync)
            .RequireRoles(Posters).Refuses<ApproveAdjustment.Refusal>().SendsHeader(ResponseHeader.Fact);
        routes.MapPut("/v1/funds/{fundId}/reversals/{id}", ReverseAdjustment.PutAsync).RequireRoles(Posters)
            .Refuses<ReverseAdjustment.Refusal>()
            .Refuses(FeatureRefusal.BadField, FeatureRefusal.DayTooEarly, FeatureRefusal.DayTooLate);
        routes.MapGet("/v1/funds/{fundId}/reversals/{id}", ReverseAdjustment.GetAsync).RequireRoles(Readers)
            .Refuses(ApproveReversal.Refusal.UnknownReversal);
        routes.MapPost("/v1/funds/{fundId}/reversals/{id}/approve", ApproveReversal.PostAsync)
            .RequireRoles(Posters).Refuses<ApproveReversal.Refusal>().SendsHeader(ResponseHeader.Fact);
    }

    private static Service WithDocuments(Service ledger) => ledger
        .Document<PeriodCalendar>("periodcalendar")
        .Document<ClosedPeriod>("closedperiod")
        .Document<AdjustFund.Adjustment>("adjustment")
        .Document<ReverseAdjustment.AdjustmentReversal>("adjustmentreversal")
        .Document<PersonSalt>("personsalt")
        .Document<Approval>("approval");
}
