using System.Collections.Concurrent;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using MassTransit.Serialization;

namespace Isf.Hosting.Messaging;

/// <summary>Publishes one message to the bus and returns when the broker has confirmed it.</summary>
public interface IPublisher
{
    /// <summary>
    /// Publishes the body of a row as a message of this type; throws if the broker did not confirm it before the
    /// deadline.
    /// </summary>
    Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline);
}

internal sealed class BusPublisher(IBus bus) : IPublisher
{
    private const int FundsOfHeader = 1000;
    private static readonly ConcurrentDictionary<Type, object> Names = new();

    public Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline) =>
        // The bus only needs an object of the message's type. It sends the row's own body, which is not deserialized.
        bus.Publish(Names.GetOrAdd(type, RuntimeHelpers.GetUninitializedObject), type,
        Pipe.Execute<PublishContext>(context =>
        {
            context.Serializer = new PreSerializedBody(row.Body);
            context.MessageId = row.MessageId;
            context.Headers.Set(MessageHeaders.Holder, row.HolderId);
            context.Headers.Set(MessageHeaders.Fact, row.Fact.ToString());
            // A header must fit into one frame of the broker. A message of more than a thousand funds therefore does
            // not list them, but has the entry for any fund.
            context.Headers.Set(MessageHeaders.Funds,
                row.Funds.Length > FundsOfHeader ? MessageTracker.AnyFund : string.Join(',', row.Funds));
            context.Headers.Set(MessageHeaders.Trace, System.Diagnostics.Activity.Current?.Id ?? row.Trace);
        }), deadline);

    /// <summary>Puts a body that already is JSON into the bus's envelope unchanged.</summary>
    private sealed class PreSerializedBody(byte[] body) : IMessageSerializer
    {
        private static readonly JsonSerializerOptions Envelope =
            new(SystemTextJsonMessageSerializer.Options) { Converters = { new RawJsonConverter() } };

        public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context) where T : class =>
            new SystemTextJsonMessageBody<T>(context, Envelope,
                new JsonMessageEnvelope(context, this) { MessageType = MessageTypeCache<T>.MessageTypeNames });

        private sealed class RawJsonConverter : JsonConverter<PreSerializedBody>
        {
            public override PreSerializedBody Read(
                ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                throw new NotSupportedException("This serializer only writes.");

            public override void Write(Utf8JsonWriter writer, PreSerializedBody value, JsonSerializerOptions options) =>
                writer.WriteRawValue(value.Body, skipInputValidation: true);
        }

        private byte[] Body => body;
    }
}
