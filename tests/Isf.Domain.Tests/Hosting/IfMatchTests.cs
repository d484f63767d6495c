using Isf.Hosting;
using Isf.Hosting.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Isf.Domain.Tests.Hosting;

/// <summary>
/// The header If-Match holds one ETag, a list of ETags, or *. ETags are compared strongly (RFC 9110 §13.1.1, §8.8.3).
/// </summary>
public sealed class IfMatchTests
{
    [Theory]
    [InlineData("\"3\"", true)]
    [InlineData("\"2\"", false)]
    [InlineData("\"03\"", false)]
    [InlineData(" \t\"3\" ", true)]
    [InlineData("\"2\", \"3\"", true)]
    [InlineData("\"2\",\"3\"", true)]
    [InlineData("\"2\" , , \"3\",", true)]
    [InlineData(",\"3\"", true)]
    [InlineData("\"1\", \"2\"", false)]
    [InlineData("\"1,3\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("W/\"3\"", false)]
    [InlineData("W/\"3\", \"3\"", true)]
    [InlineData("\"W/3\"", false)]
    [InlineData("\"é\", \"3\"", true)]
    [InlineData("*", true)]
    [InlineData(" * ", true)]
    public void A_change_is_made_to_a_version_that_it_names(string header, bool matches) =>
        Assert.Equal(matches, IfMatch.Read(header)!.Matches(3));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("3")]
    [InlineData("\"3")]
    [InlineData("3\"")]
    [InlineData("\"3\" \"4\"")]
    [InlineData("\"3\"4")]
    [InlineData("\"3\";\"4\"")]
    [InlineData("w/\"3\"")]
    [InlineData("W/ \"3\"")]
    [InlineData("W/")]
    [InlineData("\"3 4\"")]
    [InlineData("\"3\t4\"")]
    [InlineData("\"3\u007f\"")]
    [InlineData("*, \"3\"")]
    [InlineData("\"3\", *")]
    [InlineData("**")]
    public void What_is_no_list_of_tags_is_refused(string header)
    {
        var refused = Assert.Throws<ProblemException>(() => IfMatch.Read(header));
        Assert.Equal((400, "bad-if-match"), (refused.Status, refused.Code));
    }

    [Fact]
    public void Without_the_header_no_version_is_named() => Assert.Null(IfMatch.Read(StringValues.Empty));

    [Fact]
    public void Several_lines_are_one_list()
    {
        var ifMatch = IfMatch.Read(new StringValues(["\"1\"", "\"3\""]))!;
        Assert.Equal([true, false, true], new[] { 1, 2, 3 }.Select(ifMatch.Matches));
        Assert.Throws<ProblemException>(() => IfMatch.Read(new StringValues(["\"1\"", "*"])));
    }
}
