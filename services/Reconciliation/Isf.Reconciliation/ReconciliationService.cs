using Isf.Hosting;

namespace Isf.Reconciliation;

/// <summary>Table of contents of the Reconciliation service.</summary>
public static class ReconciliationService
{
    /// <summary>All that it says, hears and answers.</summary>
    public static Service Describe() => new("reconciliation", typeof(ReconciliationService).Assembly);
}
