using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Signs that show nothing or turn a text round, with a neighbour beyond each end of a range.</summary>
public sealed class TextSignsTests
{
    [Theory]
    [InlineData('\u061C')]
    [InlineData('\u200E')]
    [InlineData('\u200F')]
    [InlineData('\u202A')]
    [InlineData('\u202E')]
    [InlineData('\u2066')]
    [InlineData('\u2069')]
    public void A_sign_that_turns_a_text_round_is_found(char sign) =>
        Assert.Equal(sign, Texts.Bidirectional("a" + sign));

    [Theory]
    [InlineData('a')]
    [InlineData('\u200D')]
    [InlineData('\u2010')]
    [InlineData('\u2029')]
    [InlineData('\u202F')]
    [InlineData('\u2065')]
    [InlineData('\u206A')]
    public void Its_neighbours_turn_nothing_round(char sign) => Assert.Null(Texts.Bidirectional("a" + sign));

    [Theory]
    [InlineData('\u034F')]
    [InlineData('\u115F')]
    [InlineData('\u1160')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    [InlineData('\u2800')]
    [InlineData('\u3164')]
    [InlineData('\uFFA0')]
    [InlineData('\uE000')]
    public void A_sign_that_shows_nothing_is_quoted_by_its_code(char sign) =>
        Assert.Equal($"a <U+{(int)sign:X4}>", Texts.Quoted("a " + sign));

    [Theory]
    [InlineData("\u200D\U0001F467", "<U+200D>\U0001F467")]
    [InlineData("\U0001F469\u200D", "\U0001F469<U+200D>")]
    [InlineData("\U0001F469\u200Da", "\U0001F469<U+200D>a")]
    public void A_joiner_is_quoted_as_it_is_only_before_a_picture_that_it_joins(string text, string quoted) =>
        Assert.Equal(quoted, Texts.Quoted(text));

    [Theory]
    [InlineData("\uFE00")]
    [InlineData("\uFE0F")]
    [InlineData("\U000E0100")]
    [InlineData("\U000E01EF")]
    [InlineData("\u180B")]
    [InlineData("\u180F")]
    [InlineData(" .")]
    public void A_selector_or_a_full_stop_names_nobody(string name) => Assert.NotNull(Texts.FaultOfName(name));

    [Theory]
    [InlineData("\u1810")] // the digit after the last Mongolian selector
    [InlineData("\u0301")]
    [InlineData("")]
    [InlineData("  ")] // refused by other checks
    public void Other_checks_decide_on_marks_digits_and_blanks(string name) => Assert.Null(Texts.FaultOfName(name));

    [Theory]
    [InlineData("\u2066a", "\u2068\u2066a\u2069\u2069")]
    [InlineData("\u2066a\u2069", "\u2066a\u2069")]
    [InlineData("a\u2069", "\u2068a\u2069")]
    [InlineData("\u2068\u2067a\u2069\u2069\u202Eb", "\u2068\u2068\u2067a\u2069\u2069\u202Eb\u2069")]
    public void A_text_is_isolated_unless_all_that_it_opens_is_closed(string text, string shown) =>
        Assert.Equal(shown, Texts.Isolated(text));
}
