using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Maps the columns of a file's header, in any order and any case, to fields, and reads the text of each field in a
/// row. Unknown columns are ignored and reported.
/// </summary>
public sealed class RowMap
{
    private const int Absent = -2;

    private static readonly FileField[] IdFields =
        [FileField.VisitId, FileField.FundId, FileField.LineId, FileField.WorkerId, FileField.VisitGroup];

    private static readonly FileField[] DateFields =
        [FileField.Start, FileField.PlannedStart, FileField.End, FileField.WeekEnding];

    private readonly Source?[] sources;
    private readonly DateTimeFormats forms;

    private RowMap(Source?[] sources, int width, IReadOnlyList<string> ignored, DateTimeFormats forms) =>
        (this.sources, Width, Ignored, this.forms) = (sources, width, ignored, forms);

    /// <summary>The unknown columns of the file, as the file writes their names.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>The number of columns in the header.</summary>
    public int Width { get; }

    /// <summary>Reads the header row; refuses the file if it cannot be read at all.</summary>
    public static Decision<RowMap, FileFault> Read(FileTerms terms, SourceRow header, DateTimeFormats forms)
    {
        if (header.Trouble == RowTrouble.CutShort)
            return (FileFault.FileCutShort, "The file breaks off in its first row. Send it again, whole.");
        if (header.Trouble != RowTrouble.None)
        {
            return (FileFault.NoHeader,
                "The first row is not a header that can be read. Export the file again with its column names.");
        }
        var used = terms.Columns().Concat(terms.Format.OtherColumns).DistinctBy(Template.PlainName)
            .ToDictionary(Template.PlainName, StringComparer.Ordinal);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var ignored = new List<string>();
        for (var i = 0; i < header.Values.Count; i++)
        {
            var name = Template.PlainName(header.Values[i]);
            if (!used.TryGetValue(name, out var value))
            {
                ignored.Add(Texts.Quoted(header.Values[i], 64));
            }
            else if (!places.TryAdd(name, i))
            {
                return (FileFault.ColumnTwice,
                    $"The column {value} is there twice. Keep the right one, and send the file again.");
            }
        }
        var found = NeededColumns(terms, places);
        if (found.Value is not { } needed)
            return found.Refused<RowMap>();
        var sources = new Source?[Enum.GetValues<FileField>().Length + 1];
        foreach (var field in terms.Format.Fields)
            sources[(int)field] = Source.Of(terms.RuleOf(field), places);
        return new RowMap(sources, header.Values.Count, [.. ignored.Where(name => name.Length > 0)], forms)
        {
            NeededWidth = needed.Select(name => places[Template.PlainName(name)] + 1).DefaultIfEmpty().Max(),
            IdOfFormat = !terms.IsOfProfile(FileField.VisitId),
            HasDayOfPlan = terms.Format == FileFormat.AbacusCsv && !terms.IsOfProfile(FileField.Start)
                && !terms.IsOfProfile(FileField.PlannedStart),
            EndSharesDay = sources[(int)FileField.Start]?.DayColumn is { } day
                && sources[(int)FileField.End]?.DayColumn == day,
            IdColumns = [.. IdFields.SelectMany(field => sources[(int)field]?.TextColumns() ?? []).Distinct()
                .Select(column => (column, header.Values[column]))],
            DateColumns = [.. DateFields.SelectMany(field => sources[(int)field]?.DateColumns() ?? []).Distinct()],
        };
    }

    // The columns that the file needs, if it has them all. Every column that a profile names is needed, because a file
    // without it is not of the kind that the profile describes.
    private static Decision<List<string>, FileFault> NeededColumns(FileTerms terms, Dictionary<string, int> places)
    {
        List<string> needed = [.. terms.Format.Fields.Where(terms.IsOfProfile).Concat(terms.Format.Needed)
            .SelectMany(terms.NeededFor).DistinctBy(Template.PlainName)];
        var missing = needed.Where(name => !places.ContainsKey(Template.PlainName(name))).ToList();
        if (missing.Count > 0 && missing.Count == needed.Count)
        {
            return (FileFault.NoHeader, $"The first row names none of the columns of {terms.Format.Name}"
                + $"{(terms.Profile is { } profile ? $" by profile {profile.Id}" : "")}. "
                + $"It must name at least {string.Join(", ", needed)}.");
        }
        return missing.Count == 0 ? needed : (FileFault.MissingColumn,
            $"The header row lacks {string.Join(", ", missing)}. Add the column, and send the file again.");
    }

    /// <summary>The text of a field in a row; null if it is empty or if the row already has a fault.</summary>
    public string? Text(FileField field, SourceRow row, ref RowFault? fault)
    {
        if (sources[(int)field] is not { } source || fault is not null)
            return null;
        if (source.Column >= 0)
            return row.Values.Count > source.Column && row.Values[source.Column] is { Length: > 0 } text ? text : null;
        return source.Column == Absent ? null : source.Read(row, forms, FileFormat.NameOf(field), ref fault);
    }

    /// <summary>Whether the field's text is one column's value unchanged, even if the file lacks that column.</summary>
    public bool IsPlain(FileField field) => sources[(int)field] is { Column: not -1 };

    /// <summary>The columns whose values are dates or may begin with one.</summary>
    public required IReadOnlyList<int> DateColumns { get; init; }

    /// <summary>
    /// The column whose value is the field's text unchanged; negative if the rule or column is absent or the rule
    /// builds the text from several parts.
    /// </summary>
    public int ColumnOf(FileField field) => sources[(int)field]?.Column ?? Absent;

    /// <summary>The minimum number of values in a row that has all needed columns.</summary>
    public required int NeededWidth { get; init; }

    /// <summary>
    /// Whether start and end are times that share one day column, so that the end may be on the next day.
    /// </summary>
    public required bool EndSharesDay { get; init; }

    /// <summary>The columns that ids are made from, with their names in the header.</summary>
    public required IReadOnlyList<(int Column, string Name)> IdColumns { get; init; }

    /// <summary>The row's fault for the first id that a spreadsheet has damaged, or null.</summary>
    public RowFault? DamagedIdIn(SourceRow row)
    {
        foreach (var (column, name) in IdColumns)
        {
            if (column < row.Values.Count && DamagedId.Is(row.Values[column]))
                return DamagedId.Fault(name, row.Values[column]);
        }
        return null;
    }

    /// <summary>Whether the format or the profile has a rule for the field.</summary>
    public bool IsThere(FileField field) => sources[(int)field] is not null;

    /// <summary>Whether the format, and not the profile, defines the visit ids.</summary>
    public required bool IdOfFormat { get; init; }

    /// <summary>
    /// Whether a visit's start is a time only, so that its day is that of the planned start or the day before or after.
    /// </summary>
    public required bool HasDayOfPlan { get; init; }

    /// <summary>Whether a visit's id may be derived from a text that is no valid id.</summary>
    public bool DerivesIds => !IdOfFormat || !IsPlain(FileField.VisitId);

    /// <summary>Whether the field's rule has a date column; the field's text then has the date in ISO form.</summary>
    public bool IsBrought(FileField field) => sources[(int)field] is { IsBrought: true };

    /// <summary>The field's name in a rejection: the column or columns that it comes from.</summary>
    public string NameOf(string name) =>
        sources.Where((source, field) => source is not null && FileFormat.NameOf((FileField)field) == name)
            .Select(source => source!.Columns).FirstOrDefault(columns => columns.Length > 0) ?? name;

    private sealed class Source
    {
        private IReadOnlyList<(TemplatePart Part, int Column)> Parts { get; init; } = [];
        private Dictionary<string, string>? Values { get; init; }
        private string? Otherwise { get; init; }

        /// <summary>
        /// The column whose value is the field's text unchanged; -2 if the file lacks that column; -1 if the rule
        /// changes the value or uses anything besides one column.
        /// </summary>
        public int Column { get; private init; } = -1;

        /// <summary>Whether the rule has a date column, whose dates are converted to ISO form.</summary>
        public bool IsBrought { get; private init; }

        /// <summary>The names of the rule's columns, with blanks between them.</summary>
        public string Columns { get; private init; } = "";

        public static Source? Of(FieldRule? rule, Dictionary<string, int> places)
        {
            if (rule is null)
                return null;
            var parts = Template.Read(rule.From).Parts.Select(part =>
                (Part: part, Column: part.IsColumn ? places.GetValueOrDefault(Template.PlainName(part.Text), -1) : -1))
                .ToList();
            var plain = parts is [{ Part: { IsColumn: true, Kind: ColumnKind.Text } }] && rule.Values is null
                && rule.Otherwise is null;
            return new Source
            {
                Parts = parts,
                Column = !plain ? -1 : parts[0].Column < 0 ? Absent : parts[0].Column,
                IsBrought = parts.Exists(part => part.Part.Kind == ColumnKind.Date),
                Columns = string.Join(" ", parts.Where(part => part.Part.IsColumn).Select(part => part.Part.Text)),
                Values = rule.Values?.DistinctBy(value => value.Key.Trim().ToUpperInvariant())
                    .ToDictionary(value => value.Key.Trim(), value => value.Value, StringComparer.OrdinalIgnoreCase),
                Otherwise = rule.Otherwise,
            };
        }

        /// <summary>
        /// The date column, if the rule joins the date of one column and the time of another; otherwise null.
        /// </summary>
        public int? DayColumn => Parts.Where(part => part.Part.Kind == ColumnKind.Date).ToList() is [var day]
            && day.Column >= 0 && Parts.Any(part => part.Part.Kind == ColumnKind.Time) ? day.Column : null;

        public IEnumerable<int> TextColumns() =>
            Parts.Where(part => part.Column >= 0 && part.Part.Kind == ColumnKind.Text).Select(part => part.Column);

        public IEnumerable<int> DateColumns() =>
            Parts.Where(part => part.Column >= 0 && part.Part.Kind is ColumnKind.Date or ColumnKind.Text)
                .Select(part => part.Column);

        public string? Read(SourceRow row, DateTimeFormats forms, string name, ref RowFault? fault)
        {
            var (builder, columns) = (new System.Text.StringBuilder(), 0);
            var empty = true;
            foreach (var (part, column) in Parts)
            {
                if (!part.IsColumn)
                {
                    builder.Append(part.Text);
                    continue;
                }
                columns++;
                var value = column >= 0 && column < row.Values.Count ? row.Values[column] : "";
                // A date without a time is no moment, so the rule's Otherwise applies.
                if (part.Kind == ColumnKind.Time && value.Length == 0)
                    return Otherwise;
                empty &= value.Length == 0;
                builder.Append(part.Kind switch
                {
                    ColumnKind.Date when forms.TryDate(value, out var day) => $"{day:uuuu-MM-dd}",
                    ColumnKind.Time when forms.Time(value) is { } time => time,
                    ColumnKind.Yes when DateTimeFormats.Yes(value) is { } yes => yes ? "1" : "0",
                    _ => value,
                });
            }
            var text = empty && columns > 0 ? "" : builder.ToString().Trim();
            if (Values?.TryGetValue(text, out var ours) == true)
                return ours;
            if (Otherwise is not null || Values is null || text.Length == 0)
                return Otherwise ?? (text.Length == 0 ? null : text);
            fault ??= new RowFault(name, "unknown-value", "The file's profile does not say what "
                + $"\"{Texts.Quoted(text)}\" means for {name}. "
                + "Add it to the profile, and send the file again under a new reference.");
            return null;
        }
    }
}
