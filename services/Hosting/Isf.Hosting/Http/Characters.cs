using Isf.Measures;
using Microsoft.AspNetCore.Builder;

namespace Isf.Hosting.Http;

/// <summary>Rejects control characters, which cannot be stored or seen (api.md, Conventions).</summary>
public static class Characters
{
    /// <summary>
    /// The first control character of a text, or null if it has none; tabs and line breaks are permitted in a
    /// free-text field.
    /// </summary>
    /// <param name="text">The text to check.</param>
    /// <param name="field">The name of the field that contains it.</param>
    public static char? Control(string text, string? field = null) =>
        Texts.Control(text, Texts.IsFree(field));

    /// <summary>The problem for a control character, with its place.</summary>
    internal static ProblemException Refusal(string place, char found) => ProblemException.For(
        PlatformRefusal.ControlCharacter,
        $"Look at {place}: it holds the control character {Texts.Code(found)}, which cannot be kept. Take it out.",
        new FieldError(place, $"holds {Texts.Code(found)}", "control-character"));

    /// <summary>
    /// Checks the path and query of every request, refuses options that the route does not declare, and normalizes the
    /// values.
    /// </summary>
    public static IApplicationBuilder UseAddressChecks(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (Control(http.Request.Path.Value ?? "") is { } inPath)
            throw Refusal("the path", inPath);
        foreach (var (name, values) in QueryOptions.Query(http))
        {
            if (values.Prepend(name).Select(text => Control(text ?? "")).FirstOrDefault(item => item is not null)
                is { } found)
            {
                throw Refusal("?" + Texts.Quoted(name), found);
            }
        }
        QueryOptions.Check(http);
        QueryOptions.Tidy(http);
        return next(http);
    });
}
