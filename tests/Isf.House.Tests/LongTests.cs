namespace Isf.House.Tests;

/// <summary>
/// The files of tests that still have methods of more than 25 lines, with the number of these methods. The list may
/// only become shorter.
/// </summary>
internal static class LongTests
{
    public static readonly IReadOnlyDictionary<string, int> ByFile = new Dictionary<string, int>
    {
        ["tests/Isf.Feature.Tests/Support/Closed_weeks_stay_right.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Formats_come_to_the_same_books.cs"] = 3,
        ["tests/Isf.Feature.Tests/Support/Older_care_is_brought_up_to_date.cs"] = 2,
        ["tests/Isf.Feature.Tests/Support/PlannedWeeks.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Renewals_come_in_any_order.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Stays_and_sessions_carry_no_hours.cs"] = 2,
        ["tests/Isf.Feature.Tests/Support/Two_carers_come_together.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Weeks_are_closed.cs"] = 5,
    };
}
