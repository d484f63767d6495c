using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>The state of a file's reading.</summary>
public enum VisitFileState
{
    /// <summary>The whole file is stored and is being read.</summary>
    Reading = 1,

    /// <summary>Every row was read, and was accepted or rejected.</summary>
    Done,

    /// <summary>
    /// The file cannot be read at all, reading could not continue, or the file was cancelled. Its reference is free
    /// again. Rows that were accepted before remain accepted.
    /// </summary>
    Refused,
}

/// <summary>A file of visits that was sent under a reference, and the result of reading it so far.</summary>
public sealed record VisitFile
{
    public required string Id { get; init; }
    public required string Reference { get; init; }
    public required string Format { get; init; }
    public required bool DryRun { get; init; }
    /// <summary>
    /// The number of times that a file was stored under this id, from 1; more than one after a dry run or a refusal.
    /// </summary>
    public required int Attempt { get; init; }
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }
    public required Instant StoredAt { get; init; }
    public required VisitFileState State { get; init; }
    /// <summary>The first line of the last row that was read; reading continues after it.</summary>
    public long Line { get; init; }
    public long Read { get; init; }
    public long New { get; init; }
    public long Updated { get; init; }
    public long Unchanged { get; init; }
    public long Rejected { get; init; }
    /// <summary>
    /// The number of rejected rows that are kept; null for a file older than this field, which keeps all of them.
    /// </summary>
    public long? RejectionsKept { get; init; }
    /// <summary>The number of rows that moved a known visit to another day or line; each is flagged.</summary>
    public long Moved { get; init; }
    /// <summary>The number of rows whose end was read as the next morning.</summary>
    public long EndsNextDay { get; init; }
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];
    /// <summary>
    /// The id of the profile by which the file is read (<see cref="ProfileInForce"/>); null if the file has none.
    /// </summary>
    public string? ProfileId { get; init; }
    /// <summary>The number of the file's bytes, as they were sent, that have been read.</summary>
    public long BytesRead { get; init; }
    public string? Encoding { get; init; }
    /// <summary>Whether the text begins with a byte order mark.</summary>
    public bool ByteOrderMark { get; init; }
    public bool Gzip { get; init; }
    public string? Separator { get; init; }
    /// <summary>
    /// Whether the file's dates have the month before the day; null until the dates have been examined.
    /// </summary>
    public bool? MonthFirst { get; init; }
    /// <summary>The forms of dates, times and durations found in the file.</summary>
    public DetectedFormats? Forms { get; init; }
    /// <summary>The sender's name for the file in its rows; null if its format has none.</summary>
    public string? FileReference { get; init; }
    /// <summary>
    /// Why the file was refused, or a fault of the whole file that did not prevent its rows from being accepted; null
    /// if there is neither. While the file is still being read, it is a fault found when the file was stored.
    /// </summary>
    public FileRefusal? Problem { get; init; }
    public Instant? DoneAt { get; init; }

    /// <summary>Whether the file's reference is taken, so that another file sent under it is refused.</summary>
    public bool HoldsReference() => State == VisitFileState.Reading || (State == VisitFileState.Done && !DryRun);
}

/// <summary>A file's profile in its form at the time the file was stored, under the file's id.</summary>
public sealed record ProfileInForce(string Id, VisitFileProfile Profile);

/// <summary>A row that was not accepted, with its text as in the file.</summary>
/// <param name="Line">The line of the file on which the row begins.</param>
/// <param name="Field">The column at fault; null if it is the whole row.</param>
/// <param name="Code">The stable code of the reason.</param>
/// <param name="Message">What is wrong and what to do about it, in words for people.</param>
/// <param name="Row">The row as it stands in the file.</param>
public sealed record Rejection(long Line, string? Field, string Code, string Message, string Row);
