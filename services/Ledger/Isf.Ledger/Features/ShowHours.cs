using Isf.Hosting;
using Isf.Ledger.Domain;
using Isf.Ledger.Persistence;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Features;

/// <summary>
/// Shows a fund's hours by day of care: in all, and by week and line (api.md). Without an end it goes up to today.
/// Minutes are carer-minutes; personMinutes are the person's own (two carers for 45 minutes are 45).
/// </summary>
public static class ShowHours
{
    /// <summary>Answers GET /v1/funds/{fundId}/hours.</summary>
    public static async Task<IResult> HandleAsync(
        string fundId, AsAt asAt, Caller caller, Session session, IClock clock, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(asAt);
        var fund = await asAt.FundAsync(session, caller, fundId);
        var asked = asAt.Range();
        var days = asAt.Day("to") is null ? asked with { To = LocalDate.Max(asked.From, London.Today(clock)) } : asked;
        var hours = Hours.Of(
            await ReadBooks.TimeAsync(session, fundId, days, fund.Position),
            await ReadBooks.PersonTimeAsync(session, fundId, days, fund.Position));
        return Put.Show(http, checked((int)fund.Position), new
        {
            fundId,
            from = asAt.Day("from"),
            to = days.To,
            position = fund.Position,
            totals = HoursShown.Of(hours.Totals),
            weeks = hours.Weeks.Select(week => new
            {
                weekFrom = week.WeekFrom,
                lines = week.Lines.Select(line => HoursShown.Of(line.Figures) with { LineId = line.LineId }),
            }),
        });
    }

    /// <summary>Figures of hours as they are answered; the line's id stands on lines alone.</summary>
    public sealed record HoursShown
    {
        /// <summary>The plan's line.</summary>
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

        /// <summary>What flowed into missed, by reason, whatever became of it since.</summary>
        public required IReadOnlyList<MissedFor> Missed { get; init; }

        /// <summary>From the figures.</summary>
        public static HoursShown Of(HoursFigures figures)
        {
            ArgumentNullException.ThrowIfNull(figures);
            var time = figures.Time;
            return new HoursShown
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
