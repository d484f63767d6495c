using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The worked month that explains the books to an accountant (decision 0010), computed by the posting rules.
/// </summary>
public sealed class WorkedMonthTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);
    private static readonly LocalDate LastDay = new(2026, 5, 3);
    private static readonly string[] Page = File.ReadAllLines(
        Path.Combine(Root(AppContext.BaseDirectory), "ops", "decisions", "0010-the-books-on-one-page.md"));

    private static readonly PromiseTerms Budget = new()
    {
        Kind = PromiseKind.Budget, Id = "B-1", Version = 1, SetOn = Monday, From = Monday, To = LastDay,
        Weekly = Money.OfPence(42_000), OneOff = [],
        Shares = [new("council", Money.OfPence(36_000)), new("person", Money.OfPence(6_000))],
    };

    private static readonly PromiseTerms Allocation = Budget with
    {
        Kind = PromiseKind.Allocation,
        Id = "A-1",
        Weekly = Money.OfPence(40_000),
        Shares = [new("A-1", Money.OfPence(40_000))],
    };

    [Fact]
    public void Every_move_of_the_month_is_on_the_page_and_no_other()
    {
        var moves = Month().SelectMany(entry => entry.Moves.Select(move =>
            $"| {entry.Kind.Replace('-', ' ')} | {move.Book.WireName()} | {move.From} | {move.To} | {move.Amount} |"));
        // One row of the page may show the equal moves of several days.
        var rows = Rows(6).Select(row => row[row.IndexOf('|', 1)..]);
        Assert.Equal(moves.Distinct().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_balances_at_its_end_are_on_the_page()
    {
        var balances = Books.Sum(Books.Posted(Month())).Balances.Where(pair => pair.Value != 0)
            .Select(pair => $"| {pair.Key.Book.WireName()} | {pair.Key} | {pair.Value} |");
        Assert.Equal(balances.Order(StringComparer.Ordinal), Rows(3));
    }

    [Fact]
    public void The_persons_money_is_spent_first() =>
        Assert.Equal([new SourceLeft("council", 65_800), new SourceLeft("person", 0)], LeftAtTheEnd.Left);

    [Fact]
    public void Its_balance_is_the_one_that_a_reader_works_out()
    {
        var balance = Balance.Build("F-1", LastDay, 1, Books.Sum(Books.Posted(Month())), LeftAtTheEnd);
        Assert.Equal(
            (65_800, 70_800, 162_000, 91_200),
            (balance.Money.HeldPence, balance.Money.CashPence, balance.Money.ReceivedPence, balance.Money.PaidPence));
        Assert.Equal(new PromiseBalance(168_000, 3_000, 68_800, 96_200), balance.Promise);
        Assert.Equal((2_400, 2_280, 120, 0), (balance.Time.PlannedMinutes, balance.Time.DeliveredMinutes,
            balance.Time.BankedMinutes, balance.Time.OutstandingMinutes));
    }

    private static FundingSplit LeftAtTheEnd => FundingSplit.Attribute(
        SpendOrder.PersonFirst, new Dictionary<string, long> { ["council"] = 144_000, ["person"] = 18_000 },
        [new(Monday, 96_200)], _ => []);

    private static List<Entry> Month() =>
    [
        PostingRules.Promise("F-1", Budget, PromiseSchedule.Due([], null, [Budget], LastDay).Single()),
        PostingRules.Promise("F-1", Allocation, PromiseSchedule.Due([], null, [Allocation], LastDay).Single()),
        PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(144_000), Monday),
        PostingRules.MoneyReceived("F-1", "R-2", "person", Money.OfPence(18_000), Monday.PlusDays(4)),
        .. Week(0, given: 600), .. Week(1, given: 600), .. Week(2, given: 600), .. Week(3, given: 480),
        LastWeekClosed(missed: new Minutes(120)),
        PostingRules.FeeCharged("F-1", "E-1", Money.OfPence(5_000), false, LastDay),
        Claimed(Money.OfPence(91_200)),
        PostingRules.PaymentMade("F-1", "M-1", "V-1", Money.OfPence(91_200), LastDay),
    ];

    private static Entry[] Week(int week, int given) =>
    [
        PostingRules.DayPlanned("F-1", Monday.PlusWeeks(week), 1, [new("L-1", new Minutes(600))]),
        PostingRules.VisitPriced(new PricedCare
        {
            VisitId = $"W-{week}", Version = 1, FundId = "F-1", LineId = "L-1", AllocationId = "A-1",
            ProviderId = "V-1", CareOn = Monday.PlusWeeks(week).PlusDays(1), Fulfilled = new Minutes(given),
            Extra = Minutes.Zero, Carers = 1, Price = Money.OfPence(given * 40), FundedBy = [],
            ClaimedOnInvoice = false,
        }),
    ];

    private static Entry LastWeekClosed(Minutes missed) => PostingRules.WeekClosed(new ClosedCare
    {
        FundId = "F-1", WeekFrom = Monday.PlusWeeks(3), Version = 1,
        Lines =
        [
            new ClosedCareLine
            {
                LineId = "L-1", Drawn = Minutes.Zero, Expired = Minutes.Zero, Revalued = Minutes.Zero,
                Missed = [new("missed-by-provider", missed, missed, Minutes.Zero)],
            },
        ],
    }).DifferenceFrom([]);

    private static Entry Claimed(Money delivered) => PostingRules.InvoiceMatched(new MatchedClaim
    {
        FundId = "F-1", InvoiceId = "I-1", Version = 1, ProviderId = "V-1", CareTo = LastDay, AcceptedOn = LastDay,
        Parts = [ClaimRulesTests.Part with { Delivered = delivered }],
    }).DifferenceFrom([]);

    private static IEnumerable<string> Rows(int columns) => Page.Where(line =>
        line.StartsWith("| ", StringComparison.Ordinal) && line.Count(item => item == '|') == columns + 1
        && char.IsAsciiDigit(line.TrimEnd(' ', '|')[^1]));

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "IsfPlatform.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);
}
