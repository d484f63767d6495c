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
    public abstract IEnumerable<(string FundId, LocalDate On)> DaysToFulfil { get; }

    /// <summary>
    /// Whether the row may record care that was not given, so that the terms for such care must be loaded.
    /// </summary>
    public virtual bool MayBeNotGiven => true;

    /// <summary>Whether the row's end was read as a time on the next morning.</summary>
    public virtual bool EndsNextDay { get; init; }

    /// <summary>Whether another row has the same content.</summary>
    public abstract bool HasSameContentAs(ParsedRow other);

    /// <summary>The visits that the row records, or the reason why it records none.</summary>
    /// <param name="fund">The row's fund, or null if it is not known.</param>
    /// <param name="fulfilling">The fund's visits that fulfil planned care on the days asked.</param>
    public abstract (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(
        FundCare? fund, IEnumerable<Visit> fulfilling);

    /// <summary>
    /// The ids of visits that an earlier row with the same key may have created and that this row lacks. Such visits
    /// are corrected to care not given.
    /// </summary>
    public virtual IEnumerable<string> LeftOver(IReadOnlyList<VisitRecord> visits) => [];

    /// <summary>Turns a fault in one of the row's visits into a fault of the row.</summary>
    public virtual RowFault FaultOf(VisitCheck.Fault fault) => RowFault.From(fault);
}

/// <summary>A row that records one visit.</summary>
public sealed record VisitRow(VisitRecord Record, Func<string, string> NameOf) : ParsedRow
{
    public override string FundId => Record.FundId;
    public override string Key => Record.VisitId;
    public override IEnumerable<(string FundId, LocalDate On)> DaysToFulfil => VisitRecorder.DaysToFulfil(Record);
    public override bool MayBeNotGiven => Record.Outcome != VisitOutcome.Delivered;
    public override bool HasSameContentAs(ParsedRow other) => other is VisitRow row && Record.SameAs(row.Record);
    public override (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(
        FundCare? fund, IEnumerable<Visit> fulfilling) => ([Record], null);

    public override RowFault FaultOf(VisitCheck.Fault fault)
    {
        var of = RowFault.From(fault);
        return of with { Field = NameOf(of.Field!) };
    }
}
