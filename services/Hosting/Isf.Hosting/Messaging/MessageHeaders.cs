namespace Isf.Hosting.Messaging;

/// <summary>The headers of a message.</summary>
internal static class MessageHeaders
{
    /// <summary>The holder to which the message belongs.</summary>
    public const string Holder = "Isf-Holder";

    /// <summary>The fact that the message follows from.</summary>
    public const string Fact = "Isf-Fact";

    /// <summary>The funds that the message concerns, separated by commas, or * for any fund of the holder.</summary>
    public const string Funds = "Isf-Funds";

    /// <summary>The trace of the request that the message follows from.</summary>
    public const string Trace = "Isf-Trace";
}
