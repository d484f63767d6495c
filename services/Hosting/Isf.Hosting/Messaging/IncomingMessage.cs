using System.Buffers;
using System.IO.Compression;
using Isf.Hosting.Data;
using MassTransit;

namespace Isf.Hosting.Messaging;

/// <summary>A message from the bus, with its headers and its body as published.</summary>
internal sealed class IncomingMessage
{
    private const int AboutIt = 2048;
    private readonly MessageBody? envelope;
    private readonly object? read;
    private readonly byte[] body = [];
    private readonly byte[]? packed;

    /// <summary>Reads the headers. Every message of the platform has an id, a holder and a fact.</summary>
    /// <exception cref="InvalidOperationException">The id, the holder or the fact is missing.</exception>
    public IncomingMessage(Service service, Subscription subscription, ConsumeContext context, object read)
    {
        string Header(string name) => context.Headers.Get<string>(name)
            ?? throw new InvalidOperationException($"A message came without its {name}.");
        (Service, Subscription) = (service, subscription);
        Id = context.MessageId ?? throw new InvalidOperationException("A message came without an id.");
        HolderId = Header(MessageHeaders.Holder);
        Fact = Guid.Parse(Header(MessageHeaders.Fact));
        Trace = context.Headers.Get<string>(MessageHeaders.Trace);
        Funds = context.Headers.Get<string>(MessageHeaders.Funds)?
            .Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        (this.read, envelope, Length) = (read, context.ReceiveContext.Body, context.ReceiveContext.Body.Length ?? 0);
    }

    private IncomingMessage(IncomingMessage message)
    {
        (Service, Subscription, Id, HolderId) = (message.Service, message.Subscription, message.Id, message.HolderId);
        (Fact, Trace, Funds, Length) = (message.Fact, message.Trace, message.Funds, message.Length);
    }

    private IncomingMessage(IncomingMessage message, object read, byte[] body) : this(message) =>
        (this.read, this.body) = (read, body);

    private IncomingMessage(IncomingMessage message, byte[] packed, int length) : this(message) =>
        (this.packed, Length) = (packed, length);

    public Service Service { get; }
    public Subscription Subscription { get; }
    public Guid Id { get; }
    public string HolderId { get; }
    public Guid Fact { get; }
    public string? Trace { get; }
    public string[] Funds { get; }

    /// <summary>
    /// The size in bytes. For a packed message this is the size of its body before packing; for any other message it
    /// is the size of the whole envelope.
    /// </summary>
    private long Length { get; }

    /// <summary>
    /// The message's approximate size in memory, in bytes. A message that is not packed holds its body and the
    /// deserialized message, which takes twice as much memory as the body.
    /// </summary>
    public long Size => AboutIt + Funds.Sum(fund => 32 + (2 * fund.Length)) + (packed?.Length ?? 3 * Length);

    /// <summary>Whether this message and the other may be joined into one.</summary>
    public bool IsJoinedTo(IncomingMessage other) =>
        Subscription.Join is not null && ReferenceEquals(Subscription, other.Subscription);

    /// <summary>
    /// A copy with a body of its own, which can be held; the bus reuses the memory of the original body.
    /// </summary>
    public IncomingMessage WithOwnBody() => new(this, read!, Uncompressed().ToArray());

    /// <summary>A copy with its body compressed to about a tenth, so that very many can be held.</summary>
    public IncomingMessage Packed()
    {
        var bytes = Uncompressed();
        var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(bytes.Length));
        try
        {
            return BrotliEncoder.TryCompress(bytes, room, out var written, quality: 1, window: 18)
                ? new(this, room[..written], bytes.Length)
                : throw new InvalidOperationException("The message could not be packed.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>The message, deserialized to its type.</summary>
    public object Read()
    {
        if (read is not null)
            return read;
        var room = ArrayPool<byte>.Shared.Rent((int)Length);
        try
        {
            return Subscription.Read(Unpacked(room));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>The row that defers the message.</summary>
    public DeferredRow Row() => new(Subscription.Queue, Id, HolderId, MessageNames.UrnOf(Subscription.Message), Fact,
        Trace,
        envelope is not null ? Uncompressed().ToArray() : packed is null ? body
            : Unpacked(new byte[Length]).ToArray());

    private ReadOnlySpan<byte> Unpacked(byte[] room) =>
        BrotliDecoder.TryDecompress(packed, room, out var written) && written == Length ? room.AsSpan(..written)
            : throw new InvalidOperationException("The message could not be unpacked.");

    private ReadOnlySpan<byte> Uncompressed()
    {
        var bytes = envelope!.GetBytes();
        return MessageReader.Message(bytes) is var (start, end) ? bytes.AsSpan(start..end)
            : throw new InvalidOperationException("A message came without words.");
    }
}
