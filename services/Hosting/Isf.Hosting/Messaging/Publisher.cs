using System.Collections.Concurrent;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting.Messaging;

/// <summary>Puts one message on the bus and returns when the broker has confirmed it.</summary>
public interface IPublisher
{
    /// <summary>
    /// Publishes the words of a row, a message of this type; throws when the broker did not take it before the
    /// deadline.
    /// </summary>
    Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline);
}

internal sealed class BusPublisher(IBus bus) : IPublisher
{
    private const int FundsOfHeader = 1000;
    private static readonly ConcurrentDictionary<Type, object> Names = new();

    public Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline) =>
        // The bus asks for a message to know its type by; what travels are the row's own words, unread.
        bus.Publish(Names.GetOrAdd(type, RuntimeHelpers.GetUninitializedObject), type,
        Pipe.Execute<PublishContext>(context =>
        {
            context.Serializer = new PreSerializedBody(row.Body);
            context.MessageId = row.MessageId;
            context.Headers.Set(MessageHeaders.Holder, row.HolderId);
            context.Headers.Set(MessageHeaders.Fact, row.Fact.ToString());
            // A header must fit one frame of the broker: of very many funds it says that it may be any.
            context.Headers.Set(MessageHeaders.Funds,
                row.Funds.Length > FundsOfHeader ? MessageTracker.AnyFund : string.Join(',', row.Funds));
            context.Headers.Set(MessageHeaders.Trace, System.Diagnostics.Activity.Current?.Id ?? row.Trace);
        }), deadline);

    /// <summary>Puts words that are JSON already into the bus's envelope as they are.</summary>
    private sealed class PreSerializedBody(byte[] words) : IMessageSerializer
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
                throw new NotSupportedException("Words are only said here.");

            public override void Write(Utf8JsonWriter writer, PreSerializedBody value, JsonSerializerOptions options) =>
                writer.WriteRawValue(value.Words, skipInputValidation: true);
        }

        private byte[] Words => words;
    }
}
