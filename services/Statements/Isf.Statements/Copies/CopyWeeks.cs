using System.Globalization;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using NodaTime.Text;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the pence by which each version of a closed week changed the worth of a bank that keeps money. The journals
/// hold the minutes but not their pence. Consumes WeekClosed.
/// </summary>
public static class CopyWeeks
{
    /// <summary>
    /// The pence by which a closed week changed the worth of the bank, by line; empty if no line's bank keeps money.
    /// </summary>
    public static Dictionary<string, long> WorthByLine(ClosedWeek week)
    {
        return week.Lines.Where(line => line.BankedPence is not null).ToDictionary(line => line.LineId,
            line => line.BankedPence!.Value - (line.DrawnPence ?? 0) - (line.ExpiredPence ?? 0));
    }

    /// <summary>The id of the week and its version, as in the journal that posts it: 2026-04-06/v1.</summary>
    internal static string IdOf(ClosedWeek week) => LocalDatePattern.Iso.Format(week.WeekFrom)
        + "/v" + week.Version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Consumes WeekClosed.</summary>
internal sealed class CopyWeeksConsumer : IConsume<WeekClosed>
{
    public Task<ConsumeResult> ConsumeAsync(WeekClosed message, Session session, CancellationToken stop)
    {
        foreach (var week in message.Weeks)
        {
            if (CopyWeeks.WorthByLine(week) is { Count: > 0 } pence)
                FactTable.Save(session, FactTable.Week, week.FundId, CopyWeeks.IdOf(week), week.Version, pence);
        }
        return Task.FromResult(ConsumeResult.Done);
    }
}
