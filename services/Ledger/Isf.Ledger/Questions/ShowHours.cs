using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace Isf.Ledger.Questions;

/// <summary>
/// Shows a fund's hours by day of care: in total, and by week and line (api.md). If no last day is given, the hours go
/// up to today. Minutes are carer-minutes; personMinutes are the person's own (two carers for 45 minutes are 45). The
/// answer holds all weeks or, with ?limit= or ?after=, a page of them. As CSV (?format=csv or Accept: text/csv) it
/// holds all weeks, with one row for each week and line.
/// </summary>
public static class ShowHours
{
    /// <summary>A fund's hours by day of care.</summary>
    /// <param name="FundId">The fund.</param>
    /// <param name="From">The first day that was asked for; null for all from the beginning.</param>
    /// <param name="To">The last day.</param>
    /// <param name="Position">The position up to which the answer counts.</param>
    /// <param name="Totals">The figures of all lines together.</param>
    /// <param name="Weeks">The weeks, or a page of them.</param>
    /// <param name="Next">The week after which the next page begins (?after=); null on the last page.</param>
    public sealed record Response(
        string FundId, LocalDate? From, LocalDate To, long Position, LineFigures Totals, IReadOnlyList<Week> Weeks,
        LocalDate? Next);

    /// <summary>A week of care, named by its Monday, with the figures of each line.</summary>
    /// <param name="WeekFrom">The Monday on which it begins.</param>
    /// <param name="Lines">The figures of each line of the plan.</param>
    public sealed record Week(LocalDate WeekFrom, IReadOnlyList<LineFigures> Lines);

    /// <summary>Shows a fund's hours by day of care: in total, and by week and line.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<IResult> GetAsync(
        string fundId, AsAtQuery asAt, Page page, Caller caller, Session session, IClock clock, HttpContext http)
    {
        var fund = await asAt.FundAsync(session, caller, fundId, Consents.Visits);
        var range = asAt.Range();
        var days = asAt.Day("to") is null ? range with { To = LocalDate.Max(range.From, London.Today(clock)) } : range;
        var hours = Hours.Build(
            await BooksTable.TimeAsync(session, fundId, days, fund.Position),
            await BooksTable.PersonTimeAsync(session, fundId, days, fund.Position));
        var (weeks, next) = WeeksOf(hours.Weeks, page);
        if (Page.IsCsvRequested(http))
            return Results.File(Csv(hours.Weeks), CsvWriter.ContentType, $"hours-{fundId}.csv");
        return IdempotentPut.Show(http, checked((int)fund.Position), new Response(
            fundId, asAt.Day("from"), days.To, fund.Position, LineFigures.Of(hours.Totals),
            [
                .. weeks.Select(week => new Week(week.WeekFrom,
                    [.. week.Lines.Select(line => LineFigures.Of(line.Figures) with { LineId = line.LineId })])),
            ], next));
    }

    private static (IReadOnlyList<HoursWeek> Weeks, LocalDate? Next) WeeksOf(
        IReadOnlyList<HoursWeek> weeks, Page page)
    {
        if (!page.IsRequested)
            return (weeks, null);
        var after = page.After is null ? LocalDate.MinIsoValue
            : London.Day(page.After) is { DayOfWeek: IsoDayOfWeek.Monday } monday ? monday : throw Page.BadAfter();
        var rest = weeks.Where(week => week.WeekFrom > after).ToList();
        return (rest.Take(page.Limit).ToList(), rest.Count > page.Limit ? rest[page.Limit - 1].WeekFrom : null);
    }

    // In the CSV only the list of reasons needs quotes; ids, numbers, days and short codes need none.
    private static byte[] Csv(IEnumerable<HoursWeek> weeks)
    {
        var rows = weeks.SelectMany(week => week.Lines.Select(line => Row(week, line))).ToList();
        var names = Row(new(default, []), HoursLine.From("", Hours.Build([], []).Totals)).Select(cell => cell.Key);
        return Encoding.UTF8.GetBytes(string.Concat(
            rows.Select(row => row.Select(cell => cell.Value)).Prepend(names).Select(CsvWriter.Row)));
    }

    private static List<(string Key, string Value)> Row(HoursWeek week, HoursLine line)
    {
        var row = LineFigures.Of(line.Figures);
        var figures = (JsonObject)JsonSerializer.SerializeToNode(row with { Missed = [] }, IsfJson.Options)!;
        figures.Remove("missed");
        var missed = string.Join("; ", row.Missed.Select(missedFor => $"{missedFor.Reason}: {missedFor.Minutes}"));
        return
        [
            ("weekFrom", LocalDatePattern.Iso.Format(week.WeekFrom)), ("lineId", line.LineId),
            .. figures.Select(cell => (cell.Key, $"{cell.Value}")),
            ("missed", missed.Length == 0 ? "" : CsvWriter.Quoted(missed)),
        ];
    }

    /// <summary>The figures of one line, or of all lines together, as the answer shows them.</summary>
    public sealed record LineFigures
    {
        /// <summary>The plan's line; null for all lines together.</summary>
        [System.Text.Json.Serialization.JsonIgnore(
            Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
        public string? LineId { get; init; }

        public required long PlannedMinutes { get; init; }
        public required long ExtraMinutes { get; init; }
        public required long DeliveredMinutes { get; init; }
        public required long MissedMinutes { get; init; }
        public required long ChargedNotDeliveredMinutes { get; init; }
        public required long BankedMinutes { get; init; }
        public required long ReleasedMinutes { get; init; }
        public required long OutstandingMinutes { get; init; }
        public required long PersonMinutes { get; init; }

        /// <summary>
        /// The minutes that were not given, by reason, including minutes that were banked or released later.
        /// </summary>
        public required IReadOnlyList<MissedFor> Missed { get; init; }

        /// <summary>Converts figures; the line's id stays null.</summary>
        public static LineFigures Of(HoursFigures figures)
        {
            var time = figures.Time;
            return new LineFigures
            {
                PlannedMinutes = time.PlannedMinutes,
                ExtraMinutes = time.ExtraMinutes,
                DeliveredMinutes = time.DeliveredMinutes,
                MissedMinutes = time.MissedMinutes,
                ChargedNotDeliveredMinutes = time.ChargedNotDeliveredMinutes,
                BankedMinutes = time.BankedMinutes,
                ReleasedMinutes = time.ReleasedMinutes,
                OutstandingMinutes = time.OutstandingMinutes,
                PersonMinutes = figures.PersonMinutes,
                Missed = figures.Missed,
            };
        }
    }
}
