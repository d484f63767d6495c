using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Isf.Statements.Domain;
using Isf.Statements.Rendering;
using Isf.Statements.Statements;
using Isf.Tests.Pages;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// The hours on a page add up: planned + beyond the plan = given + not given + charged + kept + given up + still open.
/// The sums are read from the HTML alone, for all events and any order in which they became known.
/// </summary>
public sealed partial class HoursAddUpTests
{
    private static readonly LocalDate Start = HoursLives.Start;

    /// <summary>
    /// The rows, each with its table, its name, its name for a correction of earlier weeks, and its amount.
    /// </summary>
    private static readonly (string Table, string Row, string Undone, Func<Fold, long> Is)[] Rows =
    [
        ("there", "Planned", "not planned after all", fold => -fold["agreed"]),
        ("there", "Beyond the plan", "not beyond the plan after all", fold => -fold["extra"]),
        ("there", "Taken out of the bank", "not taken out of the bank after all",
            fold => fold["banked>extra"] + fold["banked>released"]),
        ("became", "Given", "not given after all", fold => fold["delivered"]),
        ("became", "Not given", "not missed after all", fold => fold["missed"]),
        ("became", "Not given, but charged as agreed", "not charged after all", fold => fold["charged"]),
        ("became", "Put in the bank", "not put in the bank after all", fold => fold["missed>banked"]),
        ("became", "Given up", "not given up after all", fold => fold["released"]),
        ("became", "Still open", "no longer open", fold => fold["planned"]),
    ];

    private const string PutRight = "Put right from earlier weeks: ";

    /// <summary>A statement's page as HTML and as text, and the hours read from the HTML.</summary>
    private sealed record Page(string Html, string Text)
    {
        public HoursPage Hours { get; } = HoursPage.Read(Html);
    }

    [Fact]
    public void Sums_taken_from_the_html_alone_agree_over_random_lives() =>
        OfAnyLife(life => Assert.All(PagesOf(life), page => page.Hours.AddsUp()));

    [Fact]
    public void No_page_shows_a_length_below_zero_over_random_lives() => OfAnyLife(life =>
        Assert.All(PagesOf(life), page => Assert.DoesNotMatch(BelowZero(), $"{page.Html}\n{page.Text}")));

    [Fact]
    public void What_is_in_the_bank_at_the_end_is_there_at_the_next_start_over_random_lives() => OfAnyLife(life =>
    {
        var pages = PagesOf(life).Select(page => page.Hours).ToList();
        Assert.Equal(
            pages.SkipLast(1).Select(page => page["bank-has", "In the bank at the end"]
                - page["bank-had", PutRight + "still to be put in"]),
            pages.Skip(1).Select(page => page["bank-had", "In the bank at the start"]
                - page["bank-has", PutRight + "taken out before it was put in"]));
    });

    [Fact]
    public void The_hours_of_the_answer_add_up_over_random_lives() => OfAnyLife(life =>
    {
        var hours = HoursOf(life);
        Assert.Equal(
            hours.PlannedMinutes + hours.ExtraMinutes,
            hours.DeliveredMinutes + hours.NotGivenMinutes + hours.ChargedNotDeliveredMinutes
                + hours.KeptMinutes + hours.ReleasedMinutes + hours.OpenMinutes);
        Assert.Equal(hours.MissedMinutes - hours.ChargedNotDeliveredMinutes, hours.NotGivenMinutes);
    });

    [Fact]
    public void The_bank_of_the_answer_adds_up_over_random_lives() => OfAnyLife(life =>
    {
        var hours = HoursOf(life);
        Assert.Equal(hours.KeptMinutes, hours.Bank.InMinutes - hours.Bank.UsedMinutes - hours.Bank.ExpiredMinutes);
        Assert.Equal(hours.Bank.OpeningMinutes + hours.KeptMinutes, hours.Bank.ClosingMinutes);
        Assert.Equal(hours.BankedMinutes, hours.Bank.ClosingMinutes);
    });

    [Fact]
    public void Each_row_is_the_sum_of_its_own_moves_over_random_lives() => OfAnyLife(life =>
    {
        var books = new FundBooks().Post(life.SelectMany(facts => facts));
        var to = Start.PlusWeeks(12);
        Assert.Empty(Unlike(PageOf(books.Journals, books.AllFacts, to), new Fold(Counted(books.Journals, to))));
    });

    private static readonly IReadOnlyList<(string From, string To)> Kinds =
    [
        .. HoursLives.Everything().Journals.SelectMany(journal => journal.Moves)
            .Where(move => move.Book == Book.Time)
            .Select(move => (AccountNames.KindOf(move.From), AccountNames.KindOf(move.To))).Distinct(),
    ];

    public static TheoryData<string, string> Moves => Kinds.ToTheoryData();

    public static TheoryData<string, string, bool> Ends =>
        (from kind in Kinds from isFrom in new[] { true, false } select (kind.From, kind.To, isFrom)).ToTheoryData();

    [Fact]
    public void Every_posting_rule_of_time_has_moved_something() => Assert.Equal(
        "agreed>planned banked>extra banked>released extra>banked extra>delivered missed>banked missed>released "
            + "planned>agreed planned>charged planned>delivered planned>missed",
        string.Join(" ", Kinds.Select(kind => $"{kind.From}>{kind.To}").Order(StringComparer.Ordinal)));

    [Fact]
    public void The_sums_hold_while_every_move_is_seen()
    {
        var books = HoursLives.Everything();
        PageOf(books.Journals, books.AllFacts, Start.PlusWeeks(4)).AddsUp();
    }

    /// <summary>
    /// If a page does not see one of the two accounts of a posting rule, the two sides of its hours no longer agree.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public void The_sums_fail_when_one_end_of_any_posting_rule_is_dropped(string from, string to, bool isFrom)
    {
        var books = HoursLives.Everything();
        var blind = Without(books.Journals, from, to, move => isFrom
            ? [move with { From = "unseen/L-1" }] : [move with { To = "unseen/L-1" }]);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(PageOf(blind, books.AllFacts, Start.PlusWeeks(4)).AddsUp);
    }

    /// <summary>
    /// If a page sees no move of a posting rule, one of its rows differs from the sum of the row's own moves.
    /// </summary>
    [Theory]
    [MemberData(nameof(Moves))]
    public void A_row_is_wrong_when_any_posting_rule_is_dropped_whole(string from, string to)
    {
        var books = HoursLives.Everything();
        var page = PageOf(Without(books.Journals, from, to, _ => []), books.AllFacts, Start.PlusWeeks(4));
        Assert.NotEmpty(Unlike(page, new Fold(books.Journals)));
    }

    [Fact]
    public void What_was_not_given_is_shown_gross_by_reason_with_its_total_and_what_went_to_the_bank()
    {
        var books = new FundBooks();
        books.Planned(Start, 300);
        books.Post("week-closed", "2026-04-06/v1", Start.PlusDays(6),
            new Move(Book.Time, "planned/L-1", "missed/L-1/no-access", 120),
            new Move(Book.Time, "planned/L-1", "missed/L-1/short", 30),
            new Move(Book.Time, "missed/L-1/no-access", "banked/L-1", 100),
            new Move(Book.Time, "missed/L-1/short", "released/L-1", 30));
        var statement = books.BuildStatement(Start, Start.PlusDays(27));
        var html = HtmlPage.Render(statement, books.AllFacts);
        var page = HoursPage.Read(html);

        Assert.Equal((150, 120, 30), (page.Total("why-not"), page["why-not", "Nobody could get in"],
            page["why-not", "The visit was shorter than planned"]));
        Assert.Contains(
            "1 h 40 min of it was put in the bank. 30 min of it was given up.", html, StringComparison.Ordinal);
        // Of 300 planned minutes 20 are missed, 100 banked, 30 given up, and 150 without any record yet.
        Assert.Equal((300, 20, 100, 30, 150), (page["there", "Planned"], page["became", "Not given"],
            page["became", "Put in the bank"], page["became", "Given up"], page["became", "Still open"]));
        Assert.Equal((100, 100), (page["bank-had", "Put in"], page["bank-has", "In the bank at the end"]));
    }

    [Fact]
    public void A_plan_taken_back_after_its_statement_is_a_row_of_its_own_and_no_negative_length()
    {
        var books = new FundBooks();
        books.Planned(Start, 23 * 60);
        var first = books.BuildStatement(Start, Start.PlusDays(27));
        books.Post("day-unplanned", "2026-04-06/r2", Start, new Move(Book.Time, "planned/L-1", "agreed/L-1", 23 * 60));
        var html = HtmlPage.Render(books.BuildStatement(Start.PlusDays(28), Start.PlusDays(55), first), books.AllFacts);
        Assert.Contains("Put right from earlier weeks: not planned after all</th><td class=\"sum\">23 h", html,
            StringComparison.Ordinal);
        HoursPage.Read(html).AddsUp();
    }

    private static void OfAnyLife(Action<TimeFact[][]> law) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(HoursLives.HowMany), Prop.ForAll(HoursLives.Some, law));

    // The pages of three statements, each issued after its own batch of facts.
    private static List<Page> PagesOf(TimeFact[][] life)
    {
        var (books, pages) = (new FundBooks(), new List<Page>());
        Statement? last = null;
        foreach (var (month, facts) in life.Index())
        {
            books.Post(facts);
            var from = Start.PlusWeeks(4 * month);
            last = books.BuildStatement(from, from.PlusDays(27), last, $"S-{month + 1}");
            pages.Add(new(HtmlPage.Render(last, books.AllFacts), TextPage.Render(last, books.AllFacts)));
        }
        return pages;
    }

    // The hours of a second statement, in the form of the answer to a program.
    private static StatementBody.HoursRow HoursOf(TimeFact[][] life)
    {
        var books = new FundBooks().Post(life.SelectMany(facts => facts));
        var first = books.BuildStatement(Start, Start.PlusDays(27));
        return StatementBody.Create(books.BuildStatement(Start.PlusDays(28), Start.PlusDays(83), first)).Hours;
    }

    private static HoursPage PageOf(IReadOnlyList<Journal> journals, FundFacts facts, LocalDate to) =>
        HoursPage.Read(HtmlPage.Render(StatementBuilder.Build(facts, journals, null, new StatementRequest(
            "S-1", Start.PlusDays(-20), to, journals.Count, Instant.FromUtc(2026, 12, 1, 9, 0))), facts));

    private static IReadOnlyList<Journal> Without(
        IReadOnlyList<Journal> journals, string from, string to, Func<Move, Move[]> instead) =>
        [.. journals.Select(journal => journal with
        {
            Moves = [.. journal.Moves.SelectMany(move => move.Book == Book.Time
                && AccountNames.KindOf(move.From) == from && AccountNames.KindOf(move.To) == to
                    ? instead(move) : [move])],
        })];

    private static IEnumerable<string> Unlike(HoursPage page, Fold fold) =>
        from row in Rows
        let printed = page[row.Table, row.Row]
            - page[row.Table == "there" ? "became" : "there", PutRight + row.Undone]
        where printed != row.Is(fold)
        select $"{row.Row}: {printed}, not {row.Is(fold)}";

    private static IEnumerable<Journal> Counted(IReadOnlyList<Journal> journals, LocalDate to) =>
        journals.Where(journal => journal.EffectiveOn <= to);

    // Sums moves of time by kind of account. Sums either the moves into a kind less those out of it, or the moves from
    // one kind to another less those back.
    private sealed class Fold(IEnumerable<Journal> journals)
    {
        private readonly List<Move> moves =
            [.. journals.SelectMany(journal => journal.Moves).Where(move => move.Book == Book.Time)];

        public long this[string what] => what.Split('>') is [var from, var to]
            ? Between(from, to) - Between(to, from)
            : moves.Sum(move => (AccountNames.KindOf(move.To) == what ? move.Amount : 0)
                - (AccountNames.KindOf(move.From) == what ? move.Amount : 0));

        private long Between(string from, string to) => moves
            .Where(move => AccountNames.KindOf(move.From) == from && AccountNames.KindOf(move.To) == to)
            .Sum(move => move.Amount);
    }

    [GeneratedRegex(@"[−-]\d[\d,]* (?:h|min)\b")]
    private static partial Regex BelowZero();
}
