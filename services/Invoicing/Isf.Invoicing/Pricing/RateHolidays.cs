using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// Every night, compares the public holidays in public-holidays.json with those that prices have counted. If a holiday
/// has been added or taken out, the visits that it affects are priced again, as corrections. Each day has its own
/// commit, so that a run that breaks off continues where it stopped. Consumes InvoicingRunAsked; publishes
/// VisitRepriced and PriceAdjusted. Source: domain.md §4.2.
/// </summary>
public static class RateHolidays
{
    /// <summary>The schedule's name (api.md, schedules).</summary>
    public const string Schedule = "rate-holidays";

    /// <summary>The schedule's time: every night at 02:10, London time.</summary>
    public const string Cron = "0 10 2 * * ?";

    /// <summary>The message by which the schedule asks for a run.</summary>
    public static object ToMessage(RunRequest request)
    {
        return new InvoicingRunAsked
        {
            Schedule = request.Schedule, UpTo = request.UpTo, AskedBy = request.RunId,
        };
    }

    /// <summary>The days on which the counted holidays and the current ones differ, in any calendar.</summary>
    internal static IReadOnlyList<LocalDate> Decide(
        IReadOnlySet<HolidayCounted> counted, IReadOnlySet<HolidayCounted> now) =>
    [
        .. now.Except(counted).Concat(counted.Except(now)).Select(holidayCounted => holidayCounted.Day).Distinct()
            .Order(),
    ];

    /// <summary>The new prices of the visits whose amount or reason has changed, each at its next version.</summary>
    internal static IReadOnlyList<PricedRow> Decide(IReadOnlyList<StoredPrice> priced, TermsInForce terms) =>
    [
        .. from last in priced
           let inForce = terms.For(last.Visit)!
           let said = last.Visit.PricedBy(inForce, last.Version + 1)
           where said.Pence != last.Pence || said.Because != last.Because
           select new PricedRow(last.Visit, inForce.Version, said),
    ];

    internal static async Task<RunOutcome> RunAsync(
        Sessions sessions, InvoicingRunAsked message, Guid? fact, CancellationToken stop)
    {
        var now = HolidayTable.Now();
        await using var first = sessions.Open("invoicing", message.HolderId, fact, stop);
        var days = Decide(await HolidayTable.ReadAsync(first), now);
        foreach (var day in days)
        {
            await using var session = sessions.Open("invoicing", message.HolderId, fact, stop);
            await TermsTable.WaitAloneAsync(session);
            if (Decide(await HolidayTable.ReadAsync(session), now).Contains(day))
            {
                await RateAgainAsync(day, $"{Schedule}/{message.AskedBy}/{day:uuuu-MM-dd}", session);
                HolidayTable.Save(session, day, [.. now.Where(holidayCounted => holidayCounted.Day == day)]);
                await session.SaveChangesAsync();
            }
        }
        return new(days.Count);
    }

    // A visit that starts on the day before can reach into the holiday. A rate for the holiday can reach into the day
    // after it, by a window over midnight.
    private static async Task RateAgainAsync(LocalDate day, string cause, Session session)
    {
        var priced = await PricedTable.AroundAsync(session, day);
        var (terms, _) = await TermsInForce.ReadAsync(
            session, [.. priced.Select(last => last.Visit.AllocationId).Distinct()]);
        var stored = await SavePrices.AddAsync(Decide(priced, terms), terms, cause, session);
        SavePrices.PublishRepriced(stored, cause, session);
    }
}

/// <summary>Consumes requests for a scheduled run of Invoicing.</summary>
internal sealed class RateHolidaysConsumer(Sessions sessions, ScheduledRuns runs) : IConsume<InvoicingRunAsked>
{
    public async Task<ConsumeResult> ConsumeAsync(InvoicingRunAsked message, Session session, CancellationToken stop) =>
        message.Schedule != RateHolidays.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy,
                () => RateHolidays.RunAsync(sessions, message, session.Fact, stop));
}
