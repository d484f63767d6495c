using System.Xml.Linq;
using Isf.Statements.Domain;
using Isf.Statements.Rendering;
using Isf.Tests.Pages;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>The HTML page and the text page of a statement.</summary>
public sealed class StatementPageTests
{
    private static readonly LocalDate Start = new(2026, 4, 6);

    private static (Statement Statement, FundFacts Facts) Sample()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Providers = new Dictionary<string, ProviderCard> { ["V-1"] = new("Bread & <Butter> \"Care\"", "agency") },
        };
        books.Received("R-0", "council", 30000, new LocalDate(2026, 4, 1));
        books.Received("R-1", "council", 144000, Start);
        books.Received("R-2", "person", 18000, Start);
        books.Priced("W-1", 1, Start.PlusDays(1), 3780, 151200);
        var visit = books.Priced("W-0", 1, new LocalDate(2026, 4, 2), 60, 2400);
        books.Reversed(visit, "visit-repriced", "W-0/2");
        return (books.BuildStatement(Start, new LocalDate(2026, 5, 3)), books.AllFacts);
    }

    private static XDocument Parsed(string html) => HoursPage.Parsed(html);

    private static string Html()
    {
        var (statement, facts) = Sample();
        return HtmlPage.Render(statement, facts);
    }

    [Fact]
    public void The_page_has_no_script() =>
        Assert.DoesNotContain("<script", Html(), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void The_page_says_its_language() =>
        Assert.Equal("en-GB", Parsed(Html()).Root!.Attribute("lang")!.Value);

    [Theory]
    [InlineData("h1")]
    [InlineData("header")]
    [InlineData("main")]
    [InlineData("footer")]
    public void The_page_has_one_of_each_landmark(string element) =>
        Assert.Single(Parsed(Html()).Descendants(element));

    [Fact]
    public void Each_table_has_a_caption_and_each_of_its_headings_a_scope()
    {
        var page = Parsed(Html());
        Assert.All(page.Descendants("table"), table => Assert.Single(table.Elements("caption")));
        Assert.All(page.Descendants("th"), cell => Assert.NotNull(cell.Attribute("scope")));
    }

    [Fact]
    public void Each_id_is_there_once_and_each_section_is_labelled_by_one()
    {
        var page = Parsed(Html());
        var ids = page.Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            page.Descendants("section"), section => Assert.Contains(section.Attribute("aria-labelledby")!.Value, ids));
    }

    [Fact]
    public void Whatever_a_provider_is_called_is_only_text()
    {
        var (statement, facts) = Sample();
        var html = HtmlPage.Render(statement, facts);
        Assert.Contains("Bread &amp; &lt;Butter&gt; &quot;Care&quot;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<Butter>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_text_keeps_its_lines_on_the_page_and_in_the_text()
    {
        var (statement, facts) = Sample();
        facts = facts with
        {
            Holder = facts.Holder! with
            {
                Address = "1 High <Street>\r\nTown",
                Complaints = "Write:\n\tthe office\rTown",
            },
        };
        var html = HtmlPage.Render(statement, facts);
        Assert.Contains("Address: 1 High &lt;Street&gt;<br>\nTown</p>", html.Replace("<br/>", "<br>"),
            StringComparison.Ordinal);
        Assert.DoesNotContain('\r', html);
        Parsed(html);
        Assert.Contains("To complain: Write:\nthe office\nTown\n", TextPage.Render(statement, facts),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("£1,620.00")]
    [InlineData("£1,512.00")]
    [InlineData("£408.00")]
    [InlineData("63 h")]
    [InlineData("You still owe £60.00 towards your support.")]
    [InlineData("6 April 2026 to 3 May 2026")]
    [InlineData("the Local Government and Social Care Ombudsman")]
    public void Page_and_text_say_the_same(string expected)
    {
        var (statement, facts) = Sample();
        var page = Parsed(HtmlPage.Render(statement, facts)).Root!.Value;
        Assert.Contains(expected, page, StringComparison.Ordinal);
        var text = TextPage.Render(statement, facts).Replace('\n', ' ');
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_keeps_to_78_columns_and_ends_its_lines_one_way()
    {
        var (statement, facts) = Sample();
        var text = TextPage.Render(statement, facts);
        Assert.DoesNotContain('\r', text);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 78));
    }

    [Fact]
    public void The_same_statement_gives_the_same_bytes()
    {
        var (first, firstFacts) = Sample();
        var (second, secondFacts) = Sample();
        Assert.Equal(HtmlPage.Render(first, firstFacts), HtmlPage.Render(second, secondFacts));
        Assert.Equal(TextPage.Render(first, firstFacts), TextPage.Render(second, secondFacts));
    }

    [Fact]
    public void Fields_of_a_template_are_encoded_and_pieces_of_it_are_not()
    {
        var piece = Markup.Html($"<b>{"<&>"}</b>");
        Assert.Equal("<p><b>&lt;&amp;&gt;</b>1 £ŵ</p>", Markup.Html($"<p>{piece}{1} {"£ŵ"}</p>").Text);
    }
}
