using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// Tests the format actuals-csv. Each row is about one line's week, and the visits are derived from it.
/// </summary>
public sealed class WeekActualsTests
{
    private const string Header = "fundId,lineId,weekEnding,quantity,unit,missed,extra,frustrated,comment";

    // The plan of L-1 has five mornings of 45 minutes, that of L-2 ten hours in the week, and that of L-3 one evening
    // with two carers.
    private static readonly FundPlans Planned = Plans(
        Line("L-1", 1, Slot("Mon Tue Wed Thu Fri", "08:00", 45)), Weekly("L-2", 600),
        Line("L-3", 2, Slot("Sat", "19:00", 30)));

    private static (ParsedRow? Parsed, RowFault? Fault) Read(string row, string header = Header)
    {
        var rows = new List<SourceRow>();
        var splitter = new RowSplitter(',');
        splitter.Push(header + "\n" + row, rows);
        splitter.End(cutShort: false, rows);
        return FileReading.Begin(new(FileFormat.ActualsCsv), rows[0], monthFirst: false).Value!.Row(rows[1]);
    }

    private static (IReadOnlyList<VisitRecord> Visits, RowFault? Fault) Visits(string row, params Visit[] fulfilling)
    {
        var (parsed, fault) = Read(row);
        return parsed is null ? ([], fault) : parsed.Visits(Fund(Planned), fulfilling);
    }

    private static string TextOf(string row) => string.Join(", ", Visits(row).Visits.Select(visit =>
        $"{(visit.Start ?? visit.PlannedStart)!.Value.ToString("ddd HH:mm", null)} "
        + (visit.Outcome == VisitOutcome.Delivered ? $"{visit.Given.Count}" : $"{visit.Outcome}")));

    [Theory]
    [InlineData("L-1,2026-04-12,3.75,hour,0,0,0,",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 45, Fri 08:00 45")]
    [InlineData("L-1,12/04/2026,225,minutes,,,,",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 45, Fri 08:00 45")]
    [InlineData("L-1,2026-04-12,2.25,hour,0.75,,0.75,ill",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 MissedByProvider, Fri 08:00 Hospital")]
    [InlineData("L-1,2026-04-12,2.50,hour,,,,left early",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 15, Fri 08:00 MissedByProvider")]
    [InlineData("L-1,2026-04-12,4.25,hour,,,,a fall",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 45, Fri 08:00 45, Fri 08:45 30")]
    [InlineData("L-1,2026-04-12,3.50,hour,0.75,0.50,0,moved",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 45, Fri 08:00 MissedByProvider, Fri 08:45 30")]
    [InlineData("L-1,2026-04-12,3,visits,1,0,1,ill",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 MissedByProvider, Fri 08:00 Hospital")]
    [InlineData("L-1,2026-04-12,6,visit,,,,a visitor",
        "Mon 08:00 45, Tue 08:00 45, Wed 08:00 45, Thu 08:00 45, Fri 08:00 45, Fri 08:45 45")]
    [InlineData("L-1,2026-04-12,0,hour,,,3.75,hospital", "Mon 08:00 Hospital, Tue 08:00 Hospital, Wed 08:00 Hospital, "
        + "Thu 08:00 Hospital, Fri 08:00 Hospital")]
    [InlineData("L-2,2026-04-12,10,hour,,,,", "Mon 09:00 86, Tue 09:00 86, Wed 09:00 86, Thu 09:00 86, Fri 09:00 86, "
        + "Sat 09:00 85, Sun 09:00 85")]
    [InlineData("L-3,2026-04-12,0.50,hour,,,,", "Sat 19:00 60")]
    public void A_week_is_the_visits_that_were_to_be_expected(string row, string expected) =>
        Assert.Equal(expected, TextOf("F-1," + row));

    [Theory]
    [InlineData("F-1,L-1,2026-04-12,3.50,hour,0.25,0,0,", "comment-wanted", "comment")]
    [InlineData("F-1,L-1,2026-04-12,4,hour,0,0.25,0,", "comment-wanted", "comment")]
    [InlineData("F-1,L-1,2026-04-12,3,hour,0,0,0,why", "does-not-add-up", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,4,hour,0,0,0,why", "does-not-add-up", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,0.25,hour,4,0.50,0,why", "does-not-add-up", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,3.33,hour,,,,why", "not-whole", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,2,visit,0.50,,,why", "not-whole", "missed")]
    [InlineData("F-1,L-1,2026-04-12,3.755,hour,,,,", "not-a-number", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,some,hour,,,,", "not-a-number", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,,hour,,,,", "field-missing", "quantity")]
    [InlineData("F-1,L-1,2026-04-12,3.75,,,,,", "field-missing", "unit")]
    [InlineData("F-1,L-1,2026-04-12,3.75,mile,,,,", "unknown-unit", "unit")]
    [InlineData("F-1,L-2,2026-04-12,5,visit,,,,why", "unit-does-not-fit", "unit")]
    [InlineData("F-1,L-1,2026-04-12,35,hour,,,,why", "extra-too-long", "extra")]
    [InlineData("F-1,L-1,2026-04-12,20,visit,,,,why", "extra-too-long", "extra")]
    [InlineData("F-1,L-1,2026-04-11,3.75,hour,,,,", "not-a-sunday", "weekEnding")]
    [InlineData("F-1,L-1,Easter,3.75,hour,,,,", "not-a-date", "weekEnding")]
    [InlineData("F-1,L-1,,3.75,hour,,,,", "field-missing", "weekEnding")]
    [InlineData("F-1,L-9,2026-04-12,3.75,hour,,,,", "unknown-line", "lineId")]
    [InlineData("F-1,,2026-04-12,3.75,hour,,,,", "field-missing", "lineId")]
    [InlineData("F 1,L-1,2026-04-12,3.75,hour,,,,", "bad-id", "fundId")]
    public void A_week_that_cannot_be_is_refused_with_what_to_do(string row, string code, string field)
    {
        var fault = Visits(row).Fault!;
        Assert.Equal((code, field), (fault.Code, fault.Field));
        Assert.EndsWith(".", fault.PlainWords, StringComparison.Ordinal);
    }

    [Fact]
    public void Weekly_minutes_that_change_in_the_week_are_spread_over_the_days_of_each()
    {
        var plans = new FundPlans([Plan(Version(1, Monday, null, Weekly("L-1", 700)),
            Version(2, Monday.PlusDays(2), null, Weekly("L-1", 1400)))]);
        var (visits, fault) = Read("F-1,L-1,2026-04-12,1200,minute,,,,").Parsed!.Visits(Fund(plans), []);
        Assert.Null(fault);
        Assert.Equal(["Mon 100", "Tue 100", "Wed 200", "Thu 200", "Fri 200", "Sat 200", "Sun 200"],
            visits.Select(visit => $"{visit.Start!.Value.ToString("ddd", null)} {visit.Given.Count}"));
        Assert.Equal(7, visits.Select(visit => visit.VisitId).Distinct().Count());
    }

    [Theory]
    [InlineData("10,hour,,,,a fall", "Sun 22:00 540, Sun 23:59 60")]
    [InlineData("3,visits,,,,visitors", "Sun 22:00 540, Sun 14:59 540, Sun 23:59 540")]
    public void What_is_beyond_the_plan_begins_in_its_own_week(string row, string expected)
    {
        var plans = Plans(Line("L-1", 1, Slot("Sun", "22:00", 540)));
        var visits = Read("F-1,L-1,2026-04-12," + row).Parsed!.Visits(Fund(plans), []).Visits;
        Assert.Equal(expected, string.Join(", ", visits.Select(visit =>
            $"{visit.Start!.Value.ToString("ddd HH:mm", null)} {visit.Given.Count}")));
        Assert.All(visits, visit => Assert.Equal(new LocalDate(2026, 4, 12), visit.Start!.Value.Date));
    }

    [Fact]
    public void A_week_of_an_unknown_fund_is_refused() =>
        Assert.Equal("unknown-fund", Read("F-9,L-1,2026-04-12,1,hour,,,,").Parsed!.Visits(null, []).Fault!.Code);

    [Fact]
    public void A_week_whose_visits_were_sent_one_by_one_is_not_counted_twice()
    {
        var book = Book(Planned);
        var sent = book.Record(Record("2026-04-06T08:00", "2026-04-06T08:45"), Now).Visit!;
        var fault = Visits("F-1,L-1,2026-04-12,3.75,hour,,,,", sent).Fault!;
        Assert.Equal(("recorded-already", "lineId"), (fault.Code, fault.Field));
        Assert.Contains("V-1", fault.PlainWords, StringComparison.Ordinal);
        Assert.Null(Visits("F-1,L-1,2026-04-19,3.75,hour,,,,", sent).Fault);
    }

    // Sends the rows of a week one after another, and returns what became of the last.
    private static (List<RecordResult> Last, ICollection<Visit> Visits) AfterRows(params string[] rows)
    {
        var (book, visits, last) = (Book(Planned), new Dictionary<string, Visit>(), new List<RecordResult>());
        foreach (var row in rows)
        {
            var (sent, fault) = Visits($"F-1,L-1,2026-04-12,{row}", [.. visits.Values]);
            Assert.Null(fault);
            last = [.. book.RecordAll(sent, Now).Results];
            last.ForEach(recordResult => visits[recordResult.Visit!.Record.VisitId] = recordResult.Visit);
        }
        return (last, visits.Values);
    }

    [Fact]
    public void A_first_week_is_new()
    {
        var (last, visits) = AfterRows("2.25,hour,,,,ill");
        Assert.All(last, recordResult => Assert.Equal(RecordOutcome.New, recordResult.Outcome));
        Assert.Equal((3 * 45, 0), Sums(visits));
    }

    [Fact]
    public void The_same_week_changes_nothing() => Assert.All(
        AfterRows("2.25,hour,,,,ill", "2.25,hour,,,,ill").Last,
        recordResult => Assert.Equal(RecordOutcome.Unchanged, recordResult.Outcome));

    [Theory]
    [InlineData("3.75,hour,,,,", 5 * 45, 0)]
    [InlineData("4.25,hour,,,,a fall", 5 * 45, 30)]
    public void A_corrected_week_corrects(string row, long fulfilled, long extra) =>
        Assert.Equal((fulfilled, extra), Sums(AfterRows("2.25,hour,,,,ill", "3.75,hour,,,,", row).Visits));

    [Fact]
    public void A_visit_that_a_corrected_week_no_longer_has_is_found_by_its_id() => Assert.Contains(
        AfterRows("2.25,hour,,,,ill", "3.75,hour,,,,", "4.25,hour,,,,a fall").Last[^1].Visit!.Record.VisitId,
        Read("F-1,L-1,2026-04-12,3.75,hour,,,,").Parsed!.LeftOver([]));

    [Fact]
    public void A_week_stands_or_falls_whole()
    {
        var (visits, _) = Visits("F-1,L-1,2026-04-12,3.75,hour,,,,");
        var book = Book(Planned);
        var wednesday = Instant.FromUtc(2026, 4, 8, 12, 0);
        var (results, fault) = book.RecordAll(visits, wednesday);
        Assert.Empty(results);
        Assert.Equal(VisitCheck.Refusal.InTheFuture, fault!.Why);
        Assert.All(
            book.RecordAll(visits, Now).Results, recordResult => Assert.Equal(RecordOutcome.New, recordResult.Outcome));
    }

    private static (long Fulfilled, long Extra) Sums(IEnumerable<Visit> visits) =>
        visits.Aggregate((0L, 0L), (sum, visit) =>
            (sum.Item1 + visit.Fulfilment.Fulfilled.Count, sum.Item2 + visit.Fulfilment.Extra.Count));
}
