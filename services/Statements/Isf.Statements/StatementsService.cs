using Isf.Hosting;

namespace Isf.Statements;

/// <summary>Table of contents of the Statements service.</summary>
public static class StatementsService
{
    /// <summary>All that it says, hears and answers.</summary>
    public static Service Describe() => new("statements", typeof(StatementsService).Assembly);
}
