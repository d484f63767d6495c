using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Ranges of days include both ends; weeks run Monday to Sunday.</summary>
public sealed class CarePeriodTests
{
    private static readonly LocalDate Easter = new(2026, 4, 6);

    private static readonly Gen<LocalDate> Days = Gen.Choose(0, 60).Select(Easter.PlusDays);

    private static readonly Gen<CarePeriod> Periods =
        from day in Days
        from length in Gen.Choose(0, 30)
        from open in Gen.Elements(true, false, false, false)
        select new CarePeriod(day, open ? null : day.PlusDays(length));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(27, true)]
    [InlineData(28, false)]
    public void A_range_holds_its_first_and_its_last_day(int day, bool held) =>
        Assert.Equal(held, new CarePeriod(Easter, Easter.PlusDays(27)).Covers(Easter.PlusDays(day)));

    [Fact]
    public void Four_weeks_are_28_days() => Assert.Equal(28, new CarePeriod(Easter, new LocalDate(2026, 5, 3)).Days);

    [Fact]
    public void An_open_range_has_no_length() =>
        Assert.Throws<InvalidOperationException>(() => new CarePeriod(Easter, null).Days);

    [Theory]
    [InlineData(-1, -7)]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 0)]
    [InlineData(7, 7)]
    public void A_week_runs_from_Monday_to_Sunday_around_each_of_its_days(int day, int monday)
    {
        Assert.Equal(Easter.PlusDays(monday), CarePeriod.MondayOf(Easter.PlusDays(day)));
        Assert.Equal(
            new CarePeriod(Easter.PlusDays(monday), Easter.PlusDays(monday + 6)),
            CarePeriod.WeekOf(Easter.PlusDays(day)));
    }

    [Fact]
    public void Two_ranges_meet_when_a_day_lies_in_both_and_their_overlap_is_those_days() =>
        Prop.ForAll(Periods.ToArbitrary(), Periods.ToArbitrary(), (a, b) =>
        {
            var both = Enumerable.Range(-5, 120).Select(i => Easter.PlusDays(i))
                .Where(day => a.Covers(day) && b.Covers(day)).ToList();
            var overlap = a.Overlap(b);
            return a.Meets(b) == (both.Count > 0) && a.Meets(b) == b.Meets(a) && overlap == b.Overlap(a)
                && (overlap is { } days
                    ? Enumerable.Range(-5, 120).Select(i => Easter.PlusDays(i)).Where(days.Covers).SequenceEqual(both)
                    : both.Count == 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_range_covers_another_when_it_holds_all_its_days() =>
        Prop.ForAll(Periods.ToArbitrary(), Periods.ToArbitrary(), (a, b) =>
            a.Covers(b) == (a.Overlap(b) == b)).QuickCheckThrowOnFailure();
}
