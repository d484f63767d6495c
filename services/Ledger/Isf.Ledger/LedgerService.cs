using Isf.Hosting;

namespace Isf.Ledger;

/// <summary>Table of contents of the Ledger service.</summary>
public static class LedgerService
{
    /// <summary>All that it says, hears and answers.</summary>
    public static Service Describe() => new("ledger", typeof(LedgerService).Assembly);
}
