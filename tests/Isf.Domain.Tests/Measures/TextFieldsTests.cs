using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>What a field may hold is decided by its name (api.md, conventions).</summary>
public sealed class TextFieldsTests
{
    [Theory]
    [InlineData("address")]
    [InlineData("beyondHeld")]
    [InlineData("comment")]
    [InlineData("complaints")]
    [InlineData("description")]
    [InlineData("note")]
    [InlineData("purpose")]
    [InlineData("reason")]
    [InlineData("separator")]
    [InlineData("why")]
    [InlineData("words")]
    public void A_field_for_sentences_is_free_text(string field) => Assert.True(Texts.IsFree(field));

    [Theory]
    [InlineData("name")]
    [InlineData("")]
    [InlineData(null)]
    public void Any_other_field_is_one_line(string? field) => Assert.False(Texts.IsFree(field));

    [Theory]
    [InlineData("name", true)]
    [InlineData("nameAtBank", true)]
    [InlineData("supporter", true)]
    [InlineData("workerName", true)]
    [InlineData("rename", false)]
    [InlineData("nameless", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_field_for_a_name_is_known_by_its_own(string? field, bool isName) =>
        Assert.Equal(isName, Texts.IsName(field));

    [Theory]
    [InlineData("a\tb", '\t', null)]
    [InlineData("a\rb", '\r', null)]
    [InlineData("a\nb", '\n', null)]
    [InlineData("a\u0007b", '\u0007', '\u0007')]
    [InlineData("\n\u0085", '\n', '\u0085')]
    [InlineData("a b", null, null)]
    public void Tabs_and_line_breaks_are_controls_except_in_free_text(string text, char? inLine, char? inFree) =>
        Assert.Equal((inLine, inFree), (Texts.Control(text), Texts.Control(text, isFree: true)));
}
