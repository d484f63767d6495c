using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The content of one row of a file, parsed but not yet checked against funds and plans. A row is accepted as a whole
/// or rejected as a whole.
/// </summary>
public abstract record ParsedRow
{
    /// <summary>The id of the row's fund.</summary>
    public abstract string FundId { get; }

    /// <summary>The key of the row's subject: a later row with the same key corrects this row.</summary>
    public abstract string Key { get; }

    /// <summary>
    /// The days whose planned care the row's visits may fulfil. Care planned by the week is looked up by its Monday.
    /// </summary>
    public abstract IEnumerable<(string FundId, LocalDate On)> DaysAsked { get; }

    /// <summary>
    /// Whether the row may record care that was not given, so that the terms for such care must be loaded.
    /// </summary>
    public virtual bool MayBeNotGiven => true;

    /// <summary>Whether the row's end was read as a time on the next morning.</summary>
    public virtual bool EndsNextDay { get; init; }

    /// <summary>Whether another row has the same content.</summary>
    public abstract bool Says(ParsedRow other);

    /// <summary>The visits that the row records, or the reason why it records none.</summary>
    /// <param name="fund">The row's fund, or null if it is not known.</param>
    /// <param name="answering">The fund's visits that fulfil planned care on the days asked.</param>
    public abstract (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(
        FundCare? fund, IEnumerable<Visit> answering);

    /// <summary>
    /// The ids of visits that an earlier row with the same key may have created and that this row lacks. Such visits
    /// are corrected to care not given.
    /// </summary>
    public virtual IEnumerable<string> LeftOver(IReadOnlyList<VisitRecord> visits) => [];

    /// <summary>Turns a fault in one of the row's visits into a fault of the row.</summary>
    public virtual RowFault FaultOf(VisitCheck.Fault fault) => RowFault.From(fault);
}

/// <summary>A row that records one visit.</summary>
public sealed record VisitRow(VisitRecord Words, Func<string, string> NameOf) : ParsedRow
{
    public override string FundId => Words.FundId;
    public override string Key => Words.VisitId;
    public override IEnumerable<(string FundId, LocalDate On)> DaysAsked => VisitRecorder.DaysAsked(Words);
    public override bool MayBeNotGiven => Words.Outcome != VisitOutcome.Delivered;
    public override bool Says(ParsedRow other) => other is VisitRow row && Words.SameAs(row.Words);
    public override (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(
        FundCare? fund, IEnumerable<Visit> answering) => ([Words], null);

    public override RowFault FaultOf(VisitCheck.Fault fault)
    {
        var of = RowFault.From(fault);
        return of with { Field = NameOf(of.Field!) };
    }
}
