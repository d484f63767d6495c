using Isf.Contracts.Ledger;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Reconciliation.Books;
using Isf.Reconciliation.Exceptions;
using NodaTime;

namespace Isf.Tests.Reconciliation;

public sealed class Books_are_checked
{
    private const string UpTo = "2026-05-31";
    private static readonly Instant Now = new TestHostTerms().Now;

    [Fact]
    public async Task What_is_falsified_in_the_Ledger_is_found_once_and_again_after_it_was_resolved()
    {
        await using var host = await TestHost.StartAsync();
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await host.StateAsync(UpTo);
        Assert.Equal(0, (long)(await host.CheckAsync("R-1", UpTo))["differences"]!);

        // In the Ledger's falsified books £10 more came in.
        await host.FalsifyAsync("update ledger.moves set amount = 31000 where from_place = 'outside/council'");
        await host.StateAsync(UpTo);
        var run = await host.CheckAsync("R-2", UpTo);
        Assert.Equal(2, (long)run["differences"]!);
        Assert.Equal(["balance-differs", "balance-differs"], await host.OpenAsync());
        var open = await host.As(Role.HolderFinance).GetJsonAsync("/v1/exceptions?state=open&fundId=F-1");
        var held = open["items"]!.AsArray().Single(item =>
            ((string)item!["plainWords"]!).StartsWith("held/council", StringComparison.Ordinal))!;
        Assert.Contains("the Ledger states £310.00, our", (string)held["plainWords"]!, StringComparison.Ordinal);
        Assert.Equal("31000", (string)held["figures"]![0]!["value"]!);

        // The next run finds the same differences, and raises nothing a second time.
        await host.RequestRunAsync(UpTo);
        await host.UntilIdleAsync();
        var nightly = await host.As(Role.HolderCare).GetJsonAsync("/v1/runs/reconcile-books-asked-1");
        Assert.Equal((2L, "done"), ((long)nightly["differences"]!, (string)nightly["state"]!));
        Assert.Equal(2, (await host.OpenAsync()).Count);

        await ResolveAsync(host, (string)held["exceptionId"]!);
        Assert.Single(await host.OpenAsync());
        await host.CheckAsync("R-3", UpTo);
        Assert.Equal(2, (await host.OpenAsync()).Count);

        await host.FalsifyAsync("update ledger.moves set amount = 30000 where from_place = 'outside/council'");
        await host.StateAsync(UpTo);
        Assert.Equal(0, (long)(await host.CheckAsync("R-4", UpTo))["differences"]!);
    }

    [Fact]
    public async Task A_closing_that_is_falsified_in_the_Ledger_is_an_exception_here()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/holder", new
        {
            name = "Sunrise", address = "1 High Street", phone = "01632 960001", email = "office@sunrise.example",
            complaints = "Write to us.", periods = new { every = "4-weeks", firstOn = "2026-04-06" },
            payments = new { sortCode = "000000", accountNumber = "12345678", accountName = "Sunrise" },
            tolerances = new { minutes = 15, pence = 100, percent = 2 },
        })).NeedsAsync(201);
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        await (await admin.PutAsync("/v1/periods/april/close", new { to = "2026-05-03" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        await host.StateAsync(UpTo);
        Assert.Equal(0, (long)(await host.CheckAsync("R-1", UpTo))["differences"]!);

        // The stored balance of the closing is made £10 higher, and every later sum starts from it.
        const string more = "update ledger.period_closings set amounts[array_position(froms, 'outside/council')] = ";
        Assert.Equal(1, await host.FalsifyAsync(more + "31000"));
        await host.StateAsync(UpTo);
        Assert.Equal(2, (long)(await host.CheckAsync("R-2", UpTo))["differences"]!);
        Assert.Equal(["balance-differs", "balance-differs"], await host.OpenAsync());
        var integrity = await host.As(Role.HolderFinance).GetJsonAsync("/v1/funds/F-1/integrity");
        Assert.Single(integrity["wrongClosings"]!.AsArray());
        Assert.True((bool)integrity["whole"]!);

        await host.FalsifyAsync(more + "30000");
        await host.StateAsync(UpTo);
        Assert.Equal(0, (long)(await host.CheckAsync("R-3", UpTo))["differences"]!);
    }

    private static async Task ResolveAsync(TestHost host, string id)
    {
        var finance = host.As(Role.HolderFinance);
        var path = $"/v1/exceptions/{id}/resolution";
        var resolution = new { code = "put-right", note = "Restored from the backup." };
        var resolved = await (await finance.PostAsync(path, resolution)).NeedsAsync(200);
        var repeated = await (await finance.PostAsync(path, resolution)).NeedsAsync(200);
        Assert.Equal("resolved", (string)(await repeated.JsonAsync())["state"]!);
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
        await using var host = await TestHost.StartAsync();
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await host.StateAsync(UpTo);
        var position = await host.ValueAsync<long>(
            "select position from reconciliation.journals where moves like '% outside/council %'");
        await host.FalsifyAsync($"""
            update reconciliation.journals set moves = replace(moves, ' 30000', ' 29000') where position = {position}
            """);
        var run = await host.CheckAsync("R-1", UpTo);
        Assert.Equal(3, (long)run["differences"]!);
        Assert.Equal(["balance-differs", "balance-differs", "chain-broken"], await host.OpenAsync());
        var broken = (await host.As(Role.HolderFinance).GetJsonAsync("/v1/exceptions?code=chain-broken"))["items"]![0]!;
        Assert.Equal($"{position}", (string)broken["figures"]![0]!["value"]!);

        await host.FalsifyAsync($"""
            update reconciliation.journals set moves = replace(moves, ' 29000', ' 30000') where position = {position}
            """);
        await host.FalsifyAsync(
            "update reconciliation.journals set effective_on = '2026-04-02' where kind = 'money-received'");
        Assert.Equal(1, (long)(await host.CheckAsync("R-2", UpTo))["differences"]!);

        await host.FalsifyAsync($"delete from reconciliation.journals where position = {position}");
        await host.CheckAsync("R-3", UpTo);
        Assert.Contains("position-missing", await host.OpenAsync());
    }

    [Fact]
    public async Task A_tail_cut_off_and_a_fund_left_out_are_found()
    {
        await using var host = await TestHost.StartAsync();
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await host.StateAsync(UpTo);
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
        await host.PublishAsync(
            "ledger", "sunrise", BooksScene.Stated("S-1", Now, fund), "S-1");
        await host.UntilIdleAsync();
        await host.RequestRunAsync(UpTo);
        var second = BooksScene.Journal("F-7", 2, new PostedMove("money", "outside/council", "held/council", 200));
        await host.PublishAsync(
            "ledger", "sunrise", BooksScene.Posted(second), "second", "F-7");
        await host.PublishAsync(
            "ledger", "sunrise", BooksScene.Posted(second), "second again", "F-7");
        var refused = await host.As(Role.HolderAdmin).PutAsync("/v1/runs/R-1", new { kind = "books", upTo = UpTo });
        Assert.Equal("journals-on-their-way", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(1, (long)(await host.As(Role.HolderAdmin).GetJsonAsync("/v1/backlog"))["parked"]!);

        var first = BooksScene.Journal("F-7", 1, new PostedMove("money", "outside/council", "held/council", 100));
        await host.PublishAsync(
            "ledger", "sunrise", BooksScene.Posted(first, second), "both", "F-7");
        await host.UntilIdleAsync();
        await host.As(Role.HolderAdmin).GetJsonAsync("/v1/runs/reconcile-books-asked-1");
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
        Assert.Equal(1, (long)(await host.CheckAsync("R-1", UpTo))["differences"]!);
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
