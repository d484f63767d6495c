using Isf.Client;
using Isf.Contracts.Invoicing;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Checks the identities that hold after every history (design §4), each in a method that is named after it.
/// </summary>
internal static class Identities
{
    private const string Outcomes = "planned + extra = delivered + missed + banked + released + outstanding";

    /// <summary>Checks the identities of one balance, at any day and position.</summary>
    public static void Hold(string what, Balance balance)
    {
        Held_is_what_is_left_by_source_less_what_is_overdrawn(what, balance.Money);
        Cash_is_held_and_accrued_and_owed(what, balance.Money);
        Cash_is_received_less_returned_less_paid(what, balance.Money);
        Budget_is_free_and_promised_and_used(what, balance.Promise);
        Planned_and_extra_end_in_one_outcome_each(what, balance.Time);
    }

    /// <summary>Checks the identities of hours, in total and in each line of each week.</summary>
    public static void HoursHold(ShowHoursResponse hours)
    {
        Planned_and_extra_end_in_one_outcome_each("hours in all", hours.Totals);
        foreach (var week in hours.Weeks)
        {
            foreach (var line in week.Lines)
                Planned_and_extra_end_in_one_outcome_each($"hours of {week.WeekFrom:uuuu-MM-dd}", line);
        }
    }

    /// <summary>Checks the identities of all journals of a fund.</summary>
    public static async Task HoldAsync(Run run, FundPosts fund)
    {
        var journals = await run.JournalsAsync(fund.Id);
        Every_book_sums_to_nothing(fund.Id, journals);
        Positions_have_no_gaps(fund.Id, journals);
        No_journal_is_posted_twice(fund.Id, journals);
        Every_stamp_is_later_than_the_one_before(fund.Id, journals);
        Every_reversal_is_whole_and_once(fund.Id, journals);
        What_was_charged_is_what_Invoicing_published(run, fund, journals);
        var integrity = await run.Ledger.Client.CheckIntegrityGetAsync(fund.Id);
        Assert.True(integrity.Whole, $"The chain of {fund.Id} breaks: {integrity}");
        Assert.Empty(integrity.WrongClosings);
    }

    private static void Held_is_what_is_left_by_source_less_what_is_overdrawn(string what, MoneyBalance money) => Equal(
        what, "held = Σ left by source − overdrawn", money.HeldPence,
        money.Held.Sum(left => left.Pence) - money.OverdrawnPence);

    private static void Cash_is_held_and_accrued_and_owed(string what, MoneyBalance money) => Equal(
        what, "cash = held + accrued + owed", money.CashPence, money.HeldPence + money.AccruedPence + money.OwedPence);

    private static void Cash_is_received_less_returned_less_paid(string what, MoneyBalance money) => Equal(
        what, "cash = received − returned − paid", money.CashPence,
        money.ReceivedPence - money.ReturnedPence - money.PaidPence);

    private static void Budget_is_free_and_promised_and_used(string what, PromiseBalance promise) => Equal(
        what, "budget = free + promised + used", promise.BudgetPence,
        promise.FreePence + promise.PromisedPence + promise.UsedPence);

    // The field missedMinutes includes care that was charged though not given.
    private static void Planned_and_extra_end_in_one_outcome_each(string what, TimeBalance time) => Equal(
        what, Outcomes, time.PlannedMinutes + time.ExtraMinutes, time.DeliveredMinutes + time.MissedMinutes
        + time.BankedMinutes + time.ReleasedMinutes + time.OutstandingMinutes);

    private static void Planned_and_extra_end_in_one_outcome_each(string what, ShowHoursLineFigures time) => Equal(
        what, Outcomes, time.PlannedMinutes + time.ExtraMinutes, time.DeliveredMinutes + time.MissedMinutes
        + time.BankedMinutes + time.ReleasedMinutes + time.OutstandingMinutes);

    private static void Every_book_sums_to_nothing(string fund, List<ListJournalsItem> journals)
    {
        var sums = new Dictionary<string, (long In, long Out)>();
        foreach (var move in journals.SelectMany(journal => journal.Moves))
        {
            Assert.True(move.Amount > 0, $"{fund} has a move of nothing or less.");
            Add($"{move.Book} {move.To}", move.Amount, 0);
            Add($"{move.Book} {move.From}", 0, move.Amount);
        }
        foreach (var book in sums.GroupBy(balance => balance.Key.Split(' ')[0]))
            Equal(fund, $"the book of {book.Key} sums to nothing", 0, book.Sum(pair => pair.Value.In - pair.Value.Out));

        void Add(string account, long into, long outOf) => sums[account] =
            (sums.GetValueOrDefault(account).In + into, sums.GetValueOrDefault(account).Out + outOf);
    }

    private static void Positions_have_no_gaps(string fund, List<ListJournalsItem> journals) => Assert.True(
        journals.Select(journal => journal.Position)
            .SequenceEqual(Enumerable.Range(1, journals.Count).Select(n => (long)n)),
        $"The positions of {fund} are not 1 to {journals.Count}.");

    private static void No_journal_is_posted_twice(string fund, List<ListJournalsItem> journals) => Equal(
        fund, "every journal has an id and a cause of its own", journals.Count, journals
            .DistinctBy(journal => journal.JournalId).DistinctBy(journal => (journal.Kind, journal.Cause)).Count());

    private static void Every_stamp_is_later_than_the_one_before(string fund, List<ListJournalsItem> journals) =>
        Assert.True(journals.Zip(journals.Skip(1)).All(pair => pair.First.RecordedAt < pair.Second.RecordedAt),
            $"The stamps of {fund} do not rise.");

    private static void Every_reversal_is_whole_and_once(string fund, List<ListJournalsItem> journals)
    {
        var byId = journals.ToDictionary(journal => journal.JournalId);
        var reversals = journals.Where(journal => journal.Reverses is not null).ToList();
        Equal(fund, "nothing is reversed twice", reversals.Count,
            reversals.DistinctBy(journal => journal.Reverses).Count());
        foreach (var reversal in reversals)
        {
            Assert.Equal(byId[reversal.Reverses!.Value].Moves,
                reversal.Moves.Select(move => move with { From = move.To, To = move.From }));
        }
    }

    // Adds up the latest version of each visit that is claimed on delivery, up to the fund's last day, and the latest
    // version of each price adjustment. The moves of all charges must have the same sum.
    private static void What_was_charged_is_what_Invoicing_published(
        Run run, FundPosts fund, List<ListJournalsItem> journals)
    {
        var lastDay = fund.Closed?.On;
        var visits = run.Consumed.SelectMany(message => message switch
        {
            VisitsPriced priced => priced.Visits,
            VisitRepriced priced => priced.Visits,
            _ => [],
        }).Where(visit => visit.FundId == fund.Id).GroupBy(visit => visit.VisitId)
            .Select(versions => versions.MaxBy(visit => visit.Version)!)
            .Where(visit => visit.Claim == "on-delivery" && !(visit.CareOn > lastDay)).Sum(visit => visit.Pence);
        var adjusted = run.Consumed.OfType<PriceAdjusted>().Where(price => price.FundId == fund.Id)
            .GroupBy(price => (price.AllocationId, price.Kind, price.From, price.To))
            .Sum(versions => versions.MaxBy(price => price.Version)!.Pence);
        var moves = journals.Where(journal => IsCharge(journal.Kind)).SelectMany(journal => journal.Moves).ToList();
        var charged = moves.Where(move => IsAccrued(move.To)).Sum(move => move.Amount)
            - moves.Where(move => IsAccrued(move.From)).Sum(move => move.Amount);
        Equal(fund.Id, "charged = Σ prices and adjustments of prices that Invoicing published", visits + adjusted,
            charged);
    }

    private static bool IsCharge(string kind) =>
        kind.StartsWith("visit-", StringComparison.Ordinal) || kind == "price-adjusted";

    private static bool IsAccrued(string place) => place.StartsWith("accrued/", StringComparison.Ordinal);

    private static void Equal(string what, string identity, long left, long right) =>
        Assert.True(left == right, $"{what}: {identity} does not hold: {left} and {right}.");
}
