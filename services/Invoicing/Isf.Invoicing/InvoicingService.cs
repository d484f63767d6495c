using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting;

namespace Isf.Invoicing;

/// <summary>The Invoicing service's table of contents: the claim, and what care costs.</summary>
public static class InvoicingService
{
    /// <summary>All that it says, hears and answers.</summary>
    public static Service Define() => new Service("invoicing", typeof(InvoicingService).Assembly)
        .Says<VisitsPriced>()
        .Says<VisitRepriced>()
        .Hears<FundOpened, KeepFundsConsumer>()
        .Hears<AllocationMade, KeepAllocationsConsumer>()
        .Hears<AllocationRevised, KeepAllocationsConsumer>()
        .Hears<VisitsRecorded, PriceVisitsConsumer>()
        .Hears<VisitCorrected, PriceVisitsConsumer>()
        .Routes(QuotePrice.Map);
}
