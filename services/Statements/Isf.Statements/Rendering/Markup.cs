using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Isf.Measures;

namespace Isf.Statements.Rendering;

/// <summary>
/// HTML that is safe to print: it can only be made from a template, and every value inserted into a template is
/// encoded unless the value is a Markup itself.
/// </summary>
public sealed record Markup
{
    private Markup(string text) => Text = text;

    public string Text { get; }

    /// <summary>An empty piece of HTML.</summary>
    public static Markup None { get; } = new("");

    /// <summary>Fills a template.</summary>
    public static Markup Html(Template template) => new(template.Finish());

    /// <summary>Free text, with its line breaks kept.</summary>
    public static Markup Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return new(string.Join("<br/>\n", lines.Select(line => Html($"{line}").Text)));
    }

    /// <summary>Many pieces, one after another.</summary>
    public static Markup Each<T>(IEnumerable<T> items, Func<T, Markup> piece) =>
        new(string.Concat(items.Select(item => piece(item).Text)));

    /// <summary>A piece if a condition holds, else nothing.</summary>
    public static Markup When(bool holds, Func<Markup> piece) =>
        holds ? piece() : None;

    /// <summary>A template's text as the compiler passes it on: literals unchanged, inserted values encoded.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Template
    {
        // The page is UTF-8: £ and letters of every script stay as they are; HTML's own characters are encoded.
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder text;

        public Template(int literalLength, int formattedCount) => text = new(literalLength + (32 * formattedCount));

        public void AppendLiteral(string text) => this.text.Append(text);

        public void AppendFormatted(Markup markup)
        {
            text.Append(markup.Text);
        }

        // Bidirectional controls in a value, such as a name, can reverse no text outside that value.
        public void AppendFormatted<T>(T value) =>
            text.Append(Encoder.Encode(Texts.Isolated(value?.ToString() ?? "")));

        internal string Finish() => text.ToString();
    }
}
