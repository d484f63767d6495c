namespace Isf.Support.Domain.Files;

/// <summary>The fields that a file's row can fill: those of api.md, and those that portals write instead.</summary>
public enum FileField
{
    VisitId = 1,
    FundId,
    LineId,
    Service,
    VisitGroup,
    WorkerId,
    PlannedStart,
    PlannedMinutes,
    Start,
    End,
    Carers,
    Outcome,
    NoticeHours,
    Miles,
    Quantity,
    Note,

    /// <summary>The planned length of time; it is used if PlannedMinutes is empty.</summary>
    PlannedDuration,

    /// <summary>The length of time given, instead of an end; empty or zero means that no care was given.</summary>
    Duration,

    /// <summary>The outcome of a row whose duration is empty or zero.</summary>
    NotGiven,

    /// <summary>
    /// Yes or no: whether the row is for a further carer. The first carer of the visit has another row.
    /// </summary>
    Secondary,

    /// <summary>The number of carers at the visit; each carer has a row.</summary>
    GroupSize,

    /// <summary>The sender's name for the file, the same in every row.</summary>
    FileReference,

    /// <summary>The last day of the row's week.</summary>
    WeekEnding,

    /// <summary>The unit in which the week's quantities are counted.</summary>
    Unit,
    Missed,
    Extra,
    Frustrated,
    Comment,

    /// <summary>Where the care was given.</summary>
    Place,
    /// <summary>How the visit's start and end were recorded.</summary>
    Captured,
}

/// <summary>
/// The source of a field's value: a text with columns in braces, the meaning of the values that the file uses, and the
/// meaning of every other value. If Values is set and Otherwise is not, a value that Values does not list is refused.
/// </summary>
public sealed record FieldRule
{
    /// <summary>Columns in braces, and any fixed text between them: <c>{Contract}/{Date:date}</c>.</summary>
    public required string From { get; init; }

    /// <summary>The file's values, each with the value that it means here.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>The meaning of every text that Values does not list, including an empty text.</summary>
    public string? Otherwise { get; init; }
}
