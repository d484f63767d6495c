using Isf.Support.Domain;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>If carers came together, each of them has a record, and the person's time counts once.</summary>
public sealed class CareGroupTests
{
    private static Visit Given(string id, string from, string to, long? minutes = null)
    {
        var record = Record($"2026-04-06T{from}", $"2026-04-06T{to}", id) with { VisitGroup = "G-1" };
        return new()
        {
            Record = record, Version = 1, AllocationId = "A-1", Service = "support", CareOn = Monday,
            Fulfilment = new Fulfilment { Fulfilled = minutes is { } given ? new(given) : record.Given },
        };
    }

    private static readonly (string Expected, Visit[] Group)[] Groups =
    [
        ("A own", [Given("A", "08:00", "08:45")]),
        ("A own, B 0", [Given("A", "08:00", "08:45"), Given("B", "08:00", "08:45")]),
        ("A 0, B own", [Given("A", "08:10", "08:40"), Given("B", "08:00", "08:45")]),
        ("A own, B 5", [Given("A", "08:00", "08:45"), Given("B", "08:05", "08:50")]),
        ("A own, B own", [Given("A", "08:00", "08:45"), Given("B", "08:45", "09:00")]),
        ("A own, B 0, C 15",
            [Given("A", "08:00", "08:45"), Given("B", "08:30", "09:00"), Given("C", "08:10", "09:00")]),
        ("A own, B own", [Given("A", "08:00", "08:45", minutes: 0), Given("B", "08:00", "08:45")]),
    ];

    public static TheoryData<string, Visit[]> InEitherOrder =>
        Groups.SelectMany(of => new[] { of, (of.Expected, [.. of.Group.Reverse()]) }).ToTheoryData();

    [Theory]
    [MemberData(nameof(InEitherOrder))]
    public void Of_the_minutes_that_two_gave_one_has_them(string expected, Visit[] group) =>
        Assert.Equal(expected, string.Join(", ", CareGroup.PersonMinutes(group).OrderBy(share => share.Key)
            .Select(share => $"{share.Key} {share.Value?.Count.ToString(null as IFormatProvider) ?? "own"}")));
}
