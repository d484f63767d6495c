using Isf.Support.Domain;
using Isf.Support.Plans;
using Isf.Support.Terms;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// An allocation is renewed by a second one, and the plan then names the second one. In whatever order these facts and
/// the visits arrive, the same allocation pays for each visit, and each visit fulfils the same minutes.
/// </summary>
public sealed class RenewalLaws
{
    private static readonly LocalDate Renewed = Monday.PlusWeeks(1);

    // Each letter is a fact. N sets the last day of A-1, and P is the plan for A-2. The letters a, b and c are visits
    // on the day before the renewal, on the day of the renewal and a week later.
    private const string Facts = "NPabc";

    public static TheoryData<string, bool> Lines() => new()
    {
        { "weekly", false }, { "weekly", true }, { "schedule", false }, { "schedule", true },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_order_comes_to_what_is_known_at_once(string kind, bool isGiven)
    {
        var lives = Orders(Facts).Select(order => TextOf(Live(order, kind, isGiven))).ToList();
        Assert.Equal(120, lives.Count);
        Assert.Equal(isGiven ? "a A-1 support 60 0 False, b A-2 evening 60 0 False, c A-2 evening 60 0 False"
            : "a A-1 support 0 60 False, b A-2 evening 0 60 False, c A-2 evening 0 60 False",
            Assert.Single(lives.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Care_that_nothing_covers_answers_and_charges_nothing_in_any_order(string kind, bool isGiven)
    {
        var lives = Orders("Nabc").Select(order => TextOf(Live(order, kind, isGiven))).ToList();
        var (fulfilled, extra) = isGiven ? ("60 0", 60) : ("0 60", 0);
        Assert.Equal($"a A-1 support {fulfilled} False, b A-1 support 0 0 True, c A-1 support 0 0 True",
            Assert.Single(lives.Distinct()));
        Assert.All(Live("abcN", kind, isGiven).Visits, visit =>
            Assert.Equal(visit.NotCovered ? extra : 0, visit.Fulfilment.Extra.Count));
    }

    [Fact]
    public void What_was_recorded_stays_while_its_allocation_covers_it_and_an_unknown_one_moves_nothing()
    {
        Assert.Equal("a A-1 support 60 0 False, b A-1 support 60 0 False, c A-1 support 60 0 False",
            TextOf(Live("abcP", "schedule", true)));
        Assert.Equal("a A-1 support 60 0 False, b A-1 support 0 0 True, c A-1 support 0 0 True",
            TextOf(Live("abcPN", "schedule", true, includesRenewal: false)));
    }

    [Fact]
    public void Care_that_nothing_covers_draws_on_nothing_that_was_banked()
    {
        var scene = new WeekScene
        {
            Terms = WeekScene.Agreed(BankUnit.Minutes),
            Plans = new([Plan(Version(1, Monday, null, Weekly("L-1", 180)))],
                Allocation.ById([Paid() with { To = Renewed.PlusDays(-1) }])),
        };
        scene.Given("V-1", Renewed.At(new(9, 0)), 180, isPlanned: false);
        scene.Close(Monday, Renewed.PlusDays(6));
        Assert.Equal((180, 0, 180), (scene.Banked, scene.Line(Renewed).DrawnMinutes,
            scene.Visits.Single().Fulfilment.Extra.Count));
        Assert.True(scene.Line(Renewed).IsNothing);
    }

    private sealed record Life(Dictionary<string, Allocation> Allocations, List<PlanVersion> Versions)
    {
        public List<Visit> Visits { get; set; } = [];
    }

    [Fact]
    public void A_week_that_is_renewed_within_is_one_pool_in_any_order()
    {
        var lives = Orders("NPab").Where(InTime).Select(order => TextOf(LiveWithin(order))).ToList();
        Assert.Equal(12, lives.Count);
        Assert.Equal("a A-1 support 420 0 False, b A-2 evening 0 0 False", Assert.Single(lives.Distinct()));
    }

    [Fact]
    public void A_week_of_which_less_is_covered_has_less_to_answer_in_any_order()
    {
        var lives = Orders("Nab").Where(InTime).Select(order => TextOf(LiveWithin(order))).ToList();
        Assert.Equal(3, lives.Count);
        Assert.Equal("a A-1 support 120 0 False, b A-1 support 0 0 True", Assert.Single(lives.Distinct()));
    }

    private static bool InTime(string order) =>
        order.IndexOf('a', StringComparison.Ordinal) < order.IndexOf('b', StringComparison.Ordinal);

    // The renewal is on a Wednesday. Seven hours are given on the Monday before that day, and two on the Friday after
    // it.
    private static Life LiveWithin(string order) => Live(order, Weekly("L-1", 420), Renewed.PlusDays(2), visit =>
        visit == 'a' ? Care.Offer($"{Renewed:uuuu-MM-dd}T08:00", $"{Renewed:uuuu-MM-dd}T15:00", "a")
            : Care.Offer($"{Renewed.PlusDays(4):uuuu-MM-dd}T08:00", $"{Renewed.PlusDays(4):uuuu-MM-dd}T10:00", "b"));

    private static Life Live(string order, string kind, bool isGiven, bool includesRenewal = true) => Live(order,
        kind == "weekly" ? Weekly("L-1", 60) : Line("L-1", 1, Slot("Mon Tue Wed Thu Fri Sat Sun", "08:00", 60)),
        Renewed, visit => Offer(visit, isGiven), includesRenewal);

    private static Life Live(
        string order, PlanLine line, LocalDate renewed, Func<char, VisitInput> offer, bool includesRenewal = true)
    {
        var life = new Life(new() { ["A-1"] = Paid() }, [Version(1, Monday, null, line)]);
        if (includesRenewal)
            life.Allocations["A-2"] = Paid() with { Id = "A-2", From = renewed };
        foreach (var fact in order)
        {
            if (fact == 'N')
                life.Allocations["A-1"] = Paid() with { Version = 2, To = renewed.PlusDays(-1) };
            else if (fact == 'P')
                life.Versions.Add(Version(2, renewed, null, line with { AllocationId = "A-2", Service = "evening" }));
            else
                life.Visits.Add(Book(life).Record(Record(offer(fact)), Now).Visit!);
            var pools = fact == 'N'
                ? CoverCare.PartWeeks(Paid(), life.Allocations["A-1"]).Select(monday => ("L-1", monday))
                : fact == 'P' ? ApprovePlan.PoolsRenewed(PlansOf(life), life.Versions[^1]) : [];
            var results = Book(life).RecordAgain(PlansOf(life), [.. life.Visits.OrderBy(visit => visit.CareOn)], pools)
                .ToDictionary(result => result.Visit!.Record.VisitId);
            life.Visits = life.Visits.ConvertAll(visit =>
                results.TryGetValue(visit.Record.VisitId, out var result) ? result.Visit! : visit);
        }
        return life;
    }

    private static FundPlans PlansOf(Life life) => new([Plan([.. life.Versions])], life.Allocations);

    private static VisitRecorder Book(Life life)
    {
        var prices = life.Allocations.Keys.ToDictionary(id => id, id => new AgreedPrices(id, "F-1",
            [new(1, Monday, WeekScene.List(WeekScene.Hour(2400)) with
                { Outcomes = [new("missed-by-provider", 100)] })]));
        var fund = new FundCare("F-1", Monday, PlansOf(life), life.Allocations)
        {
            Terms = CareTerms.None with { Prices = prices },
        };
        return new(new Dictionary<string, FundCare> { ["F-1"] = fund }, life.Visits, life.Visits);
    }

    private static VisitInput Offer(char visit, bool isGiven)
    {
        var day = visit switch { 'a' => Renewed.PlusDays(-1), 'b' => Renewed, _ => Renewed.PlusWeeks(1) };
        var offer = Care.Offer($"{day:uuuu-MM-dd}T08:00", $"{day:uuuu-MM-dd}T09:00", $"{visit}");
        return isGiven ? offer : offer with
        {
            Start = null,
            End = null,
            PlannedStart = offer.Start,
            PlannedMinutes = 60,
            Outcome = "missed-by-provider",
        };
    }

    private static string TextOf(Life life) => string.Join(", ", life.Visits
        .OrderBy(visit => visit.Record.VisitId, StringComparer.Ordinal).Select(visit => $"{visit.Record.VisitId} "
            + $"{visit.AllocationId} {visit.Service} {visit.Fulfilment.Fulfilled.Count} "
            + $"{visit.Fulfilment.Charged.Count} "
            + $"{visit.NotCovered}"));

    private static IEnumerable<string> Orders(string facts) => facts.Length <= 1 ? [facts]
        : facts.SelectMany(first => Orders(facts.Replace($"{first}", "", StringComparison.Ordinal))
            .Select(rest => first + rest));
}
