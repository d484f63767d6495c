using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The steps of a promise whose fund closes, and the day up to which steps are posted.</summary>
public sealed class PromiseStepsTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static readonly PromiseTerms Fortnights = new()
    {
        Kind = PromiseKind.Allocation, Id = "A-1", Version = 1, SetOn = April, From = April,
        To = April.PlusDays(27), Weekly = Money.OfPence(700), Shares = [new("A-1", Money.OfPence(700))], OneOff = [],
    };

    private static readonly PromiseTerms Revised = Fortnights with
    {
        Version = 2,
        SetOn = April.PlusDays(7),
        Weekly = Money.OfPence(1_400),
        Shares = [new("A-1", Money.OfPence(1_400))],
    };

    private static LocalDate? Day(int? number) => number is { } days ? April.PlusDays(days) : null;

    private static IEnumerable<string> Due(LocalDate? postedTo, int horizon, int? held, int? lastDay) =>
        PromiseSchedule.Due(postedTo is null ? [] : [Fortnights], postedTo, [Fortnights], April.PlusDays(horizon),
                Day(held), Day(lastDay))
            .Select(step => $"{Period.DaysBetween(April, step.On)}: "
                + string.Join(", ", step.Differences.Select(pair => $"{pair.Key} {pair.Value.Pence}")));

    [Fact]
    public void A_closure_takes_back_what_is_promised_for_later_days_on_the_last_day() =>
        Assert.Equal(["13: A-1 -1400"], Due(April, 20, null, 13));

    [Fact]
    public void A_closure_that_is_known_at_first_promises_all_and_takes_the_rest_back() =>
        Assert.Equal(["0: A-1 2800", "13: A-1 -1400"], Due(null, 20, null, 13));

    [Fact]
    public void A_fund_that_closed_before_the_first_day_promises_nothing() =>
        Assert.Equal(["0: "], Due(null, 20, null, -1));

    [Fact]
    public void A_last_day_beyond_the_horizon_takes_nothing_back_yet() => Assert.Empty(Due(April, 12, null, 13));

    [Fact]
    public void A_later_last_day_gives_back_what_an_earlier_one_took() =>
        Assert.Equal(["13: A-1 1400", "20: A-1 -700"], Due(April.PlusDays(21), 21, 13, 20));

    [Fact]
    public void A_last_day_that_the_books_have_already_makes_no_step() =>
        Assert.Empty(Due(April.PlusDays(20), 20, 13, 13));

    [Fact]
    public void A_version_that_is_new_is_a_step_though_nothing_changes() =>
        Assert.Equal([April], PromiseSchedule.Due([], null, [Fortnights with { Weekly = Money.Zero }], April)
            .Select(step => step.On));

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 1)]
    [InlineData(6, 1)]
    [InlineData(7, 2)]
    public void The_latest_version_that_has_taken_effect_decides(int day, int? version) =>
        Assert.Equal(version, PromiseSchedule.InForce([Fortnights, Revised], April.PlusDays(day))?.Version);

    [Theory]
    [InlineData(null, 3, 7)] // the second version's day
    [InlineData(30, 3, 30)]
    [InlineData(3, 30, 30)]
    public void Steps_are_posted_up_to_the_last_of_three_days(int? postedTo, int today, int horizon) => Assert.Equal(
        April.PlusDays(horizon), PromiseSchedule.Horizon([Fortnights, Revised],
            Day(postedTo), April.PlusDays(today)));

    [Fact]
    public void Each_part_of_a_promise_has_its_own_difference()
    {
        var other = Revised with { Weekly = Fortnights.Weekly, Shares = [new("A-2", Money.OfPence(1))] };
        var step = Assert.Single(PromiseSchedule.Due([Fortnights], April, [Fortnights, other], April.PlusDays(7)));
        Assert.Equal([new("A-1", new(-2_800)), new("A-2", new(2_800))], step.Differences);
    }
}
