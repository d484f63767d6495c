using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// Draws the picture of a statement in the README. It shows the figures of an approved text page as plain SVG text in
/// two columns. Its background is white, so that it can be read on a light and on a dark page.
/// </summary>
internal sealed partial class StatementPicture
{
    /// <summary>The width of the picture; below its heading the sections are in two columns.</summary>
    public const int Width = 880;

    private const int Margin = 32;
    private const int ColumnWidth = 392;
    private const int VisitsShown = 4;

    // A sentence of this length, at 12 pixels, fits its column in any of the usual fonts.
    private const int SentenceMax = 54;

    private const string Blue = "#1d4e6b";
    private const string Black = "#1a1a1a";
    private const string Grey = "#595959";

    private static readonly string[] Left = ["Money", "Your share", "Looking ahead"];
    private static readonly string[] Right = ["Your hours", "Every visit and purchase"];
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly List<XElement> drawn = [];

    private StatementPicture()
    {
    }

    /// <summary>Draws a text page: its heading, and the sections that the picture shows.</summary>
    public static string Draw(string page)
    {
        var blocks = page.TrimEnd('\n').Split("\n\n").Select(block => block.Split('\n')).ToList();
        var sections = blocks.Skip(1).ToDictionary(block => block[0], block => Entry.Read(block[2..]));
        var picture = new StatementPicture();
        picture.Head(blocks[0]);
        var height = Math.Max(
            picture.Column(Margin, Left, sections), picture.Column(Width - Margin - ColumnWidth, Right, sections));
        var svg = new XElement(Svg + "svg", new XAttribute("viewBox", $"0 0 {Width} {height}"),
            new XAttribute("width", Width), new XAttribute("height", height), new XAttribute("role", "img"),
            new XAttribute("font-family", "Arial, Helvetica, sans-serif"),
            new XElement(Svg + "title", string.Join(", ", blocks[0])),
            new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", height),
                new XAttribute("rx", 8), new XAttribute("fill", "#ffffff")),
            picture.drawn);
        return svg.ToString().ReplaceLineEndings("\n") + "\n";
    }

    private void Head(string[] lines)
    {
        Text(Margin, 58, 24, Blue, lines[0], isBold: true);
        Text(Margin, 86, 16, Black, lines[1]);
        for (var line = 2; line < lines.Length; line++)
            Text(Width - Margin, 12 + (line * 20), 13, Grey, lines[line], isRight: true);
        Rule(Margin, 104, Width - (2 * Margin), Blue, 3);
    }

    // Draws a column and returns the height that it needs.
    private int Column(int x, string[] names, Dictionary<string, List<Entry>> sections)
    {
        var y = 112;
        foreach (var name in names)
        {
            y += 32;
            Text(x, y, 17, Blue, name, isBold: true);
            y += 8;
            var (entries, left) = Shown(name, sections[name]);
            foreach (var entry in entries)
                y = Draw(entry, x, y);
            if (left > 0)
                y = Sentences(x, y, $"… and {left} more, each with its reason.");
        }
        return y + 24;
    }

    // Returns the entries of a section that the picture shows, and the number of visits that it leaves out. The
    // picture shows only the first visits.
    private static (IEnumerable<Entry> Shown, int Left) Shown(string section, List<Entry> entries)
    {
        if (section != Right[^1])
            return (entries, 0);
        var rows = entries.Index().Where(entry => entry.Item.Sum.Length > 0).ToList();
        return (entries.Take(rows[VisitsShown].Index), rows.Count - VisitsShown);
    }

    private int Draw(Entry entry, int x, int y)
    {
        if (entry.Sum.Length == 0)
            return Sentences(x, y, entry.What);
        var (what, remark) = entry.Parts;
        y += 20;
        if (what == "Free to use")
        {
            drawn.Add(new XElement(Svg + "rect", new XAttribute("x", x - 8), new XAttribute("y", y - 16),
                new XAttribute("width", ColumnWidth + 16), new XAttribute("height", 24), new XAttribute("rx", 4),
                new XAttribute("fill", "#e3eef5")));
        }
        Text(x + entry.Indent, y, 14, Black, what, isBold: entry.IsTotal);
        Text(x + ColumnWidth, y, 14, Black, entry.Sum, isBold: !entry.IsPart, isRight: true);
        y += 4;
        return remark.Length > 0 ? Sentences(x + entry.Indent, y - 2, remark) : y;
    }

    private int Sentences(int x, int y, string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > SentenceMax)
            {
                Text(x, y += 16, 12, Grey, line);
                line = "";
            }
            line += line.Length > 0 ? " " + word : word;
        }
        Text(x, y += 16, 12, Grey, line);
        return y + 4;
    }

    private void Rule(int x, int y, int width, string colour, int thickness) => drawn.Add(new XElement(Svg + "rect",
        new XAttribute("x", x), new XAttribute("y", y), new XAttribute("width", width),
        new XAttribute("height", thickness), new XAttribute("fill", colour)));

    private void Text(int x, int y, int size, string colour, string text, bool isBold = false, bool isRight = false) =>
        drawn.Add(new XElement(Svg + "text", new XAttribute("x", x), new XAttribute("y", y),
            new XAttribute("font-size", size), new XAttribute("fill", colour),
            isBold ? new XAttribute("font-weight", "bold") : null,
            isRight ? new XAttribute("text-anchor", "end") : null, text));

    /// <summary>A line of the page: a text with its sum, or sentences without a sum.</summary>
    private sealed partial record Entry(string What, string Sum)
    {
        /// <summary>Whether the line is a part of a total above or below it.</summary>
        public bool IsPart => What.StartsWith("  ", StringComparison.Ordinal);

        /// <summary>Whether the line is a total, and not a visit.</summary>
        public bool IsTotal => !IsPart && !What.Contains("  ", StringComparison.Ordinal);

        /// <summary>The distance of the line from the edge of the column, in pixels.</summary>
        public int Indent => IsPart ? 16 : 0;

        /// <summary>The line's text, and the text in brackets after it.</summary>
        public (string Text, string Remark) Parts
        {
            get
            {
                var text = What.Trim().Replace("  ", " · ", StringComparison.Ordinal);
                return text.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at
                    ? (text[..at], text[(at + 2)..].TrimEnd(')')) : (text, "");
            }
        }

        /// <summary>The entries of a section; successive lines of sentences are one entry.</summary>
        public static List<Entry> Read(IEnumerable<string> lines)
        {
            var read = new List<Entry>();
            foreach (var line in lines)
            {
                if (line.Length == 78 && Row().Match(line) is { Success: true } row)
                    read.Add(new(row.Groups["what"].Value, row.Groups["sum"].Value));
                else if (read.Count > 0 && read[^1].Sum.Length == 0)
                    read[^1] = read[^1] with { What = $"{read[^1].What} {line.Trim()}" };
                else
                    read.Add(new(line.Trim(), ""));
            }
            return read;
        }

        // The sum ends in the last column of the page, after two or more blanks.
        [GeneratedRegex(@"^(?<what>.*\S) {2,}(?<sum>\S.*)$")]
        private static partial Regex Row();
    }
}
