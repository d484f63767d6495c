using Isf.Domain.Tests.Prices;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Care that is not given is priced for the planned time, at the percentage of its outcome.</summary>
public sealed class NotGivenTests
{
    private const string Start = "2026-10-06T09:00:00+01:00";

    [Theory]
    [MemberData(nameof(OutcomeTable.Rows), MemberType = typeof(OutcomeTable))]
    public void The_table_that_Support_decides_by(
        string outcome, int? notice, int? day, int? paid, int percent, bool banks)
    {
        var price = OutcomeTable.Terms.Price(Planned(Start, 60, outcome) with
        {
            NoticeHours = OutcomeTable.Hours(notice),
            AbsenceDay = day,
            HospitalPaidDays = paid,
        });
        Assert.Equal(24L * percent, price.Amount.Pence);
        Assert.Equal(percent == 0 ? 0 : 60, price.Charged.Count);
        Assert.Equal(Minutes.Zero, price.CarerMinutes);
        Assert.False(banks && percent > 0);
    }

    [Fact]
    public void Fourteen_paid_days_of_a_stay_from_6_to_25_October_are_672_00()
    {
        var days = Enumerable.Range(0, 20).Select(day =>
            Planned(Start, 120, "hospital") with
            {
                PlannedStart = At(Start) + Duration.FromDays(day),
                AbsenceDay = day + 1,
                HospitalPaidDays = 14,
            });
        var bill = List(Weekday).Together([.. days]);
        Assert.Equal("£672.00", bill.Total.ToString());
        Assert.Equal(28 * 60, bill.Visits.Sum(visit => visit.Price.Charged.Count));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0L, 0)]
    [InlineData(60L, 2400)]
    [InlineData(120L, 4800)]
    public void Where_Support_has_decided_a_stay_s_day_it_is_priced_so(long? chargedNotGiven, long pence)
    {
        var visit = Planned(Start, 60, "hospital") with { PlannedMinutes = null, ChargedNotGiven = chargedNotGiven };
        Assert.Equal(pence, List(Weekday).Pence(visit));
    }

    [Fact]
    public void It_counts_from_when_it_was_planned_not_from_when_somebody_stood_at_the_door()
    {
        var list = List(Weekday, Weekend) with { Outcomes = [new("no-access", 100)] };
        var visit = Planned("2026-10-09T23:30:00+01:00", 60, "no-access") with
        {
            Start = At("2026-10-10T00:05:00+01:00"),
            End = At("2026-10-10T00:15:00+01:00"),
        };
        Assert.Equal(2400, list.Pence(visit));
    }

    [Fact]
    public void Of_flat_prices_the_percentage_is_charged()
    {
        var flat = Weekday with { Unit = PriceUnit.Visit, Pence = 1501 };
        var list = List(flat) with { Outcomes = [new("no-access", 50)] };
        Assert.Equal(751, list.Pence(Planned(Start, 60, "no-access")));
    }

    [Fact]
    public void It_says_so() => Assert.Equal(
        "75% of 1 hour planned on Tuesday 6 October 2026 at £24.00 an hour, "
            + "charged for a visit where nobody could be let in",
        OutcomeTable.Terms.Because(Planned(Start, 60, "no-access")));
}
