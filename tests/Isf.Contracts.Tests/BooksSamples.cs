using Isf.Contracts.Ledger;
using Isf.Contracts.Reconciliation;
using Isf.Contracts.Statements;
using NodaTime;

namespace Isf.Contracts.Tests;

/// <summary>
/// One of each message that the Ledger, Reconciliation and Statements can publish, with every field set.
/// </summary>
internal static class BooksSamples
{
    private static readonly LocalDate EasterMonday = new(2026, 4, 6);
    private static readonly LocalDate SundayInMay = new(2026, 5, 3);
    private static readonly Instant Night = Instant.FromUtc(2026, 5, 4, 1, 30, 15) + Duration.FromMilliseconds(250);
    private static readonly string Hash = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    public static readonly object[] All =
    [
        new JournalsPosted
        {
            HolderId = "sunrise",
            Journals =
            [
                new PostedJournal
                {
                    FundId = "F-1", Position = 812, JournalId = new Guid("0b8c1a52-6f2e-8c4d-9a3b-5d7e9f102132"),
                    Kind = "visit", EffectiveOn = SundayInMay, CareOn = EasterMonday, RecordedAt = Night,
                    CauseMessage = "visit-priced", CauseId = "V-1/2",
                    Reverses = new Guid("1c9d2b63-7f3e-8d5e-8b4c-6e8f0a213243"), PersonMinutes = -45, Hash = Hash,
                    Commitment = string.Concat(Enumerable.Repeat("fedcba9876543210", 4)),
                    Moves =
                    [
                        new("money", "held/drawn", "accrued/V-1", 7_200),
                        new("time", "planned/L-1", "delivered/L-1", 90),
                    ],
                },
            ],
            Heads = [new("F-1", 812, Hash)],
        },
        new BooksStated
        {
            HolderId = "sunrise", StatingId = "2026-05-04", StatedAt = Night, UpTo = SundayInMay, Part = 1, Parts = 2,
            Funds = [new("F-1", 812, Hash, [new("money", "held/council", 40_800)])],
        },
        new FundOverdrawn { HolderId = "sunrise", FundId = "F-1", Position = 813, HeldPence = -1_250 },
        new PromiseOverdrawn
        {
            HolderId = "sunrise", FundId = "F-1", AllocationId = "A-1", Position = 813, PromisedPence = 24_000,
            UsedPence = 25_200, LeftPence = -1_200,
        },
        new ReturnedBeyondHeld
        {
            HolderId = "sunrise", FundId = "F-1", Position = 814, Source = "council", CauseMessage = "money-returned",
            CauseId = "X-1", SourceHeldPence = 40_000, FundHeldPence = -1_250,
        },
        new PeriodClosed
        {
            HolderId = "sunrise", PeriodId = "2026-04", From = EasterMonday, To = SundayInMay, ClosedAt = Night,
        },
        new LedgerRunAsked
        {
            HolderId = "sunrise", Schedule = "state-books", UpTo = SundayInMay, AskedBy = "2026-05-04",
        },
        new RunCompleted
        {
            HolderId = "sunrise", RunId = "books-7", Kind = "books", UpTo = SundayInMay, CompletedAt = Night,
            Checked = 120, Agreed = 119, Differences = 1,
        },
        new ExceptionRaised
        {
            HolderId = "sunrise", ExceptionId = "E-1", RunId = "books-7", FundId = "F-1", Code = "balance-differs",
            PlainWords = "The books say £408.00 and our own sum is £407.99.",
        },
        new ExceptionResolved { HolderId = "sunrise", ExceptionId = "E-1", Code = "explained" },
        new FeedIssued
        {
            HolderId = "sunrise", CouncilId = "E10000009", FeedId = "april", From = EasterMonday, To = SundayInMay,
            Sha256 = Hash,
        },
        new ReconciliationRunAsked
        {
            HolderId = "sunrise", Schedule = "reconcile-books", UpTo = SundayInMay, AskedBy = "2026-05-04",
        },
        new StatementIssued
        {
            HolderId = "sunrise", FundId = "F-1", StatementId = "S-1", From = EasterMonday, To = SundayInMay,
            Position = 812, IssuedAt = Night, ClosingPence = 40_800,
        },
    ];
}
