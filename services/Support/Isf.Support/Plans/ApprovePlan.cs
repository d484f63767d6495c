using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;
using Line = Isf.Support.Domain.PlanLine;

namespace Isf.Support.Plans;

/// <summary>
/// Approves a person's support plan, or a new version of it: who is to come, when and what for. Publishes PlanApproved
/// and the change in each day's planned minutes up to 12 weeks ahead. Planned care that visits have fulfilled stays
/// planned. A plan without an end lasts as long as its allocations. Source: api.md, Support.
/// </summary>
public static class ApprovePlan
{
    /// <summary>How many days ahead planned minutes are published.</summary>
    public const int DaysAhead = 84;

    /// <summary>Why a plan is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")] UnknownFund = 1,
        [Problem(422, "The plan has no lines, or too many.")] LinesOutOfRange = 2,
        [Problem(422, "A line of the plan cannot be followed.")] LineNotClear = 3,
        [Problem(422, "Two lines of the plan have the same id.")] LineTwice = 4,
        [Problem(422, "The plan ends before it begins.")] EndsBeforeItStarts = 5,
        [Problem(422, "A line names an allocation that is not known.")] UnknownAllocation = 6,
        [Problem(422, "A line names an allocation of another fund.")] AllocationOfAnotherFund = 7,
        [Problem(422, "The plan has days that its allocation does not cover.")] OutsideAllocation = 8,
        [Problem(422, "Another plan has the same line on the same days.")] LineOverlaps = 9,
        [Problem(409, "The plan belongs to another fund.")] PlanOfAnotherFund = 10,
    }

    /// <summary>A support plan, or a new version of it.</summary>
    /// <param name="From">The first day of this version; the days before it stay as they were planned.</param>
    /// <param name="Lines">The care to expect, line by line.</param>
    /// <param name="To">The last day; left out, the plan lasts as long as its allocations.</param>
    public sealed record Request(LocalDate From, IReadOnlyList<RequestLine> Lines, LocalDate? To = null);

    /// <summary>A line of a plan, with either a schedule or weekly minutes.</summary>
    /// <param name="LineId">The id of the line.</param>
    /// <param name="AllocationId">The allocation that pays for it.</param>
    /// <param name="Purpose">What the care is for, in the person's words.</param>
    /// <param name="Service">The kind of support; support by default.</param>
    /// <param name="Carers">The number of carers at a time; 1 by default.</param>
    /// <param name="Schedule">The visits.</param>
    /// <param name="WeeklyMinutes">The minutes of a week, on any of its days.</param>
    /// <param name="Workers">The workers whom the person wants.</param>
    public sealed record RequestLine(string LineId, string AllocationId, string Purpose, string Service = "support",
        int Carers = 1, IReadOnlyList<RequestSlot>? Schedule = null, int? WeeklyMinutes = null,
        IReadOnlyList<string>? Workers = null);

    /// <summary>A visit that recurs on days of the week, or takes place on certain dates.</summary>
    /// <param name="Start">The wall time in London at which it begins.</param>
    /// <param name="Minutes">How long it lasts.</param>
    /// <param name="Days">The days of the week.</param>
    /// <param name="EveryWeeks">It recurs every so many weeks; 1 by default.</param>
    /// <param name="Dates">The only dates on which it takes place.</param>
    /// <param name="Except">Dates on which it does not take place.</param>
    public sealed record RequestSlot(LocalTime Start, int Minutes, IReadOnlyList<PlanDay>? Days = null,
        int EveryWeeks = 1, IReadOnlyList<LocalDate>? Dates = null, IReadOnlyList<LocalDate>? Except = null);

    /// <summary>The records that a plan is judged against.</summary>
    public sealed record Facts(Fund? Fund, Plan? Stored, IReadOnlyList<Plan> OfFund,
        IReadOnlyList<Allocation> Allocations);

    /// <summary>The plan with its new version, or the refusal.</summary>
    public static Decision<Plan, Refusal> Decide(Plan plan, Facts facts)
    {
        var version = plan.Latest;
        if (facts.Fund is null)
            return (Refusal.UnknownFund, $"No fund {plan.FundId} is known. Check the id, or open the fund first.");
        if (facts.Stored is { } stored && stored.FundId != plan.FundId)
            return (Refusal.PlanOfAnotherFund, $"Plan {plan.Id} is of another fund. Choose another id.");
        if (version.Lines.Count is 0 or > PlanCheck.MostLines)
            return (Refusal.LinesOutOfRange, $"A plan has from 1 to {PlanCheck.MostLines} lines.");
        if (PlanCheck.Fault(version) is { } fault)
            return (Refusal.LineNotClear, $"Look at {fault.Pointer}: {fault.Detail}");
        if (PlanCheck.Twice(version) is { } twice)
            return (Refusal.LineTwice, $"Line {twice} is there twice. Give each line an id of its own.");
        if (version.To < version.From)
            return (Refusal.EndsBeforeItStarts, $"It runs from {version.From:d MMM uuuu} to {version.To:d MMM uuuu}.");
        foreach (var line in version.Lines)
        {
            if (Judge(line, plan, facts.Allocations) is { Refusal: not null } refused)
                return refused;
        }
        return PlanCheck.Overlap(plan, facts.OfFund) is { } overlap
            ? (Refusal.LineOverlaps, $"Plan {overlap.PlanId} has line {overlap.LineId} on days of this plan too. "
                + "End it there first, or give the line here another id.")
            : plan;
    }

    // The plan, if the allocation of one of its lines covers its days.
    private static Decision<Plan, Refusal> Judge(Line line, Plan plan, IReadOnlyList<Allocation> allocations)
    {
        var version = plan.Latest;
        if (allocations.FirstOrDefault(item => item.Id == line.AllocationId) is not { } allocation)
        {
            return (Refusal.UnknownAllocation,
                $"Line {line.LineId} names allocation {line.AllocationId}, which is not known.");
        }
        if (allocation.FundId != plan.FundId)
        {
            return (Refusal.AllocationOfAnotherFund,
                $"Allocation {allocation.Id} of line {line.LineId} is not of this fund.");
        }
        return allocation.Days().Covers(new CarePeriod(version.From, version.To ?? version.From))
            ? plan
            : (Refusal.OutsideAllocation, $"Allocation {allocation.Id} of line {line.LineId} runs from "
                + $"{allocation.From:d MMM uuuu} {(allocation.To is { } to ? $"to {to:d MMM uuuu}" : "on")}: "
                + "keep the plan's days within it, or have the allocation's days changed first.");
    }

    /// <summary>Approves a person's support plan, or a new version of it.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the plan, which the caller chooses.</param>
    public static async Task<PutResult<ShowPlans.Response>> PutAsync(
        string fundId, string id, JsonBody<Request> body, ConditionalPut put, Session session, IClock clock)
    {
        var today = London.Today(clock);
        var approved = false;
        // The approval is published before the days, so that it is the fact returned to the caller and the one that
        // the days follow from.
        void PublishApproved(Plan plan)
        {
            if (!approved)
                session.Publish(Approved(plan), $"{plan.Id}/{plan.Latest.Version}", plan.FundId);
            approved = true;
        }
        string[] named = [.. body.Value.Lines.Select(line => line.AllocationId).Distinct().Take(200)];
        await session.WaitForAsync(async () => await session.LoadAsync<Fund>(fundId) is { } fund
            && (await session.LoadManyAsync<Allocation>(named)).Count == named.Length ? fund : null);
        return await put.UpsertAsync<Plan, Refusal, ShowPlans.Response>(
            session, id, [FundTable.Lock(fundId)],
            same: stored => stored.FundId == fundId
                && Same(stored.Latest, VersionOf(body.Value, stored.Latest.Version)),
            decide: async (stored, number) =>
            {
                var before = stored is null || stored.FundId != fundId ? [] : stored.Versions;
                var versions = before.Append(VersionOf(body.Value, number)).ToList();
                var plan = new Plan { Id = id, FundId = fundId, Versions = versions };
                var fund = await session.LoadAsync<Fund>(fundId);
                StartsWhileHeld(body.Value.From, fund);
                var allocations = await session.LoadManyAsync<Allocation>(named);
                var ofFund = await session.Query<Plan>().Where(item => item.FundId == fundId).OrderBy(item => item.Id)
                    .ToListAsync();
                var decision = Decide(plan, new Facts(fund, stored, ofFund, allocations));
                if (decision.Refusal is not null)
                    return decision;
                PublishApproved(plan);
                var all = await session.Query<Allocation>().Where(allocation => allocation.FundId == fundId)
                    .OrderBy(allocation => allocation.Id)
                    .ToListAsync();
                var plans = new FundPlans(
                    ofFund.Where(other => other.Id != id).Append(plan), Allocation.ById(all),
                    fund?.End?.On);
                var paidFrom = await PayAgainAsync(session, plan, plans);
                await PublishDaysAsync(session, plan, plans, today, paidFrom);
                return decision;
            },
            publish: (plan, _) => PublishApproved(plan),
            show: ShowPlans.ToJson);
    }

    /// <summary>Throws if a plan or an absence begins before the fund opens or after it has closed.</summary>
    internal static void StartsWhileHeld(LocalDate from, Fund? fund)
    {
        DayBounds.NotBefore(from, fund?.OpensOn, "/from", "the fund opens on that day");
        DayBounds.NotAfter(from, fund?.End?.On, "/from", "the fund closed on that day");
    }

    // Decides again who pays for visits that their allocation did not cover, because their line may now name another
    // allocation. Returns the first day that a changed visit touches, or null if no visit has changed.
    private static async Task<LocalDate?> PayAgainAsync(Session session, Plan plan, FundPlans plans)
    {
        var visits = await new VisitTable(session).ElsewherePaidAsync(plan.FundId, null, plan.Latest.From);
        var pools = PoolsRenewed(plans, plan.Latest);
        if (visits.Count + pools.Count == 0)
            return null;
        var funds = await FundTable.CareAsync(session, [plan.FundId], [plan.FundId]);
        return funds.GetValueOrDefault(plan.FundId) is not { } fund ? null
            : await CareAnnouncements.PayAgainAsync(session, $"paid/{plan.Id}/{plan.Latest.Version}",
                fund with { Plans = plans }, visits, pools);
    }

    /// <summary>
    /// The lines with weekly minutes whose allocation changes in the middle of a week, each with the Monday of that
    /// week. A visit of that week may have been matched with the plan while neither allocation covered the later days.
    /// </summary>
    public static IReadOnlyList<(string LineId, LocalDate Monday)> PoolsRenewed(FundPlans plans, PlanVersion version)
    {
        var monday = CarePeriod.MondayOf(version.From);
        return monday == version.From ? []
            : [.. version.Lines.Where(line => line.WeeklyMinutes is not null
                    && plans.LineOn(line.LineId, version.From.PlusDays(-1)) is { } before
                    && before.AllocationId != line.AllocationId)
                .Select(line => (line.LineId, monday))];
    }

    private static async Task PublishDaysAsync(
        Session session, Plan plan, FundPlans plans, LocalDate today, LocalDate? paidFrom)
    {
        var plannedTo = await FundTable.PlannedToAsync(session, plan.FundId);
        var until = LocalDate.Max(today.PlusDays(DaysAhead), plannedTo ?? LocalDate.MinIsoValue);
        var from = LocalDate.Min(plan.Latest.From, (plannedTo ?? plan.Latest.From).PlusDays(plannedTo is null ? 0 : 1));
        if (paidFrom < from)
            from = paidFrom.Value;
        await CareAnnouncements.AnnounceDaysAsync(session, $"plan/{plan.Id}/{plan.Latest.Version}", plan.FundId, plans,
            new CarePeriod(CarePeriod.MondayOf(from), until));
        FundTable.SavePlannedTo(session, plan.FundId, until);
    }

    private static PlanVersion VersionOf(Request request, int number) => new()
    {
        Version = number,
        From = request.From,
        To = request.To,
        Lines = [.. request.Lines.Select(line => new Line
        {
            LineId = line.LineId,
            AllocationId = line.AllocationId,
            Purpose = line.Purpose,
            Service = line.Service,
            Carers = line.Carers,
            WeeklyMinutes = line.WeeklyMinutes,
            Workers = line.Workers,
            Schedule = line.Schedule?.Select(slot => new PlannedSlot
            {
                Days = slot.Days ?? [], Start = slot.Start, Minutes = slot.Minutes, EveryWeeks = slot.EveryWeeks,
                Dates = slot.Dates, Except = slot.Except,
            }).ToList(),
        })],
    };

    private static bool Same(PlanVersion one, PlanVersion other) =>
        one.From == other.From && one.To == other.To && one.Lines.Count == other.Lines.Count
        && one.Lines.Zip(other.Lines).All(both => both.First.SameAs(both.Second));

    internal static PlanApproved Approved(Plan plan) => new()
    {
        FundId = plan.FundId,
        PlanId = plan.Id,
        Version = plan.Latest.Version,
        From = plan.Latest.From,
        To = plan.Latest.To,
        Lines = [.. plan.Latest.Lines.Select(line => new Isf.Contracts.Support.PlanLine(
            line.LineId, line.AllocationId, line.Purpose, line.Service, line.Carers))],
    };
}
