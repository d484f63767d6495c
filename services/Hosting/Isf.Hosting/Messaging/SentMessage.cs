using System.Text.Json;

namespace Isf.Hosting.Messaging;

/// <summary>
/// A message read from its envelope, with its headers and its body, which is JSON that is not deserialized yet.
/// </summary>
internal sealed record SentMessage(
    Guid Id, string HolderId, string Urn, Guid Fact, string[] Funds, string? Trace, byte[] Body)
{
    /// <summary>Reads an envelope; null if the envelope holds no message of the platform.</summary>
    public static SentMessage? Read(byte[] bytes)
    {
        try
        {
            if (MessageReader.Message(bytes) is not var (start, end)
                || MessageReader.Without(bytes, start, end) is not { MessageType: [{ } type, ..] } envelope)
            {
                return null;
            }
            string? Header(string name) =>
                envelope.Headers is { } all && all.TryGetValue(name, out var value) ? value?.ToString() : null;
            const string prefix = "urn:message:";
            return Guid.TryParse(envelope.MessageId, out var id)
                && Guid.TryParse(Header(MessageHeaders.Fact), out var fact)
                && Header(MessageHeaders.Holder) is { } holder
                && type.StartsWith(prefix, StringComparison.Ordinal)
                ? new(id, holder, type[prefix.Length..], fact,
                    Header(MessageHeaders.Funds)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [],
                    Header(MessageHeaders.Trace), bytes[start..end])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
