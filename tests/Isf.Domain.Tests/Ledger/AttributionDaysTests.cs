using Isf.Ledger.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// Whose money is left around the days on which the order of spending changes, with figures worked by hand: first the
/// person's, from 16 April the council's, from 26 April the person's again, and closed on 6 May.
/// </summary>
public sealed class AttributionDaysTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static readonly FundTerms Open = new(
    [
        new(1, April, April, SpendOrder.PersonFirst, true),
        new(2, April.PlusDays(10), April.PlusDays(10), SpendOrder.CouncilFirst, true),
        new(3, April.PlusDays(20), April.PlusDays(20), SpendOrder.PersonFirst, true),
    ], null);

    private static readonly FundTerms Closed =
        Open with { Closed = new(April.PlusDays(29), April.PlusDays(30)) };

    private static HeldSum Sum(int day, Account from, Account to, long pence) =>
        new(April.PlusDays(day), April.PlusDays(day), from, to, pence);

    private static HeldSum Cost(int day, long pence) => Sum(day, Account.Drawn, Account.Accrued("P-1"), pence);

    private static readonly HeldSum[] Sums =
    [
        Sum(0, Account.Outside("council"), Account.Held("council"), 1_000),
        Sum(0, Account.Outside("person"), Account.Held("person"), 500),
        Cost(9, 100), Cost(10, 20), Cost(19, 3), Cost(20, 40), Cost(30, 5),
    ];

    private static string Left(FundTerms terms, int day, params HeldSum[] more) => string.Join(' ',
        SourceAttribution.LeftOn(terms, April.PlusDays(day), [.. Sums, .. more], [])
            .Left.Select(left => $"{left.Source} {left.Pence}"));

    [Theory]
    [InlineData(8, "council 1000 person 500")]
    [InlineData(9, "council 1000 person 400")]
    [InlineData(10, "council 980 person 400")]
    [InlineData(19, "council 977 person 400")]
    [InlineData(20, "council 977 person 360")]
    [InlineData(30, "council 977 person 355")]
    public void Each_day_s_spending_keeps_the_order_of_its_day(int day, string left) =>
        Assert.Equal(left, Left(Open, day));

    [Fact]
    public void What_came_back_under_a_later_order_is_the_first_source_s_of_that_order() =>
        Assert.Equal("council 1010 person 400",
            Left(Open, 15, Sum(15, Account.Accrued("P-1"), Account.Drawn, 30)));

    [Fact]
    public void A_source_that_put_in_nothing_is_listed_only_if_it_has_an_account() =>
        Assert.Equal("council 1000 nhs 0 person 500",
            Left(Open, 5, Sum(1, Account.Outside("nhs"), Account.Held("nhs"), 7),
                Sum(2, Account.Held("nhs"), Account.Outside("nhs"), 7)));

    [Fact]
    public void Each_change_and_the_closure_attribute_what_those_before_did_not()
    {
        var targets = SourceAttribution.Targets(Closed, Sums, []);
        Assert.Equal(
            [
                "agreement/v2 10: council 0 person 100",
                "agreement/v3 20: council 23 person 0",
                "closure 30: council 145 person -100",
            ],
            targets.Select(target => $"{target.About} {Period.DaysBetween(April, target.On)}: "
                + $"council {target.BySource["council"]} person {target.BySource["person"]}"));
    }

    [Theory]
    [InlineData(false, 19)] // the day before the last change
    [InlineData(true, 30)]
    public void The_last_day_that_matters_is_that_of_the_last_change_or_the_closure(bool closed, int day) =>
        Assert.Equal(April.PlusDays(day), SourceAttribution.LastDay(closed ? Closed : Open));

    [Fact]
    public void Without_change_or_closure_no_day_matters() =>
        Assert.Null(SourceAttribution.LastDay(new([Open.Agreements[0]], null)));

    [Theory]
    [InlineData(29, "council 977 person 360")]
    [InlineData(30, "council 832 person 500")] // nothing was due from the person, so all of it is theirs
    public void On_the_day_of_closure_the_person_keeps_what_was_not_due(int day, string left) =>
        Assert.Equal(left, Left(Closed, day));

    [Theory]
    [InlineData(30, "council 832 person 450")]
    [InlineData(31, "council 832 person 500")] // not yet returned on the day before
    public void A_return_to_the_person_lowers_what_they_paid(int day, string left) =>
        Assert.Equal(left, Left(Closed, 30, Sum(day, Account.Held("person"), Account.Outside("person"), 50)));
}
