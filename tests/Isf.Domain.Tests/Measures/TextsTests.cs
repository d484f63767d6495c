using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>
/// The platform runs without ICU (invariant globalization), so its Unicode functions must work without it.
/// </summary>
public sealed class TextsTests
{
    private const string Family = "\U0001F469\u200D\U0001F469\u200D\U0001F467", Accented = "e\u0301";

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc…")]
    [InlineData(Family + Family, 1, Family + "…")]
    [InlineData("a" + Accented + "b", 2, "a" + Accented + "…")]
    [InlineData("\U0001F600\U0001F600", 2, "\U0001F600\U0001F600")]
    public void A_text_is_cut_between_its_elements(string text, int max, string cut)
    {
        Assert.Equal(cut, Texts.Shortened(text, max));
        Assert.Equal(cut != text, Texts.IsLonger(text, max));
    }

    [Fact]
    public void Marks_without_end_are_no_letter()
    {
        var endless = "a" + new string('\u0301', 100_000);
        Assert.Equal("…", Texts.Shortened(endless, 60));
        Assert.True(Texts.IsLonger(endless, 60));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(200)]
    public void A_text_that_fits_fits_the_key_of_an_index_too(int max)
    {
        var marks = "a" + new string('\u0301', 60);
        var families = string.Concat(Enumerable.Repeat(Family, max));
        Assert.True(Texts.Fits(families, max));
        Assert.False(Texts.Fits(families + "a", max));
        Assert.False(Texts.Fits(string.Concat(Enumerable.Repeat(marks, max)), max));
        // A text may have 32 bytes for each character of its limit, so that it fits the key of an index.
        Assert.True(Encoding.UTF8.GetByteCount(families) <= 32 * max);
        Assert.False(Texts.Fits("  ", max));
        Assert.False(Texts.Fits(null, max));
    }

    [Theory]
    [InlineData("Ada\u202Egnol", "U+202E")]
    [InlineData("\u200B\u200B", "<U+200B><U+200B>")]
    [InlineData("Ada\u2028Example", "U+2028")]
    [InlineData("Ada\u2029", "U+2029")]
    [InlineData("\u2800\uFE0F", "<U+2800>")]
    [InlineData("\u3164", "<U+3164>")]
    [InlineData("–!", "–!")]
    public void A_name_is_one_line_that_can_be_seen(string name, string named) =>
        Assert.Contains(named, Texts.FaultOfName(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("O’Neil-Smith, jr.")]
    [InlineData("李")]
    [InlineData("Zo" + Accented)]
    [InlineData(Family)]
    [InlineData("7")]
    [InlineData("می\u200Cخواهم")]
    public void A_name_in_any_writing_is_one(string name) => Assert.Null(Texts.FaultOfName(name));

    [Fact]
    public void No_cut_leaves_half_of_a_character() => Prop.ForAll(
        Gen.Elements("a", Accented, Family, "\U0001F600", "\u200E", "\u0301", " ").ListOf().ToArbitrary(),
        Gen.Choose(0, 12).ToArbitrary(),
        (parts, max) =>
        {
            var text = string.Concat(parts);
            var cut = Texts.Shortened(text, max);
            return cut == Texts.Whole(cut) && (cut == text || text.StartsWith(cut[..^1], StringComparison.Ordinal))
                && StringInfo.ParseCombiningCharacters(text).Append(text.Length).Contains(
                    cut == text ? text.Length : cut.Length - 1);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("F\u200E1", "F<U+200E>1")]
    [InlineData("F\u00A01", "F<U+00A0>1")]
    [InlineData("F\uFEFF1", "F<U+FEFF>1")]
    [InlineData("F\u200D1", "F<U+200D>1")]
    [InlineData("F\u0007", "F<U+0007>")]
    [InlineData("F\u3164", "F<U+3164>")]
    [InlineData("Zoë " + Family, "Zoë " + Family)]
    public void What_cannot_be_seen_is_named(string text, string named) => Assert.Equal(named, Texts.Quoted(text));

    [Fact]
    public void Half_of_a_character_becomes_the_sign_for_it()
    {
        Assert.Equal("a\uFFFDb", Texts.Whole("a\uD83Db"));
        Assert.Equal("\U0001F600", Texts.Whole("\U0001F600"));
    }

    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("A\u202Eda", "\u2068A\u202Eda\u2069")]
    [InlineData("A\u2069\u202Eda", "\u2068A\u202Eda\u2069")]
    [InlineData("A\u2067da", "\u2068A\u2067da\u2069\u2069")]
    [InlineData("After \u2068A\u202Eda\u2069 died", "After \u2068A\u202Eda\u2069 died")]
    [InlineData("\u2068A\u2069\u202Eda", "\u2068\u2068A\u2069\u202Eda\u2069")]
    public void A_name_that_would_turn_its_neighbours_round_stands_by_itself(string name, string shown) =>
        Assert.Equal(shown, Texts.Isolated(name));

    private static readonly string[] Samples =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "nfc-samples.txt"));

    // A line has a text and the same text composed, each as bytes of UTF-16.
    public static TheoryData<string> Compositions => [.. Samples.Distinct()];

    [Fact]
    public void There_are_250_samples_of_composed_text() => Assert.Equal(250, Samples.Length);

    /// <summary>The samples were composed by another implementation of Unicode.</summary>
    [Theory]
    [MemberData(nameof(Compositions))]
    public void Text_is_composed_as_the_standard_says(string sample)
    {
        var texts = sample.Split(' ').Select(Convert.FromHexString)
            .Select(Encoding.BigEndianUnicode.GetString).ToList();
        Assert.Equal(texts[1], Nfc.Normalize(texts[0]));
        Assert.Equal(texts[1], Nfc.Normalize(texts[1]));
    }

    [Theory]
    [InlineData("Zoe\u0308", "Zoë")]
    [InlineData("\u212Bngstr\u00F6m", "Ångström")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("a\u0323\u0301", "\u1EA1\u0301")]
    [InlineData("a\u0301\u0323", "\u1EA1\u0301")]
    public void The_same_name_is_the_same_text(string written, string normal) => Assert.Equal(normal,
        Nfc.Normalize(written));

    [Fact]
    public void A_mebibyte_of_marks_is_put_in_order_at_once()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 250_000));
        Assert.Equal(500_000, Nfc.Normalize("b" + marks).Length); // b with a dot below is one letter.
    }
}
