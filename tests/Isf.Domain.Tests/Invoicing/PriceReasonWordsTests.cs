using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Rarer sentences for prices: one day, three rates, a date and an allowance, no day at all.</summary>
public sealed class PriceReasonWordsTests
{
    private const string Nine = "2026-04-08T09:00:00+01:00";

    public static TheoryData<string, PriceList, VisitToPrice> Sentences => new()
    {
        { "1 hour on Sunday 12 April 2026 at £30.00 an hour (Sundays)",
            List(Weekday, Weekend with { When = new() { Days = [DayWord.Sun] } }),
            Visit("2026-04-12T09:00:00+01:00", 60) },
        { "30 miles on Wednesday 8 April 2026: 20 miles at £0.55 a mile (from 1 April 2026) and 10 miles at £0.25 a "
            + "mile (from 1 April 2026, beyond the yearly allowance)",
            List(Weekday with
            {
                Unit = PriceUnit.Mile, Pence = 55, YearlyMiles = 20, ThenPence = 25, From = new LocalDate(2026, 4, 1),
            }), Visit(Nine, 60) with { Miles = 30 } },
        { "6 days from 6 April 2026 to 11 April 2026: 1 day at £10.00 a day, 2 days at £20.00 a day (from 7 April "
            + "2026) and 3 days at £30.00 a day (from 9 April 2026)",
            List(Day(1_000, null, 6), Day(2_000, 7, 8), Day(3_000, 9, null)),
            Visit("2026-04-06T09:00:00+01:00", "2026-04-11T10:00:00+01:00") },
        { "One visit at £15.00 a visit", List(Weekday with { Unit = PriceUnit.Visit, Pence = 1_500 }),
            new("support", default, null, null, 1, "delivered") },
        { "One visit on Wednesday 8 April 2026 at £15.00 a visit",
            List(Weekday with { Unit = PriceUnit.Visit, Pence = 1_500 }),
            new("support", new(2026, 4, 8), null, null, 1, "delivered") },
        { "59 minutes on Sunday 5 April 2026 at £24.00 an hour (from 6 April 2026); the price list has no rate for "
            + "another minute of the visit",
            List(Weekday with { From = new LocalDate(2026, 4, 6) }) with { Crossing = Crossing.Split },
            Visit("2026-04-05T23:59:00+01:00", 60) },
        { "1 hour with 5 carers on Wednesday 8 April 2026 at £24.00 an hour each",
            List(Weekday), Visit(Nine, 60) with { Carers = 5 } },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Each_has_its_sentence(string sentence, PriceList list, VisitToPrice visit) =>
        Assert.Equal(sentence, list.Because(visit));

    [Theory]
    [InlineData(3, "three")]
    [InlineData(4, "four")]
    public void A_few_carers_are_counted_in_words(int carers, string word) =>
        Assert.Equal($"1 hour with {word} carers on Wednesday 8 April 2026 at £24.00 an hour each",
            List(Weekday).Because(Visit(Nine, 60) with { Carers = carers }));

    [Fact]
    public void A_rounding_may_cost_more() =>
        Assert.Equal("£0.07 more for 6 April 2026 to 12 April 2026: rounded once for the whole, not by visit",
            PriceReasonText.Adjusted("rounding", new(2026, 4, 6), new(2026, 4, 12), Money.OfPence(7), []));

    private static PriceRate Day(long pence, int? from, int? to) => Weekday with
    {
        Unit = PriceUnit.Day,
        Pence = pence,
        From = from is { } first ? new LocalDate(2026, 4, first) : null,
        To = to is { } last ? new LocalDate(2026, 4, last) : null,
    };
}
