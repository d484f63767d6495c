using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>What a compiled price list knows of itself.</summary>
public sealed class CompiledPriceListTests
{
    private const string Wednesday = "2026-04-08T09:00:00+01:00";
    private static readonly PriceRate Stay = Weekday with { Code = "stay", Service = "stay", Unit = PriceUnit.Day };

    [Theory]
    [InlineData(null, "exempt")]
    [InlineData(VatCode.Exempt, "exempt")]
    [InlineData(VatCode.Standard, "standard")]
    [InlineData(VatCode.Zero, "zero")]
    [InlineData(VatCode.Outside, "outside")]
    public void Vat_is_named_by_its_code(VatCode? code, string name)
    {
        var vat = code is { } named ? new VatTerm(named, named == VatCode.Standard ? 20 : null) : null;
        Assert.Equal(name, Ready(List(Weekday) with { Vat = vat }).VatCodeName);
    }

    [Theory]
    [InlineData(null, null, 0, 0)]
    [InlineData(20, null, 20, 20)]
    [InlineData(20, false, 20, 20)]
    [InlineData(20, true, 20, 0)]
    public void The_fund_bears_the_VAT_that_the_holder_does_not_recover(
        int? percent, bool? recovered, int charged, int borne)
    {
        var vat = percent is null ? null : new VatTerm(VatCode.Standard, percent, recovered);
        var list = Ready(List(Weekday) with { Vat = vat });
        Assert.Equal((charged, borne), (list.VatPercent, list.BornePercent));
    }

    [Fact]
    public void A_list_settles_later_by_a_set_off_a_least_charge_or_one_rounding()
    {
        var list = List(Weekday);
        Assert.Equal([false, false, true, true, false, true],
        [
            Ready(list).SettlesLater,
            Ready(list with { WeeklySetOff = false }).SettlesLater,
            Ready(list with { WeeklySetOff = true }).SettlesLater,
            Ready(list with { Minimum = new(MinimumPer.Day, 1) }).SettlesLater,
            Ready(list with { Round = new(RoundAt.Visit) }).SettlesLater,
            Ready(list with { Round = new(RoundAt.Invoice) }).SettlesLater,
        ]);
    }

    [Fact]
    public void The_calendar_matters_only_if_a_rate_is_for_public_holidays()
    {
        Assert.False(Ready(List(Weekday, Weekend)).NamesHolidays);
        Assert.True(Ready(List(Weekday, Stay with { When = Holiday.When }, Stay)).NamesHolidays);
    }

    [Fact]
    public void The_calendar_is_that_of_the_list_or_else_the_nation_s()
    {
        Assert.Equal("Easter Monday", Ready(List(Weekday)).Holidays.NameOf(new LocalDate(2026, 4, 6)));
        Assert.Null(Ready(List(Weekday) with { Holidays = new(HolidayCalendar.Scotland) }).Holidays
            .NameOf(new LocalDate(2026, 4, 6)));
    }

    [Theory]
    [InlineData("support", true)]
    [InlineData("stay", true)]
    [InlineData("mileage", false)]
    public void A_list_has_rates_for_the_services_that_it_names(string service, bool has) =>
        Assert.Equal(has, Ready(List(Weekday, Stay)).HasRateFor(service));

    [Theory]
    [InlineData("support", PriceUnit.Hour, Crossing.FirstRange, false)]
    [InlineData("support", PriceUnit.Hour, Crossing.Split, true)]
    [InlineData("stay", PriceUnit.Day, Crossing.FirstRange, true)]
    [InlineData("stay", PriceUnit.Week, Crossing.FirstRange, true)]
    [InlineData("stay", PriceUnit.Night, Crossing.FirstRange, false)]
    public void A_day_has_its_own_price_in_a_stay_or_a_split_visit(
        string service, PriceUnit unit, Crossing crossing, bool each) =>
        Assert.Equal(each, Ready(List(Weekday, Stay with { Unit = unit }) with { Crossing = crossing })
            .PricesEachDay(service));

    [Theory]
    [InlineData("2026-04-08", PriceUnit.Hour, Crossing.FirstRange, PriceUnit.Hour)]
    [InlineData("2026-04-07", PriceUnit.Hour, Crossing.FirstRange, null)]
    [InlineData("2026-04-07", PriceUnit.Hour, Crossing.Split, PriceUnit.Hour)]
    [InlineData("2026-04-07", PriceUnit.Week, Crossing.FirstRange, PriceUnit.Day)]
    [InlineData("2026-04-07", PriceUnit.Visit, Crossing.Split, null)]
    public void Before_the_first_rate_the_unit_is_that_of_the_rates_to_come(
        string day, PriceUnit unit, Crossing crossing, PriceUnit? expected)
    {
        var rate = Weekday with { Unit = unit, From = new LocalDate(2026, 4, 8) };
        Assert.Equal(expected, Ready(List(rate) with { Crossing = crossing })
            .UnitOf(Visit(Wednesday.Replace("2026-04-08", day, StringComparison.Ordinal), 60)));
    }

    [Fact]
    public void A_visit_of_a_service_that_is_not_in_the_list_has_neither_rate_nor_unit()
    {
        var (list, visit) = (Ready(List(Weekday)), Visit(Wednesday, 60) with { Service = "mileage" });
        Assert.Equal((null, null), (list.RateAt(visit), list.UnitOf(visit)));
    }
}
