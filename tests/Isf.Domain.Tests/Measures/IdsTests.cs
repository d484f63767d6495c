using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Ids that callers choose have 1 to 64 letters, digits and three signs (api.md, conventions).</summary>
public sealed class IdsTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Z9")]
    [InlineData(".")]
    [InlineData("_")]
    [InlineData("-")]
    [InlineData("V-2026.04_1")]
    public void Letters_digits_and_three_signs_are_an_id(string id) => Assert.True(Ids.IsId(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("a\n")]
    public void Other_signs_are_no_id(string? id) => Assert.False(Ids.IsId(id));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void An_id_has_at_most_64_signs(int length, bool isId) =>
        Assert.Equal(isId, Ids.IsId(new string('a', length)));
}
