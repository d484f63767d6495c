using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>The limits of texts, with a case on each side of every boundary.</summary>
public sealed class TextLimitsTests
{
    private const string Family = "\U0001F469\u200D\U0001F469\u200D\U0001F467";

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("e\u0301a", 2)]
    [InlineData(Family + Family, 2)]
    public void A_text_is_as_long_as_its_elements_are_many(string text, int length) =>
        Assert.Equal(length, Texts.Length(text));

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    public void A_letter_with_more_than_63_marks_ends_a_text(int marks, bool isLonger)
    {
        var text = "a" + new string('\u0301', marks) + "bcd";
        Assert.Equal(isLonger, Texts.IsLonger(text, 20));
        Assert.Equal(isLonger ? "…" : text, Texts.Shortened(text, 20));
    }

    [Theory]
    [InlineData(71, false)]
    [InlineData(70, true)]
    public void A_text_with_no_more_units_than_its_limit_is_not_cut(int max, bool isLonger)
    {
        var text = "a" + new string('\u0301', 70);
        Assert.Equal(isLonger, Texts.IsLonger(text, max));
        Assert.Equal(isLonger ? "…" : text, Texts.Shortened(text, max));
    }

    [Theory]
    [InlineData(15, false)] // 32 bytes for each of the two
    [InlineData(16, true)]
    public void A_text_has_at_most_32_bytes_for_each_element_of_its_limit(int marks, bool isLonger) =>
        Assert.Equal(isLonger, Texts.IsLonger("\u00E9" + new string('\u0301', 15) + "\u00E9"
            + new string('\u0301', marks), 2));

    [Theory]
    [InlineData("12345", 5, "12345")]
    [InlineData("123456", 5, "12345…")]
    public void A_quoted_text_is_cut(string text, int max, string quoted) =>
        Assert.Equal(quoted, Texts.Quoted(text, max));

    [Fact]
    public void A_quoted_text_has_60_elements_unless_told_otherwise() =>
        Assert.Equal(new string('a', 60) + "…", Texts.Quoted(new string('a', 61)));
}
