using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Isf.Hosting;

/// <summary>Characters that cannot be stored or seen, in what comes in (api.md, Conventions).</summary>
public static class Characters
{
    /// <summary>Fields of free text, which may hold tabs and line breaks.</summary>
    private static readonly HashSet<string> FreeText = ["note", "words", "why", "address", "comment"];

    /// <summary>The first control character of a text; a field of free text may have tabs and line breaks.</summary>
    /// <param name="text">What came.</param>
    /// <param name="field">The name of the field that holds it.</param>
    public static char? Control(string text, string? field = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isFree = field is not null && FreeText.Contains(field);
        foreach (var each in text)
        {
            if (char.IsControl(each) && !(isFree && each is '\t' or '\r' or '\n'))
                return each;
        }
        return null;
    }

    /// <summary>A character's code, as messages name it: U+202E.</summary>
    public static string Code(int character) => "U+" + character.ToString("X4", CultureInfo.InvariantCulture);

    /// <summary>A text from outside as a message may repeat it: what cannot be seen is named by its code.</summary>
    public static string Shown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var some = text.EnumerateRunes().Take(100);
        return string.Concat(some.Select(rune => IsUnseen(rune) ? Code(rune.Value) : rune.ToString()));
    }

    /// <summary>The refusal of a control character, with its place.</summary>
    internal static Refused Refusal(string place, char found) => new(400, "control-character",
        "A character cannot be used.",
        $"Look at {place}: it holds the control character {Code(found)}, which cannot be kept. Take it out.",
        new FieldError(place, $"holds {Code(found)}", "control-character"));

    /// <summary>Checks path and query of every request, and that its options are the route's.</summary>
    public static IApplicationBuilder UseAddressChecks(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (Control(http.Request.Path.Value ?? "") is { } inPath)
            throw Refusal("the path", inPath);
        foreach (var (name, values) in QueryOptions.Query(http))
        {
            if (values.Prepend(name).Select(text => Control(text ?? "")).FirstOrDefault(each => each is not null)
                is { } found)
                throw Refusal("?" + Shown(name), found);
        }
        QueryOptions.Check(http);
        return next(http);
    });

    private static bool IsUnseen(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
