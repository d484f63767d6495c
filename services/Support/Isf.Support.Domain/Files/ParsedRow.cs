using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>
/// What one row of a file says, read and not yet held against funds and plans. A row is taken whole or not at all.
/// </summary>
public abstract record ParsedRow
{
    /// <summary>The fund that it is about.</summary>
    public abstract string FundId { get; }

    /// <summary>What it is about: a later row about the same corrects it.</summary>
    public abstract string Key { get; }

    /// <summary>The days of planned care that its visits may answer; a week goes by its Monday.</summary>
    public abstract IEnumerable<(string FundId, LocalDate On)> DaysAsked { get; }

    /// <summary>Whether care may come of it that was not given: then it matters what was agreed about that.</summary>
    public virtual bool MayBeNotGiven => true;

    /// <summary>Whether its end was read as the morning after its day.</summary>
    public virtual bool EndsNextDay { get; init; }

    /// <summary>Whether another row says the same.</summary>
    public abstract bool Says(ParsedRow other);

    /// <summary>The visits that it stands for, or why it stands for none.</summary>
    /// <param name="fund">Its fund, where it is known.</param>
    /// <param name="answering">The visits of the fund that answer what is planned on the days asked.</param>
    public abstract (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(
        FundCare? fund, IEnumerable<Visit> answering);

    /// <summary>
    /// The ids of visits that an earlier row of the same key may have left and that this one does not have: they are
    /// corrected as not given.
    /// </summary>
    public virtual IEnumerable<string> LeftOver(IReadOnlyList<VisitRecord> visits) => [];

    /// <summary>What a reason of one of its visits is to this row.</summary>
    public virtual RowFault FaultOf(VisitCheck.Fault fault) => RowFault.From(fault);
}

/// <summary>A row that is a visit.</summary>
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
