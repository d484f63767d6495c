using Isf.Prices;
using Xunit;

namespace Isf.Domain.Tests.Prices;

/// <summary>
/// The one table of charges for visits that were not given. Support decides the percentage by these rules and
/// Invoicing charges it, so both are tested with each row. All rows use one price list: 100 percent under 24 hours of
/// notice and 50 under 48; 75 for no access, 40 for hospital, 0 and not banked for a cancellation by the provider.
/// </summary>
public static class OutcomeTable
{
    /// <summary>The price list that applies to every row.</summary>
    public static PriceList Terms { get; } = new()
    {
        Rates = [new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 }],
        Cancellation = [new(48, 50), new(24, 100)],
        Outcomes = [new("no-access", 75), new("hospital", 40), new("cancelled-by-provider", 0, false)],
    };

    /// <summary>
    /// Columns: outcome, hundredths of an hour of notice, day of absence and paid days; then the expected percentage
    /// and whether the minutes are banked.
    /// </summary>
    public static TheoryData<string, int?, int?, int?, int, bool> Rows => new()
    {
        { "missed-by-provider", null, null, null, 0, true },
        { "no-access", null, null, null, 75, false },
        { "cancelled-by-person", 0, null, null, 100, false },
        { "cancelled-by-person", 2_399, null, null, 100, false },
        { "cancelled-by-person", 2_400, null, null, 50, false },
        { "cancelled-by-person", 4_799, null, null, 50, false },
        { "cancelled-by-person", 4_800, null, null, 0, true },
        { "cancelled-by-person", null, null, null, 0, true },
        { "cancelled-by-provider", null, null, null, 0, false },
        { "hospital", null, 1, 14, 40, false },
        { "hospital", null, 14, 14, 40, false },
        { "hospital", null, 15, 14, 0, false },
        { "hospital", null, null, 14, 0, false },
        { "hospital", null, 1, 0, 0, false },
        { "hospital", null, 15, null, 40, false },
        { "closed-holiday", null, null, null, 0, false },
    };

    /// <summary>Converts hundredths of an hour to hours; null if there is no notice.</summary>
    public static decimal? Hours(int? hundredths) => hundredths / 100m;
}
