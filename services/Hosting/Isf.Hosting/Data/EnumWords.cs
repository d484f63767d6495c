using System.Text.Json;

namespace Isf.Hosting.Data;

/// <summary>The words of an enum's members in kebab-case, as rows and the interface use them.</summary>
/// <typeparam name="T">An enum, or a nullable enum.</typeparam>
internal static class EnumWords<T>
{
    private static readonly Dictionary<string, T> Values =
        Enum.GetValuesAsUnderlyingType(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).Cast<object>()
            .Select(number => (T)Enum.ToObject(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), number))
            .ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value!.ToString()!),
                StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Words =
        Values.ToDictionary(value => value.Value!.ToString()!, value => value.Key, StringComparer.Ordinal);

    /// <summary>The member's word; null if the value is null.</summary>
    public static string? WordOf(T value) => value is null ? null : Words[value.ToString()!];

    /// <summary>The member that the word names.</summary>
    /// <exception cref="FormatException">No member has this word.</exception>
    public static T ValueOf(string word) => Values.TryGetValue(word, out var value)
        ? value
        : throw new FormatException($"“{word}” is no {typeof(T).Name}.");
}
