using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts planned days, one journal for each fund and day, and takes back days that are no longer planned. Publishes
/// JournalsPosted.
/// </summary>
public static class PostPlannedDays
{
    internal static async Task<ConsumeResult> PostAsync(
        IReadOnlyList<PlannedDay> days, Func<PlannedDay, Entry> rule, Session session, IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [.. days.Select(day => day.FundId)]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        var entries = days.Select(rule).ToList();
        await batch.LoadExistingAsync(entries);
        foreach (var entry in entries)
            batch.Post(entry);
        await batch.CompleteAsync();
        return ConsumeResult.Done;
    }

    internal static IEnumerable<LineMinutes> LinesOf(PlannedDay day) =>
        day.Lines.Select(line => new LineMinutes(line.LineId, new Minutes(line.Minutes)));
}

/// <summary>Consumes days planned and days no longer planned.</summary>
internal sealed class PostPlannedDaysConsumer(IClock clock) : IConsume<DaysPlanned>, IConsume<DaysUnplanned>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(DaysPlanned message, Session session, CancellationToken stop)
    {
        return PostPlannedDays.PostAsync(
            message.Days,
            day => PostingRules.DayPlanned(day.FundId, day.On, day.Revision, PostPlannedDays.LinesOf(day)), session,
            clock);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(DaysUnplanned message, Session session, CancellationToken stop)
    {
        return PostPlannedDays.PostAsync(
            message.Days,
            day => PostingRules.DayUnplanned(day.FundId, day.On, day.Revision, PostPlannedDays.LinesOf(day)), session,
            clock);
    }
}
