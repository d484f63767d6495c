namespace Isf.Support.Domain.Files;

/// <summary>What a row of a file can publish: the fields of api.md and what portals write in their place.</summary>
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

    /// <summary>How long was planned, as a length of time (PlannedMinutes is a bare number).</summary>
    PlannedDuration,

    /// <summary>How long was given, in place of an end; none or nothing means that no care was given.</summary>
    Duration,

    /// <summary>The outcome of a row whose duration says that no care was given.</summary>
    NotGiven,

    /// <summary>Yes or no: this row is another carer of a visit that has a row of its own.</summary>
    Secondary,

    /// <summary>How many carers the visit has, each in a row of its own.</summary>
    GroupSize,

    /// <summary>The sender's name of the file, the same in all of its rows.</summary>
    FileReference,

    /// <summary>The last day of the week in which the row's day lies.</summary>
    WeekEnding,

    /// <summary>In what the week's quantities are counted.</summary>
    Unit,
    Missed,
    Extra,
    Frustrated,
    Comment,

    /// <summary>Where the care was given, and how start and end were recorded.</summary>
    Place,
    Captured,
}

/// <summary>
/// Where a field's value comes from: a text with columns in braces, what the values written there mean here, and what
/// stands for every other value (a value that means nothing is refused where there is none).
/// </summary>
public sealed record FieldRule
{
    /// <summary>Columns in braces, and whatever else is to stand there: <c>{Contract}/{Date:date}</c>.</summary>
    public required string From { get; init; }

    /// <summary>Their words on the left, ours on the right.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>What all words mean that are not among the values.</summary>
    public string? Otherwise { get; init; }
}
