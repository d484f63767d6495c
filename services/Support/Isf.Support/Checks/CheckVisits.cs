using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Marten;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>
/// Checks recorded and corrected visits against the visits that they meet in time, and raises flags for someone to
/// ask about. Nothing waits for the checks, because care is recorded, priced and posted without them. A flag that a
/// correction settles is marked as gone. Consumes VisitsRecorded, VisitCorrected and AbsenceRecorded, all Support's
/// own.
/// </summary>
public static class CheckVisits
{
    private static readonly string EqualTimes = CareChecks.NameOf(FlagKind.EqualTimes);
    private static readonly string VisitMoved = CareChecks.NameOf(FlagKind.VisitMoved);
    private static readonly string AfterEnd = CareChecks.NameOf(FlagKind.AfterEnd);
    private static readonly string BeyondWeek = CareChecks.NameOf(FlagKind.BeyondWeeklyMinutes);

    internal static async Task<ConsumeResult> CheckAsync(
        string[] ids, IReadOnlyCollection<CareDay> days, Session session, IClock clock)
    {
        session.UseCustomPlans();
        await FlagTable.WaitAsync(session);
        var terms = await FlagTable.TermsAsync(session);
        // Two kinds of flags are left out. A flag about a moved visit stays true whatever is found later, and flags
        // about weekly minutes are checked by week.
        var naming = (await FlagTable.NamingAsync(session, ids))
            .Where(flag => flag.Kind != VisitMoved && flag.Kind != BeyondWeek)
            .ToLookup(flag => flag.Kind == EqualTimes);
        await CheckEqualTimesAsync([.. naming[true]], terms, session, clock);
        var before = naming[false].ToList();
        days = [.. days, .. await CrowdTable.LeftAsync(session), .. CrowdTable.DaysOf(before)];
        if (terms.GapMinutes > 1)
        {
            // A visit that arrives between two others may settle a flag about the travel between them.
            var ways = await FlagTable.OfWorkersAsync(session, FlagKind.NoTravelGap,
                [.. days.Where(day => day.WorkerId is not null).Select(day => (day.WorkerId!, day.On)).Distinct()]);
            before.AddRange(ways.ExceptBy(before.Select(flag => flag.Id), flag => flag.Id));
        }
        string[] named = [.. before.SelectMany(flag => flag.Visits).Distinct(StringComparer.Ordinal)];
        var flagged = await new VisitTable(session).ByIdAsync(named);
        var crowding = await CrowdTable.LookAsync(session, [.. days.Concat(flagged.SelectMany(DaysOf)).Distinct()]);
        before.AddRange(crowding.Flags.ExceptBy(before.Select(flag => flag.Id), flag => flag.Id)
            .DistinctBy(flag => flag.Id));
        flagged.AddRange(await new VisitTable(session).ByIdAsync([.. crowding.Visits.Except(named)]));
        ids = [.. ids.Concat(named).Concat(crowding.Visits).Distinct(StringComparer.Ordinal)];
        var found = await FindAsync(
            ids, [.. days.Concat(flagged.SelectMany(DaysOf))], before, terms, session);
        found.AddRange(await AfterEndAsync(session, before, flagged));
        found.AddRange(crowding.Found);
        await FlagTable.SaveFlagsAsync(session, before, found, clock.GetCurrentInstant());
        if (crowding.Funds.Count > 0)
        {
            await CheckWeeksAsync(
                [.. crowding.Funds.Select(day => (day.FundId, CarePeriod.MondayOf(day.On))).Distinct()], null, session,
                clock);
        }
        return ConsumeResult.Done;
    }

    // Finds the flags of these visits on these days; each visit is compared with the visits that it overlaps.
    private static async Task<List<CareFlag>> FindAsync(string[] ids, IReadOnlyCollection<CareDay> days,
        IReadOnlyCollection<SavedFlag> before, CheckTerms terms, Session session)
    {
        var candidates = await CheckCandidateTable.FindAsync(session, days, terms);
        var doubtful = await new VisitTable(session).ByIdAsync(candidates.Visits);
        if (candidates.Crowded.OfFunds.Count > 0)
        {
            // The candidates leave out the visits of a fund's crowded day, so the visits to check that fall on such a
            // day are loaded here, for the checks of single visits.
            var others = await new VisitTable(session).ByIdAsync([.. ids.Except(candidates.Visits)]);
            doubtful.AddRange(others.Where(visit => candidates.Crowded.HasFund(visit.Record.FundId, visit.CareOn)));
        }
        var flaggedDays = before.Where(flag => flag.WorkerId is not null).Select(flag => (flag.WorkerId!, flag.CareOn));
        var longDays = await FlagTable.LongDaysAsync(session, [.. candidates.Days.Concat(flaggedDays)], terms);
        var doubtfulFunds = doubtful.Select(visit => visit.Record.FundId).Distinct().ToArray();
        IReadOnlyList<Absence> absences = doubtfulFunds.Length == 0 ? []
            : await session.Query<Absence>().Where(absence => absence.FundId.IsOneOf(doubtfulFunds))
                .OrderBy(absence => absence.Id).ToListAsync();
        var among = ids.ToHashSet(StringComparer.Ordinal);
        var found = CareChecks.Find([.. doubtful.Where(visit => among.Contains(visit.Record.VisitId))], doubtful,
            longDays, absences, terms, candidates.Crowded).ToList();
        var (unpriced, prices) = await UnpricedTable.FindAsync(session, ids);
        found.AddRange(CareChecks.NotPriced(unpriced, prices));
        return found;
    }

    // A corrected visit may have left another week, so every week of its fund with an open flag about weekly minutes is
    // checked too.
    private static async Task CheckWeeksAsync(IReadOnlyList<(string FundId, LocalDate Monday)> weeks,
        Allocation? changed, Session session, IClock clock)
    {
        var open = await FlagTable.OfFundsAsync(
            session, FlagKind.BeyondWeeklyMinutes, [.. weeks.Select(week => week.FundId).Distinct()]);
        var all = weeks.Concat(open.Select(flag => (flag.FundId, flag.CareOn))).Distinct().ToList();
        var found = await WeeklyMinutesTable.BeyondAsync(session, all, changed);
        await FlagTable.SaveFlagsAsync(session, open, found, clock.GetCurrentInstant());
    }

    /// <summary>Checks again the weeks of an allocation whose days or weekly minutes have changed.</summary>
    internal static async Task CheckAsync(Allocation changed, Session session, IClock clock)
    {
        await FlagTable.WaitAsync(session);
        await CheckWeeksAsync(
            await WeeklyMinutesTable.OfAllocationAsync(session, changed), changed, session, clock);
    }

    // New care after an end is refused, so only visits that were flagged at the closure can still be after the end.
    private static async Task<IEnumerable<CareFlag>> AfterEndAsync(
        Session session, IReadOnlyCollection<SavedFlag> before, IReadOnlyCollection<Visit> flagged)
    {
        string[] fundIds = [.. before.Where(flag => flag.Kind == AfterEnd).Select(flag => flag.FundId).Distinct()];
        var ended = fundIds.Length == 0 ? [] : await session.LoadManyAsync<Fund>(fundIds);
        return ended.Where(fund => fund.End is not null).SelectMany(fund =>
            CareChecks.AfterEnd(flagged.Where(visit => visit.Record.FundId == fund.Id), fund.End!));
    }

    // Flags about equal times are raised when a week has closed. An open flag of this kind that a later correction
    // settles is marked as gone at once.
    private static async Task CheckEqualTimesAsync(
        IReadOnlyCollection<SavedFlag> flags, CheckTerms terms, Session session, IClock clock)
    {
        foreach (var week in flags.Where(flag => flag.State == "open").GroupBy(flag => flag.CareOn))
        {
            var found = await FlagTable.EqualTimesAsync(session, week.Key, terms.EqualTimesFewest,
                [.. week.Select(flag => flag.WorkerId!)]);
            await FlagTable.SaveFlagsAsync(session, [.. week], found, clock.GetCurrentInstant());
        }
    }

    private static IEnumerable<CareDay> DaysOf(Visit visit)
    {
        if (visit.Record.End is { } end)
            yield return new(visit.Record.FundId, visit.Record.WorkerId, visit.CareOn, end.ToInstant());
    }

    /// <summary>
    /// Joins the visits of several messages into one message, possibly with more than 500 visits. The checks of a
    /// holder run one after another. Without joining, the checks of a large file would take longer than all other work
    /// on the file.
    /// </summary>
    internal static VisitsRecorded Joined(IEnumerable<VisitsRecorded> messages)
    {
        var all = messages.ToList();
        return all[0] with { Visits = [.. all.SelectMany(message => message.Visits)] };
    }

    internal static async Task<ConsumeResult> CheckAsync(
        IReadOnlyList<RecordedVisit> visits, Session session, IClock clock)
    {
        var result = await CheckAsync([.. visits.Select(visit => visit.VisitId)],
            [.. visits.Where(visit => visit.End is not null).Select(visit =>
                new CareDay(visit.FundId, visit.WorkerId, visit.CareOn, visit.End!.Value.ToInstant()))],
            session, clock);
        // A corrected visit that was not given has no end and no day above, but its week is checked all the same.
        await CheckWeeksAsync([.. visits.Select(visit => (visit.FundId, CarePeriod.MondayOf(visit.CareOn))).Distinct()],
            null, session, clock);
        return result;
    }

    /// <summary>Flags care after the fund's end that was recorded before the closure was known.</summary>
    internal static async Task CheckAsync(Fund closed, Session session, IClock clock)
    {
        await FlagTable.WaitAsync(session);
        // The search begins as far before the end as the longest stay lasts.
        var visits = await new VisitTable(session).OfFundAsync(
            closed.Id, closed.End!.On.PlusDays(-367), LocalDate.MaxIsoValue);
        await FlagTable.SaveFlagsAsync(session, [], [.. CareChecks.AfterEnd(visits, closed.End)],
            clock.GetCurrentInstant());
    }

    /// <summary>
    /// Checks again whether the visits of an allocation have a price, now that a new version of its price list is in
    /// force from the given day.
    /// </summary>
    internal static async Task CheckAsync(AgreedPrices prices, LocalDate from, Session session, IClock clock)
    {
        await FlagTable.WaitAsync(session);
        // Care that lasts over midnight may end on a day of the new version; a stay may have begun long before.
        var reaches = prices.Untimed().Any(service => service.IsStay) ? 367 : 1;
        var visits = (await new VisitTable(session)
                .OfFundAsync(prices.FundId, from.PlusDays(-reaches), LocalDate.MaxIsoValue))
            .Where(visit => visit.AllocationId == prices.Id).ToList();
        var ids = visits.Select(visit => visit.Record.VisitId).ToHashSet(StringComparer.Ordinal);
        var open = await FlagTable.OfFundsAsync(session, FlagKind.ServiceNotPriced, [prices.FundId]);
        open.AddRange(await FlagTable.OfFundsAsync(session, FlagKind.NoPriceList, [prices.FundId]));
        await FlagTable.SaveFlagsAsync(session, [.. open.Where(flag => ids.Contains(flag.Visits[0]))],
            [.. CareChecks.NotPriced(visits, new Dictionary<string, AgreedPrices> { [prices.Id] = prices })],
            clock.GetCurrentInstant());
    }

    /// <summary>Checks the visits that an absence may concern, as it is now or as it was before its change.</summary>
    internal static async Task<ConsumeResult> CheckAsync(AbsenceRecorded absence, Session session, IClock clock)
    {
        await FlagTable.WaitAsync(session);
        var flagged = await FlagTable.ListAsync(session, new FlagQuery("open", absence.FundId, null,
            CareChecks.NameOf(FlagKind.InsideAbsence), null, null), Guid.Empty, int.MaxValue);
        var inside = await new VisitTable(session).OfFundAsync(absence.FundId, absence.From,
            absence.To ?? LocalDate.MaxIsoValue);
        var ids = flagged.SelectMany(flag => flag.Visits).Concat(inside.Select(visit => visit.Record.VisitId));
        return await CheckAsync([.. ids.Distinct(StringComparer.Ordinal)], [.. inside.SelectMany(DaysOf)],
            session, clock);
    }
}

/// <summary>Consumes recorded and corrected visits, and absences.</summary>
internal sealed class CheckVisitsConsumer(IClock clock)
    : IConsume<VisitsRecorded>, IConsume<VisitCorrected>, IConsume<AbsenceRecorded>
{
    public Task<ConsumeResult> ConsumeAsync(VisitsRecorded message, Session session, CancellationToken stop) =>
        CheckVisits.CheckAsync(message.Visits, session, clock);

    public Task<ConsumeResult> ConsumeAsync(VisitCorrected message, Session session, CancellationToken stop) =>
        CheckVisits.CheckAsync(message.Visits, session, clock);

    public Task<ConsumeResult> ConsumeAsync(AbsenceRecorded message, Session session, CancellationToken stop) =>
        CheckVisits.CheckAsync(message, session, clock);
}
