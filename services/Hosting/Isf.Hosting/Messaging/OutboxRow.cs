namespace Isf.Hosting.Messaging;

/// <summary>One message as the outbox holds it: what it is, whose, and the fact it follows from.</summary>
public sealed record OutboxRow(
    long Seq, Guid MessageId, string HolderId, string Urn, Guid Fact, string[] Funds, string? Trace, byte[] Body)
{
    /// <summary>How often it was published already and then not heard everywhere.</summary>
    public int Republished { get; init; }
}
