using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The terms of a promise on the days around its first day, its last day and its anniversaries.</summary>
public sealed class PromiseTermsTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static readonly PromiseTerms Open = new()
    {
        Kind = PromiseKind.Allocation, Id = "A-1", Version = 1, SetOn = April.PlusDays(-7), From = April,
        Weekly = Money.OfPence(700), Shares = [new("A-1", Money.OfPence(700))],
        OneOff = [new("A-1", Money.OfPence(50))],
    };

    [Theory]
    [InlineData("2026-04-05", 0, 0)] // nothing is promised before the first day
    [InlineData("2026-04-06", 1, 36_550)]
    [InlineData("2027-04-05", 1, 36_550)]
    [InlineData("2027-04-06", 2, 73_150)] // a leap year, and the one-off not again
    public void An_open_promise_has_an_instalment_a_year(string until, int years, long pence)
    {
        var instalments = Open.Instalments(Day(until)).ToList();
        Assert.Equal(years, instalments.Count);
        Assert.Equal(pence, instalments.Sum(entry => entry.Amounts.Sum(share => share.Amount.Pence)));
    }

    [Theory]
    [InlineData("2026-04-05", 0)] // it ended before it began
    [InlineData("2026-04-06", 150)]
    [InlineData("2028-04-05", 73_150)] // 731 days: two years, of which one is a leap year
    public void A_promise_with_an_end_has_one_instalment(string to, long pence)
    {
        var instalments = (Open with { To = Day(to) }).Instalments(new(2030, 1, 1)).ToList();
        Assert.Equal(pence == 0 ? 0 : 1, instalments.Count);
        Assert.Equal(pence, instalments.Sum(entry => entry.Amounts.Sum(share => share.Amount.Pence)));
    }

    [Theory]
    [InlineData(1, "2026-03-01", "2026-04-06")]
    [InlineData(1, "2026-05-01", "2026-04-06")]
    [InlineData(2, "2026-03-01", "2026-04-06")]
    [InlineData(2, "2026-05-01", "2026-05-01")]
    public void A_version_counts_from_its_first_day_and_a_revision_from_its_own(int version, string setOn, string on) =>
        Assert.Equal(Day(on), (Open with { Version = version, SetOn = Day(setOn) }).EffectiveOn);

    [Theory]
    [InlineData("2026-04-06", "2027-04-06")]
    [InlineData("2027-04-05", "2027-04-06")]
    [InlineData("2027-04-06", "2028-04-06")]
    [InlineData("2020-01-01", "2027-04-06")]
    public void The_next_year_begins_after_the_day(string day, string next) =>
        Assert.Equal(Day(next), Open.NextAfter(Day(day)));

    [Fact]
    public void A_promise_without_a_weekly_amount_has_no_next_year() =>
        Assert.Null((Open with { Weekly = Money.Zero }).NextAfter(April));

    [Fact]
    public void An_end_changes_the_last_day_alone() => Assert.Equal(
        Open with { Version = 3, SetOn = April.PlusDays(2), To = April.PlusDays(9), Ended = true },
        Open.EndedBy(3, April.PlusDays(2), April.PlusDays(9)));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "2026-05-03", "2026-05-03")]
    [InlineData("2026-05-02", "2026-05-03", "2026-05-02")]
    [InlineData("2026-05-04", "2026-05-03", "2026-05-03")]
    [InlineData(null, "2026-04-06", "2026-04-06")]
    public void A_promise_goes_no_further_than_the_funds_last_day(string? to, string? lastDay, string? expected)
    {
        var terms = Open with { To = to is null ? null : Day(to) };
        var cut = terms.UpTo(lastDay is null ? null : Day(lastDay));
        Assert.Equal(terms with { To = expected is null ? null : Day(expected) }, cut);
    }

    [Fact]
    public void A_promise_that_would_begin_after_the_last_day_promises_nothing() =>
        Assert.Equal([], Open.UpTo(April.PlusDays(-1)).Instalments(new(2030, 1, 1)).SelectMany(entry => entry.Amounts));

    private static LocalDate Day(string iso) => LocalDatePattern.Iso.Parse(iso).Value;
}
