namespace Isf.Measures;

/// <summary>Ids that callers choose: 1–64 of A–Z a–z 0–9 . _ - (api.md, conventions).</summary>
public static class Ids
{
    /// <summary>Whether the text can be an id.</summary>
    public static bool IsId(string? text) => text is { Length: >= 1 and <= 64 }
        && text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '_' or '-');
}
