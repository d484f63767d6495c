using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Isf.Tests.Pages;

/// <summary>The hours of a statement's page, read from its HTML alone, as a person would add them.</summary>
internal sealed partial class HoursPage
{
    private readonly Dictionary<string, (List<(string What, long Minutes)> Rows, long Total)> tables = [];

    private HoursPage()
    {
    }

    public static HoursPage Read(string html)
    {
        var page = new HoursPage();
        foreach (var table in Parsed(html).Descendants("table"))
        {
            if (table.Attribute("class")?.Value is { } name && table.Element("tfoot") is { } foot
                && name is "there" or "became" or "bank-had" or "bank-has" or "why-not" or "why-put-right")
            {
                page.tables[name] = ([.. table.Element("tbody")!.Elements("tr").Select(RowOf)],
                    RowOf(foot.Element("tr")!).Minutes);
            }
        }
        return page;
    }

    public static XDocument Parsed(string html) => XDocument.Parse(
        html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)
            .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
            .Replace("initial-scale=1\">", "initial-scale=1\"/>", StringComparison.Ordinal));

    /// <summary>
    /// Asserts that every sum is the sum of its rows, and that the two sides of the hours, and of the bank, are equal.
    /// </summary>
    public void AddsUp()
    {
        foreach (var (name, (rows, total)) in tables)
            Assert.True(rows.Sum(row => row.Minutes) == total, $"{name}: {total} is not the sum of its rows.");
        Assert.Equal(Total("there"), Total("became"));
        Assert.Equal(Total("bank-had"), Total("bank-has"));
    }

    /// <summary>A row's minutes; 0 if the page does not show the row.</summary>
    public long this[string table, string row] =>
        tables.GetValueOrDefault(table).Rows?.Where(line => line.What == row)
            .Sum(line => line.Minutes) ?? 0;

    public long Total(string table) => tables.GetValueOrDefault(table).Total;

    private static (string What, long Minutes) RowOf(XElement row)
    {
        var written = row.Elements("td").Single().Value;
        var length = Length().Match(written);
        Assert.True(length.Success, $"“{written}” is no length of time, or one below zero.");
        return (row.Elements("th").Single().Value,
            (60 * Number(length.Groups["hours"])) + Number(length.Groups["minutes"]));
    }

    private static long Number(Group digits) => digits.Success
        ? long.Parse(digits.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?=\d)(?:(?<hours>[\d,]+) h)? ?(?:(?<minutes>\d+) min)?$")]
    private static partial Regex Length();
}
