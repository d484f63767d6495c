using Isf.Hosting.Serialization;
using Isf.Support.Domain;
using Xunit;

namespace Isf.Domain.Tests.Support;

/// <summary>A closed week is stored with whole minutes and pence, in the form of every earlier row.</summary>
public sealed class StoredWeeksTests
{
    private const string Sums = """
        {"lineId":"L-1","planned":[{"allocationId":"A-1","minutes":420}],"missed":[{"reason":"no-access","minutes":90,
        "banked":60,"released":30}],"drawnMinutes":15,"expiredMinutes":0,"revaluedMinutes":-16,"bankedPence":2400,
        "drawnPence":600,"expiredPence":0,"isNothing":false}
        """;

    private const string Bank = """
        {"lineId":"L-1","deposits":[{"week":"2026-04-06","on":"2026-04-07","minutes":60,"pence":2400,
        "pencePerHour":2400}]}
        """;

    [Fact]
    public void The_sums_of_a_line_keep_their_form() => Assert.Equal(OneLine(Sums), Again<ClosedLineSums>(Sums));

    [Fact]
    public void Pence_that_a_bank_of_minutes_does_not_keep_are_null()
    {
        var text = Sums.Replace("2400", "null", StringComparison.Ordinal)
            .Replace("600", "null", StringComparison.Ordinal);
        Assert.Equal(OneLine(text), Again<ClosedLineSums>(text));
    }

    [Fact]
    public void The_deposits_of_a_line_keep_their_form() => Assert.Equal(OneLine(Bank), Again<LineBank>(Bank));

    private static string Again<T>(string text) => IsfJson.Write(IsfJson.Read<T>(text));

    private static string OneLine(string text) => text.Replace("\n", "", StringComparison.Ordinal);
}
