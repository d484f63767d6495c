using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Words that accounts use instead of ids, with the meaning that a refusal tells.</summary>
public sealed class ReservedNamesTests
{
    [Fact]
    public void Two_words_stand_for_no_allocation() => Assert.Equal(
        ["fee: the management fee", "none: care that no allocation pays for"], Told(ReservedNames.Allocations));

    [Fact]
    public void One_word_stands_for_no_provider() =>
        Assert.Equal(["holder: the holder itself"], Told(ReservedNames.Providers));

    private static IEnumerable<string> Told(IReadOnlyDictionary<string, string> names) =>
        names.Select(name => $"{name.Key}: {name.Value}").Order(StringComparer.Ordinal);
}
