using Isf.Contracts.Ledger;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Reconciliation.Books;
using Isf.Reconciliation.Exceptions;
using NodaTime;
using StoredException = Isf.Client.StoredException;

namespace Isf.Tests.Reconciliation;

public sealed class Books_are_checked
{
    private const string UpTo = "2026-05-31";
    private static readonly Instant Now = new TestHostTerms().Now;

    [Fact]
    public async Task What_is_falsified_in_the_Ledger_is_found_once_and_again_after_it_was_resolved()
    {
        await using var host = await StatedAsync();
        Assert.Equal(0, await DifferencesAsync(host, "R-1"));

        // In the Ledger's falsified books £10 more came in.
        await FalsifyReceiptAsync(host, 31_000);
        Assert.Equal(2, await DifferencesAsync(host, "R-2"));
        Assert.Equal(["balance-differs", "balance-differs"], await host.OpenAsync());
        var held = await OfHeldAsync(host);
        Assert.Contains("the Ledger states £310.00, our", held.PlainWords, StringComparison.Ordinal);
        Assert.Equal("31000", BooksScene.FiguresOf(held)[0].Value);

        // The next run finds the same differences, and raises nothing a second time.
        Assert.Equal((2L, "done"), await NightlyAsync(host));
        Assert.Equal(2, (await host.OpenAsync()).Count);

        await ResolveAsync(host, held.ExceptionId);
        Assert.Single(await host.OpenAsync());
        await host.CheckAsync("R-3", UpTo);
        Assert.Equal(2, (await host.OpenAsync()).Count);

        await FalsifyReceiptAsync(host, 30_000);
        Assert.Equal(0, await DifferencesAsync(host, "R-4"));
    }

    // A host with one fund, whose books the Ledger has stated.
    private static async Task<TestHost> StatedAsync()
    {
        var host = await TestHost.StartAsync();
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await host.StateAsync(UpTo);
        return host;
    }

    // Changes what came in in the Ledger's books, which are then stated again.
    private static async Task FalsifyReceiptAsync(TestHost host, long pence)
    {
        await host.FalsifyAsync($"update ledger.moves set amount = {pence} where from_place = 'outside/council'");
        await host.StateAsync(UpTo);
    }

    private static async Task<(long Differences, string State)> NightlyAsync(TestHost host)
    {
        await host.RequestRunAsync(UpTo);
        await host.UntilIdleAsync();
        var nightly = await host.As(Role.HolderCare).Typed().CheckBooksGetAsync("reconcile-books-asked-1");
        return (nightly.Differences, nightly.State);
    }

    private static async Task<long> DifferencesAsync(TestHost host, string run) =>
        (await host.CheckAsync(run, UpTo)).Differences;

    // The open exception about what is held of the council's money.
    private static async Task<StoredException> OfHeldAsync(TestHost host) =>
        (await host.As(Role.HolderFinance).ExceptionsAsync("state=open&fundId=F-1")).Single(exception =>
            exception.PlainWords.StartsWith("held/council", StringComparison.Ordinal));

    [Fact]
    public async Task A_closing_that_is_falsified_in_the_Ledger_is_an_exception_here()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/holder", Sample.Holder)).NeedsAsync(201);
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        await (await admin.PutAsync("/v1/periods/april/close", new { to = "2026-05-03" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        await host.StateAsync(UpTo);
        Assert.Equal(0, await DifferencesAsync(host, "R-1"));

        // The stored balance of the closing is made £10 higher, and every later sum starts from it.
        const string more = "update ledger.period_closings set amounts[array_position(froms, 'outside/council')] = ";
        Assert.Equal(1, await host.FalsifyAsync(more + "31000"));
        await host.StateAsync(UpTo);
        Assert.Equal(2, await DifferencesAsync(host, "R-2"));
        Assert.Equal(["balance-differs", "balance-differs"], await host.OpenAsync());
        await ClosingIsWrongAsync(host);

        await host.FalsifyAsync(more + "30000");
        await host.StateAsync(UpTo);
        Assert.Equal(0, await DifferencesAsync(host, "R-3"));
    }

    // The closing is no part of the chain, which is whole.
    private static async Task ClosingIsWrongAsync(TestHost host)
    {
        var integrity = await host.As(Role.HolderFinance).Typed().CheckIntegrityGetAsync("F-1");
        Assert.Single(integrity.WrongClosings);
        Assert.True(integrity.Whole);
    }

    private static async Task ResolveAsync(TestHost host, string id)
    {
        var finance = host.As(Role.HolderFinance);
        var path = $"/v1/exceptions/{id}/resolution";
        var resolution = new { code = "put-right", note = "Restored from the backup." };
        var resolved = await (await finance.PostAsync(path, resolution)).NeedsAsync(200);
        var repeated = await (await finance.PostAsync(path, resolution)).NeedsAsync(200);
        Assert.Equal("resolved", (await repeated.ReadAsync<StoredException>()).State);
        Assert.Equal(resolved.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        var other = await finance.PostAsync(path, new { code = "put-right", note = "It was nothing." });
        Assert.Equal(ProblemException.CodeOf(ResolveException.Refusal.ResolvedInOtherWords), await other.CodeAsync());
        var unknown = await finance.PostAsync("/v1/exceptions/E-9/resolution", new { code = "put-right", note = "x" });
        Assert.Equal(ProblemException.CodeOf(ResolveException.Refusal.UnknownException), await unknown.CodeAsync());
        var bad = await finance.PostAsync(path, new { code = "put right", note = " " });
        Assert.Equal("bad-field", await bad.CodeAsync());
        await host.UntilIdleAsync();
    }

    [Fact]
    public async Task What_is_falsified_in_the_copy_is_found_where_it_was_done()
    {
        await using var host = await StatedAsync();
        var position = await host.ValueAsync<long>(
            "select position from reconciliation.journals where moves like '% outside/council %'");
        await FalsifyCopyAsync(host, position, 30_000, 29_000);
        Assert.Equal(3, await DifferencesAsync(host, "R-1"));
        Assert.Equal(["balance-differs", "balance-differs", "chain-broken"], await host.OpenAsync());
        var broken = (await host.As(Role.HolderFinance).ExceptionsAsync("code=chain-broken"))[0];
        Assert.Equal($"{position}", BooksScene.FiguresOf(broken)[0].Value);

        await FalsifyCopyAsync(host, position, 29_000, 30_000);
        await host.FalsifyAsync(
            "update reconciliation.journals set effective_on = '2026-04-02' where kind = 'money-received'");
        Assert.Equal(1, await DifferencesAsync(host, "R-2"));

        await host.FalsifyAsync($"delete from reconciliation.journals where position = {position}");
        await host.CheckAsync("R-3", UpTo);
        Assert.Contains("position-missing", await host.OpenAsync());
    }

    private static Task<int> FalsifyCopyAsync(TestHost host, long position, long was, long becomes) =>
        host.FalsifyAsync($"""
            update reconciliation.journals set moves = replace(moves, ' {was}', ' {becomes}')
            where position = {position}
            """);

    [Fact]
    public async Task A_tail_cut_off_and_a_fund_left_out_are_found()
    {
        await using var host = await StatedAsync();
        await host.FalsifyAsync("""
            update ledger.heads h set position = h.position - 1, hash = j.hash, recorded_at = j.recorded_at
            from ledger.journals j where j.fund_id = h.fund_id and j.position = h.position - 1
            """);
        await host.FalsifyAsync("""
            delete from ledger.journals j using ledger.heads h where j.fund_id = h.fund_id and j.position > h.position
            """);
        await host.StateAsync(UpTo);
        await host.CheckAsync("R-1", UpTo);
        Assert.Contains("tail-cut", await host.OpenAsync());

        await host.FalsifyAsync("delete from ledger.heads");
        await host.StateAsync(UpTo);
        await host.CheckAsync("R-2", UpTo);
        Assert.Contains("fund-not-stated", await host.OpenAsync());
    }

    [Fact]
    public async Task A_run_waits_for_journals_in_whatever_order_and_however_often_they_come()
    {
        await using var host = await TestHost.StartAsync();
        var fund = new StatedFund("F-7", 2, new string('a', 64),
            [new("money", "held/council", 300), new("money", "outside/council", -300)]);
        await host.PublishAsync("ledger", "sunrise", BooksScene.Stated("S-1", Now, fund), "S-1");
        await host.UntilIdleAsync();
        await host.RequestRunAsync(UpTo);
        var second = BooksScene.Journal("F-7", 2, new PostedMove("money", "outside/council", "held/council", 200));
        await host.PublishAsync("ledger", "sunrise", BooksScene.Posted(second), "second", "F-7");
        await host.PublishAsync("ledger", "sunrise", BooksScene.Posted(second), "second again", "F-7");
        var refused = await host.As(Role.HolderAdmin).PutAsync("/v1/runs/R-1", new { kind = "books", upTo = UpTo });
        Assert.Equal("journals-on-their-way", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(1, (await host.As(Role.HolderAdmin).Typed().PlatformGetBacklogAsync()).Parked);

        var first = BooksScene.Journal("F-7", 1, new PostedMove("money", "outside/council", "held/council", 100));
        await host.PublishAsync("ledger", "sunrise", BooksScene.Posted(first, second), "both", "F-7");
        await host.UntilIdleAsync();
        await host.As(Role.HolderAdmin).Typed().CheckBooksGetAsync("reconcile-books-asked-1");
        // Only the made-up hashes are wrong; every account agrees.
        Assert.Equal(["chain-broken"], await host.OpenAsync());
    }

    [Fact]
    public async Task Journals_that_were_stated_half_a_day_ago_are_waited_for_no_longer()
    {
        await using var host = await TestHost.StartAsync();
        var fund = new StatedFund("F-7", 2, new string('a', 64), []);
        await host.PublishAsync(
            "ledger", "sunrise", BooksScene.Stated("S-1", Now - Duration.FromHours(13), fund), "S-1");
        await host.UntilIdleAsync();
        Assert.Equal(1, await DifferencesAsync(host, "R-1"));
        Assert.Equal(["journals-not-arrived"], await host.OpenAsync());
    }

    [Fact]
    public async Task Runs_that_are_not_made_are_refused_and_one_id_stands_for_one_run()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        Assert.Equal(ProblemException.CodeOf(CheckBooks.Refusal.NoBooksStated),
            await (await admin.PutAsync("/v1/runs/R-1", new { kind = "books", upTo = UpTo })).CodeAsync());
        Assert.Equal(ProblemException.CodeOf(CheckBooks.Refusal.KindNotRun),
            await (await admin.PutAsync("/v1/runs/R-1", new { kind = "visits-invoices", upTo = UpTo })).CodeAsync());
        await host.StateAsync(UpTo);
        await host.CheckAsync("R-1", UpTo);
        await (await admin.PutAsync("/v1/runs/R-1", new { kind = "books", upTo = UpTo })).NeedsAsync(200);
        Assert.Equal("id-used-for-something-else",
            await (await admin.PutAsync("/v1/runs/R-1", new { kind = "books", upTo = "2026-05-30" })).CodeAsync());
        Assert.Equal("unknown-run", await (await admin.GetAsync("/v1/runs/R-9")).CodeAsync());
        Assert.Equal("bad-state", await (await admin.GetAsync("/v1/exceptions?state=lost")).CodeAsync());
        Assert.Equal(System.Net.HttpStatusCode.Forbidden,
            (await host.As(Role.HolderCare).PutAsync("/v1/runs/R-2", new { kind = "books", upTo = UpTo })).StatusCode);
    }
}
