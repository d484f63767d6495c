using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>Why a whole file cannot be read; its code is the name in kebab-case.</summary>
public enum FileFault
{
    EmptyFile = 1,
    FileCutShort,
    NotText,
    NoHeader,
    ColumnTwice,
    MissingColumn,
    NotAVisitFile,
    TooLargeUnpacked,
}

/// <summary>Why a whole file is refused, and what to do about it.</summary>
/// <param name="Code">The stable code of the reason.</param>
/// <param name="PlainWords">What is wrong and what to do about it, in words for people.</param>
public sealed record FileRefusal(string Code, string PlainWords)
{
    /// <summary>The refusal of a decision; null if the decision has a result.</summary>
    public static FileRefusal? From<T>(Decision<T, FileFault> decision) => decision.Refusal is not { } why ? null
        : new(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(why.ToString()), decision.Detail);
}
