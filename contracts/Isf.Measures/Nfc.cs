using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Isf.Measures;

/// <summary>
/// Unicode's normal form C: one way to write each letter with its marks, so that the same name is the same text. The
/// platform runs without a culture library, where string.Normalize returns its text unchanged.
/// Source: Unicode Standard Annex 15; the tables in nfc.txt are of Unicode 14.
/// </summary>
public static class Nfc
{
    private const char FirstMark = '\u0300';
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    private static readonly Lazy<Tables> Read = new(Tables.Load);

    /// <summary>The text in normal form C; the same object if it is already in that form.</summary>
    public static string Normalize(string text)
    {
        // A text of characters below the first mark is already in form C.
        if (!text.AsSpan().ContainsAnyInRange(FirstMark, char.MaxValue))
            return text;
        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);
        Compose(runes);
        var composed = string.Concat(runes);
        return composed == text ? text : composed;
    }

    private static void Decompose(int value, List<Rune> into)
    {
        if (value - Syllables is >= 0 and < SyllableCount and var syllable)
        {
            into.Add(new(Leads + (syllable / (VowelCount * TailCount))));
            into.Add(new(Vowels + (syllable % (VowelCount * TailCount) / TailCount)));
            if (syllable % TailCount is > 0 and var tail)
                into.Add(new(Tails + tail));
        }
        else if (Read.Value.Parts.TryGetValue(value, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(new(value));
        }
    }

    // Marks after a letter are sorted by class; marks of one class keep their order.
    private static void Order(List<Rune> runes)
    {
        for (var i = 0; i < runes.Count; i++)
        {
            var first = i;
            while (i < runes.Count && ClassOf(runes[i]) > 0)
                i++;
            if (i - first < 2)
                continue;
            var marks = runes.GetRange(first, i - first).OrderBy(ClassOf).ToList();
            for (var k = 0; k < marks.Count; k++)
                runes[first + k] = marks[k];
        }
    }

    private static void Compose(List<Rune> runes)
    {
        var (starter, last, count) = (-1, -1, 0);
        for (var i = 0; i < runes.Count; i++)
        {
            var own = ClassOf(runes[i]);
            // A mark is blocked if a mark of the same or a later class lies between it and the letter.
            if (starter >= 0 && last < own && Pair(runes[starter], runes[i]) is { } one)
            {
                runes[starter] = one;
                continue;
            }
            (starter, last) = own == 0 ? (count, -1) : (starter, own);
            runes[count++] = runes[i];
        }
        runes.RemoveRange(count, runes.Count - count);
    }

    private static Rune? Pair(Rune first, Rune second)
    {
        if (first.Value - Leads is >= 0 and < LeadCount and var lead
            && second.Value - Vowels is >= 0 and < VowelCount and var vowel)
        {
            return new(Syllables + (((lead * VowelCount) + vowel) * TailCount));
        }
        if (first.Value - Syllables is >= 0 and < SyllableCount and var syllable && syllable % TailCount == 0
            && second.Value - Tails is > 0 and < TailCount and var tail)
        {
            return new(first.Value + tail);
        }
        return Read.Value.Pairs.TryGetValue((first.Value, second.Value), out var one) ? new(one) : null;
    }

    private static int ClassOf(Rune rune) =>
        rune.Value < FirstMark ? 0 : Read.Value.Classes.GetValueOrDefault(rune.Value);

    private sealed record Tables(
        FrozenDictionary<int, int[]> Parts, FrozenDictionary<int, int> Classes,
        FrozenDictionary<(int, int), int> Pairs)
    {
        public static Tables Load()
        {
            using var stream = typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt")!;
            using var reader = new StreamReader(stream);
            // The file has three parts, each under a heading line.
            var parts = reader.ReadToEnd().Split('#', StringSplitOptions.RemoveEmptyEntries).Select(part =>
                part.Split('\n', 2)[1].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).ToList();
            var decomposed = parts[0].SelectMany(Decomposed).ToDictionary(entry => entry.Whole, entry => entry.Parts);
            var never = parts[2].Select(Number).ToHashSet();
            var composed = decomposed.Where(pair => pair.Value.Length == 2 && !never.Contains(pair.Key));
            return new(decomposed.ToFrozenDictionary(), parts[1].SelectMany(Marks).ToFrozenDictionary(),
                composed.ToFrozenDictionary(pair => (pair.Value[0], pair.Value[1]), pair => pair.Key));
        }

        // Reads an entry such as C0=41,300;41,301, which gives the parts of C0 and of the next number, C1.
        private static IEnumerable<(int Whole, int[] Parts)> Decomposed(string entry)
        {
            var sides = entry.Split('=');
            return sides[1].Split(';').Select((parts, i) => (Number(sides[0]) + i,
                parts.Split(',').Select(Number).ToArray()));
        }

        // Reads the class of a range of marks, 300-314:230, or of one mark, 345:240.
        private static IEnumerable<KeyValuePair<int, int>> Marks(string entry)
        {
            var sides = entry.Split(':');
            var ends = sides[0].Split('-').Select(Number).ToArray();
            var own = int.Parse(sides[1], CultureInfo.InvariantCulture);
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).Select(number => KeyValuePair.Create(number, own));
        }

        private static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
