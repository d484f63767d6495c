using Isf.Prices;
using Xunit;

namespace Isf.Domain.Tests.Prices;

/// <summary>
/// The charge for a visit that was not given is the one in <see cref="OutcomeTable"/>, by which Support decides too.
/// </summary>
public sealed class OutcomeChargeTests
{
    [Theory]
    [MemberData(nameof(OutcomeTable.Rows), MemberType = typeof(OutcomeTable))]
    public void The_table(string outcome, int? notice, int? day, int? paid, int percent, bool banks) => Assert.Equal(
        new OutcomeCharge(percent, banks),
        OutcomeCharge.Of(OutcomeTable.Terms, outcome, OutcomeTable.Hours(notice), day, paid));

    private static readonly PriceList Silent = new() { Rates = OutcomeTable.Terms.Rates };

    public static TheoryData<string> Outcomes => [.. OutcomeCharge.Outcomes];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void A_list_that_says_nothing_charges_nothing(string outcome) =>
        Assert.Equal(0, OutcomeCharge.Of(Silent, outcome, 0, 1, null).Percent);

    [Fact]
    public void A_list_that_says_nothing_charges_the_paid_days_of_a_stay() =>
        Assert.Equal(100, OutcomeCharge.Of(Silent, "hospital", null, 14, 14).Percent);

    [Fact]
    public void A_cancellation_beyond_every_step_has_the_outcome_s_own_percentage()
    {
        var list = OutcomeTable.Terms with { Outcomes = [new("cancelled-by-person", 10)] };
        Assert.Equal(10, OutcomeCharge.Of(list, "cancelled-by-person", 48, null, null).Percent);
        Assert.Equal(50, OutcomeCharge.Of(list, "cancelled-by-person", 47, null, null).Percent);
    }
}
