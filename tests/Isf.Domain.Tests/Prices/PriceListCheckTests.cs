using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Prices.PriceListFaultTests;

namespace Isf.Domain.Tests.Prices;

/// <summary>An ambiguous price list is refused when it is submitted, with a pointer to the fault.</summary>
public sealed class PriceListCheckTests
{
    internal static readonly LocalDate April = new(2026, 4, 1);

    internal static PriceRate Plain => new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    internal static PriceRate Weekend => Plain with
    {
        Code = "weekend",
        When = new RateWhen { Days = [DayWord.Sat, DayWord.Sun] },
        Pence = 3000,
    };

    private static PriceRate Holiday => Plain with
    {
        Code = "holiday",
        When = new RateWhen { PublicHoliday = true },
        Pence = 4800,
    };

    internal static PriceList List(params PriceRate[] rates) => new() { Rates = rates };

    private static void Sound(PriceList list) => Assert.Empty(PriceListCheck.Faults(list));

    internal static void Refused(PriceList list, params string[] pointersAndCodes) =>
        Assert.Equal(pointersAndCodes, PriceListCheck.Faults(list).Select(fault => $"{fault.Pointer} {fault.Code}"));

    [Fact]
    public void Rates_by_hour_and_visit_for_days_holidays_and_services_are_sound() => Sound(List(
        Plain, Weekend, Holiday, Plain with { Code = "pop-in", Service = "welfare-check", Unit = PriceUnit.Visit }));

    [Fact]
    public void What_api_md_gives_as_the_usual_terms_may_be_said() => Sound(List(Plain) with
    {
        Basis = PriceBasis.Actual,
        WeeklySetOff = false,
        Crossing = Crossing.FirstRange,
        Round = new(RoundAt.Visit),
        Pay = PayClock.Elapsed,
        Holidays = new(HolidayCalendar.Scotland, HolidayOn.Both),
        Cancellation = [],
        Outcomes = [],
        Vat = new(VatCode.Exempt, 0, false),
    });

    [Fact]
    public void Every_field_of_a_price_list_can_be_applied()
    {
        Sound(List(
            Plain with { Fixed = [new(30, 1600), new(45, 2000)] }, Weekend, Holiday,
            Plain with { Code = "evening", When = Window(18, 22, DayWord.Mon) },
            Plain with { Code = "christmas", When = new() { Dates = [new(2026, 12, 25)] } }, Night, Mile) with
        {
            Basis = PriceBasis.Banded,
            Band = new(15, BandTo.Nearest),
            WeeklySetOff = true,
            Crossing = Crossing.FirstRange,
            Round = new(RoundAt.Invoice),
            Pay = PayClock.Scheduled,
            Minimum = new(MinimumPer.Week, 5000),
            Cancellation = [new(24, 100), new(48, 50)],
            Outcomes = [new("no-access", 100, false)],
            Vat = new(VatCode.Standard, 20, false),
        });
        Sound(List(Plain, Plain with { Code = "visit", When = Weekend.When, Unit = PriceUnit.Visit }));
        Sound(List(Plain with { Unit = PriceUnit.Week, To = April },
            Plain with { Unit = PriceUnit.Day, From = April.PlusDays(1) }));
    }

    [Theory]
    [InlineData(18, 22, DayWord.Mon, 21, 23, DayWord.Mon, true)]
    [InlineData(18, 22, DayWord.Mon, 22, 23, DayWord.Mon, false)]
    [InlineData(18, 22, DayWord.Mon, 18, 22, DayWord.Tue, false)]
    [InlineData(22, 6, DayWord.Sun, 5, 7, DayWord.Mon, true)] // Sunday's night reaches Monday's early morning
    [InlineData(22, 6, DayWord.Sun, 6, 7, DayWord.Mon, false)]
    public void Windows_meet_where_they_share_a_minute(
        int from, int to, DayWord day, int otherFrom, int otherTo, DayWord otherDay, bool meet) =>
        Refused(
            List(Plain, Plain with { When = Window(from, to, day) },
                Plain with { When = Window(otherFrom, otherTo, otherDay) }),
            meet ? ["/rates/2 rates-overlap"] : []);

    [Fact]
    public void Dates_meet_where_they_share_one_and_live_rates_where_they_share_such_a_day()
    {
        PriceRate Dated(params LocalDate[] dates) => Plain with { When = new() { Dates = dates } };
        Refused(List(Plain, Dated(April), Dated(April.PlusDays(1), April)), "/rates/2 rates-overlap");
        Sound(List(Plain, Dated(April), Dated(April.PlusDays(1))));
        Sound(List(Plain, Dated(April) with { To = April }, Dated(April) with { From = April.PlusDays(1) }));
        // From Monday to Wednesday there is no weekend that both rates could price.
        Sound(List(Plain, Weekend with { To = April }, Weekend with { From = April.PlusDays(-2) }));
        Refused(List(Plain, Weekend with { To = April }, Weekend with { From = April.PlusDays(-6) }),
            "/rates/2 rates-overlap");
    }

    [Fact]
    public void A_list_without_rates_is_refused() => Refused(List(), "/rates no-rates");

    [Fact]
    public void A_hole_where_the_rates_or_a_rate_should_be_is_refused()
    {
        Refused(new PriceList { Rates = null! }, "/rates no-rates");
        Refused(List(Plain, null!), "/rates/1 no-rate");
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(201, 1)]
    public void A_list_holds_at_most_200_rates(int rates, int faults)
    {
        var many = Enumerable.Range(0, rates).Select(i => Plain with { Service = $"service-{i}" });
        Assert.Equal(faults, PriceListCheck.Faults(List([.. many])).Count);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(PriceListCheck.PenceMax, true)]
    [InlineData(PriceListCheck.PenceMax + 1, false)]
    public void A_rate_lies_between_nothing_and_ten_thousand_pounds(long pence, bool sound) =>
        Refused(List(Plain with { Pence = pence }), sound ? [] : ["/rates/0/pence absurd-rate"]);

    [Theory]
    [InlineData("a", true)]
    [InlineData("bank-holiday_2.B", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("two words", false)]
    [InlineData("<b>", false)]
    [InlineData(null, false)]
    public void A_code_is_one_plain_word(string? code, bool sound) =>
        Refused(List(Plain with { Code = code! }), sound ? [] : ["/rates/0/code no-code"]);

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_code_and_a_service_have_at_most_64_characters(int length, bool sound)
    {
        var word = new string('a', length);
        Refused(List(Plain with { Code = word }), sound ? [] : ["/rates/0/code no-code"]);
        Refused(List(Plain with { Service = word }), sound ? [] : ["/rates/0/service no-service"]);
    }

    [Fact]
    public void A_condition_that_says_nothing_or_two_things_is_refused()
    {
        Refused(List(Plain, Plain with { When = new() { Days = [] } }), "/rates/1/when/days no-days");
        Refused(List(Plain, Holiday with { When = new() { PublicHoliday = true, Days = [DayWord.Mon] } }),
            "/rates/1/when two-conditions");
        Refused(
            List(Plain with { When = new() { PublicHoliday = false } }), "/rates/0/when/publicHoliday says-nothing");
    }

    [Fact]
    public void A_rate_that_ends_before_it_starts_is_refused()
    {
        Refused(List(Plain with { From = April, To = April.PlusDays(-1) }), "/rates/0/to ends-before-it-starts");
        Sound(List(Plain with { From = April, To = April }));
    }

    [Fact]
    public void What_is_exempt_bears_no_percentage() =>
        Refused(List(Plain) with { Vat = new(VatCode.Exempt, 20, false) }, "/vat/percent absurd-percent");

    [Fact]
    public void Two_rates_of_one_precedence_on_one_day_are_refused()
    {
        Refused(List(Plain, Plain with { Code = "other" }), "/rates/1 rates-overlap");
        Refused(List(Plain, Holiday, Holiday with { Code = "other" }), "/rates/2 rates-overlap");
        Refused(List(Plain, Weekend, Weekend with { When = new() { Days = [DayWord.Sun, DayWord.Mon] } }),
            "/rates/2 rates-overlap");
    }

    [Fact]
    public void Rates_of_other_days_other_services_or_other_times_do_not_meet()
    {
        Sound(List(Plain, Weekend, Weekend with { When = new() { Days = [DayWord.Mon] } }));
        Sound(List(Plain, Plain with { Service = "sleep-in" }));
        Sound(List(Plain with { To = April }, Plain with { From = April.PlusDays(1) }));
    }

    [Fact]
    public void A_rate_that_starts_on_the_last_day_of_another_overlaps_it() =>
        Refused(List(Plain with { To = April }, Plain with { From = April }), "/rates/1 rates-overlap");

    [Fact]
    public void A_service_named_support_and_one_not_named_are_the_same() =>
        Refused(List(Plain, Plain with { Service = "support" }), "/rates/1 rates-overlap");

    [Fact]
    public void Days_without_a_rate_are_a_gap()
    {
        Refused(List(Weekend), "/rates rates-leave-a-gap");
        Refused(List(Holiday), "/rates rates-leave-a-gap");
        Refused(List(Plain, Weekend with { Service = "club" }), "/rates rates-leave-a-gap");
        Sound(List(Weekend, Weekend with
        {
            When = new() { Days = [DayWord.Mon, DayWord.Tue, DayWord.Wed, DayWord.Thu, DayWord.Fri] },
        }));
    }

    [Fact]
    public void Days_between_two_rates_are_a_gap_and_days_before_the_first_and_after_the_last_are_not()
    {
        Refused(List(Plain with { To = April }, Plain with { From = April.PlusDays(2) }), "/rates rates-leave-a-gap");
        Sound(List(Plain with { From = April, To = April.PlusDays(9) }));
        Refused(List(Plain with { To = April }, Weekend), "/rates rates-leave-a-gap");
    }

    [Fact]
    public void A_gap_names_its_days_and_since_when()
    {
        var fault = Assert.Single(PriceListCheck.Faults(List(Plain with { To = April }, Weekend)));
        Assert.StartsWith(
            "No rate for support covers Monday, Tuesday, Wednesday, Thursday, Friday from 2026-04-02", fault.Detail,
            StringComparison.Ordinal);
    }
}
