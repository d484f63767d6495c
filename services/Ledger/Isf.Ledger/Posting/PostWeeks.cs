using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts weeks as Support closed them: the minutes that were missed, banked, drawn or released, as sums by line. A
/// week closed again after a late fact posts only the difference, and its message is deferred until the previous
/// closing is posted (design §4). Publishes JournalsPosted.
/// </summary>
public static class PostWeeks
{
    /// <summary>A closed week as the books need it.</summary>
    public static ClosedCare CareOf(ClosedWeek week)
    {
        return new ClosedCare
        {
            FundId = week.FundId,
            WeekFrom = week.WeekFrom,
            Version = week.Version,
            Lines = [.. week.Lines.Select(LineOf)],
        };
    }

    private static ClosedCareLine LineOf(ClosedLine line) => new()
    {
        LineId = line.LineId,
        Missed =
        [
            .. line.Missed.Select(missed => new MissedCare(
                missed.Reason, new Minutes(missed.Minutes), new Minutes(missed.BankedMinutes),
                new Minutes(missed.ReleasedMinutes))),
        ],
        Drawn = new Minutes(line.DrawnMinutes),
        Expired = new Minutes(line.ExpiredMinutes),
        Revalued = new Minutes(line.RevaluedMinutes),
    };
}

/// <summary>Consumes closed weeks.</summary>
internal sealed class PostWeeksConsumer(IClock clock) : IConsume<WeekClosed>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(WeekClosed message, Session session, CancellationToken stop)
    {
        return Postings.TargetsAsync(
            session, clock, [.. message.Weeks.Select(week => PostingRules.WeekClosed(PostWeeks.CareOf(week)))]);
    }
}
