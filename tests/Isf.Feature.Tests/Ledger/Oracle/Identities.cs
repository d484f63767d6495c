using System.Text.Json.Nodes;
using Isf.Contracts.Invoicing;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// Checks the identities that hold after every history (design §4), each in a method that is named after it.
/// </summary>
internal static class Identities
{
    /// <summary>Checks the identities of one balance, at any day and position.</summary>
    public static void Hold(string what, JsonNode balance)
    {
        var (money, promise) = (balance["money"]!, balance["promise"]!);
        Held_is_what_is_left_by_source_less_what_is_overdrawn(what, money);
        Cash_is_held_and_accrued_and_owed(what, money);
        Cash_is_received_less_returned_less_paid(what, money);
        Budget_is_free_and_promised_and_used(what, promise);
        Planned_and_extra_end_in_one_outcome_each(what, balance["time"]!);
    }

    /// <summary>Checks the identities of hours, in total and in each line of each week.</summary>
    public static void HoursHold(JsonNode hours)
    {
        Planned_and_extra_end_in_one_outcome_each("hours in all", hours["totals"]!);
        foreach (var week in hours["weeks"]!.AsArray())
        {
            foreach (var line in week!["lines"]!.AsArray())
                Planned_and_extra_end_in_one_outcome_each($"hours of {week["weekFrom"]}", line!);
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
        var integrity = await run.Ledger.GetAsync($"{fund.Id}/integrity");
        Assert.True((bool)integrity["whole"]!, $"The chain of {fund.Id} breaks: {integrity.ToJsonString()}");
        Assert.Empty(integrity["wrongClosings"]!.AsArray());
    }

    private static void Held_is_what_is_left_by_source_less_what_is_overdrawn(string what, JsonNode money) => Equal(
        what, "held = Σ left by source − overdrawn", Of(money, "held"),
        money["held"]!.AsArray().Sum(node => node!["pence"]!.GetValue<long>()) - Of(money, "overdrawn"));

    private static void Cash_is_held_and_accrued_and_owed(string what, JsonNode money) => Equal(
        what, "cash = held + accrued + owed", Of(money, "cash"),
        Of(money, "held") + Of(money, "accrued") + Of(money, "owed"));

    private static void Cash_is_received_less_returned_less_paid(string what, JsonNode money) => Equal(
        what, "cash = received − returned − paid", Of(money, "cash"),
        Of(money, "received") - Of(money, "returned") - Of(money, "paid"));

    private static void Budget_is_free_and_promised_and_used(string what, JsonNode promise) => Equal(
        what, "budget = free + promised + used", Of(promise, "budget"),
        Of(promise, "free") + Of(promise, "promised") + Of(promise, "used"));

    // The field missedMinutes includes care that was charged though not given.
    private static void Planned_and_extra_end_in_one_outcome_each(string what, JsonNode time) => Equal(
        what, "planned + extra = delivered + missed + banked + released + outstanding",
        Minutes(time, "planned") + Minutes(time, "extra"), Minutes(time, "delivered") + Minutes(time, "missed")
        + Minutes(time, "banked") + Minutes(time, "released") + Minutes(time, "outstanding"));

    private static void Every_book_sums_to_nothing(string fund, List<JsonNode> journals)
    {
        var sums = new Dictionary<string, (long In, long Out)>();
        foreach (var move in journals.SelectMany(journal => journal["moves"]!.AsArray()))
        {
            Assert.True(move!["amount"]!.GetValue<long>() > 0, $"{fund} has a move of nothing or less.");
            Add($"{move["book"]} {move["to"]}", move["amount"]!.GetValue<long>(), 0);
            Add($"{move["book"]} {move["from"]}", 0, move["amount"]!.GetValue<long>());
        }
        foreach (var book in sums.GroupBy(balance => balance.Key.Split(' ')[0]))
            Equal(fund, $"the book of {book.Key} sums to nothing", 0, book.Sum(pair => pair.Value.In - pair.Value.Out));

        void Add(string account, long into, long outOf) => sums[account] =
            (sums.GetValueOrDefault(account).In + into, sums.GetValueOrDefault(account).Out + outOf);
    }

    private static void Positions_have_no_gaps(string fund, List<JsonNode> journals) => Assert.True(
        journals.Select(journal => journal["position"]!.GetValue<long>())
            .SequenceEqual(Enumerable.Range(1, journals.Count).Select(n => (long)n)),
        $"The positions of {fund} are not 1 to {journals.Count}.");

    private static void No_journal_is_posted_twice(string fund, List<JsonNode> journals) => Equal(
        fund, "every journal has an id and a cause of its own", journals.Count, journals.DistinctBy(journal =>
            journal["journalId"]!.ToString()).DistinctBy(journal => $"{journal["kind"]} {journal["cause"]}").Count());

    private static void Every_stamp_is_later_than_the_one_before(string fund, List<JsonNode> journals) => Assert.True(
        journals.Zip(journals.Skip(1)).All(pair => Stamp(pair.First) < Stamp(pair.Second)),
        $"The stamps of {fund} do not rise.");

    private static void Every_reversal_is_whole_and_once(string fund, List<JsonNode> journals)
    {
        var byId = journals.ToDictionary(journal => journal["journalId"]!.ToString());
        var reversals = journals.Where(journal => journal["reverses"] is not null).ToList();
        Equal(fund, "nothing is reversed twice", reversals.Count,
            reversals.DistinctBy(journal => journal["reverses"]!.ToString()).Count());
        foreach (var reversal in reversals)
        {
            var original = byId[reversal["reverses"]!.ToString()];
            Assert.Equal(Moves(original, "from", "to"), Moves(reversal, "to", "from"));
        }
    }

    // Adds up the latest version of each visit that is claimed on delivery, up to the fund's last day, and the latest
    // version of each price adjustment. The moves of all charges must have the same sum.
    private static void What_was_charged_is_what_Invoicing_published(Run run, FundPosts fund, List<JsonNode> journals)
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
        var moves = journals.Where(journal => IsCharge(journal["kind"]!.ToString()))
            .SelectMany(journal => journal["moves"]!.AsArray()).ToList();
        var charged = moves.Where(move => Starts(move!, "to", "accrued/")).Sum(move => Amount(move!))
            - moves.Where(move => Starts(move!, "from", "accrued/")).Sum(move => Amount(move!));
        Equal(fund.Id, "charged = Σ prices and adjustments of prices that Invoicing published", visits + adjusted,
            charged);
    }

    private static bool IsCharge(string kind) =>
        kind.StartsWith("visit-", StringComparison.Ordinal) || kind == "price-adjusted";

    private static string Moves(JsonNode journal, string from, string to) => string.Join('|',
        journal["moves"]!.AsArray().Select(move => $"{move!["book"]} {move[from]} {move[to]} {move["amount"]}"));

    private static NodaTime.Instant Stamp(JsonNode journal) =>
        NodaTime.Text.InstantPattern.ExtendedIso.Parse(journal["recordedAt"]!.ToString()).Value;

    private static bool Starts(JsonNode move, string end, string with) =>
        move[end]!.ToString().StartsWith(with, StringComparison.Ordinal);

    private static long Amount(JsonNode move) => move["amount"]!.GetValue<long>();

    private static long Of(JsonNode figures, string name) => figures[name + "Pence"]!.GetValue<long>();

    private static long Minutes(JsonNode figures, string name) => figures[name + "Minutes"]!.GetValue<long>();

    private static void Equal(string what, string identity, long left, long right) =>
        Assert.True(left == right, $"{what}: {identity} does not hold: {left} and {right}.");
}
