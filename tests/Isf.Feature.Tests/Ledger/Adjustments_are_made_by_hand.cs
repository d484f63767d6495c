using Isf.Client;
using Isf.Contracts.Funds;
using Isf.Contracts.Ledger;
using Isf.Hosting.Http;
using Isf.Ledger.Domain;
using Isf.Reconciliation.Domain;
using static Isf.Tests.Ledger.Facts;
using CopiedChain = Isf.Reconciliation.Domain.HashChain;

namespace Isf.Tests.Ledger;

/// <summary>An adjustment can be reversed once only; the two are linked, and their reasons can be erased.</summary>
public sealed class Adjustments_are_made_by_hand
{
    private const string Reason = "Paid twice for Ann's taxi.";

    public static Fact Person(string id = "P-1") => new(
        new PersonRegistered
        {
            HolderId = LedgerHost.Holder, PersonId = id, Version = 1, Name = "Ann", Nation = "england",
            Format = "plain", Language = "en", Salt = "salt-of-" + id,
        },
        $"{id}/v1");

    /// <summary>
    /// Returns the body of an adjustment from held/drawn to owed/V-1 on a day, of £1.00 or the given pence.
    /// </summary>
    public static object Pound(string effectiveOn, long amount = 100, string reason = Reason) => new
    {
        effectiveOn, reason,
        moves = new[] { new { book = "money", from = "held/drawn", to = "owed/V-1", amount } },
    };

    internal static async Task<LedgerHost> StartAsync(params Fact[] more)
    {
        var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Person(), Received("R-1", "council", 1_000, "2026-04-06"), .. more]);
        await ledger.AddProviderAsync("V-1", "F-1", "F-2");
        return ledger;
    }

    private static async Task<HttpResponseMessage> AdjustAsync(
        LedgerHost ledger, string id, object body, string fund = "F-1", params int[] statuses) =>
        await (await ledger.ByHandAsync($"{fund}/adjustments/{id}", body))
            .NeedsAsync(statuses.Length == 0 ? [200] : statuses);

    private static async Task<HttpResponseMessage> ReverseAsync(
        LedgerHost ledger, string id, Guid journalId, string effectiveOn = "2026-06-01", params int[] statuses) =>
        await (await ledger.ByHandAsync($"F-1/reversals/{id}", new { journalId, effectiveOn, reason = Reason }))
            .NeedsAsync(statuses.Length == 0 ? [200] : statuses);

    private static async Task<Guid> PoundAsync(LedgerHost ledger) =>
        (await (await AdjustAsync(ledger, "J-1", Pound("2026-04-12"))).ReadAsync<AdjustFundResponse>()).JournalId;

    [Fact]
    public async Task Recovered_VAT_that_is_put_back_by_hand_is_neither_money_received_nor_returned()
    {
        await using var ledger = await StartAsync(ClaimFacts.Recovered("T-1", "2026-05-02", 200));
        await AdjustAsync(ledger, "J-1", new
        {
            effectiveOn = "2026-05-04", reason = "HMRC took it back.",
            moves = new[] { new { book = "money", from = "held/drawn", to = "outside/holder", amount = 50 } },
        });
        var money = await ledger.MoneyAsync();
        Assert.Equal((1_000, 0, -150, 1_150),
            (money.ReceivedPence, money.ReturnedPence, money.PaidPence, money.CashPence));
    }

    [Fact]
    public async Task An_adjustment_is_posted_published_and_shown_with_its_reason()
    {
        await using var ledger = await StartAsync();
        var response = await AdjustAsync(ledger, "J-1", Pound("2026-04-12"));
        Assert.Equal("\"2\"", response.Headers.ETag!.Tag);
        var shown = (await ledger.JournalsAsync())[^1];
        Assert.Equal(("adjustment", "J-1", Day("2026-04-12"), Reason, Commitment.Compute("salt-of-P-1", Reason)),
            (shown.Kind, shown.Cause.Id, shown.EffectiveOn, shown.Reason, shown.Commitment));
        Assert.Equal(shown.JournalId, (await response.ReadAsync<AdjustFundResponse>()).JournalId);
        var published = (await ledger.PublishedAsync<JournalsPosted>())[^1].Journals.Single();
        Assert.Equal((Commitment.Compute("salt-of-P-1", Reason), 2L), (published.Commitment, published.Position));
        var fact = Guid.Parse(response.Headers.GetValues("Isf-Fact").Single());
        Assert.Equal(1L, await ledger.OwnerAsync("select count(*) from ledger.outbox where fact = $1", fact));
        var money = await ledger.MoneyAsync("2026-04-12");
        Assert.Equal((900, 100), (money.HeldPence, money.OwedPence));
        Assert.Equal(1_000, (await ledger.MoneyAsync("2026-04-11")).HeldPence);
    }

    [Fact]
    public async Task The_same_id_with_the_same_content_is_done_and_with_other_content_refused()
    {
        await using var ledger = await StartAsync(Opened("F-2"));
        async Task<HttpResponseMessage> ProposeAsync(int status) => await (await ledger.Finance.PutAsync(
            "/v1/funds/F-1/adjustments/J-1", Pound("2026-04-12"))).NeedsAsync(status);
        var (first, repeated) = (await ProposeAsync(201), await ProposeAsync(200));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await repeated.Content.ReadAsStringAsync());
        var posted = await (await ledger.ApproveAsync("F-1/adjustments/J-1")).NeedsAsync(200);
        var after = await ProposeAsync(200);
        Assert.Equal(posted.Headers.GetValues("Isf-Fact"), after.Headers.GetValues("Isf-Fact"));
        Assert.Equal(await posted.Content.ReadAsStringAsync(), await after.Content.ReadAsStringAsync());
        Assert.Equal((posted.Headers.ETag, false), (after.Headers.ETag, first.Headers.Contains("Isf-Fact")));
        foreach (var (body, fund) in new[]
        {
            (Pound("2026-04-13"), "F-1"), (Pound("2026-04-12", 101), "F-1"), (Pound("2026-04-12"), "F-2"),
            (Pound("2026-04-12", reason: "Another reason."), "F-1"),
        })
        {
            var refused = await AdjustAsync(ledger, "J-1", body, fund, 409);
            Assert.Equal("id-used-for-something-else", await refused.CodeAsync());
        }
        Assert.Equal(2, (await ledger.JournalsAsync()).Count);
    }

    public static TheoryData<object, string, string> Faults => new()
    {
        { Body("money", "held/drawn", "owed/V-1", 0), "bad-field", "/moves/0/amount" },
        { Body("gold", "held/drawn", "owed/V-1", 1), "bad-place", "/moves/0/book" },
        { Body("money", "held/nobody", "owed/V-1", 1), "bad-place", "/moves/0/from" },
        { Body("money", "held/drawn", "free", 1), "bad-place", "/moves/0/to" },
        { Body("money", "held/drawn", "owed/V 1", 1), "bad-place", "/moves/0/to" },
        { Body("money", "held/drawn", "held/drawn", 1), "bad-place", "/moves/0/to" },
        { Body("money", "outside/council", "owed/V-1", 1), "bad-place", "/moves/0/to" },
        { Body("money", "paid/V-1", "outside/council", 1), "bad-place", "/moves/0/to" },
        { Body("time", "planned/L-1", "delivered/L-2", 1), "bad-place", "/moves/0/to" },
        { Body("money", "held/drawn", "owed/V-1", 1, " "), "bad-field", "/reason" },
        { new { effectiveOn = "2026-04-12", moves = Array.Empty<object>(), reason = Reason }, "bad-field", "/moves" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_field_that_cannot_be_used_is_refused_with_its_place(object body, string code, string pointer)
    {
        await using var ledger = await StartAsync();
        var refused = await (await AdjustAsync(ledger, "J-1", body, statuses: 400)).JsonAsync();
        Assert.Equal((code, pointer), ((string)refused["code"]!, (string)refused["errors"]![0]!["pointer"]!));
    }

    [Fact]
    public async Task A_reversal_is_whole_linked_both_ways_and_about_the_adjustments_own_day()
    {
        await using var ledger = await StartAsync();
        await ReverseAsync(ledger, "X-1", await PoundAsync(ledger), "2026-05-01");
        var journals = await ledger.JournalsAsync();
        var (before, after) = (journals[^2], journals[^1]);
        Assert.Equal(("adjustment-reversed", "X-1", Day("2026-05-01"), Day("2026-04-12"), Reason),
            (after.Kind, after.Cause.Id, after.EffectiveOn, after.CareOn, after.Reason));
        Assert.Equal((before.JournalId, after.JournalId), (after.Reverses, before.ReversedBy));
        var move = after.Moves[0];
        Assert.Equal(("owed/V-1", "held/drawn", 100), (move.From, move.To, move.Amount));
        Assert.Equal(900, (await ledger.MoneyAsync("2026-04-30")).HeldPence);
        Assert.Equal(1_000, (await ledger.MoneyAsync("2026-05-01")).HeldPence);
        // The query asks for the journals as known before the reversal, so the adjustment does not appear as reversed.
        Assert.Null((await ledger.Client.ListJournalsGetAsync("F-1", position: 2)).Items[^1].ReversedBy);
        Assert.True(await ledger.IsWholeAsync());
    }

    [Fact]
    public async Task What_may_not_be_reversed_is_refused_with_its_reason()
    {
        await using var ledger = await StartAsync(Periods_are_closed.Calendar());
        async Task RefusedAsync(string id, Guid journal, string on, int status, string code) =>
            Assert.Equal(code, await (await ReverseAsync(ledger, id, journal, on, status)).CodeAsync());
        var receipt = (await ledger.JournalsAsync())[0].JournalId;
        var adjustment = await PoundAsync(ledger);
        await RefusedAsync("X-1", new("00000000-0000-8000-8000-000000000001"), "2026-06-01", 422, "unknown-journal");
        await RefusedAsync("X-1", receipt, "2026-06-01", 422, "correct-at-source");
        await RefusedAsync("X-1", adjustment, "2026-04-11", 422, "dated-before-the-original");
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        await RefusedAsync("X-1", adjustment, "2026-05-03", 422, "period-closed");
        var closed = await AdjustAsync(ledger, "J-2", Pound("2026-05-03"), statuses: 422);
        Assert.Equal("period-closed", await closed.CodeAsync());
        var reversal = await (await ReverseAsync(ledger, "X-1", adjustment, "2026-05-04"))
            .ReadAsync<ReverseAdjustmentResponse>();
        await ReverseAsync(ledger, "X-1", adjustment, "2026-05-04", 200);
        await RefusedAsync("X-1", adjustment, "2026-05-05", 409, "id-used-for-something-else");
        await RefusedAsync("X-2", adjustment, "2026-05-04", 409, "already-reversed");
        await RefusedAsync("X-2", reversal.JournalId, "2026-05-04", 422, "reversal-of-a-reversal");
        await ledger.ConsumeAsync([Voided("R-1")]);
        var voided = (await ledger.JournalsAsync())[^1].JournalId;
        await RefusedAsync("X-2", voided, "2026-06-01", 422, "correct-at-source");
    }

    [Fact]
    public async Task A_fund_or_a_person_that_is_not_known_is_waited_for_and_then_refused()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.AddProviderAsync("V-1", "F-1");
        Assert.Equal("unknown-person",
            await (await AdjustAsync(ledger, "J-1", Pound("2026-04-12"), statuses: 422)).CodeAsync());
        Assert.Equal("unknown-fund",
            await (await AdjustAsync(ledger, "J-1", Pound("2026-04-12"), "F-9", 404)).CodeAsync());
        var waiting = AdjustAsync(ledger, "J-1", Pound("2026-04-12"));
        await ledger.ConsumeAsync([Person()]);
        await waiting;
        foreach (var role in new[] { Role.HolderCare, Role.Auditor, Role.Person })
        {
            await (await ledger.Host.As(role, person: "P-1").PutAsync(
                "/v1/funds/F-1/adjustments/J-2?holder=sunrise", Pound("2026-04-12"))).NeedsAsync(403);
        }
        await (await ledger.Host.As(Role.HolderAdmin).PutAsync(
            "/v1/funds/F-1/adjustments/J-2", Pound("2026-04-12"))).NeedsAsync(201);
    }

    [Fact]
    public async Task Of_eight_reversals_at_once_one_wins_and_of_eight_the_same_all_are_told_of_it()
    {
        await using var ledger = await StartAsync();
        await AdjustAsync(ledger, "J-1", Pound("2026-04-12"));
        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
            await (await ledger.ApproveAsync("F-1/adjustments/J-1", $"approver-{n}")).NeedsAsync(200)));
        Assert.Single(same.Select(response => response.Headers.GetValues("Isf-Fact").Single()).Distinct());
        var adjustment = (await ledger.JournalsAsync())[^1].JournalId;
        var racing = await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
            ReverseAsync(ledger, $"X-{n}", adjustment, "2026-06-01", 200, 409)));
        Assert.Single(racing, response => (int)response.StatusCode == 200);
        Assert.All(racing.Where(response => (int)response.StatusCode == 409), response =>
            Assert.Contains("already-reversed", response.Content.ReadAsStringAsync().Result, StringComparison.Ordinal));
        Assert.Equal(3, (await ledger.JournalsAsync()).Count);
        Assert.Equal(1_000, (await ledger.MoneyAsync()).HeldPence);
    }

    [Fact]
    public async Task Reason_and_salt_can_be_erased_and_the_chain_holds_here_and_in_the_copy()
    {
        await using var ledger = await StartAsync();
        await ReverseAsync(ledger, "X-1", await PoundAsync(ledger));
        await EraseAsync(ledger);
        var journals = await ledger.JournalsAsync();
        Assert.All(journals, journal => Assert.Null(journal.Reason));
        Assert.Equal(
            [null, Commitment.Compute("salt-of-P-1", Reason), Commitment.Compute("salt-of-P-1", Reason)],
            journals.Select(journal => journal.Commitment));
        Assert.True(await ledger.IsWholeAsync());
        var copy = (await ledger.PublishedAsync<JournalsPosted>()).SelectMany(message => message.Journals)
            .Select(Copied).ToList();
        Assert.Equal(3, copy.Count);
        Assert.Empty(CopiedChain.Broken(copy));
        Assert.Equal(
            [2, 3], CopiedChain.Broken(copy.ConvertAll(journal => journal with { Commitment = null }))
                .Select(broken => (int)broken.Journal.Position));
        // The erased text is gone from the documents of adjustments.
        Assert.Equal(0L, await ledger.OwnerAsync(
            "select count(*) from ledger.mt_doc_adjustment where data::text like '%taxi%'"));
        await AdjustAsync(ledger, "J-1", Pound("2026-04-12"), statuses: 200);
    }

    private static async Task EraseAsync(LedgerHost ledger)
    {
        await using var session = ledger.Session();
        session.Queue("delete from personal_words where fund_id = 'F-1'");
        session.Queue("delete from mt_doc_personsalt where id = 'P-1'");
        await session.SaveChangesAsync();
    }

    private static CopiedJournal Copied(PostedJournal journal) => new()
    {
        HolderId = LedgerHost.Holder, FundId = journal.FundId, Position = journal.Position,
        JournalId = journal.JournalId, Kind = journal.Kind, EffectiveOn = journal.EffectiveOn, CareOn = journal.CareOn,
        RecordedAt = journal.RecordedAt, CauseMessage = journal.CauseMessage, CauseId = journal.CauseId,
        Reverses = journal.Reverses, PersonMinutes = journal.PersonMinutes, Hash = journal.Hash,
        Commitment = journal.Commitment,
        Moves = [.. journal.Moves.Select(move => new CopiedMove(move.Book, move.From, move.To, move.Amount))],
    };

    private static object Body(string book, string from, string to, long amount, string reason = Reason) => new
    {
        effectiveOn = "2026-04-12", reason, moves = new[] { new { book, from, to, amount } },
    };
}
