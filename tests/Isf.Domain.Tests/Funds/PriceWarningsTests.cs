using Isf.Funds.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>The response to an allocation contains warnings about its rates.</summary>
public sealed class PriceWarningsTests
{
    private static readonly PriceRate Weekday = new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 1200 };

    private static string Codes(ProviderKind kind, Nation nation, params PriceRate[] rates) => string.Join(' ',
        PriceWarnings.Find(nation, kind, new()
        {
            ProviderId = "V-1", Kind = AllocationKind.Regular, From = new(2026, 4, 6), WeeklyPence = 1,
            Claim = Claim.OnDelivery, PriceList = new() { Rates = rates },
        }).Select(warning => warning.Code));

    [Theory]
    [InlineData(ProviderKind.Agency, "under-minimum-wage under-direct-cost")]
    [InlineData(ProviderKind.Holder, "under-minimum-wage under-direct-cost")]
    [InlineData(ProviderKind.PersonalAssistantEmployed, "under-minimum-wage")]
    [InlineData(ProviderKind.PersonalAssistantSelfEmployed, "")]
    [InlineData(ProviderKind.MicroEnterprise, "")]
    [InlineData(ProviderKind.Unpaid, "")]
    public void By_what_the_provider_is(ProviderKind kind, string codes) =>
        Assert.Equal(codes, Codes(kind, Nation.England, Weekday));

    [Theory]
    [InlineData(Nation.England, "under-minimum-price")]
    [InlineData(Nation.Wales, "under-minimum-price")]
    [InlineData(Nation.Scotland, "")]
    [InlineData(Nation.NorthernIreland, "")]
    public void By_where_the_care_is_given(Nation nation, string codes) =>
        Assert.Equal(codes, Codes(ProviderKind.Agency, nation, Weekday with { Pence = 2400 }));

    [Fact]
    public void Each_rate_on_the_days_on_which_it_counts()
    {
        Assert.Equal("", Codes(ProviderKind.PersonalAssistantEmployed, Nation.England,
            Weekday with { To = new LocalDate(2026, 4, 5) },
            Weekday with { Pence = 1271, From = new LocalDate(2026, 4, 6) }));
        Assert.Equal("under-minimum-wage", Codes(ProviderKind.PersonalAssistantEmployed, Nation.England,
            Weekday with { From = new LocalDate(2026, 1, 1) }));
    }
}
