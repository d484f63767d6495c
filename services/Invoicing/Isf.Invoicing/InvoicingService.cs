using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Invoicing.Copies;
using Isf.Invoicing.Pricing;
using Isf.Invoicing.Quotes;

namespace Isf.Invoicing;

/// <summary>Table of contents of the Invoicing service, which prices care.</summary>
public static class InvoicingService
{
    /// <summary>All messages, jobs and endpoints of the service.</summary>
    public static Service Describe() => new Service("invoicing", typeof(InvoicingService).Assembly)
        .Publishes<VisitsPriced>()
        .Publishes<VisitRepriced>()
        .Publishes<PriceAdjusted>()
        .Publishes<InvoicingRunAsked>()
        .Publishes<Contracts.Invoicing.CopyDiffers>()
        .Consumes<FundOpened, CopyFundsConsumer>("keep-funds")
        .Consumes<AllocationMade, ApplyTermsConsumer>("keep-allocations")
        .Consumes<AllocationRevised, ApplyTermsConsumer>("keep-allocations")
        .Consumes<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>("compare-copies")
        .Consumes<VisitsRecorded, PriceVisitsConsumer>("price-visits")
        .Consumes<VisitCorrected, PriceVisitsConsumer>("price-visits")
        .Consumes<WeekClosed, SettleWeeksConsumer>("settle-weeks")
        .Consumes<InvoicingRunAsked, RateHolidaysConsumer>("rate-holidays")
        .Schedules(RateHolidays.Schedule, RateHolidays.Cron, RateHolidays.ToMessage)
        .Routes(routes =>
            routes.MapPost("/v1/quotes", QuotePrice.Post)
                .RequireRoles([.. Role.AnyHolder, Role.Auditor]).Refuses<QuotePrice.Refusal>());
}
