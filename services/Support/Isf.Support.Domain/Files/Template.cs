namespace Isf.Support.Domain.Files;

/// <summary>The form in which a column's value is used, so that it does not depend on how the file writes it.</summary>
public enum ColumnKind
{
    /// <summary>The value as in the file.</summary>
    Text = 0,

    /// <summary>A date, as 2026-04-06.</summary>
    Date,

    /// <summary>A time of day, as 08:00:00.</summary>
    Time,

    /// <summary>Yes or no, as 1 or 0.</summary>
    Yes,
}

/// <summary>A piece of a template: a fixed text or a column.</summary>
public readonly record struct TemplatePart(string Text, bool IsColumn, ColumnKind Kind);

/// <summary>A text with columns in braces, such as <c>{Contract}/{Visit Date:date}</c>.</summary>
public static class Template
{
    /// <summary>The pieces of a template, or the fault in it.</summary>
    public static (IReadOnlyList<TemplatePart> Parts, string? Fault) Read(string text)
    {
        var parts = new List<TemplatePart>();
        for (var at = 0; at < text.Length;)
        {
            var next = text.AsSpan(at).IndexOfAny('{', '}');
            if (next < 0)
            {
                parts.Add(new(text[at..], false, default));
                break;
            }
            if (next > 0)
                parts.Add(new(text.AsSpan(at, next).ToString(), false, default));
            at += next;
            var end = text[at] == '}' ? -1 : text.AsSpan(at + 1).IndexOfAny('{', '}');
            if (end < 0 || text[at + 1 + end] == '{')
                return ([], "A column stands between { and }, and there is no other use for them.");
            var inside = text.AsSpan(at + 1, end).ToString();
            var colon = inside.LastIndexOf(':');
            var name = (colon < 0 ? inside : inside[..colon]).Trim();
            if (PlainName(name).Length == 0)
                return ([], "Between { and } stands the name of a column, as the file's first row writes it.");
            if (KindOf(colon < 0 ? "" : inside[(colon + 1)..].Trim()) is not { } kind)
                return ([], "After the colon of a column stands date, time or yes.");
            parts.Add(new(name, true, kind));
            at += end + 2;
        }
        return (parts, null);
    }

    /// <summary>A column's name in lower case without blanks and signs, because files differ in these.</summary>
    public static string PlainName(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    private static ColumnKind? KindOf(string name) => name switch
    {
        "" => ColumnKind.Text,
        "date" => ColumnKind.Date,
        "time" => ColumnKind.Time,
        "yes" => ColumnKind.Yes,
        _ => null,
    };
}
