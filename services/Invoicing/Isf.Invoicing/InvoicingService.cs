using Isf.Hosting;

namespace Isf.Invoicing;

/// <summary>Table of contents of the Invoicing service.</summary>
public static class InvoicingService
{
    /// <summary>All that it says, hears and answers.</summary>
    public static Service Describe() => new("invoicing", typeof(InvoicingService).Assembly);
}
