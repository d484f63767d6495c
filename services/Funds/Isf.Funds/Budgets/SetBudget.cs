using System.Diagnostics.CodeAnalysis;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using NodaTime;

namespace Isf.Funds.Budgets;

/// <summary>
/// Sets or revises a council's promise for a range of days. It states the weekly sums by source and by way of use, and
/// one-off sums. Publishes BudgetSet. Source: api.md, Funds; domain.md §1 rows 3–4.
/// </summary>
public static class SetBudget
{
    /// <summary>Why a budget is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(422, "A budget stays with its fund.")]
        CannotChangeHands = 2,

        [Problem(422, "The budget ends before it starts.")]
        EndsBeforeItStarts = 3,

        [Problem(422, "The sources do not sum to the weekly budget.")]
        SourcesDoNotSum = 4,

        [Problem(422, "The ways of using it do not sum to the weekly budget.")]
        DeploymentDoesNotSum = 5,

        [Problem(422, "Another budget of this fund covers some of the same days.")]
        OverlapsAnotherBudget = 6,

        [Problem(422, "More is promised to providers than this budget would leave.")]
        LessThanIsPromised = 7,

        [Problem(422, "The fund is closed, and these are later days.")]
        FundClosed = 8,

        [Problem(422, "An allocation on these days does not say how many minutes it buys.")]
        MinutesNeeded = 9,
    }

    /// <summary>A budget of a fund, in its latest version.</summary>
    public sealed record Response : BudgetDetails
    {
        /// <summary>Shows the details under the ids of the budget and its fund.</summary>
        [SetsRequiredMembers]
        public Response(Budget budget) : base(budget.Details) => (BudgetId, FundId) = (budget.Id, budget.FundId);

        /// <summary>The id of the budget.</summary>
        public string BudgetId { get; init; }

        /// <summary>The fund.</summary>
        public string FundId { get; init; }
    }

    /// <summary>
    /// The budget, if its sums agree, no other budget covers any of its days, and the fund's budgets still cover the
    /// allocations. It must not reach beyond the last day of a closed fund.
    /// </summary>
    public static Decision<Budget, Refusal> Decide(Fund? fund, Budget? stored, IReadOnlyList<Budget> budgets,
        IReadOnlyList<Allocation> allocations, Budget request, LocalDate? lastDay = null)
    {
        var terms = request.Details;
        if (fund is null)
            return (Refusal.UnknownFund, $"No fund {request.FundId} is known here.");
        if (stored is not null && stored.FundId != request.FundId)
            return (Refusal.CannotChangeHands, $"{request.Id} belongs to another fund: choose another id.");
        if (terms.To < terms.From)
            return (Refusal.EndsBeforeItStarts, "Look at /to: it lies before /from.");
        if (Sums(request) is { Refusal: not null } unequal)
            return unequal;
        var others = budgets.Where(budget => budget.Id != request.Id).ToList();
        var days = new CarePeriod(terms.From, terms.To);
        if (others.FirstOrDefault(other => new CarePeriod(other.Details.From, other.Details.To).Meets(days))
            is { } overlapping)
        {
            return (Refusal.OverlapsAnotherBudget,
                $"{overlapping.Id} covers some of these days: end it first (change its /to).");
        }
        var remaining = Promises.Remaining(allocations, lastDay);
        if (Bared(budgets, [.. others, request], remaining) is { } bared)
            return (Refusal.LessThanIsPromised, bared);
        if (Short([.. others, request], remaining) is { } detail)
            return (Refusal.LessThanIsPromised, detail);
        if (lastDay is { } last && (terms.To is null || terms.To > last))
            return (Refusal.FundClosed, $"Its last day was {last:d MMMM uuuu}: look at /to.");
        // A budget whose earlier version limited minutes is not refused here, because allocations without minutes may
        // be older than this rule.
        return stored?.Details.WeeklyMinutes is null && remaining.FirstOrDefault(allocation =>
            Promises.MinutesNeeded([terms], allocation.Details) is not null) is { } open
            ? (Refusal.MinutesNeeded, $"Give {open.Id} its weeklyMinutes first, 0 where it buys no hours.") : request;
    }

    /// <summary>Sets a council's promise of a weekly amount for a range of days, or revises it.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the budget, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(
        string fundId, string id, JsonBody<BudgetDetails> body, ConditionalPut put, Session session, IClock clock)
    {
        CheckFields(body.Value);
        return put.UpsertAsync<Budget, Refusal, Response>(session, id, [LockKey.Fund(fundId)],
            same: stored => stored.FundId == fundId && JsonEquality.AreEqual(stored.Details, body.Value),
            decide: async (stored, _) =>
            {
                (await FundDays.OfAsync(session, fundId, clock))?.Starts(body.Value.From);
                return Decide(await session.LoadAsync<Fund>(fundId), stored,
                    await session.Query<Budget>().Where(budget => budget.FundId == fundId).ToListAsync(),
                    await session.Query<Allocation>().Where(allocation => allocation.FundId == fundId).ToListAsync(),
                    new Budget(id, fundId, London.Today(clock), body.Value),
                    await CloseFund.LastDayAsync(session, fundId));
            },
            publish: (budget, version) =>
                session.Publish(Fact(budget, version), $"{budget.Id}/{version}", fundId),
            show: budget => new Response(budget));
    }

    private static void CheckFields(BudgetDetails details)
    {
        var fields = new Fields().Pence(details.WeeklyPence, "/weeklyPence")
            .Need(details.WeeklyMinutes is null or (>= 0 and <= 10080 * 10), "/weeklyMinutes",
                "Whole minutes, zero or more.")
            .Need(details.Sources.Count > 0, "/sources", "Name at least one source.")
            .Need(details.Sources.DistinctBy(source => source.Source).Count() == details.Sources.Count, "/sources",
                "Name each source once.")
            .Need(details.Deployment.Count > 0, "/deployment", "Name at least one way of using it.");
        for (var i = 0; i < details.Sources.Count; i++)
            fields.Pence(details.Sources[i].WeeklyPence, $"/sources/{i}/weeklyPence");
        for (var i = 0; i < details.Deployment.Count; i++)
            fields.Pence(details.Deployment[i].WeeklyPence, $"/deployment/{i}/weeklyPence");
        for (var i = 0; i < (details.OneOff?.Count ?? 0); i++)
        {
            fields.Pence(details.OneOff![i].Pence, $"/oneOff/{i}/pence", 1)
                .Text(details.OneOff[i].Purpose, $"/oneOff/{i}/purpose");
        }
        fields.Refuse();
    }

    private static Decision<Budget, Refusal> Sums(Budget request)
    {
        var terms = request.Details;
        var sources = Money.Sum(terms.Sources.Select(source => source.Weekly()));
        if (sources != terms.Weekly())
            return (Refusal.SourcesDoNotSum, $"/sources sum to {sources}, /weeklyPence says {terms.Weekly()}.");
        var deployed = Money.Sum(terms.Deployment.Select(part => part.Weekly()));
        return deployed == terms.Weekly() ? request : (Refusal.DeploymentDoesNotSum,
            $"/deployment sums to {deployed}, /weeklyPence says {terms.Weekly()}.");
    }

    // A sentence that names the first day on which an allocation would lose its budget; null if none would.
    private static string? Bared(
        IReadOnlyList<Budget> before, IReadOnlyList<Budget> after, IReadOnlyList<Allocation> allocations) => (
        from allocation in allocations
        let day = Promises.Bared([.. before.Select(budget => budget.Details)],
            [.. after.Select(budget => budget.Details)], allocation.Details)
        where day is not null
        orderby day, allocation.Id
        select $"On {day:d MMMM uuuu} {allocation.Id} would have no budget: revise {allocation.Id} first, so that its "
            + "days lie within what budgets are to cover.").FirstOrDefault();

    private static string? Short(IReadOnlyList<Budget> budgets, IReadOnlyList<Allocation> allocations)
    {
        var terms = budgets.Select(budget => budget.Details).ToList();
        var promised = allocations.Select(allocation => allocation.Details).ToList();
        if (Promises.Pence(terms, promised) is { } pence)
        {
            return $"{pence.When} {pence.Needed} a week is promised "
                + $"and {pence.Available} would be left. {Revise(allocations, pence)}";
        }
        if (Promises.Minutes(terms, promised) is { } minutes)
        {
            return $"{minutes.When} {minutes.Needed} a week is promised "
                + $"and {minutes.Available} would be left. {Revise(allocations, minutes)}";
        }
        if (Promises.OneOffs(terms, promised) is { } once)
        {
            return $"{once.When} {once.Needed} is promised and {once.Available} would be left. "
                + Revise(allocations, once);
        }
        var sources = promised.SelectMany(allocation => allocation.FundedBy ?? []).Select(share => share.Source);
        return Promises.BySource(terms, promised, sources) is var (source, beyond)
            ? $"{beyond.When} {beyond.Needed} is promised of {Wire.NameOf(source)} "
                + $"and {beyond.Available} would be left. "
                + Revise([.. allocations.Where(allocation => (allocation.Details.FundedBy ?? [])
                    .Any(share => share.Source == source))], beyond)
            : null;
    }

    // Names the allocations on the days of the shortfall, so that they can be lowered first.
    private static string Revise(IReadOnlyList<Allocation> allocations, Shortfall beyond)
    {
        var days = beyond.Once ?? new CarePeriod(beyond.On, beyond.On);
        var kind = beyond.Once is null ? AllocationKind.Regular : AllocationKind.OneOff;
        var promised = allocations.Where(allocation => allocation.Details.Kind == kind
            && days.Meets(new CarePeriod(allocation.Details.From, allocation.Details.To)));
        return $"Revise first: {string.Join(", ", promised.Select(allocation => allocation.Id).Order())}.";
    }

    internal static BudgetSet Fact(Budget budget, int version) => new()
    {
        FundId = budget.FundId,
        BudgetId = budget.Id,
        Version = version,
        SetOn = budget.SetOn,
        From = budget.Details.From,
        To = budget.Details.To,
        WeeklyPence = budget.Details.WeeklyPence,
        IsfWeeklyPence = budget.Details.IsfWeekly().Pence,
        Sources = [.. budget.Details.Sources
            .Select(share => new SourceShare(Wire.NameOf(share.Source), share.WeeklyPence))],
        WeeklyMinutes = budget.Details.WeeklyMinutes,
        OneOff = [.. (budget.Details.OneOff ?? [])
            .Select(oneOff => new OneOffBudget(oneOff.Purpose, Wire.NameOf(oneOff.Source), oneOff.Pence))],
    };
}
