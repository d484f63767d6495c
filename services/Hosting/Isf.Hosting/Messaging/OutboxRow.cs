namespace Isf.Hosting.Messaging;

/// <summary>One message in the outbox: its type, its holder, and the fact that it follows from.</summary>
public sealed record OutboxRow(
    long Seq, Guid MessageId, string HolderId, string Urn, Guid Fact, string[] Funds, string? Trace, byte[] Body)
{
    /// <summary>How often it has been republished because some consumer had not consumed it.</summary>
    public int Republished { get; init; }
}
