using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>The minutes that moved from one account to another, on one day of care.</summary>
public sealed record DayPostingSum(LocalDate CareOn, PostingSum Flow);

/// <summary>The person's own minutes on one line and day: a visit of two carers for 45 minutes counts 45.</summary>
public sealed record PersonTime(LocalDate CareOn, string LineId, long Minutes);

/// <summary>
/// The minutes not given for one reason. Minutes that were banked or released later are included; charged minutes are
/// not.
/// </summary>
/// <param name="Reason">The outcome of the visits, the kind of an absence, short or no-record.</param>
/// <param name="Minutes">The carer-minutes.</param>
public sealed record MissedFor(string Reason, long Minutes);

/// <summary>
/// The book of time for a range of days of care (api.md, hours). Planned + extra = delivered + missed + banked +
/// released + outstanding, in every line and total.
/// </summary>
public sealed record Hours(HoursFigures Totals, IReadOnlyList<HoursWeek> Weeks)
{
    /// <summary>
    /// Builds the hours from flows of time and the person's own minutes, by week (Monday to Sunday) and line.
    /// </summary>
    public static Hours Build(IReadOnlyList<DayPostingSum> flows, IReadOnlyList<PersonTime> personTime)
    {
        var keys = flows.Select(flow => (Monday: CarePeriod.MondayOf(flow.CareOn), Line: LineOf(flow.Flow.From)))
            .Union(personTime.Select(item => (Monday: CarePeriod.MondayOf(item.CareOn), Line: item.LineId)));
        var flowsOf =
            flows.ToLookup(flow => (CarePeriod.MondayOf(flow.CareOn), LineOf(flow.Flow.From)), flow => flow.Flow);
        var personOf =
            personTime.ToLookup(item => (CarePeriod.MondayOf(item.CareOn), item.LineId), item => item.Minutes);
        var weeks = keys.GroupBy(key => key.Monday).OrderBy(week => week.Key).Select(week => new HoursWeek(
            week.Key,
            [
                .. week.Select(key => key.Line).Order(StringComparer.Ordinal).Select(line => HoursLine.From(
                    line, Figures(flowsOf[(week.Key, line)], personOf[(week.Key, line)]))),
            ]));
        var totals = Figures(flows.Select(flow => flow.Flow), personTime.Select(item => item.Minutes));
        return new Hours(totals, [.. weeks]);
    }

    // A move of time stays on one line, so either account names the line.
    private static string LineOf(Account account) => account.About.Split('/')[0];

    private static HoursFigures Figures(IEnumerable<PostingSum> flows, IEnumerable<long> personMinutes)
    {
        var sums = new PostingSums(flows);
        // A week that is closed again may take back minutes that it had found missed.
        var missed = sums.Between(Book.Time, "planned", "missed").Select(flow => (Place: flow.To, flow.Amount))
            .Concat(sums.Between(Book.Time, "missed", "planned")
                .Select(flow => (Place: flow.From, Amount: -flow.Amount)))
            .GroupBy(flow => flow.Place.About.Split('/')[1], flow => flow.Amount, StringComparer.Ordinal)
            .Select(group => new MissedFor(group.Key, group.Sum())).Where(missedFor => missedFor.Minutes != 0)
            .OrderBy(missedFor => missedFor.Reason, StringComparer.Ordinal);
        return new HoursFigures(TimeBalance.From(sums), personMinutes.Sum(), [.. missed]);
    }
}

/// <summary>
/// The figures of one line, or of all lines together, with the person's own minutes and the missed minutes by reason.
/// </summary>
public sealed record HoursFigures(TimeBalance Time, long PersonMinutes, IReadOnlyList<MissedFor> Missed);

/// <summary>A week of care, named by its Monday, with the figures of each line.</summary>
public sealed record HoursWeek(LocalDate WeekFrom, IReadOnlyList<HoursLine> Lines);

/// <summary>One line of a week, with its figures.</summary>
public sealed record HoursLine(string LineId, HoursFigures Figures)
{
    /// <summary>Creates the line.</summary>
    public static HoursLine From(string lineId, HoursFigures figures) => new(lineId, figures);
}
