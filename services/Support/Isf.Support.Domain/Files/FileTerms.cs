namespace Isf.Support.Domain.Files;

/// <summary>The terms by which a file is read: its format, and its profile if it was sent with one.</summary>
public sealed record FileTerms(FileFormat Format, VisitFileProfile? Profile = null)
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    // A column that the profile names is read by the profile alone, even if one of the format's fields has the same
    // name.
    private readonly HashSet<string> ofProfile = Profile is null ? []
        : [.. Profile.Fields.Values.SelectMany(rule => Template.Read(rule.From).Parts)
            .Where(part => part.IsColumn).Select(part => Template.PlainName(part.Text))];

    /// <summary>The source of a field's value; null if neither the profile nor the format has one.</summary>
    public FieldRule? RuleOf(FileField field)
    {
        var name = FileFormat.NameOf(field);
        if (Profile?.Fields.GetValueOrDefault(name) is { } rule)
            return rule;
        return Format.Rules.GetValueOrDefault(field) is { } own && !(own.From == $"{{{name}}}"
            && ofProfile.Contains(Template.PlainName(name))) ? own : null;
    }

    /// <summary>Whether the profile, and not the format, gives the source of a field.</summary>
    public bool IsOfProfile(FileField field) => Profile?.Fields.ContainsKey(FileFormat.NameOf(field)) == true;

    /// <summary>
    /// The sign between the values: the profile's, or else the one of comma, semicolon, tab and bar that splits the
    /// header into the largest number of known columns.
    /// </summary>
    public char SeparatorOf(string header)
    {
        var columns = Columns().Concat(Format.OtherColumns).Select(Template.PlainName)
            .ToHashSet(StringComparer.Ordinal);
        return Profile?.Separator is { } fixedSign ? fixedSign[0] : Separators.MaxBy(separator =>
            header.Split(separator).Count(name => columns.Contains(Template.PlainName(name))));
    }

    /// <summary>The names of the columns that the rules use.</summary>
    public IEnumerable<string> Columns() =>
        Format.Fields.SelectMany(PartsOf).Select(part => part.Text).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// The columns that a field cannot do without; a yes-or-no column may be missing and then means no.
    /// </summary>
    public IEnumerable<string> NeededFor(FileField field) =>
        PartsOf(field).Where(part => part.Kind != ColumnKind.Yes).Select(part => part.Text);

    private IEnumerable<TemplatePart> PartsOf(FileField field) => RuleOf(field) is { } rule
        ? Template.Read(rule.From).Parts.Where(part => part.IsColumn) : [];
}
