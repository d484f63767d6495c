using Isf.Client;
using static Isf.Tests.Ledger.Adjustments_are_made_by_hand;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>A reversal is refused with the code of what is wrong, and posts nothing.</summary>
public sealed class Reversals_are_refused
{
    private static async Task<Guid> AdjustmentAsync(LedgerHost ledger)
    {
        var posted = await (await ledger.ByHandAsync("F-1/adjustments/J-1", Pound("2026-04-12"))).NeedsAsync(200);
        return (await posted.ReadAsync<AdjustFundResponse>()).JournalId;
    }

    private static async Task<string> CodeAsync(
        LedgerHost ledger, Guid journalId, string effectiveOn = "2026-04-13", string reason = "not so",
        string fund = "F-1")
    {
        var path = $"/v1/funds/{fund}/reversals/X-1";
        var response = await ledger.Finance.PutAsync(path, new { journalId, effectiveOn, reason });
        return $"{(int)response.StatusCode} {await response.CodeAsync()}";
    }

    [Fact]
    public async Task Of_a_day_reason_or_fund_that_cannot_be()
    {
        await using var ledger = await StartAsync();
        var journalId = await AdjustmentAsync(ledger);
        Assert.Equal("400 bad-field", await CodeAsync(ledger, journalId, reason: ""));
        Assert.Equal("404 unknown-fund", await CodeAsync(ledger, journalId, fund: "F-9"));
        Assert.Equal("422 day-too-early", await CodeAsync(ledger, journalId, "2026-03-29"));
        await ledger.ConsumeAsync([FundClosed("2026-06-10")]);
        Assert.Equal("422 day-too-late", await CodeAsync(ledger, journalId, "2026-06-11"));
    }

    [Fact]
    public async Task Once_the_person_was_erased()
    {
        await using var ledger = await StartAsync();
        var journalId = await AdjustmentAsync(ledger);
        await using (var session = ledger.Session())
        {
            session.Queue("delete from mt_doc_personsalt where id = 'P-1'");
            await session.SaveChangesAsync();
        }
        Assert.Equal("422 unknown-person", await CodeAsync(ledger, journalId));
    }

    [Fact]
    public async Task At_its_approval_once_its_day_was_closed()
    {
        await using var ledger = await StartAsync(Periods_are_closed.Calendar());
        var journalId = await AdjustmentAsync(ledger);
        await (await ledger.Finance.PutAsync("/v1/funds/F-1/reversals/X-1",
            new { journalId, effectiveOn = "2026-04-13", reason = "not so" })).NeedsAsync(201);
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        var refused = await (await ledger.ApproveAsync("F-1/reversals/X-1")).NeedsAsync(422);
        Assert.Equal("period-closed", await refused.CodeAsync());
    }
}
