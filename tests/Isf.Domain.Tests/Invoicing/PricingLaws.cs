using FsCheck;
using FsCheck.Fluent;
using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Laws that hold for every price. SlowPricerTests compares prices with those of a second pricer.</summary>
public sealed class PricingLaws
{
    private static readonly LocalDate First = new(2026, 1, 1);

    private static readonly RateWhen Feast = new() { PublicHoliday = true };

    private static readonly Gen<PriceRate[]> Rates =
        from change in Gen.Choose(1, 700)
        from pence in Gen.Choose(0, 6_000).ArrayOf(6)
        from days in Gen.SubListOf(Enum.GetValues<DayWord>())
        from unit in Gen.Elements(PriceUnit.Hour, PriceUnit.Hour, PriceUnit.Visit)
        from holiday in Gen.Elements(true, false)
        let day = First.PlusDays(change)
        select (PriceRate[])
        [
            new() { Code = "early", Unit = PriceUnit.Hour, Pence = pence[0], To = day },
            new() { Code = "late", Unit = unit, Pence = pence[1], From = day.PlusDays(1) },
            .. days.Count == 0 ? [] : (PriceRate[])
            [
                new() { Code = "days", Unit = PriceUnit.Hour, Pence = pence[2], When = new() { Days = [.. days] } },
            ],
            .. !holiday ? [] : (PriceRate[])
            [
                new() { Code = "holiday", Unit = unit, Pence = pence[3], When = Feast, To = day },
                new() { Code = "feast", Unit = unit, Pence = pence[4], When = Feast, From = day.PlusDays(1) },
            ],
            new() { Code = "club", Service = "club", Unit = PriceUnit.Visit, Pence = pence[5] },
        ];

    private static readonly Gen<VisitToPrice> Visits =
        from minute in Gen.Choose(0, 800 * 24 * 60)
        from length in Gen.Choose(0, 1_500)
        from carers in Gen.Choose(1, 3)
        from service in Gen.Elements("support", "support", "support", "club", "unknown")
        from outcome in Gen.Elements("delivered", "delivered", "delivered", "no-access")
        let start = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromMinutes(minute)
        select new VisitToPrice(
            service, VisitPricing.DayOf(start), start, start + Duration.FromMinutes(length), carers, outcome);

    private static readonly Arbitrary<(PriceRate[] Rates, VisitToPrice Visit)> Cases =
        (from rates in Rates from visit in Visits select (rates, visit)).ToArbitrary();

    private static VisitPrice Price(IReadOnlyList<PriceRate> rates, VisitToPrice visit) => VisitPricing.Price(
        CompiledPriceList.Compile(new PriceList { Rates = rates }, HolidayCalendar.EnglandAndWales), visit);

    private static (PriceReason, Money, Minutes, Minutes, string?, string?) Whole(VisitPrice price) =>
        (price.Reason, price.Amount, price.Charged, price.CarerMinutes, price.Rate?.Code, price.Holiday);

    [Fact]
    public void Every_such_list_is_without_faults() =>
        Prop.ForAll(Rates.ToArbitrary(), rates => PriceListCheck.Faults(new PriceList { Rates = rates }).Count == 0)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_rates_does_not_matter() =>
        Prop.ForAll(Cases, pricing =>
            Whole(Price(pricing.Rates, pricing.Visit)) == Whole(Price([.. pricing.Rates.Reverse()], pricing.Visit)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_longer_visit_never_costs_less_and_is_never_below_nothing() =>
        Prop.ForAll(Cases, pricing =>
        {
            var longer = pricing.Visit with { End = pricing.Visit.End + Duration.FromMinutes(1) };
            var price = Price(pricing.Rates, pricing.Visit).Amount;
            return price >= Money.Zero && Price(pricing.Rates, longer).Amount >= price;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Charged_minutes_times_carers_are_the_carer_minutes_of_what_has_a_price() =>
        Prop.ForAll(Cases, pricing =>
        {
            var price = Price(pricing.Rates, pricing.Visit);
            return price.Charged == Minutes.Zero ? price.Amount == Money.Zero
                : price.Charged * pricing.Visit.Carers == price.CarerMinutes;
        }).QuickCheckThrowOnFailure();
}
