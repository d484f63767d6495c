using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Every Tuesday morning, asks about workers all of whose visits of the week before last are exactly as planned, to the
/// minute: real times seldom are (domain.md §6). Hears SupportRunAsked. The same week asked for again finds the same.
/// </summary>
public static class CheckWeeks
{
    /// <summary>The schedule's name (api.md, schedules).</summary>
    public const string Schedule = "check-weeks";

    /// <summary>When it comes round: after weeks close.</summary>
    public const string Cron = "0 0 4 ? * TUE";

    /// <summary>The Monday of the week that a run up to a day looks at: the last that has closed.</summary>
    public static LocalDate Decide(LocalDate upTo) => CarePeriod.MondayOf(upTo).PlusWeeks(-2);
}

/// <summary>Hears that a scheduled run of Support was asked for.</summary>
internal sealed class CheckWeeksConsumer(IClock clock) : IHear<SupportRunAsked>
{
    public async Task<Heard> HearAsync(SupportRunAsked message, Session session, CancellationToken stop)
    {
        if (message.Schedule != CheckWeeks.Schedule)
            return Heard.Done;
        var terms = await FlagRows.TermsAsync(session);
        var found =
            await FlagRows.EqualTimesAsync(session, CheckWeeks.Decide(message.UpTo), terms.EqualTimesFewest);
        if (found.Count > 0)
            await FlagRows.KeepAsync(session, found, clock.GetCurrentInstant());
        return Heard.Done;
    }
}
