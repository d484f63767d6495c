using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>The picture in the README shows the figures of an approved story, and its texts fit.</summary>
public sealed class StatementPictureTests
{
    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "IsfPlatform.sln")))
                folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
            return folder.FullName;
        }
    }

    private static string Picture => Path.Combine(Root, "ops", "docs", "images", "statement.svg");

    private static string Drawn() => StatementPicture.Draw(File.ReadAllText(Path.Combine(
        Root, "tests", "Isf.Story.Tests", "stories", "approved", "one-funds-eight-weeks.S-2.txt")));

    /// <summary>
    /// With ISF_APPROVE=1 the test draws the picture again. Look at the picture before you commit it.
    /// </summary>
    [Fact]
    public void The_picture_is_that_of_the_approved_statement()
    {
        var drawn = Drawn();
        if (Environment.GetEnvironmentVariable("ISF_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Picture)!);
            File.WriteAllText(Picture, drawn);
        }
        Assert.True(File.Exists(Picture) && File.ReadAllText(Picture) == drawn,
            "The picture and the approved statement differ: draw it anew with ISF_APPROVE=1, and look at it.");
    }

    [Fact]
    public void It_is_plain_and_small()
    {
        var names = XDocument.Parse(Drawn()).Descendants().Select(element => element.Name.LocalName).Distinct();
        Assert.Equal(["rect", "svg", "text", "title"], names.Order(StringComparer.Ordinal));
        Assert.InRange(Drawn().Length, 1_000, 30_000);
    }

    [Fact]
    public void No_text_reaches_into_another_or_over_the_edge()
    {
        var boxes = XDocument.Parse(Drawn()).Descendants().Where(element => element.Name.LocalName == "text")
            .Select(BoxOf).ToList();
        Assert.All(boxes, box => Assert.True(box.Left >= 0 && box.Right <= StatementPicture.Width, box.Text));
        var meeting = from one in boxes.Index()
                      from other in boxes.Skip(one.Index + 1)
                      where one.Item.Left < other.Right && other.Left < one.Item.Right
                          && one.Item.Top < other.Bottom && other.Top < one.Item.Bottom
                      select $"{one.Item.Text} | {other.Text}";
        Assert.Empty(meeting);
    }

    // The box of a text is as wide as the widest of the usual fonts would make it.
    private static (double Left, double Right, double Top, double Bottom, string Text) BoxOf(XElement text)
    {
        double Number(string name) => double.Parse(text.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        var (x, y, size) = (Number("x"), Number("y"), Number("font-size"));
        var width = text.Value.Length * size * (text.Attribute("font-weight") is null ? 0.6 : 0.66);
        var left = text.Attribute("text-anchor") is null ? x : x - width;
        return (left, left + width, y - (size * 0.75), y + (size * 0.2), text.Value);
    }
}
