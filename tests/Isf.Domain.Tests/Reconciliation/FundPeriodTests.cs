using Isf.Measures;
using Isf.Reconciliation.Domain;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>The figures of a feed, each worked by hand from the postings above it.</summary>
public sealed class FundPeriodTests
{
    private static FundPeriod April(Copies books, SpendOrder order = SpendOrder.PersonFirst) =>
        FundPeriod.Build(books.Journals, new CarePeriod(Day("2026-04-06"), Day("2026-05-03")), TermsWith(order));

    private static readonly FundPeriod Eventful = April(new Copies()
        .Post("2026-04-01", Money("outside/council", "held/council", 30000)) // before the period
        .Post("2026-04-06", Money("outside/council", "held/council", 144000))
        .Post("2026-04-10", Money("outside/person", "held/person", 18000))
        .Post("2026-04-12", Money("outside/person", "held/person", 500)).Reverse(4, "2026-04-13") // voided
        .Post("2026-04-20", Money("held/council", "outside/council", 2000)) // returned
        .Post("2026-04-21", Money("held/drawn", "accrued/P-1", 20000))
        .Post("2026-04-22", Money("accrued/P-1", "owed/P-1", 15000))
        .Post("2026-04-23", Money("owed/P-1", "paid/P-1", 4000))
        .Post("2026-04-24", Money("held/council", "owed/holder", 1250)) // a fee that names its source
        .Post("2026-04-25", Money("outside/holder", "held/drawn", 1000)) // recovered VAT lowers what was spent
        .Post("2026-05-04", Money("outside/council", "held/council", 36000))); // after the period

    public static TheoryData<string, long, long> Figures => new()
    {
        { "received", 162000, Eventful.Received.Pence },
        { "returned", 2000, Eventful.Returned.Pence },
        { "spent", 20000 + 1250 - 1000, Eventful.Spent.Pence },
        { "accrued", 5000, Eventful.Accrued.Pence },
        { "owed", 15000 - 4000 + 1250, Eventful.Owed.Pence },
        { "overdrawn", 0, Eventful.Left.Overdrawn.Pence },
        { "left in all", 30000 + 162000 - 2000 - 20250, Eventful.Left.InAll.Pence },
    };

    [Theory]
    [MemberData(nameof(Figures))]
    public void Each_figure_counts_its_own_money_of_the_period(string figure, long expected, long pence) =>
        Assert.Equal((figure, expected), (figure, pence));

    // £190.00 is drawn: £180.00 from the person first, then £10.00 of the council's £300.00 + £1,440.00 − £20.00 −
    // £12.50.
    [Fact]
    public void What_is_left_is_left_of_each_source_in_the_agreed_order() => Assert.Equal(
        [("council", 170750 - 1000), ("person", 0)],
        Eventful.Left.Held.Select(source => (source.Source, source.Left.Pence)));

    [Fact]
    public void The_figures_are_of_the_last_position_that_is_known() => Assert.Equal(12, Eventful.Position);

    [Fact]
    public void Claims_change_what_is_spent_only_where_they_differ_from_the_care()
    {
        var figures = April(new Copies()
            .Post("2026-04-06", Money("outside/council", "held/council", 144000))
            .Post("2026-04-07", Money("held/drawn", "accrued/P-1", 48000))
            .Post("2026-04-12", Money("accrued/P-1", "held/drawn", 1000)) // a price adjusted downwards
            .PostAbout("2026-04-12", "2026-04-20", // a final claim for less is accepted
                Money("accrued/P-1", "owed/P-1", 45600), Money("accrued/P-1", "held/drawn", 1400))
            .PostAbout("2026-04-12", "2026-04-21", // bought on invoice
                Money("held/drawn", "accrued/P-2", 8500), Money("accrued/P-2", "owed/P-2", 8500))
            .Post("2026-04-22", Money("owed/P-1", "paid/P-1", 45600)).Reverse(6, "2026-04-24") // returned by the bank
            .PostAbout("2026-04-12", "2026-04-25", Money("owed/P-2", "held/drawn", 500)) // a credit note
            .Post("2026-04-26", Money("owed/P-2", "paid/P-2", 8500)) // paid before the credit note was known
            .Post("2026-04-28", Money("paid/P-2", "owed/P-2", 500))); // repaid
        Assert.Equal(new Money(45600 + 8500 - 500), figures.Spent);
        Assert.Equal((Money0, new Money(45600)), (figures.Accrued, figures.Owed));
        Assert.Equal((new Money(144000), Money0), (figures.Received, figures.Returned));
        Assert.Equal(new Money(144000 - 53600), figures.Left.InAll);
    }

    private static Isf.Measures.Money Money0 => default;

    [Fact]
    public void Hours_count_on_the_day_of_the_care_and_sum_up()
    {
        var minutes = April(new Copies()
            .Post("2026-04-07", Time("agreed/L-1", "planned/L-1", 600))
            .Post("2026-04-07", Time("planned/L-1", "delivered/L-1", 400), Time("extra/L-1", "delivered/L-1", 30))
            .Post("2026-04-08", Time("planned/L-1", "charged/L-1", 45))
            .Post("2026-04-12", Time("planned/L-1", "missed/L-1/no-access", 100))
            .Post("2026-04-12",
                Time("missed/L-1/no-access", "banked/L-1", 60), Time("missed/L-1/no-access", "released/L-1", 10))
            .PostAbout("2026-04-30", "2026-05-10", Time("agreed/L-1", "planned/L-1", 60)) // about April, counted in May
            .Post("2026-05-04", Time("agreed/L-1", "planned/L-1", 60))).Minutes;
        Assert.Equal(new PeriodMinutes(Planned: new(660), Extra: new(30), Delivered: new(430), Missed: new(30 + 45),
            ChargedNotDelivered: new(45), Banked: new(60), Released: new(10), Outstanding: new(115)), minutes);
        Assert.Equal(minutes.Planned + minutes.Extra,
            minutes.Delivered + minutes.Missed + minutes.Banked + minutes.Released + minutes.Outstanding);
    }

    [Fact]
    public void A_week_closed_again_counts_by_what_it_comes_to()
    {
        var minutes = April(new Copies()
            .Post("2026-04-07", Time("agreed/L-1", "planned/L-1", 600))
            .Post("2026-04-12", Time("planned/L-1", "missed/L-1/short", 90), Time("missed/L-1/short", "banked/L-1", 90))
            .Post("2026-04-12", Time("missed/L-1/short", "planned/L-1", 30), Time("banked/L-1", "missed/L-1/short", 30))
            .Post("2026-04-19", Time("banked/L-1", "extra/L-1", 20), Time("banked/L-1", "released/L-1", 15))).Minutes;
        Assert.Equal(new PeriodMinutes(Planned: new(600), Extra: new(-20), Delivered: new(0), Missed: new(0),
            ChargedNotDelivered: new(0), Banked: new(25), Released: new(15), Outstanding: new(540)), minutes);
    }

    [Fact]
    public void What_was_promised_and_what_of_it_is_promised_on()
    {
        var figures = April(new Copies()
            .Post("2026-04-06", Promise("budget/council", "free", 100000), Promise("free", "promised/A-1", 60000))
            .Post("2026-04-07", Promise("promised/A-1", "used/A-1", 2400))
            .Post("2026-05-04", Promise("budget/council", "free", 1)));
        Assert.Equal((new Money(100000), new Money(57600)), (figures.Budget, figures.Promised));
    }

    [Fact]
    public void A_fund_in_which_nothing_happened_has_a_line_of_noughts()
    {
        var figures = April(new Copies());
        Assert.Equal((0L, Money0, Money0), (figures.Position, figures.Received, figures.Left.InAll));
        Assert.Empty(figures.Left.Held);
    }
}
