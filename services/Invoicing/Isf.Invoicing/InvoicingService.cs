using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Invoicing.Features;
using Microsoft.AspNetCore.Builder;

namespace Isf.Invoicing;

/// <summary>The Invoicing service's table of contents: the claim, and the cost of care.</summary>
public static class InvoicingService
{
    /// <summary>All that it publishes, consumes and answers.</summary>
    public static Service Describe() => new Service("invoicing", typeof(InvoicingService).Assembly)
        .Says<VisitsPriced>()
        .Says<VisitRepriced>()
        .Says<PriceAdjusted>()
        .Says<InvoicingRunAsked>()
        .Says<Contracts.Invoicing.CopyDiffers>()
        .Hears<FundOpened, KeepFundsConsumer>()
        .Hears<AllocationMade, KeepAllocationsConsumer>()
        .Hears<AllocationRevised, KeepAllocationsConsumer>()
        .Hears<Contracts.Funds.DocumentsStated, CompareCopiesConsumer>()
        .Hears<VisitsRecorded, PriceVisitsConsumer>()
        .Hears<VisitCorrected, PriceVisitsConsumer>()
        .Hears<WeekClosed, SettleWeeksConsumer>()
        .Hears<InvoicingRunAsked, RateHolidaysConsumer>()
        .Schedules(RateHolidays.Schedule, RateHolidays.Cron, RateHolidays.Ask)
        .Routes(routes =>
        {
            routes.MapPost("/v1/quotes", QuotePrice.Handle).RequireRoles([.. Role.AnyHolder, Role.Auditor]);
        });
}
