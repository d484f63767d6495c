using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Whole elapsed minutes, formatted as people write them.</summary>
public sealed class MinutesTests
{
    [Theory]
    [InlineData(0, "0 min")]
    [InlineData(45, "45 min")]
    [InlineData(59, "59 min")]
    [InlineData(60, "1 h")]
    [InlineData(61, "1 h 1 min")]
    [InlineData(314, "5 h 14 min")]
    [InlineData(60_000, "1,000 h")]
    [InlineData(-90, "−1 h 30 min")]
    public void A_length_is_written_in_hours_and_minutes(long minutes, string text) =>
        Assert.Equal(text, new Minutes(minutes).ToString());

    [Theory]
    [InlineData("2026-04-06T09:00:00+01:00", "2026-04-06T09:45:00+01:00", 45)]
    [InlineData("2026-04-06T09:00:00+01:00", "2026-04-06T09:44:59+01:00", 44)] // the last minute was not whole
    [InlineData("2026-03-28T22:00:00Z", "2026-03-29T07:00:00+01:00", 480)] // the clocks went forward
    [InlineData("2026-10-24T22:00:00+01:00", "2026-10-25T07:00:00Z", 600)] // the clocks went back
    [InlineData("2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00Z", 60)] // half past one came twice
    [InlineData("2026-06-01T22:00:00+01:00", "2026-06-02T07:00:00+01:00", 540)]
    public void Minutes_are_those_that_really_elapsed(string start, string end, long minutes) =>
        Assert.Equal(new Minutes(minutes), Minutes.Elapsed(At(start), At(end)));

    [Fact]
    public void Two_halves_of_a_time_that_is_cut_on_a_minute_sum_to_the_whole() =>
        Prop.ForAll(
            Gen.Choose(0, 600_000).ToArbitrary(),
            Gen.Choose(0, 1_500).ToArbitrary(),
            Gen.Choose(0, 1_500).ToArbitrary(),
            (from, first, second) =>
            {
                var start = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromMinutes(from);
                var cut = start + Duration.FromMinutes(first);
                var end = cut + Duration.FromMinutes(second);
                return Minutes.Elapsed(start, cut) + Minutes.Elapsed(cut, end) == Minutes.Elapsed(start, end);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Lengths_add_take_away_and_compare_like_whole_numbers() =>
        Prop.ForAll(Lengths, Lengths, (a, b) =>
            a + b - b == a && a * 3 == a + a + a && Minutes.Min(a, b) == (a <= b ? a : b)
            && a.CompareTo(b) == a.Count.CompareTo(b.Count) && (a > b) == (b < a) && (a >= b) == (b <= a))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_length_too_large_throws_and_never_wraps()
    {
        Assert.Throws<OverflowException>(() => new Minutes(long.MaxValue) + new Minutes(1));
        Assert.Throws<OverflowException>(() => new Minutes(long.MinValue) - new Minutes(1));
        Assert.Throws<OverflowException>(() => new Minutes(long.MaxValue) * 2);
    }

    private static Instant At(string moment) => OffsetDateTimePattern.ExtendedIso.Parse(moment).Value.ToInstant();

    private static Arbitrary<Minutes> Lengths =>
        Gen.Choose(int.MinValue, int.MaxValue).Select(count => new Minutes(count)).ToArbitrary();
}
