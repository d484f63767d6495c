using System.IO.Compression;
using Isf.Measures;
using Isf.Support.Domain.Files;

namespace Isf.Support.Files;

/// <summary>
/// Reads the rows of a file, one after another, the header row first. The file is unpacked if it is gzip, then decoded
/// and split. Of a truncated gzip file, the rows that are complete are read, and the file is reported as cut short.
/// </summary>
internal sealed class RowReader
{
    /// <summary>
    /// The largest number of bytes to which a gzip file may unpack; a gigabyte of gzip can hold a thousand gigabytes.
    /// </summary>
    private const long UnpackedMax = 4L << 30;

    /// <summary>
    /// A gzip file may unpack to at most this many times its stored size. The limit is never below 64 MiB.
    /// </summary>
    private const int UnpackedTimesMax = 100;

    private const long UnpackedAlways = 64L << 20;

    private readonly Stream stream;
    private readonly TextEncoding writtenIn;
    private readonly RowSplitter splitter;
    private readonly byte[] bytes = new byte[64 * 1024];
    private readonly char[] chars = new char[(64 * 1024) + 16];
    private readonly Queue<SourceRow> ready = new();
    private readonly List<SourceRow> split = [];
    private readonly long unpackedMax;
    private int waiting;
    private long unpacked;
    private bool ended;
    private bool beginsWithSeparator;

    private RowReader(Stream stream, TextEncoding writtenIn, char separator, byte[] head, int headLength, bool broken,
        long max)
    {
        (this.stream, this.writtenIn, splitter, unpackedMax) = (stream, writtenIn, new RowSplitter(separator), max);
        var text = headLength - writtenIn.SkipBytes;
        head.AsSpan(writtenIn.SkipBytes, text).CopyTo(bytes);
        (waiting, CutShort) = (text, broken);
        Separator = separator;
    }

    /// <summary>The separator of the values.</summary>
    public char Separator { get; }

    /// <summary>The encoding, according to the text read so far.</summary>
    public string Encoding => writtenIn.Name;

    /// <summary>Whether the text begins with a byte order mark.</summary>
    public bool ByteOrderMark => writtenIn.SkipBytes > 0;

    /// <summary>Whether the file came as gzip.</summary>
    public required bool Gzip { get; init; }

    /// <summary>Whether there is no further row.</summary>
    public bool Ended => ended && ready.Count == 0;

    /// <summary>Whether the file is truncated.</summary>
    public bool CutShort { get; private set; }

    /// <summary>Whether the file unpacks to more text than is allowed.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>
    /// Begins to read a file of a given stored length in bytes; refuses a file that is empty, breaks off in its header
    /// row or is no text.
    /// </summary>
    public static async Task<Decision<RowReader, FileFault>> OpenAsync(
        Stream file, long length, ReadOnlyMemory<byte> start, FileTerms terms, CancellationToken stop)
    {
        TextEncoding? Detect(byte[] bytes, int count) => terms.Profile?.Encoding is { } name
            ? TextEncoding.As(name, bytes.AsSpan(0, count)) : TextEncoding.Detect(bytes.AsSpan(0, count));
        var gzip = start.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        var stream = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        var head = new byte[32 * 1024];
        var (filled, broken) = await FillAsync(stream, head, stop);
        // A gzip file that breaks off before its first line end has no header row. A line end of Windows or Unix has
        // the byte 0A in any encoding.
        if (filled == 0 || (broken && !head.AsSpan(0, filled).Contains((byte)'\n')))
        {
            return !broken ? (FileFault.EmptyFile, "The file is empty. Send it with its header row and its visits.")
                : (FileFault.FileCutShort,
                    "The file is gzip and breaks off before its first row. Send it again, whole.");
        }
        if (head.AsSpan(0, filled).StartsWith("PK\u0003\u0004"u8))
            return (FileFault.NotText, "The file is a spreadsheet or a zip. Save it as CSV, and send that.");
        if (Detect(head, filled) is not { } writtenIn)
            return (FileFault.NotText, "The file is not text. Save it as CSV, and send that.");
        var line = FirstLine(Detect(head, filled)!, head.AsSpan(0, filled));
        // Spreadsheets write and read a line such as "sep=;" before the header, which names the separator.
        var named = line.Trim('"').StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line.Trim('"').Length == 5;
        return new RowReader(stream, writtenIn, named ? line.Trim('"')[4] : terms.SeparatorOf(line), head, filled,
            broken, gzip ? Math.Min(UnpackedMax, Math.Max(UnpackedAlways, length * UnpackedTimesMax)) : long.MaxValue)
        {
            Gzip = gzip, beginsWithSeparator = named,
        };
    }

    /// <summary>The next row, or null after the last.</summary>
    public async ValueTask<SourceRow?> NextAsync(CancellationToken stop)
    {
        while (ready.Count == 0 && !ended)
            await SplitAsync(stop);
        if (!ready.TryDequeue(out var row))
            return null;
        if (!beginsWithSeparator)
            return row;
        beginsWithSeparator = false;
        return await NextAsync(stop);
    }

    /// <summary>
    /// Passes on every remaining sound row as text without splitting it, which is much less work if only one value of
    /// each row is needed.
    /// </summary>
    /// <param name="seen">Takes rows that were split before, and faulty rows.</param>
    /// <param name="text">Takes the text of each other row, with the splitter that can find values in it.</param>
    /// <param name="stop">Cancels the scan.</param>
    public async Task ScanAsync(Action<SourceRow> seen, Action<RowSplitter, ReadOnlySpan<char>> text,
        CancellationToken stop)
    {
        splitter.OnText = row => text(splitter, row);
        while (!Ended)
        {
            while (ready.TryDequeue(out var row))
                seen(row);
            if (!ended)
                await SplitAsync(stop);
        }
    }

    private async Task SplitAsync(CancellationToken stop)
    {
        if (waiting == 0 && !CutShort)
            (waiting, CutShort) = await FillAsync(stream, bytes, stop);
        unpacked += waiting;
        IsTooLarge |= unpacked > unpackedMax;
        CutShort |= IsTooLarge;
        ended = waiting == 0;
        var count = writtenIn.Decoder.GetChars(bytes, 0, waiting, chars, 0, flush: ended);
        waiting = 0;
        splitter.Push(chars.AsSpan(0, count), split);
        if (ended)
            splitter.End(CutShort, split);
        split.ForEach(ready.Enqueue);
        split.Clear();
    }

    private static string FirstLine(TextEncoding peek, ReadOnlySpan<byte> head)
    {
        var text = new char[head.Length + 16];
        var count = peek.Decoder.GetChars(head[peek.SkipBytes..], text, flush: true);
        var lines = text.AsSpan(0, count).TrimStart("\r\n ");
        var end = lines.IndexOfAny('\r', '\n');
        return (end < 0 ? lines : lines[..end]).ToString();
    }

    // Fills the buffer as far as the stream goes; Broken is true if a gzip stream is truncated or invalid.
    private static async ValueTask<(int Length, bool Broken)> FillAsync(Stream stream, Memory<byte> into,
        CancellationToken stop)
    {
        var length = 0;
        try
        {
            while (length < into.Length && await stream.ReadAsync(into[length..], stop) is var read && read > 0)
                length += read;
            return (length, false);
        }
        catch (InvalidDataException)
        {
            return (length, true);
        }
    }
}
