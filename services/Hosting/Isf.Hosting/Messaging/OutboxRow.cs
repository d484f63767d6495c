namespace Isf.Hosting.Messaging;

/// <summary>
/// A row of the outbox, which holds a message with its holder, the fact that it follows from and the funds that it
/// concerns.
/// </summary>
public sealed record OutboxRow(
    long Seq, Guid MessageId, string HolderId, string Urn, Guid Fact, string[] Funds, string? Trace, byte[] Body)
{
    /// <summary>
    /// How often the message has been republished because some consumer had not consumed it. A relay that starts
    /// resets the count to zero.
    /// </summary>
    public int Republished { get; init; }
}
