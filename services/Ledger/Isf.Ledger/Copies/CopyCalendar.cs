using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Copies;

/// <summary>
/// Keeps the calendar by which a holder closes its periods, as the holder's latest settings give it (design §4,
/// Periods). Consumes HolderSet.
/// </summary>
public static class CopyCalendar
{
    /// <summary>
    /// The calendar to store: <paramref name="received"/>, or null if its version or a later one is stored already.
    /// </summary>
    public static PeriodCalendar? Later(PeriodCalendar? copy, PeriodCalendar received) =>
        copy is null || copy.Version < received.Version ? received : null;

    internal static async Task<ConsumeResult> CopyAsync(HolderSet holder, Session session)
    {
        if (holder.PeriodsEvery is not (PeriodCalendar.FourWeeks or PeriodCalendar.Month))
            throw new ArgumentException($"“{holder.PeriodsEvery}” is no length of a period.", nameof(holder));
        var received = new PeriodCalendar(session.HolderId, holder.Version, holder.PeriodsEvery, holder.PeriodsFirstOn);
        await session.LockAsync("calendar");
        if (Later(await session.LoadAsync<PeriodCalendar>(session.HolderId), received) is { } later)
            session.Store(later);
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes a holder's settings.</summary>
public sealed class CopyCalendarConsumer : IConsume<HolderSet>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(HolderSet message, Session session, CancellationToken stop) =>
        CopyCalendar.CopyAsync(message, session);
}
