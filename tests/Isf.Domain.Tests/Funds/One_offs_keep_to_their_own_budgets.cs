using FsCheck;
using FsCheck.Fluent;
using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>
/// A one-off promise is paid from the one-off money of the budgets whose days overlap the promise's own days, and of
/// no other budget.
/// </summary>
public sealed class One_offs_keep_to_their_own_budgets
{
    private static readonly LocalDate April = PromisingFund.April;

    private static readonly Fund Fund = PromisingFund.Of(FundKind.ThirdPartyPhb);

    private static readonly Provider Provider = PromisingFund.Provider;

    // Budgets of ten days each, one after another, each with some one-off money of the NHS and of the council.
    private static Budget Ten(int n, long nhs, long council = 0) => new($"B-{n}", "F-1", April, new()
    {
        From = April.PlusDays(10 * n), To = April.PlusDays((10 * n) + 9), WeeklyPence = 100,
        Sources = [new(Source.Council, 100)], Deployment = [new(DeployedAs.Isf, 100)],
        OneOff = [new("rail", Source.Nhs, nhs), new("bed", Source.Council, council)],
    });

    private static Allocation Once(string id, int first, int last, long pence, Source? source = Source.Nhs) =>
        new(id, "F-1", April, new()
        {
            ProviderId = "V-1", Kind = AllocationKind.OneOff, From = April.PlusDays((10 * first) + 3),
            To = April.PlusDays((10 * last) + 5), TotalPence = pence, Claim = Claim.OnInvoice,
            FundedBy = source is { } tied ? [new(tied, 100)] : null,
            PriceList = new() { Rates = [new() { Code = "item", Unit = PriceUnit.Item, Pence = 100 }] },
        });

    private static AllocateToProvider.Refusal? Why(
        IReadOnlyList<Budget> budgets, Allocation request, params Allocation[] others) =>
        AllocateToProvider.Decide(Fund, Provider, null, budgets, others, request).Refusal;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_another_budget_has_left_is_not_used_up(bool tied)
    {
        Budget[] budgets = [Ten(0, 100), Ten(1, 100, 500)];
        var (source, why) = tied
            ? (Source.Nhs, AllocateToProvider.Refusal.BeyondSource)
            : ((Source?)null, AllocateToProvider.Refusal.ExceedsOneOffPence);
        // The second budget's money does not help a one-off of the first budget's days.
        var penny = Once("A-2", 1, 1, 1, source);
        Assert.NotNull(Why(budgets, Once("A-1", 0, 0, 190, source)));
        Assert.NotNull(Why(budgets, Once("A-1", 0, 0, 101, source), penny));
        Assert.Null(Why(budgets, Once("A-1", 0, 0, 100, source), penny));
        Assert.Null(Why(budgets, Once("A-1", 0, 1, 190, source), penny));
        // In the second budget only the NHS is short: the council has £5.00 there.
        Assert.Equal(tied ? why : null, Why(budgets, Once("A-1", 0, 1, 200, source), penny));
    }

    [Fact]
    public void A_budget_leaves_one_offs_what_their_own_days_have_and_says_whose()
    {
        Budget[] budgets = [Ten(0, 100), Ten(1, 100)];
        Allocation[] promised = [Once("A-1", 0, 0, 90), Once("A-2", 1, 1, 5)];
        Assert.Null(SetBudget.Decide(Fund, budgets[0], budgets, promised, Ten(0, 90)).Refusal);
        var refused = SetBudget.Decide(Fund, budgets[0], budgets, promised, Ten(0, 89));
        Assert.Equal(SetBudget.Refusal.LessThanIsPromised, refused.Refusal);
        Assert.Contains("Revise first: A-1.", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_promised_each_week_is_not_refused_for_what_was_promised_once()
    {
        var terms = Once("A-1", 0, 0, 100).Details;
        var weekly = Once("A-1", 0, 0, 100) with
        {
            Details = terms with
            {
                Kind = AllocationKind.Regular,
                TotalPence = null,
                WeeklyPence = 100,
                FundedBy = [new(Source.Council, 100)],
            },
        };
        // The service accepted these one-offs when it did not yet reserve each budget's money for the budget's own
        // days.
        Assert.Null(Why([Ten(0, 100), Ten(1, 100)], weekly, Once("A-2", 0, 0, 190), Once("A-3", 1, 1, 1)));
    }

    private static readonly Gen<(int[] Has, (int First, int More, int Pence)[] Requests)> Cases =
        from has in Gen.Choose(0, 3).ArrayOf(3)
        from asks in (from first in Gen.Choose(0, 2) from more in Gen.Choose(0, 2) from pence in Gen.Choose(0, 2)
                      select (first, more, pence)).ArrayOf().Resize(4)
        select (has, asks);

    [Fact]
    public void They_fit_exactly_where_every_penny_can_be_given_a_budget_of_its_own() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Cases.ToArbitrary(), life =>
        {
            Budget[] budgets = [.. life.Has.Select((pence, n) => Ten(n, pence))];
            var requests = life.Requests
                .Select(request => (request.First, Last: Math.Min(2, request.First + request.More), request.Pence))
                .ToList();
            var details = requests.ConvertAll(request => Once("A", request.First, request.Last, request.Pence).Details);
            Assert.Equal(Matches([.. life.Has], [.. requests]),
                Promises.OneOffs([.. budgets.Reverse().Select(budget => budget.Details)], details) is null);
            Assert.Equal(Matches([.. life.Has], [.. requests]), Promises.BySource(
                [.. budgets.Select(budget => budget.Details)], details, [Source.Nhs]) is null);
        }));

    // Tries every assignment of money to the one-offs, penny by penny.
    private static bool Matches(int[] has, List<(int First, int Last, int Pence)> requests)
    {
        var at = requests.FindIndex(request => request.Pence > 0);
        if (at < 0)
            return true;
        var request = requests[at];
        for (var budget = request.First; budget <= request.Last; budget++)
        {
            if (has[budget] == 0)
                continue;
            int[] left = [.. has];
            left[budget]--;
            var rest = requests.Select((other, n) => n == at ? other with { Pence = other.Pence - 1 } : other);
            if (Matches(left, [.. rest]))
                return true;
        }
        return false;
    }
}
