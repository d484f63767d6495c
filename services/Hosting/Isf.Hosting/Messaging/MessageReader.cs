using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Reads the bus's envelopes, and deserializes the message in an envelope only once, to the type that its URN names.
/// MassTransit's own reader does not know the type at first and reads everything three times.
/// </summary>
internal sealed class MessageReader(ServiceMap map) : IMessageDeserializer, ISerializerFactory
{
    private static readonly SystemTextJsonMessageSerializer Otherwise = SystemTextJsonMessageSerializer.Instance;

    private readonly Dictionary<string, Type> types = map.All.SelectMany(service => service.Subscriptions)
        .Select(subscription => subscription.Message).Distinct().ToDictionary(MessageUrn.ForTypeString,
            StringComparer.Ordinal);

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => Otherwise;

    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody(string text) => Otherwise.GetMessageBody(text);

    public void Probe(ProbeContext context) => Otherwise.Probe(context);

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(receiveContext,
        Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
    {
        var bytes = body.GetBytes();
        if (Message(bytes) is not var (start, end)
            || Without(bytes, start, end) is not { MessageType: { } urns } envelope
            || urns.Select(types.GetValueOrDefault).FirstOrDefault(type => type is not null) is not { } type)
        {
            return Otherwise.Deserialize(body, headers, destinationAddress);
        }
        var options = SystemTextJsonMessageSerializer.Options;
        var message = JsonSerializer.Deserialize(bytes.AsSpan(start..end), type, options)
            ?? throw new SerializationException($"A message of type {type.Name} has a null body.");
        return new SystemTextJsonSerializerContext(Otherwise, options, ContentType,
            new EnvelopeMessageContext(envelope, Otherwise), urns, envelope, message);
    }

    // The start and end of the message in the envelope; null if the envelope holds no message that is a JSON object.
    internal static (int Start, int End)? Message(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMessage && reader.TokenType == JsonTokenType.EndObject)
                return (start, (int)reader.BytesConsumed);
        }
        return null;
    }

    internal static MessageEnvelope? Without(byte[] bytes, int start, int end)
    {
        byte[] rest = [.. bytes.AsSpan(..start), .. "{}"u8, .. bytes.AsSpan(end..)];
        return JsonSerializer.Deserialize<MessageEnvelope>(rest, SystemTextJsonMessageSerializer.Options);
    }
}
