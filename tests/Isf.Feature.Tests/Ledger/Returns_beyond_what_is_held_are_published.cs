using Isf.Contracts.Funds;
using Isf.Contracts.Ledger;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// The Ledger posts a return of more money than the fund or its source holds, and publishes the amounts that both hold
/// afterwards.
/// </summary>
public sealed class Returns_beyond_what_is_held_are_published
{
    private static readonly Fact[] Life =
        [.. Opened(), Received("R-1", "council", 1_000, "2026-04-06"), Received("R-2", "nhs", 500, "2026-04-06")];

    private static async Task<IEnumerable<string>> PublishedAsync(LedgerHost ledger) =>
        (await ledger.PublishedAsync<ReturnedBeyondHeld>()).Select(message =>
            $"{message.Position} {message.CauseMessage} {message.CauseId} {message.Source} {message.SourceHeldPence} "
            + $"{message.FundHeldPence}");

    [Fact]
    public async Task A_return_that_leaves_the_fund_below_zero_is_published_and_one_that_does_not_is_not()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Life, Priced(Visit("V-1", "2026-04-07", 60, 1_200)), Returned("X-1", "council", 300, "2026-04-20"),
            Returned("X-2", "council", 1, "2026-04-21"), Returned("X-3", "nhs", 9, "2026-04-21"),
        ]);
        // Each return that leaves the fund's balance below zero is published. Later care publishes nothing more.
        await ledger.ConsumeAsync([Priced(Visit("V-2", "2026-04-08", 60, 100))]);
        Assert.Equal(["5 money-returned X-2 council 699 -1", "6 money-returned X-3 nhs 491 -10"],
            await PublishedAsync(ledger));
    }

    [Fact]
    public async Task A_return_that_leaves_its_source_below_zero_is_published_though_the_fund_holds_enough()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Life, Priced(Visit("V-1", "2026-04-07", 60, 200, fundedBy: [new FundingShare("nhs", 100)])),
            Returned("X-1", "nhs", 300, "2026-04-20"),
        ]);
        Assert.Empty(await PublishedAsync(ledger));
        await ledger.ConsumeAsync([Returned("X-2", "nhs", 1, "2026-04-20")]);
        Assert.Equal(["5 money-returned X-2 nhs -1 999"], await PublishedAsync(ledger));
    }

    [Fact]
    public async Task A_receipt_that_never_was_is_published_where_more_of_it_went_back_and_else_not()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Life, Priced(Visit("V-1", "2026-04-07", 60, 1_200)), Voided("R-2")]);
        Assert.Empty(await PublishedAsync(ledger));
        await ledger.ConsumeAsync([Returned("X-1", "council", 100, "2026-04-20")], times: 2);
        await ledger.ConsumeAsync([Voided("R-1")], times: 2);
        Assert.Equal(["5 money-returned X-1 council 900 -300", "6 receipt-voided R-1 council -100 -1300"],
            await PublishedAsync(ledger));
    }

    [Fact]
    public async Task In_a_closed_fund_what_was_spent_is_no_longer_its_sources()
    {
        // £8.00 of the council's money was spent, so £2.00 are left when the fund closes.
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(order: "council-first"), Received("R-1", "council", 1_000, "2026-04-06"),
            Received("R-2", "nhs", 500, "2026-04-06"), Priced(Visit("V-1", "2026-04-07", 60, 800)),
            FundClosed("2026-04-30"), Returned("X-1", "council", 200, "2026-05-10"),
        ]);
        Assert.Empty(await PublishedAsync(ledger));
        await ledger.ConsumeAsync([Returned("X-2", "council", 1, "2026-05-10")]);
        Assert.Matches("^[0-9]+ money-returned X-2 council -1 499$", Assert.Single(await PublishedAsync(ledger)));
    }

    [Fact]
    public async Task When_neither_is_below_zero_any_more_that_is_published_once()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Life, Priced(Visit("V-1", "2026-04-07", 60, 1_200)), Returned("X-1", "council", 400, "2026-04-20"),
            Received("R-3", "nhs", 99, "2026-04-21"),
        ]);
        Assert.Single(await PublishedAsync(ledger));
        await ledger.ConsumeAsync([Received("R-4", "nhs", 1, "2026-04-21"), Received("R-5", "nhs", 1, "2026-04-21")]);
        Assert.Equal(["4 money-returned X-1 council 600 -100", "6 money-returned X-1 council 600 0"],
            await PublishedAsync(ledger));
        await ledger.ConsumeAsync([Returned("X-2", "council", 2, "2026-04-22"), ReturnVoided("X-2")]);
        Assert.Equal(["8 money-returned X-2 council 598 -1", "9 money-returned X-2 council 600 1"],
            (await PublishedAsync(ledger)).Skip(2));
    }

    [Fact]
    public async Task What_care_put_right_is_published_in_the_night()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Life, Priced(Visit("V-1", "2026-04-07", 60, 1_200)), Returned("X-1", "council", 400, "2026-04-20"),
            Repriced(Visit("V-1", "2026-04-07", 60, 900, version: 2)), RunRequested("night", "2026-05-31"),
            RunRequested("next-night", "2026-05-31"),
        ]);
        Assert.Equal(["4 money-returned X-1 council 600 -100", "6 money-returned X-1 council 600 200"],
            await PublishedAsync(ledger));
    }
}
