using Isf.Measures;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Prices;

/// <summary>A rate under a floor causes a warning with figures, and never a refusal.</summary>
public sealed class PriceFloorsTests
{
    private static string Codes(long pence, string nation, LocalDate on, bool homecare = true) => string.Join(' ',
        PriceFloors.Of(new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = pence }, nation, on, homecare)
            .Select(warning => warning.Code));

    [Theory]
    [InlineData(3214, "england", "")]
    [InlineData(3213, "england", "under-minimum-price")]
    [InlineData(2271, "england", "under-minimum-price")]
    [InlineData(2270, "england", "under-direct-cost")]
    [InlineData(1271, "england", "under-direct-cost")]
    [InlineData(1270, "england", "under-minimum-wage under-direct-cost")]
    [InlineData(2864, "wales", "")]
    [InlineData(2863, "wales", "under-minimum-price")]
    [InlineData(1271, "scotland", "")]
    [InlineData(1270, "northern-ireland", "under-minimum-wage")]
    public void On_both_sides_of_each_floor(long pence, string nation, string codes) =>
        Assert.Equal(codes, Codes(pence, nation, new(2026, 4, 6)));

    [Theory]
    [InlineData("2025-03-31", 2852, "under-minimum-price")]
    [InlineData("2025-03-31", 2853, "")]
    [InlineData("2025-04-01", 2853, "under-minimum-price")]
    [InlineData("2026-03-31", 1221, "under-direct-cost")]
    [InlineData("2026-04-01", 1221, "under-minimum-wage under-direct-cost")]
    [InlineData("2023-03-31", 100, "")]
    public void The_latest_figure_that_has_begun_counts(string on, long pence, string codes) =>
        Assert.Equal(codes, Codes(pence, "england", NodaTime.Text.LocalDatePattern.Iso.Parse(on).Value));

    [Fact]
    public void What_an_employee_earns_is_compared_with_the_wage_alone()
    {
        Assert.Equal("", Codes(1271, "england", new(2026, 4, 6), homecare: false));
        Assert.Equal("under-minimum-wage", Codes(1270, "england", new(2026, 4, 6), homecare: false));
    }

    [Fact]
    public void It_says_the_figures_that_it_used()
    {
        var warning = Assert.Single(PriceFloors.Of(
            new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 }, "england", new(2026, 4, 6)));
        Assert.Equal("“weekday” at £24.00 an hour lies £8.14 under the minimum price of an hour of homecare, £32.14 "
            + "from 2025-04-01 (Homecare Association, 2025/26).", warning.PlainWords);
    }

    [Fact]
    public void Other_units_are_not_compared() => Assert.Empty(
        PriceFloors.Of(new() { Code = "visit", Unit = PriceUnit.Visit, Pence = 1 }, "england", new(2026, 4, 6)));

    [Theory]
    [InlineData(null, "under-minimum-wage")]           // on 1 April 2026 the wage rises from £12.21 to £12.71
    [InlineData("2026-04-01", "under-minimum-wage")]
    [InlineData("2026-03-31", "")]
    public void A_rate_is_compared_with_every_figure_that_begins_while_it_holds(string? to, string codes)
    {
        var rate = new PriceRate { Code = "weekday", Unit = PriceUnit.Hour, Pence = 1250 };
        var days = new CarePeriod(new(2026, 3, 1), to is null ? null : LocalDatePattern.Iso.Parse(to).Value);
        Assert.Equal(codes, string.Join(' ',
            PriceFloors.Within(rate, "england", days, isHomecare: false).Select(warning => warning.Code)));
    }
}
