using Isf.Hosting;

namespace Isf.Support;

/// <summary>Table of contents of the Support service.</summary>
public static class SupportService
{
    /// <summary>All that it says, hears and answers.</summary>
    public static Service Describe() => new("support", typeof(SupportService).Assembly);
}
