namespace Isf.Measures;

/// <summary>
/// Words that stand in places of the books where the id of an allocation or a provider stands otherwise (design §4):
/// an id that was one of them would lie among what it has nothing to do with.
/// </summary>
public static class PlaceWords
{
    /// <summary>promised/none: care without an allocation.</summary>
    public const string NoAllocation = "none";

    /// <summary>promised/fee: the management fee.</summary>
    public const string Fee = "fee";

    /// <summary>owed/holder: who holds the fund.</summary>
    public const string Holder = "holder";

    /// <summary>What stands for an allocation, and for what.</summary>
    public static readonly IReadOnlyDictionary<string, string> Allocations = new Dictionary<string, string>
    {
        [NoAllocation] = "care that no allocation pays for",
        [Fee] = "the management fee",
    };

    /// <summary>What stands for a provider, and for what.</summary>
    public static readonly IReadOnlyDictionary<string, string> Providers = new Dictionary<string, string>
    {
        [Holder] = "the holder itself",
    };
}
