using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Describes how one program writes its export. A profile is data, so that a new program needs no code. The format
/// applies to everything that a profile leaves open.
/// </summary>
public sealed record VisitFileProfile
{
    private static readonly IReadOnlyDictionary<string, FieldRule> None = new Dictionary<string, FieldRule>();

    /// <summary>The id of the profile.</summary>
    public required string Id { get; init; }

    /// <summary>The format that the file's rows are converted to.</summary>
    public required string Format { get; init; }

    /// <summary>A description that helps people choose the profile.</summary>
    public string? Description { get; init; }

    /// <summary>Comma, semicolon, tab, bar or another sign; if null, it is detected from the header.</summary>
    public string? Separator { get; init; }

    /// <summary>One of <see cref="TextEncoding.Names"/>; if null, it is detected from the bytes.</summary>
    public string? Encoding { get; init; }

    /// <summary>The form of dates, such as dd/mm/yyyy or dd-mmm-yy; if null, it is detected from the file.</summary>
    public string? Dates { get; init; }

    /// <summary>The form of times, such as hh:mm or hhmm; if null, hh:mm and hh:mm:ss are accepted.</summary>
    public string? Times { get; init; }

    /// <summary>The unit of a duration that is a bare number: minutes (also if null) or hours.</summary>
    public string? Durations { get; init; }

    /// <summary>The source of each field's value, by the field's name.</summary>
    public required IReadOnlyDictionary<string, FieldRule> Fields { get; init; }

    /// <summary>Whether another profile has the same content.</summary>
    public bool SameAs(VisitFileProfile other)
    {
        return this with { Fields = None } == other with { Fields = None }
            && Fields.Count == other.Fields.Count
            && Fields.All(field => other.Fields.TryGetValue(field.Key, out var theirs)
                && field.Value with { Values = null } == theirs with { Values = null }
                && Same(field.Value.Values, theirs.Values));
    }

    private static bool Same(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        one is null || other is null ? one is null && other is null
        : one.Count == other.Count && one.All(value => other.GetValueOrDefault(value.Key) == value.Value);
}

/// <summary>Checks whether a profile can work, before any file is read by it.</summary>
public static class ProfileCheck
{
    /// <summary>
    /// The first fault in a profile, with its place and what to do about it; null if none is found.
    /// </summary>
    public static FieldError? Fault(VisitFileProfile profile)
    {
        if (FileFormat.Named(profile.Format) is not { } format)
            return new("/format", $"Name one of {string.Join(", ", FileFormat.All.Select(known => known.Name))}.");
        if (profile.Description is { } description && Texts.IsLonger(description, 500))
            return new("/description", "Describe it in up to 500 characters.");
        if (profile.Separator is { } sign && (sign.Length != 1 || char.IsLetterOrDigit(sign[0]) || sign[0] is '"' or ' '
            or '\r' or '\n'))
        {
            return new("/separator", "The separator is one sign, such as a comma, a semicolon or a tab.");
        }
        if (profile.Encoding is { } encoding && !TextEncoding.Names.Contains(encoding))
            return new("/encoding", $"Name one of {string.Join(", ", TextEncoding.Names)}.");
        if (profile.Dates is { } dates && DayPattern.Read(dates) is null)
            return new("/dates", "Write a date with d, m and y, each once, such as dd/mm/yyyy, yyyymmdd or dd-mmm-yy.");
        if (profile.Times is { } times && TimePattern.Read(times) is null)
            return new("/times", "Write a time with h, m and, where there are seconds, s, such as hh:mm or hhmmss.");
        if (profile.Durations is not (null or "minutes" or "hours"))
            return new("/durations", "A bare number counts minutes or hours.");
        foreach (var (name, rule) in profile.Fields)
        {
            if (FaultOf(format, name, rule) is { } fault)
            {
                return new($"/fields/{name.Replace("~", "~0", StringComparison.Ordinal)
                    .Replace("/", "~1", StringComparison.Ordinal)}{fault.Pointer}", fault.Detail);
            }
        }
        return null;
    }

    private static FieldError? FaultOf(FileFormat format, string name, FieldRule? rule)
    {
        if (!format.Fields.Any(field => FileFormat.NameOf(field) == name))
        {
            return new("", $"{format.Name} has no field “{name}”. Its fields are "
                + $"{string.Join(", ", format.Fields.Select(FileFormat.NameOf))}.");
        }
        if (rule is null)
            return new("", "Say where the field comes from, or leave it out.");
        if (rule.From.Length == 0 || Texts.IsLonger(rule.From, 500))
            return new("/from", "Write from 1 to 500 characters, with columns in braces, such as {Visit Date}.");
        if (Template.Read(rule.From).Fault is { } fault)
            return new("/from", fault);
        foreach (var (theirs, ours) in rule.Values ?? new Dictionary<string, string>())
        {
            if (Wrong(name, ours) is { } detail)
            {
                return new($"/values/{theirs.Replace("~", "~0", StringComparison.Ordinal)
                    .Replace("/", "~1", StringComparison.Ordinal)}", detail);
            }
        }
        if (rule.Otherwise is { } otherwise && Wrong(name, otherwise) is { } wrong)
            return new("/otherwise", wrong);
        var isConstant = !rule.From.Contains('{', StringComparison.Ordinal);
        if (isConstant && rule.Values is null && Wrong(name, rule.From) is { } badConstant)
            return new("/from", badConstant);
        return isConstant && name == FileFormat.NameOf(FileField.VisitId)
            ? new FieldError("/from",
                "All visits would have the same id. Name the columns that tell one visit from another.")
            : null;
    }

    private static string? Wrong(string name, string? ours) => name switch
    {
        _ when ours is null => "Say what it means here, or leave it out.",
        "outcome" or "notGiven" when VisitInput.ParseOutcome(ours) is null =>
            $"“{ours}” is no outcome. Use one of: {string.Join(", ", VisitInput.Outcomes)}.",
        "notGiven" when ours == "delivered" => "What was not given cannot be delivered.",
        "fundId" or "lineId" or "visitId" or "service" when !Ids.IsId(ours) =>
            $"“{ours}” is no id: 1 to 64 letters (A–Z, a–z), digits, full stops, hyphens or underscores.",
        _ => null,
    };
}
