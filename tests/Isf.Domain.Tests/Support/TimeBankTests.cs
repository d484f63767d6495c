using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Prices;
using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// The minutes banked first are drawn first. Banked minutes expire. If the bank keeps money, a change of rate changes
/// the number of banked minutes.
/// </summary>
public sealed class TimeBankTests
{
    private static readonly LocalTime Nine = new(9, 0);

    /// <summary>
    /// In week 1, 330 minutes are planned and none given. From week 2 on, one hour a week is planned and given.
    /// </summary>
    private static WeekScene Banked(BankUnit banking, params PriceRate[] rates)
    {
        var scene = new WeekScene
        {
            Plans = new([Plan(Version(1, Monday, Monday.PlusDays(6), Line("L-1", 1, Slot("Mon", "09:00", 330))),
                Version(2, Monday.PlusWeeks(1), null, Line("L-1", 1, Slot("Mon", "09:00", 60))))]),
            Terms = Agreed(banking, list: List(rates.Length == 0 ? [Hour(2400)] : rates)),
        };
        foreach (var week in Enumerable.Range(1, 20))
            scene.Given($"V-{week}", Monday.PlusWeeks(week) + Nine, 60);
        return scene;
    }

    private static LocalDate Sunday(int week) => Monday.PlusWeeks(week).PlusDays(6);

    [Fact]
    public void Five_and_a_half_hours_at_24_00_are_5_h_14_at_25_20_in_a_bank_of_money()
    {
        var rise = Monday.PlusWeeks(2);
        PriceRate[] rates = [Hour(2400, to: rise.PlusDays(-1)), Hour(2520, rise)];
        var money = Banked(BankUnit.Money, rates);
        money.Close(Monday, Sunday(1));
        Assert.Equal((330, 13_200), (money.Banked, money.Line(Monday).BankedPence));
        money.Close(Monday.PlusWeeks(2), Sunday(2));
        Assert.Equal(("5 h 14 min", -16), (new Minutes(money.Banked).ToString(), money.Line(rise).RevaluedMinutes));
        Assert.Equal(13_200, money.Weeks[rise].Bank[0].Deposits.Sum(deposit => deposit.Pence));

        var minutes = Banked(BankUnit.Minutes, rates);
        minutes.Close(Monday, Sunday(2));
        Assert.Equal((330, 0), (minutes.Banked, minutes.Line(rise).RevaluedMinutes));
        Assert.Equal("£138.60", new Rate(2520).ForRoundedHalfUp(new Minutes(minutes.Banked)).ToString());
    }

    [Fact]
    public void What_was_banked_in_small_parts_comes_to_the_same_minutes_at_another_rate()
    {
        var parts = Enumerable.Range(0, 11)
            .Select(day => new Deposit(Monday, Monday.PlusDays(day % 7), 30, 1_200, 2400));
        var week = TimeBank.BankWeek([.. parts], [], Minutes.Zero, Monday.PlusWeeks(1),
            new(1, Monday, BankUnit.Money, 12, null), _ => new Rate(2520));
        Assert.Equal((314, -16, 13_200), (week.After.Sum(deposit => deposit.Minutes), week.Revalued.Count,
            week.After.Sum(deposit => deposit.Pence)));
    }

    [Fact]
    public void A_rate_that_falls_adds_minutes_to_a_bank_of_money()
    {
        var fall = Monday.PlusWeeks(1);
        var scene = Banked(BankUnit.Money, Hour(2400, to: fall.PlusDays(-1)), Hour(2200, fall));
        scene.Close(Monday, Sunday(1));
        Assert.Equal((360, 30), (scene.Banked, scene.Line(fall).RevaluedMinutes));
    }

    [Theory]
    [InlineData(11, 330, 0)]
    [InlineData(12, 0, 330)]
    public void What_was_banked_for_12_weeks_expires(int week, long banked, long expired)
    {
        var scene = Banked(BankUnit.Minutes);
        scene.Close(Monday, Sunday(week));
        Assert.Equal((banked, expired), (scene.Banked, scene.Line(Monday.PlusWeeks(week)).ExpiredMinutes));
    }

    [Fact]
    public void Without_a_clause_on_weeks_it_stays_banked_and_with_no_bank_any_more_it_expires()
    {
        var scene = Banked(BankUnit.Minutes);
        scene.Terms = Agreed(BankUnit.Minutes, expires: null);
        scene.Close(Monday, Sunday(18));
        Assert.Equal(330, scene.Banked);
        scene.Terms = scene.Terms with
        {
            Agreement = Agreement.With(scene.Terms.Agreement, "F-1", new(2, Sunday(19), null, null, null)),
        };
        scene.Close(Monday.PlusWeeks(18), Sunday(20));
        Assert.Equal((0, 330), (scene.Banked, scene.Line(Monday.PlusWeeks(19)).ExpiredMinutes));
    }

    [Fact]
    public void Care_beyond_the_plan_draws_on_the_oldest_first_and_no_more_than_there_is()
    {
        var scene = Banked(BankUnit.Money);
        scene.Send(Offer("2026-04-13T09:00", "2026-04-13T09:40", "V-1"));            // 20 minutes short in week 2
        scene.Given("X-1", Monday.PlusWeeks(2).PlusDays(1) + Nine, 335, isPlanned: false);
        scene.Close(Monday, Sunday(2));
        var week = scene.Line(Monday.PlusWeeks(2));
        Assert.Equal((335, 13_400, 15), (week.DrawnMinutes, week.DrawnPence, scene.Banked));
        Assert.Equal(600, scene.Weeks[Monday.PlusWeeks(2)].Bank[0].Deposits.Single().Pence);
        scene.Given("X-2", Monday.PlusWeeks(3).PlusDays(1) + Nine, 100, isPlanned: false);
        scene.Close(Monday.PlusWeeks(3), Sunday(3));
        Assert.Equal((15, 600), (scene.Line(Monday.PlusWeeks(3)).DrawnMinutes,
            scene.Line(Monday.PlusWeeks(3)).DrawnPence));
        Assert.Equal(0, scene.Banked);
    }

    [Fact]
    public void What_is_banked_in_a_week_is_not_drawn_in_it()
    {
        var scene = Banked(BankUnit.Minutes);
        scene.Given("X-1", Monday.PlusDays(2) + Nine, 60, isPlanned: false);
        scene.Close(Monday, Sunday(0));
        Assert.Equal((330, 0), (scene.Banked, scene.Line(Monday).DrawnMinutes));
    }

    [Fact]
    public void A_late_visit_takes_back_what_was_banked_and_what_was_drawn_of_it_later()
    {
        var scene = Banked(BankUnit.Minutes);
        scene.Given("X-1", Monday.PlusWeeks(1).PlusDays(1) + Nine, 200, isPlanned: false);
        scene.Close(Monday, Sunday(3));
        Assert.Equal((130, 200), (scene.Banked, scene.Line(Monday.PlusWeeks(1)).DrawnMinutes));
        scene.Given("V-0", Monday + Nine, 230);
        var closing = scene.Close(Monday, Sunday(3));
        Assert.Equal([true, true, false, false], closing.Weeks.Select(week => week.IsChanged));
        Assert.Equal((0, 100), (scene.Banked, scene.Line(Monday.PlusWeeks(1)).DrawnMinutes));
    }

    [Fact]
    public void Days_of_one_week_on_both_sides_of_a_rise_keep_the_pence_of_their_days()
    {
        var rise = Monday.PlusDays(3);
        var scene = new WeekScene
        {
            Plans = Plans(Line("L-1", 1, Slot("Mon Fri", "09:00", 60))),
            Terms = Agreed(BankUnit.Money, list: List(Hour(2400, to: rise.PlusDays(-1)), Hour(3000, rise))),
        };
        scene.Close(Monday, Sunday(0));
        Assert.Equal((5_400, -12, 108),
            (scene.Line(Monday).BankedPence, scene.Line(Monday).RevaluedMinutes, scene.Banked));
    }

    /// <summary>What is banked and drawn in one week, by the terms and the rate of that week.</summary>
    private sealed record WeekOfBank(int Banked, int Extra, int Rate, BankUnit? Keeps);

    private static readonly Arbitrary<List<WeekOfBank>> AnyWeeks = (
        from banked in Gen.Choose(0, 90)
        from extra in Gen.Choose(0, 60)
        from rate in Gen.Elements(0, 2213, 2400, 2520)
        from keeps in Gen.Elements<BankUnit?>(
            BankUnit.Money, BankUnit.Money, BankUnit.Money, BankUnit.Money, BankUnit.Money, BankUnit.Money,
            BankUnit.Minutes, BankUnit.Minutes, null)
        select new WeekOfBank(banked, extra, rate, keeps)).ListOf().ToArbitrary();

    private static void OfEachWeek(Action<IReadOnlyList<Deposit>, BankedWeek, WeekOfBank, LocalDate> law) =>
        Prop.ForAll(AnyWeeks, weeks =>
        {
            IReadOnlyList<Deposit> deposits = [];
            foreach (var (index, week) in weeks.Index())
            {
                var monday = Monday.PlusWeeks(index);
                var result = TimeBank.BankWeek(
                    deposits, [(monday.PlusDays(1), new(week.Banked)), (monday.PlusDays(3), new(7))], new(week.Extra),
                    monday,
                    new AgreementVersion(1, Monday, week.Keeps, 3, null),
                    day => new Rate(day > monday ? week.Rate : 2000));
                law(deposits, result, week, monday);
                deposits = result.After;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Minutes_are_only_banked_drawn_expired_or_revalued() => OfEachWeek((before, result, _, _) =>
        Assert.Equal(
            BankedTime.Sum(before).Length + result.Banked.Length - result.Drawn.Length - result.Expired.Length
                + result.Revalued,
            BankedTime.Sum(result.After).Length));

    [Fact]
    public void Pence_are_only_banked_drawn_or_expired() => OfEachWeek((before, result, _, _) => Assert.Equal(
        BankedTime.Sum(before).Worth + result.Banked.Worth - result.Drawn.Worth - result.Expired.Worth,
        BankedTime.Sum(result.After).Worth));

    [Fact]
    public void No_deposit_is_below_nothing_or_older_than_agreed() => OfEachWeek((_, result, _, monday) =>
        Assert.All(result.After, deposit => Assert.True(
            deposit is { Minutes: >= 0, Pence: >= 0 } && deposit.Week.PlusWeeks(3) > monday)));

    [Fact]
    public void No_more_is_drawn_than_was_given_beyond_the_plan() => OfEachWeek((_, result, week, _) =>
        Assert.InRange(result.Drawn.Length.Count, 0, week.Extra));

    [Fact]
    public void Only_a_bank_of_money_is_revalued() => OfEachWeek((_, result, week, _) =>
        Assert.True(week.Keeps == BankUnit.Money || result.Revalued == Minutes.Zero));
}
