using Isf.Contracts.Funds;
using Isf.Prices;
using Isf.Support.Domain;
using Isf.Support.Terms;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>The agreements and price lists by which weeks close, whatever version comes first.</summary>
public sealed class AgreedTermsTests
{
    private static readonly LocalDate Sunday = Monday.PlusDays(6);

    [Theory]
    [InlineData(null, null)]
    [InlineData("minutes", BankUnit.Minutes)]
    [InlineData("money", BankUnit.Money)]
    public void An_agreement_s_clauses_are_stored_by_version_whatever_comes_first(string? keep, BankUnit? banking)
    {
        AgreementSigned Signed(int version, LocalDate on) => new()
        {
            HolderId = "h", FundId = "F-1", Version = version, SignedOn = on, PaymentEvery = "4-weeks",
            PaymentFirstOn = Monday, Contribution = "to-council", SpendOrder = "pro-rata", BankingKeep = keep,
            BankingExpiresAfterWeeks = 12, HospitalPaidDays = version,
        };
        var second = CopyAgreements.VersionFrom(Signed(2, Sunday));
        var first = CopyAgreements.VersionFrom(Signed(1, Monday));
        var stored = Agreement.With(Agreement.With(null, "F-1", second), "F-1", first)!;
        Assert.Null(Agreement.With(stored, "F-1", first));
        Assert.Equal((banking, 1, 1, 2), (stored.On(Sunday).Keeps, stored.On(Monday.PlusDays(-9)).HospitalPaidDays,
            stored.On(Sunday.PlusDays(-1)).HospitalPaidDays, stored.On(Sunday).HospitalPaidDays));
    }

    [Fact]
    public void A_list_counts_from_the_day_it_was_made_or_back_dated_to_by_a_rate_of_the_service()
    {
        var prices = AgreedPrices.With(AgreedPrices.With(null, "A-1", "F-1", new(1, Monday, List(Hour(2400)))), "A-1",
            "F-1", new(2, Sunday, List(Hour(2520, Monday.PlusDays(3)))))!;
        Assert.Equal((2400, 2400, 2520, 2520), (prices.HourlyRate("support", Monday.PlusDays(-1)).PencePerHour,
            prices.HourlyRate("support", Monday.PlusDays(2)).PencePerHour,
            prices.HourlyRate("support", Monday.PlusDays(3)).PencePerHour,
            prices.HourlyRate("support", Sunday).PencePerHour));
        Assert.Equal(Monday.PlusDays(3), AgreedPrices.FirstDay(prices.Versions[1]));
        Assert.Equal(0, prices.HourlyRate("sleep-in", Monday).PencePerHour);
    }

    [Fact]
    public void Care_that_was_not_given_goes_by_a_list_that_is_back_dated_as_a_whole_or_made_by_then()
    {
        var weekend = Hour(3000) with { Code = "weekend", When = new() { Days = [DayWord.Sat, DayWord.Sun] } };
        AgreedPrices Prices(params PriceRate[] rates) => AgreedPrices.With(AgreedPrices.With(null, "A-1", "F-1",
            new(1, Monday, List(Hour(2400)))), "A-1", "F-1", new(2, Sunday.PlusWeeks(4), List(rates)))!;
        Assert.Single(Prices(Hour(2500), weekend with { From = Monday }).ListFor("support", Sunday).Rates);
        Assert.Equal(2, Prices(Hour(2500, Monday), weekend with { From = Monday }).ListFor("support", Sunday)
            .Rates.Count);
        Assert.Equal(2, Prices(Hour(2500), weekend).ListFor("support", Sunday.PlusWeeks(4)).Rates.Count);
    }

    [Fact]
    public void Banked_hours_are_worth_an_ordinary_mondays_where_the_list_has_rates_by_days_alone()
    {
        var byDays = List(
            Hour(3000) with { Code = "weekend", When = new() { Days = [DayWord.Sat, DayWord.Sun] } },
            Hour(2400) with { When = new() { Days = [.. Enum.GetValues<DayWord>().Take(5)] } });
        var prices = AgreedPrices.With(null, "A-1", "F-1", new(1, Monday, byDays))!;
        Assert.Equal((2400, 2400), (prices.HourlyRate("support", Monday).PencePerHour,
            prices.HourlyRate("support", Sunday).PencePerHour));
    }
}
