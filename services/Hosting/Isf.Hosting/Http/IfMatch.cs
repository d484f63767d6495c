using System.Collections.Immutable;
using System.Globalization;
using Isf.Measures;
using Microsoft.Extensions.Primitives;

namespace Isf.Hosting.Http;

/// <summary>
/// The If-Match header of a change, which is one ETag, a list of ETags, or * for any version (RFC 9110 §13.1.1).
/// </summary>
public sealed class IfMatch
{
    // Null means any version.
    private readonly ImmutableHashSet<string>? tags;

    private IfMatch(ImmutableHashSet<string>? tags) => this.tags = tags;

    /// <summary>Parses the lines of the header; null if the request has no such header.</summary>
    /// <exception cref="ProblemException">400: the header is malformed.</exception>
    public static IfMatch? Read(StringValues header)
    {
        if (header.Count == 0)
            return null;
        // Several lines of one header are one list (RFC 9110 §5.3).
        var text = string.Join(",", header.ToArray());
        if (text.Trim(' ', '\t') == "*")
            return new(null);
        var tags = TagsOf(text);
        return tags is { Count: > 0 } ? new([.. tags]) : throw Malformed();
    }

    /// <summary>
    /// Whether a document at this version may be changed. A weak tag matches no version (strong comparison, RFC 9110
    /// §8.8.3.2).
    /// </summary>
    public bool Matches(int version) => Matches(Tag(version));

    /// <summary>Whether a document with this ETag may be changed.</summary>
    internal bool Matches(string tag) => tags is null || tags.Contains(tag);

    /// <summary>A version as an ETag.</summary>
    public static string Tag(int version) => Tag(version.ToString(CultureInfo.InvariantCulture));

    /// <summary>A version that is not a number, as an ETag.</summary>
    public static string Tag(string version) => $"\"{version}\"";

    // The tags of a list; null if the text is not a list of tags. Weak tags keep their W/, so that they match no
    // version.
    private static List<string>? TagsOf(string text)
    {
        var tags = new List<string>();
        var mayBegin = true;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
            }
            else if (text[at] == ',')
            {
                mayBegin = true;
                at++;
            }
            else if (mayBegin && EndOfTag(text, at) is { } end)
            {
                tags.Add(text[at..end]);
                (mayBegin, at) = (false, end);
            }
            else
            {
                return null;
            }
        }
        return tags;
    }

    // The position after the tag that begins at the given position; null if no tag begins there. A tag is text in
    // double quotes, optionally after W/. The text may contain a comma, but no quote, blank or control character.
    private static int? EndOfTag(string text, int from)
    {
        var opens = string.CompareOrdinal(text, from, "W/", 0, 2) == 0 ? from + 2 : from;
        if (opens >= text.Length || text[opens] != '"')
            return null;
        var closes = text.IndexOf('"', opens + 1);
        return closes > 0 && !text[(opens + 1)..closes].Any(item => item is ' ' || char.IsControl(item))
            ? closes + 1 : null;
    }

    private static ProblemException Malformed() => ProblemException.For(PlatformRefusal.BadIfMatch,
        "Send the ETag that you were given, with its quotes: If-Match: \"3\"; or several with commas between; or *.",
        new FieldError("If-Match", "One ETag in double quotes, a list of them, or *."));
}
