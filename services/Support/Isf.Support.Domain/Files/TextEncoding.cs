using System.Text;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The encoding of a file, detected from its first bytes. A file that is not UTF-16 is read as UTF-8; each byte that is
/// not valid UTF-8 is read as its Windows-1252 (Latin-1) letter. A file whose first accent comes after a million rows
/// is therefore read correctly, and so is a file that mixes the two encodings.
/// </summary>
public sealed class TextEncoding
{
    // Windows-1252 differs from Latin-1 only in the bytes 0x80 to 0x9F. The five of them that it leaves undefined are
    // read as in Latin-1.
    private const string Windows1252 =
        "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    private const string LittleEndian = "utf-16le", BigEndian = "utf-16be", Utf8 = "utf-8", Western = "windows-1252";

    private readonly WesternFallback? fallback;

    private TextEncoding(string name, int skip, Decoder decoder, WesternFallback? fallback)
    {
        Started = name;
        SkipBytes = skip;
        Decoder = decoder;
        this.fallback = fallback;
    }

    private string Started { get; }

    /// <summary>The number of bytes at the start that are a byte order mark and not text.</summary>
    public int SkipBytes { get; }

    /// <summary>Decodes the bytes, including characters that lie across two blocks.</summary>
    public Decoder Decoder { get; }

    /// <summary>The name of the encoding, according to the text decoded so far.</summary>
    public string Name => fallback is { Used: true } ? Western : Started;

    /// <summary>
    /// Detects the encoding from a file's first bytes (4 KiB are enough); null if the bytes are not text.
    /// </summary>
    public static TextEncoding? Detect(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return new(LittleEndian, 2, Encoding.Unicode.GetDecoder(), null);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return new(BigEndian, 2, Encoding.BigEndianUnicode.GetDecoder(), null);
        var (evenZeros, oddZeros, controls) = (0, 0, 0);
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] == 0)
                _ = i % 2 == 0 ? evenZeros++ : oddZeros++;
            else if (head[i] < 0x20 && head[i] is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or 0x1A or 0x0C))
                controls++;
        }
        if (evenZeros + oddZeros > 0)
        {
            // Plain English in UTF-16 has a zero in every second byte; other content with zeros is not text.
            if (oddZeros > head.Length * 2 / 5 && evenZeros == 0)
                return new(LittleEndian, 0, Encoding.Unicode.GetDecoder(), null);
            return evenZeros > head.Length * 2 / 5 && oddZeros == 0
                ? new(BigEndian, 0, Encoding.BigEndianUnicode.GetDecoder(), null)
                : null;
        }
        if (controls > head.Length / 100)
            return null;
        return OfBytes(head, Utf8);
    }

    /// <summary>The encodings that a profile may name.</summary>
    public static IReadOnlyList<string> Names { get; } = [Utf8, LittleEndian, BigEndian, Western];

    /// <summary>The encoding that a profile names; null if it is not UTF-16 and the first bytes are not text.</summary>
    public static TextEncoding? As(string name, ReadOnlySpan<byte> head) => name switch
    {
        LittleEndian => new(name, head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? 2 : 0,
            Encoding.Unicode.GetDecoder(), null),
        BigEndian => new(name, head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? 2 : 0,
            Encoding.BigEndianUnicode.GetDecoder(), null),
        _ => Detect(head) is null ? null : OfBytes(head, name),
    };

    // If a profile names Windows-1252, every byte is decoded separately, even two bytes that could be one UTF-8
    // character.
    private static TextEncoding OfBytes(ReadOnlySpan<byte> head, string name)
    {
        var western = new WesternFallback();
        var encoding = Encoding.GetEncoding(name == Western ? "us-ascii" : Utf8, EncoderFallback.ExceptionFallback,
            western);
        var mark = name == Utf8 && head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        return new(name, mark, encoding.GetDecoder(), western);
    }

    private sealed class WesternFallback : DecoderFallback
    {
        public bool Used { get; private set; }

        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Letters(this);

        private sealed class Letters(WesternFallback owner) : DecoderFallbackBuffer
        {
            private string letters = "";
            private int next;

            public override int Remaining => letters.Length - next;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                owner.Used = true;
                letters = string.Create(bytesUnknown.Length, bytesUnknown, static (into, bytes) =>
                {
                    for (var i = 0; i < bytes.Length; i++)
                        into[i] = bytes[i] is >= 0x80 and < 0xA0 ? Windows1252[bytes[i] - 0x80] : (char)bytes[i];
                });
                next = 0;
                return letters.Length > 0;
            }

            public override char GetNextChar() => next < letters.Length ? letters[next++] : '\0';

            public override bool MovePrevious()
            {
                if (next == 0)
                    return false;
                next--;
                return true;
            }

            public override void Reset() => (letters, next) = ("", 0);
        }
    }
}
