using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>How far the reading of a file has come.</summary>
public enum VisitFileState
{
    /// <summary>It is stored whole and being read.</summary>
    Reading = 1,

    /// <summary>Every row was read; what was not taken is among its rejections.</summary>
    Done,

    /// <summary>
    /// It cannot be read at all, could not be read on, or was cancelled: its reference is free again. What had been
    /// taken of it before stays.
    /// </summary>
    Refused,
}

/// <summary>A file of visits that was sent under a reference, and what came of it so far.</summary>
public sealed record VisitFile
{
    public required string Id { get; init; }
    public required string Reference { get; init; }
    public required string Format { get; init; }
    public required bool DryRun { get; init; }
    /// <summary>A dry run may be asked for again; each counts up.</summary>
    public required int Attempt { get; init; }
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }
    public required Instant StoredAt { get; init; }
    public required VisitFileState State { get; init; }
    /// <summary>The line on which the last row that was read begins: reading goes on after it.</summary>
    public long Line { get; init; }
    public long Read { get; init; }
    public long New { get; init; }
    public long Updated { get; init; }
    public long Unchanged { get; init; }
    public long Rejected { get; init; }
    /// <summary>How many of the rejected rows are kept; null of files from before this was counted, which kept all.
    /// </summary>
    public long? RejectionsKept { get; init; }
    /// <summary>Rows that put a known visit on another day or line; each is flagged.</summary>
    public long Moved { get; init; }
    /// <summary>Rows whose end was read as the next morning.</summary>
    public long EndsNextDay { get; init; }
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];
    /// <summary>The profile that it is read by, as it was when the file was stored.</summary>
    public string? ProfileId { get; init; }
    /// <summary>How many of its bytes, as they were sent, have been read.</summary>
    public long BytesRead { get; init; }
    public string? Encoding { get; init; }
    /// <summary>Whether the text begins with a byte order mark.</summary>
    public bool ByteOrderMark { get; init; }
    public bool Gzip { get; init; }
    public string? Separator { get; init; }
    /// <summary>Whether its dates have been found to write the month before the day; null until they were looked
    /// at.</summary>
    public bool? MonthFirst { get; init; }
    /// <summary>The forms of dates, times and lengths of time that were found in it.</summary>
    public DetectedFormats? Forms { get; init; }
    /// <summary>The name that its rows give the file, where its format has one.</summary>
    public string? FileReference { get; init; }
    /// <summary>
    /// Why the file was refused (found while it was stored, where it is still to be read), or what is wrong with it as
    /// a whole though its rows were taken.
    /// </summary>
    public FileRefusal? Problem { get; init; }
    public Instant? DoneAt { get; init; }

    /// <summary>Whether its reference stands for these bytes, so that others under it are refused.</summary>
    public bool HoldsReference() => State == VisitFileState.Reading || (State == VisitFileState.Done && !DryRun);
}

/// <summary>The profile of a file as it was when the file was stored, under the file's id.</summary>
public sealed record ProfileInForce(string Id, VisitFileProfile Profile);

/// <summary>A row that was not taken, with its text as it stands in the file.</summary>
public sealed record Rejection(long Line, string? Field, string Code, string Message, string Row);
