namespace Isf.Measures;

/// <summary>
/// Reserved words that accounts of the books use instead of an allocation's or a provider's id (design §4). An
/// allocation or a provider with such an id would be posted to an account that is not its own.
/// </summary>
public static class ReservedNames
{
    /// <summary>The account promised/none is for care without an allocation.</summary>
    public const string NoAllocation = "none";

    /// <summary>The account promised/fee is for the management fee.</summary>
    public const string Fee = "fee";

    /// <summary>The account owed/holder is for what is owed to the holder of the fund.</summary>
    public const string Holder = "holder";

    /// <summary>The words used instead of an allocation's id, with their meaning.</summary>
    public static readonly IReadOnlyDictionary<string, string> Allocations = new Dictionary<string, string>
    {
        [NoAllocation] = "care that no allocation pays for",
        [Fee] = "the management fee",
    };

    /// <summary>The words used instead of a provider's id, with their meaning.</summary>
    public static readonly IReadOnlyDictionary<string, string> Providers = new Dictionary<string, string>
    {
        [Holder] = "the holder itself",
    };
}
