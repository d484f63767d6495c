using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>
/// A price list is refused when it is offered, with a pointer, where it cannot be applied without doubt.
/// </summary>
public sealed class PriceListCheckTests
{
    private static readonly LocalDate April = new(2026, 4, 1);

    private static PriceRate Plain => new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    private static PriceRate Weekend => Plain with
    {
        Code = "weekend", When = new RateWhen { Days = [DayWord.Sat, DayWord.Sun] }, Pence = 3000,
    };

    private static PriceRate Holiday => Plain with
    {
        Code = "holiday", When = new RateWhen { PublicHoliday = true }, Pence = 4800,
    };

    private static PriceList List(params PriceRate[] rates) => new() { Rates = rates };

    private static void Sound(PriceList list) => Assert.Empty(PriceListCheck.Faults(list));

    private static void Refused(PriceList list, params string[] pointersAndCodes) =>
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

    public static TheoryData<string, PriceList> NotPriced => new()
    {
        { "/basis", List(Plain) with { Basis = PriceBasis.Planned } },
        { "/basis", List(Plain) with { Basis = PriceBasis.ActualCappedAtPlanned } },
        { "/band", List(Plain) with { Band = new(15, BandTo.Nearest) } },
        { "/weeklySetOff", List(Plain) with { WeeklySetOff = true } },
        { "/crossing", List(Plain) with { Crossing = Crossing.Split } },
        { "/round/at", List(Plain) with { Round = new(RoundAt.Invoice) } },
        { "/pay", List(Plain) with { Pay = PayClock.Scheduled } },
        { "/minimum", List(Plain) with { Minimum = new(MinimumPer.Week, 5000) } },
        { "/cancellation", List(Plain) with { Cancellation = [new(24, 100)] } },
        { "/outcomes", List(Plain) with { Outcomes = [new("no-access", 100, false)] } },
        { "/vat/code", List(Plain) with { Vat = new(VatCode.Standard, 20, false) } },
        { "/rates/0/unit", List(Plain with { Unit = PriceUnit.Night }) },
        { "/rates/0/unit", List(Plain with { Unit = PriceUnit.Session }) },
        { "/rates/0/unit", List(Plain with { Unit = PriceUnit.Day }) },
        { "/rates/0/unit", List(Plain with { Unit = PriceUnit.Week }) },
        { "/rates/0/unit", List(Plain with { Unit = PriceUnit.Mile }) },
        { "/rates/0/unit", List(Plain with { Unit = PriceUnit.Item }) },
        { "/rates/0/fixed", List(Plain with { Fixed = [new(30, 1600)] }) },
        { "/rates/0/disturbances", List(Plain with { Disturbances = new(2, "weekday", 4) }) },
        { "/rates/0/yearlyMiles", List(Plain with { YearlyMiles = 10_000 }) },
        { "/rates/0/thenPence", List(Plain with { ThenPence = 25 }) },
        { "/rates/1/when/dates", List(Plain, Holiday with { When = new() { Dates = [April], PublicHoliday = true } }) },
        { "/rates/1/when/from", List(Plain, Weekend with { When = Weekend.When! with { From = new(18, 0) } }) },
        { "/rates/1/when/to", List(Plain, Weekend with { When = Weekend.When! with { To = new(22, 0) } }) },
    };

    [Theory]
    [MemberData(nameof(NotPriced))]
    public void What_is_not_priced_is_refused_where_it_stands(string pointer, PriceList list) =>
        Refused(list, $"{pointer} not-priced");

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
    [InlineData(PriceListCheck.PenceMost, true)]
    [InlineData(PriceListCheck.PenceMost + 1, false)]
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
            "No rate for support covers Monday, Tuesday, Wednesday, Thursday, Friday from 2026-04-02", fault.PlainWords,
            StringComparison.Ordinal);
    }
}
