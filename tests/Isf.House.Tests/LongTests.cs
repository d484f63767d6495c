namespace Isf.House.Tests;

/// <summary>
/// The files of tests that still have methods of more than 25 lines, with the number of these methods. The list may
/// only become shorter.
/// </summary>
internal static class LongTests
{
    public static readonly IReadOnlyDictionary<string, int> ByFile = new Dictionary<string, int>
    {
        ["tests/Isf.Feature.Tests/Funds/A_fund_is_closed.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/Both_ways_of_running_answer_alike.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/Limits_count_what_readers_see.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/Messages_are_published_once_and_consumed_once.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/Messages_that_fail_are_set_aside.cs"] = 2,
        ["tests/Isf.Feature.Tests/Hosting/One_holder_leaves_room_for_the_others.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/Private_servers_keep_their_data.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/RightsScene.cs"] = 2,
        ["tests/Isf.Feature.Tests/Hosting/Row_level_security_holds.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/The_log_names_nobody.cs"] = 1,
        ["tests/Isf.Feature.Tests/Hosting/The_operator_decides_about_messages.cs"] = 1,
        ["tests/Isf.Feature.Tests/Invoicing/Older_prices_are_brought_up_to_date.cs"] = 1,
        ["tests/Isf.Feature.Tests/Invoicing/Prices_follow_what_comes_late.cs"] = 2,
        ["tests/Isf.Feature.Tests/Invoicing/Quotes_say_what_the_chain_will_charge.cs"] = 3,
        ["tests/Isf.Feature.Tests/Invoicing/The_chain_prices_as_quotes_do.cs"] = 2,
        ["tests/Isf.Feature.Tests/Invoicing/Visits_are_priced.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Adjustments_are_made_by_hand.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Balances_are_shown.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/By_hand_it_takes_two_people.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Claims_are_posted.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Closings_bound_the_sums.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Funds_are_closed.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Older_books_are_brought_up_to_date.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/ClosureFollows.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/Figures.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/FundMoney.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/FundPromises.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/HistoryBuilderCare.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/HistoryBuilderMoney.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Oracle/Run.cs"] = 1,
        ["tests/Isf.Feature.Tests/Ledger/Periods_are_closed.cs"] = 2,
        ["tests/Isf.Feature.Tests/Ledger/Visits_are_posted.cs"] = 2,
        ["tests/Isf.Feature.Tests/Support/Care_is_checked.cs"] = 4,
        ["tests/Isf.Feature.Tests/Support/Care_is_counted.cs"] = 5,
        ["tests/Isf.Feature.Tests/Support/Checks_find_what_a_slow_look_finds.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Closed_weeks_stay_right.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Formats_come_to_the_same_books.cs"] = 3,
        ["tests/Isf.Feature.Tests/Support/Older_care_is_brought_up_to_date.cs"] = 2,
        ["tests/Isf.Feature.Tests/Support/PlannedWeeks.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Plans_are_followed.cs"] = 3,
        ["tests/Isf.Feature.Tests/Support/Renewals_come_in_any_order.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Rows_alike_are_checked_in_their_time.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Stays_and_sessions_carry_no_hours.cs"] = 2,
        ["tests/Isf.Feature.Tests/Support/Two_carers_come_together.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Visit_files_are_read.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Visit_files_are_read_by_profiles.cs"] = 2,
        ["tests/Isf.Feature.Tests/Support/Visits_are_recorded.cs"] = 1,
        ["tests/Isf.Feature.Tests/Support/Weeks_are_closed.cs"] = 5,
        ["tests/Isf.Feature.Tests/TestHost.cs"] = 1,
        ["tests/Isf.Story.Tests/Chaos/NightKillTests.cs"] = 1,
        ["tests/Isf.Story.Tests/Fold.cs"] = 1,
        ["tests/Isf.Story.Tests/Telling/StoryScript.cs"] = 1,
    };
}
