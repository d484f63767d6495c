using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Isf.Contracts.Funds;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Reconciliation.Books;
using Isf.Reconciliation.Copies;
using Isf.Reconciliation.Councils;
using Isf.Reconciliation.Domain;
using Isf.Reconciliation.Exceptions;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>Decisions of runs, resolutions and feeds, on each side of every boundary.</summary>
public sealed class DecisionTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 5, 11, 9, 0);
    private static readonly LocalDate Today = Day("2026-05-11");

    private static readonly CheckBooks.Findings Found = new(new BooksStatement("S", Now, Day("2026-05-10"), 1), 10,
        [new Difference(DifferenceCode.TailCut, "F-1", "tail", "Cut.", [])]);

    [Fact]
    public void A_run_tells_what_was_checked_what_agreed_and_what_did_not()
    {
        var run = CheckBooks.Decide("R-1", new(RunKind.Books, Day("2026-05-10")), Found, Now).Value!;
        Assert.Equal((10L, 9L, 1L, Day("2026-05-10")), (run.Checked, run.Agreed, run.Differences, run.StatedUpTo));
    }

    [Theory]
    [InlineData(RunKind.Bank)]
    [InlineData(RunKind.VisitsInvoices)]
    [InlineData(RunKind.CouncilPayments)]
    public void A_kind_of_run_that_is_not_made_is_refused(RunKind kind) => Assert.Equal(
        CheckBooks.Refusal.KindNotRun, CheckBooks.Decide("R-1", new(kind, Today), null, Now).Refusal);

    [Fact]
    public void Without_stated_books_there_is_nothing_to_check() => Assert.Equal(
        CheckBooks.Refusal.NoBooksStated, CheckBooks.Decide("R-1", new(RunKind.Books, Today), null, Now).Refusal);

    private static StoredException Stored(Resolution? resolution) => new(
        "E-1", "books", "F-1", "tail-cut", "Cut.", new JsonArray(), "open", Now, "R-1", "R-1", resolution);

    private static readonly ResolveException.Request PutRight = new("put-right", "Restored.");

    private static readonly Resolution ByAnn = new("put-right", "Restored.", "ann", Now);

    [Fact]
    public void A_resolution_says_who_did_it_and_when() =>
        Assert.Equal(ByAnn, ResolveException.Decide("E-1", Stored(null), PutRight, "ann", Now).Value);

    [Fact]
    public void An_exception_that_is_resolved_keeps_who_did_it() =>
        Assert.Same(ByAnn, ResolveException.Decide("E-1", Stored(ByAnn), PutRight, "bob", Now).Value);

    [Fact]
    public void An_exception_is_not_resolved_again_in_other_words() => Assert.Equal(
        ResolveException.Refusal.ResolvedInOtherWords,
        ResolveException.Decide("E-1", Stored(ByAnn), PutRight with { Note = "Otherwise." }, "bob", Now).Refusal);

    [Fact]
    public void An_exception_that_is_not_known_is_not_resolved() => Assert.Equal(
        ResolveException.Refusal.UnknownException,
        ResolveException.Decide("E-9", null, PutRight, "ann", Now).Refusal);

    [Theory]
    [InlineData("2026-04-06", "2026-05-10", 1, null)]
    [InlineData("2026-05-10", "2026-05-10", 1, null)]
    [InlineData("2026-04-06", "2026-05-11", 1, IssueFeed.Refusal.PeriodNotOver)]
    [InlineData("2026-05-10", "2026-05-09", 1, IssueFeed.Refusal.EndsBeforeItBegins)]
    [InlineData("2026-04-06", "2026-05-10", 0, IssueFeed.Refusal.UnknownCouncil)]
    public void A_feed_is_for_a_period_that_is_over(string from, string to, int funds, IssueFeed.Refusal? why) =>
        Assert.Equal(why, IssueFeed.Decide("C-1", new(Day(from), Day(to)), funds, Today).Refusal);

    [Fact]
    public void The_order_of_spending_is_that_of_the_latest_version_signed_by_the_day()
    {
        AgreementCopy[] versions =
        [
            new("F-1/1", "F-1", 1, Day("2026-04-10"), "council-first"),
            new("F-1/2", "F-1", 2, Day("2026-05-01"), "person-first"),
        ];
        var books = new Copies().Post("2026-04-01", Money("outside/council", "held/council", 1000))
            .Post("2026-04-01", Money("outside/person", "held/person", 1000))
            .Post("2026-04-30", Money("held/drawn", "accrued/P-1", 100))
            .Post("2026-05-01", Money("held/drawn", "accrued/P-1", 10));
        var terms = CouncilFundTable.TermsOf(books.Journals, versions, []);
        string Left(string day) => string.Join(' ', FundingSplit.On(books.Journals, Day(day), terms).Held
            .Select(left => left.Left.Pence));
        // From May on the order is person first. The money drawn in April stays attributed to the council.
        Assert.Equal(("1000 1000", "900 1000", "900 990"),
            (Left("2026-04-06"), Left("2026-04-30"), Left("2026-05-01")));
    }

    [Fact]
    public void Of_each_budget_the_latest_version_in_effect_counts()
    {
        BudgetCopy Version(int version, string setOn, long pence) => new()
        {
            Id = $"F-1/B-1/{version}",
            FundId = "F-1",
            BudgetId = "B-1",
            Version = version,
            SetOn = Day(setOn),
            From = Day("2026-04-06"),
            To = null,
            IsfWeeklyPence = pence,
            Sources = [new SourceShare("council", pence)],
        };
        BudgetCopy[] versions = [Version(2, "2026-05-01", 200), Version(1, "2026-04-20", 100)];
        IReadOnlyList<BudgetShares> On(string day) => CouncilFundTable.TermsOf([], [], versions).BudgetsOn(Day(day));
        Assert.Empty(On("2026-04-05"));
        Assert.Equal(new Money(100), On("2026-04-30").Single().IsfWeekly);
        Assert.Equal(new Money(200), On("2026-05-01").Single().BySource["council"]);
    }

    private static readonly Dictionary<string, byte[]> FilesOfAFeed = WriteFeed();

    // A feed of one fund, into which the council paid £1.00, and which has an open exception.
    private static Dictionary<string, byte[]> WriteFeed()
    {
        var none = new Dictionary<string, string>();
        var feed = new Feed("FD-1", "C-1", Day("2026-04-06"), Day("2026-05-03"), Now, 1, none);
        var books = new Copies().Post("2026-04-06", Money("outside/council", "held/council", 100));
        var figures = FundPeriod.Build(books.Journals, new CarePeriod(feed.From, feed.To),
            TermsWith(SpendOrder.PersonFirst));
        var line = FeedLine.Build(new FundCopy("F-1", "P-1", "C-1", "isf", Day("2026-03-30")),
            new PersonCopy("P-1/1", "P-1", 1, "A, \"B\"", null), figures, [new OpenException("tail-cut", "Cut.")]);
        return FeedFiles.Write(feed, [line]).ToDictionary(file => file.Format, file => file.Bytes);
    }

    [Fact]
    public void A_feed_written_again_is_the_same_to_the_byte() => Assert.Equal(FilesOfAFeed["zip"], WriteFeed()["zip"]);

    [Fact]
    public void The_csv_of_a_feed_names_its_columns_and_has_a_line_a_fund()
    {
        var csv = Encoding.UTF8.GetString(FilesOfAFeed["csv"]);
        Assert.StartsWith("personId,councilRef,nhsNumber,fundId,position,receivedPence,returnedPence,spentPence,", csv,
            StringComparison.Ordinal);
        Assert.Contains("\r\nP-1,\"A, \"\"B\"\"\",,F-1,1,100,0,0,0,0,100,100,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1\r\n", csv,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_of_a_feed_has_what_is_held_of_each_source() => Assert.Equal(
        100, (int)JsonNode.Parse(FilesOfAFeed["json"])!["people"]![0]!["held"]![0]!["pence"]!);

    [Fact]
    public void The_zip_of_a_feed_has_both_files_and_a_manifest_of_their_hashes()
    {
        using var zip = new ZipArchive(new MemoryStream(FilesOfAFeed["zip"]));
        Assert.Equal(["FD-1.json", "FD-1.csv", "manifest.json"], zip.Entries.Select(entry => entry.FullName));
        var manifest = JsonNode.Parse(zip.GetEntry("manifest.json")!.Open())!;
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(FilesOfAFeed["csv"])), (string)manifest["files"]![1]!["sha256"]!);
    }
}
