namespace Isf.Support.Domain.Files;

/// <summary>How a file is read: its format, and its profile where it was sent with one.</summary>
public sealed record FileTerms(FileFormat Format, VisitFileProfile? Profile = null)
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    // What a profile's rules name is theirs: a column that is by chance called as a field of ours is not that field.
    private readonly HashSet<string> ofProfile = Profile is null ? []
        : [.. Profile.Fields.Values.SelectMany(rule => Template.Read(rule.From).Parts)
            .Where(part => part.IsColumn).Select(part => Template.PlainName(part.Text))];

    /// <summary>Where a field comes from, or null.</summary>
    public FieldRule? RuleOf(FileField field)
    {
        var word = FileFormat.WordOf(field);
        if (Profile?.Fields.GetValueOrDefault(word) is { } rule)
            return rule;
        return Format.Rules.GetValueOrDefault(field) is { } own && !(own.From == $"{{{word}}}"
            && ofProfile.Contains(Template.PlainName(word))) ? own : null;
    }

    /// <summary>Whether the profile, and not the format, says where a field comes from.</summary>
    public bool IsOfProfile(FileField field) => Profile?.Fields.ContainsKey(FileFormat.WordOf(field)) == true;

    /// <summary>
    /// What separates the values: what the profile says, else of comma, semicolon, tab and bar the one that makes most
    /// known columns.
    /// </summary>
    public char SeparatorOf(string header)
    {
        var known = Columns().Concat(Format.AlsoKnown).Select(Template.PlainName).ToHashSet(StringComparer.Ordinal);
        return Profile?.Separator is { } fixedSign ? fixedSign[0] : Separators.MaxBy(separator =>
            header.Split(separator).Count(name => known.Contains(Template.PlainName(name))));
    }

    /// <summary>The columns that the rules name.</summary>
    public IEnumerable<string> Columns() =>
        Format.Fields.SelectMany(PartsOf).Select(part => part.Text).Distinct(StringComparer.Ordinal);

    /// <summary>The columns without which a field cannot be told: where yes or no is missing, it is no.</summary>
    public IEnumerable<string> NeededFor(FileField field) =>
        PartsOf(field).Where(part => part.Kind != ColumnKind.Yes).Select(part => part.Text);

    private IEnumerable<TemplatePart> PartsOf(FileField field) => RuleOf(field) is { } rule
        ? Template.Read(rule.From).Parts.Where(part => part.IsColumn) : [];
}
