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
using Isf.Prices;
using NodaTime;

namespace Isf.Funds.Allocations;

/// <summary>
/// Allocates part of a fund's budget, in money and hours, to one provider at an agreed price list, or revises an
/// allocation. Publishes AllocationMade or AllocationRevised. Source: api.md, Funds and Price list; design §2 (always
/// true).
/// </summary>
public static class AllocateToProvider
{
    /// <summary>
    /// Why an allocation is refused. Only the first refusal that applies is reported, in this order but for ReservedId,
    /// which is checked second.
    /// </summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(422, "There is no such provider.")]
        UnknownProvider = 2,

        [Problem(422, "A promise stays with its fund, provider and kind.")]
        CannotChangeHands = 3,

        [Problem(422, "The allocation ends before it starts.")]
        EndsBeforeItStarts = 4,

        [Problem(422, "The allocation lies outside the fund's budget.")]
        OutsideBudgetPeriod = 5,

        [Problem(422, "The amounts do not fit the kind of allocation.")]
        WrongAmounts = 6,

        [Problem(422, "The shares of the sources do not make 100 percent.")]
        FundingDoesNotSum = 7,

        [Problem(422, "The price list cannot be applied.")]
        PriceListCannotBeApplied = 8,

        [Problem(422, "That is more money a week than the budget leaves.")]
        ExceedsBudgetPence = 9,

        [Problem(422, "Those are more minutes a week than the budget leaves.")]
        ExceedsBudgetMinutes = 10,

        [Problem(422, "That is more than the budget's one-off money.")]
        ExceedsOneOffPence = 11,

        [Problem(422, "The fund is closed, and these are later days.")]
        FundClosed = 12,

        [Problem(422, "That is more than the budget of a source that pays for it.")]
        BeyondSource = 13,

        [Problem(422, "The budget counts hours, and the allocation does not say how many it buys.")]
        MinutesNeeded = 14,

        [Problem(422, "The books use this id for something else.")]
        ReservedId = 15,
    }

    /// <summary>A part of a fund that is promised to a provider, in its latest version.</summary>
    public sealed record Response : AllocationDetails
    {
        /// <summary>Shows the details under the ids of the allocation and its fund, with the warnings.</summary>
        [SetsRequiredMembers]
        public Response(Allocation allocation, IReadOnlyList<PriceWarning> warnings) : base(allocation.Details) =>
            (AllocationId, FundId, Warnings) = (allocation.Id, allocation.FundId, warnings);

        /// <summary>The id of the allocation.</summary>
        public string AllocationId { get; init; }

        /// <summary>The fund.</summary>
        public string FundId { get; init; }

        /// <summary>What is unusual about the rates, such as one below the minimum wage.</summary>
        public IReadOnlyList<PriceWarning> Warnings { get; init; }
    }

    /// <summary>
    /// The allocation, if the budget has enough left on each of its days and its price list is usable.
    /// </summary>
    public static Decision<Allocation, Refusal> Decide(Fund? fund, Provider? provider, Allocation? stored,
        IReadOnlyList<Budget> budgets, IReadOnlyList<Allocation> allocations, Allocation request,
        LocalDate? lastDay = null)
    {
        var terms = request.Details;
        if (fund is null)
            return (Refusal.UnknownFund, $"No fund {request.FundId} is known here.");
        if (stored is null && ReservedNames.Allocations.TryGetValue(request.Id, out var meaning))
            return (Refusal.ReservedId, $"In the books “{request.Id}” stands for {meaning}: choose another id.");
        if (provider is null)
        {
            return (Refusal.UnknownProvider,
                $"Register {terms.ProviderId} first: PUT /v1/providers/{terms.ProviderId}.");
        }
        if (stored is not null && (stored.FundId, stored.Details.ProviderId, stored.Details.Kind)
            != (request.FundId, terms.ProviderId, terms.Kind))
        {
            return (Refusal.CannotChangeHands, "End this allocation and make another.");
        }
        if (terms.To < terms.From)
            return (Refusal.EndsBeforeItStarts, "Look at /to: it lies before /from.");
        if (!Promises.Covered([.. budgets.Select(budget => budget.Details)], terms))
        {
            return (Refusal.OutsideBudgetPeriod,
                "Some of its days have no budget: look at /from and /to, or set a budget first.");
        }
        // Weekly and one-off allocations have separate limits, so that allocations of the other kind do not count here.
        var others = Promises.Remaining(allocations, lastDay)
            .Where(other => other.Id != request.Id && other.Details.Kind == terms.Kind).Select(other => other.Details);
        AllocationDetails[] all = [.. others, terms];
        return AmountsOf(request).Then(WithUsablePriceList).Then(_ => Room(budgets, all, request))
            .Then(_ => WhileHeld(request, lastDay)).Then(_ => Tied(budgets, all, request));
    }

    /// <summary>Promises part of a fund's budget to a provider at a price list, or revises the promise.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the allocation, which the caller chooses.</param>
    public static Task<PutResult<Response>> PutAsync(
        string fundId, string id, JsonBody<AllocationDetails> body, ConditionalPut put, Session session, IClock clock)
    {
        CheckFields(body.Value);
        IReadOnlyList<PriceWarning> warnings = [];
        async Task<(Fund?, Provider?)> LoadAsync() =>
            (await session.LoadAsync<Fund>(fundId), await session.LoadAsync<Provider>(body.Value.ProviderId));
        return put.UpsertAsync<Allocation, Refusal, Response>(session, id, [LockKey.Fund(fundId)],
            same: async stored =>
            {
                if (stored.FundId != fundId || !JsonEquality.AreEqual(stored.Details, body.Value))
                    return false;
                // Today's check may refuse a price list that was accepted earlier; such a list has no warnings.
                if (await LoadAsync() is ({ } fund, { } provider) && WithUsablePriceList(stored).Refusal is null)
                    warnings = PriceWarnings.Find(fund.Nation, provider.Details.Kind, body.Value);
                return true;
            },
            decide: async (stored, _) =>
            {
                (await FundDays.OfAsync(session, fundId, clock))?.Starts(body.Value.From);
                var (fund, provider) = await LoadAsync();
                var decision = Decide(fund, provider, stored,
                    await session.Query<Budget>().Where(budget => budget.FundId == fundId).ToListAsync(),
                    await session.Query<Allocation>().Where(allocation => allocation.FundId == fundId).ToListAsync(),
                    new Allocation(id, fundId, London.Today(clock), body.Value),
                    await CloseFund.LastDayAsync(session, fundId));
                if (decision.Refusal is null)
                    warnings = PriceWarnings.Find(fund!.Nation, provider!.Details.Kind, body.Value);
                return decision;
            },
            publish: (allocation, version) => Publish(session, allocation, version),
            show: allocation => new Response(allocation, warnings));
    }

    private static Decision<Allocation, Refusal> AmountsOf(Allocation request)
    {
        var terms = request.Details;
        var (weekly, total) = (terms.WeeklyPence, terms.TotalPence);
        if (terms.Kind == AllocationKind.Regular
            ? weekly is null || total is not null : total is null || weekly is not null)
        {
            return (Refusal.WrongAmounts,
                "A regular allocation has weeklyPence, a one-off has totalPence, and not the other.");
        }
        return terms.FundedBy is { } shares && shares.Sum(share => share.Percent) != 100
            ? (Refusal.FundingDoesNotSum, $"/fundedBy makes {shares.Sum(share => share.Percent)} percent.")
            : request;
    }

    private static Decision<Allocation, Refusal> WithUsablePriceList(Allocation request)
    {
        var faults = PriceListCheck.Faults(request.Details.PriceList);
        return faults.Count == 0 ? request
            : (Refusal.PriceListCannotBeApplied, string.Join(" ", faults.Select(fault => fault.Detail)),
                faults.Select(fault => fault.Within("/priceList")).ToArray());
    }

    private static Decision<Allocation, Refusal> WhileHeld(Allocation request, LocalDate? lastDay) =>
        lastDay is { } last && (request.Details.To is null || request.Details.To > last)
            ? (Refusal.FundClosed, $"Its last day was {last:d MMMM uuuu}: look at /to.") : request;

    private static Decision<Allocation, Refusal> Room(
        IReadOnlyList<Budget> budgets, IReadOnlyList<AllocationDetails> all, Allocation request)
    {
        var budgetTerms = budgets.Select(budget => budget.Details).ToList();
        if (Promises.Pence(budgetTerms, all) is { } pence)
        {
            return (Refusal.ExceedsBudgetPence,
                $"{pence.When} {pence.Needed} a week would be promised "
                + $"of a budget of {pence.Available}.");
        }
        if (Promises.Minutes(budgetTerms, all) is { } minutes)
        {
            return (Refusal.ExceedsBudgetMinutes,
                $"{minutes.When} {minutes.Needed} a week would be "
                + $"promised of a budget of {minutes.Available}.");
        }
        return Promises.OneOffs(budgetTerms, all) is { } once
            ? (Refusal.ExceedsOneOffPence,
                $"{once.When} {once.Needed} would be promised of {once.Available} one-off money.")
            : request;
    }

    private static Decision<Allocation, Refusal> Tied(
        IReadOnlyList<Budget> budgets, IReadOnlyList<AllocationDetails> all, Allocation request)
    {
        var terms = budgets.Select(budget => budget.Details).ToList();
        var sources = (request.Details.FundedBy ?? []).Select(share => share.Source);
        if (Promises.BySource(terms, all, sources) is var (source, beyond))
        {
            return (Refusal.BeyondSource,
                $"{beyond.When} {beyond.Needed} would be promised of the "
                + $"{beyond.Available} that {Wire.NameOf(source)} gives: look at /fundedBy.");
        }
        return Promises.MinutesNeeded(terms, request.Details) is { } budget
            ? (Refusal.MinutesNeeded,
                $"The budget from {budget.From:d MMMM uuuu} is {budget.WeeklyLimit()} a week: "
                + "give /weeklyMinutes, 0 where it buys no hours.")
            : request;
    }

    private static void CheckFields(AllocationDetails details)
    {
        var fields = new Fields().Id(details.ProviderId, "/providerId").Pence(details.WeeklyPence, "/weeklyPence")
            .Pence(details.TotalPence, "/totalPence")
            .Need(details.WeeklyMinutes is null or (>= 0 and <= 100_800), "/weeklyMinutes",
                "Whole minutes, 0 to 100,800.");
        foreach (var (share, i) in (details.FundedBy ?? []).Select((share, i) => (share, i)))
            fields.Need(share.Percent is >= 1 and <= 100, $"/fundedBy/{i}/percent", "1 to 100.");
        fields.Refuse();
    }

    private static void Publish(Session session, Allocation allocation, int version)
    {
        var terms = Terms(allocation, version);
        if (version == 1)
        {
            session.Publish(new AllocationMade { Terms = terms }, allocation.Id,
                allocation.FundId);
        }
        else
        {
            session.Publish(new AllocationRevised { Terms = terms },
                $"{allocation.Id}/{version}", allocation.FundId);
        }
    }

    internal static AllocationTerms Terms(Allocation allocation, int version) => new()
    {
        FundId = allocation.FundId,
        AllocationId = allocation.Id,
        Version = version,
        SetOn = allocation.SetOn,
        ProviderId = allocation.Details.ProviderId,
        Kind = Wire.NameOf(allocation.Details.Kind),
        From = allocation.Details.From,
        To = allocation.Details.To,
        WeeklyMinutes = allocation.Details.WeeklyMinutes,
        WeeklyPence = allocation.Details.WeeklyPence,
        TotalPence = allocation.Details.TotalPence,
        FundedBy = allocation.Details.FundedBy
            ?.Select(share => new FundingShare(Wire.NameOf(share.Source), share.Percent)).ToList(),
        Claim = Wire.NameOf(allocation.Details.Claim),
        PriceList = allocation.Details.PriceList,
    };
}
