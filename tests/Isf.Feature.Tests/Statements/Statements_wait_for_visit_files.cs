using System.Text;
using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Statements;

/// <summary>One host whose requests wait at most a second for facts; each test uses a holder of its own.</summary>
public sealed class HostThatWaits : IAsyncLifetime
{
    private int holders;

    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Host = await TestHost.StartAsync(new() { WaitForFactsFor = TimeSpan.FromSeconds(1) });

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Opens a holder with the funds F-1 and F-2, each with a plan.</summary>
    public async Task<Scene> OpenAsync()
    {
        var scene = new Scene(Host, $"h-{Interlocked.Increment(ref holders)}");
        var admin = scene.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        foreach (var (path, body) in new (string, object)[]
        {
            ("funds/F-2", Sample.Fund), ("funds/F-2/budgets/B-2", Sample.Budget),
            ("funds/F-2/allocations/A-2", Sample.Allocation), ("funds/F-1/plans/PL-1", Care.Plan()),
            ("funds/F-2/plans/PL-2", Care.Plan(allocationId: "A-2")),
            ("visit-file-profiles/theirs", new
            {
                format = "visits-csv", fields = new { fundId = new { from = "F-{Client}" } },
            }),
            ("holder", Sample.Holder),
        })
        {
            await (await admin.PutAsync("/v1/" + path, body)).NeedsAsync(201);
        }
        await Host.UntilIdleAsync();
        return scene;
    }
}

/// <summary>
/// A visit file is a waiting fact of every fund that it names, from the response 202 until all of the file is posted.
/// So no statement and no closing counts only a part of the file. The tests hold up the reading with the lock of a
/// fund, which the reading takes for each piece of the file.
/// </summary>
public sealed class Statements_wait_for_visit_files(HostThatWaits shared) : IClassFixture<HostThatWaits>
{
    private const string Waits = "facts-on-their-way";
    private const string Header = "visitId,fundId,lineId,start,end,outcome\n";

    // Returns rows of visits that do not overlap. Each visit lasts a quarter of an hour, at £24 an hour.
    private static IEnumerable<string> Rows(string fundId, int count, int first = 0) =>
        from number in Enumerable.Range(first, count)
        let start = new LocalDate(2026, 4, 6).PlusDays(number % 28) + new LocalTime(5, 0).PlusMinutes(number / 28 * 20)
        select $"{fundId}.{number},{fundId},L-1,{start:uuuu-MM-dd'T'HH:mm},{start.PlusMinutes(15):uuuu-MM-dd'T'HH:mm},"
            + "delivered\n";

    private static string File(params IEnumerable<string>[] rows) =>
        Header + string.Concat(rows.SelectMany(row => row));

    private static async Task<Session> GateAsync(Scene host, string fundId)
    {
        var gate = host.Host.Services.GetRequiredService<Sessions>().Open("support", host.Holder);
        await gate.LockAsync("fund/" + fundId);
        return gate;
    }

    // Issues a statement, and returns the pence that it says were spent, or the code of the refusal.
    private static async Task<string> IssueAsync(Scene host, string fundId)
    {
        var response = await host.As(Role.HolderFinance).PutAsync(
            $"/v1/funds/{fundId}/statements/S-{fundId}", new { from = "2026-04-06", to = "2026-05-03" });
        return (int)response.StatusCode == 201 ? $"{(await response.ReadAsync<StatementBody>()).MoneyOutPence}"
            : await response.CodeAsync();
    }

    private static async Task<string> CloseAsync(Scene host)
    {
        var response = await host.As(Role.HolderFinance).PutAsync("/v1/periods/april/close", new { to = "2026-05-03" });
        return (int)response.StatusCode == 201 ? "closed" : await response.CodeAsync();
    }

    private static async Task<string> AfterAsync(Func<Task<string>> send)
    {
        var outcome = await send();
        for (var tries = 0; outcome == Waits && tries < 120; tries++)
            outcome = await send();
        return outcome;
    }

    [Fact]
    public async Task A_statement_right_after_the_202_counts_all_of_the_file_or_is_not_issued()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        var gate = await GateAsync(host, "F-1");
        await (await care.SendFileAsync("R-1", File(Rows("F-1", 40)))).NeedsAsync(202);
        Assert.Equal(Waits, await IssueAsync(host, "F-1"));
        Assert.Equal("0", await AfterAsync(() => IssueAsync(host, "F-2")));
        await gate.DisposeAsync();
        Assert.Equal("24000", await AfterAsync(() => IssueAsync(host, "F-1")));
    }

    [Fact]
    public async Task A_part_that_is_in_the_books_is_in_no_statement_and_no_closing_before_the_rest()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        var gate = await GateAsync(host, "F-2");
        var sent = await (await care.SendFileAsync("R-1",
            File(Rows("F-1", 1000), Rows("F-2", 1000), Rows("F-1", 50, 1000)))).NeedsAsync(202);
        var fact = sent.Headers.GetValues("Isf-Fact").Single();
        await Until.AnswersAsync(
            async () => (await care.Typed().ShowBalanceGetAsync("F-1")).Money.AccruedPence,
            booked => booked == 600_000);
        Assert.Equal(Waits, await IssueAsync(host, "F-1"));
        Assert.Equal(Waits, await CloseAsync(host));
        Assert.Equal(Waits,
            await (await care.GetAsync($"/v1/funds/F-1/balance?afterFact={fact}")).CodeAsync());
        await gate.DisposeAsync();
        Assert.Equal("630000", await AfterAsync(() => IssueAsync(host, "F-1")));
        Assert.Equal("600000", await AfterAsync(() => IssueAsync(host, "F-2")));
        Assert.Equal("closed", await AfterAsync(() => CloseAsync(host)));
    }

    public static readonly TheoryData<string, byte[], string, string> Spellings = new()
    {
        { "gzip", Care.Gzip(File(Rows("F-1", 3))), "", Waits },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(File(Rows("F-1", 3)))], "", Waits },
        { "semicolons", Encoding.UTF8.GetBytes(File(Rows("F-1", 3)).Replace(',', ';')), "", Waits },
        { "quotes", Encoding.UTF8.GetBytes(File(Rows("\"F-1\"", 3))), "", Waits },
        { "behind many rows", Encoding.UTF8.GetBytes(File(Rows("F-9", 2500), Rows("F-1", 3), Rows("F-9", 1, 2500))), "",
            Waits },
        { "a profile", Encoding.UTF8.GetBytes(File(Rows("F-1", 3)).Replace("fundId", "Client", StringComparison.Ordinal)
            .Replace(",F-1,", ",1,", StringComparison.Ordinal)), "&profile=theirs", Waits },
        { "a dry run", Encoding.UTF8.GetBytes(File(Rows("F-1", 3))), "&dryRun=true", "0" },
        { "refused", Encoding.UTF8.GetBytes(File(Rows("F-1", 3)).Replace("outcome", "x", StringComparison.Ordinal)), "",
            "0" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task However_a_file_is_written_its_funds_are_known(
        string how, byte[] bytes, string more, string expected)
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        await using var gate = await GateAsync(host, "F-1");
        await (await care.SendFileAsync(how, bytes, more)).NeedsAsync(202);
        Task<string> StatementAsync() => IssueAsync(host, "F-1");
        Assert.Equal(expected, expected == Waits ? await StatementAsync() : await AfterAsync(StatementAsync));
    }

    [Fact]
    public async Task A_cancelled_file_concerns_no_fund_though_its_reading_is_still_held_up()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        var gate = await GateAsync(host, "F-1");
        var sent = await (await care.SendFileAsync("R-1", File(Rows("F-1", 40)))).NeedsAsync(202);
        var address = sent.Headers.Location!.ToString();
        Assert.Equal(Waits, await IssueAsync(host, "F-1"));
        var response = await (await care.DeleteAsync(address)).NeedsAsync(200);
        var cancelled = await response.ReadAsync<ShowVisitFileResponse>();
        Assert.Equal(("refused", "cancelled"), (cancelled.State, cancelled.Reason?.Code));
        Assert.Equal("0", await AfterAsync(() => IssueAsync(host, "F-1")));
        await gate.DisposeAsync();
        await host.Host.UntilIdleAsync();
        Assert.Equal("refused 0: 0 0 0 0",
            Care.Counts(await (await care.GetAsync(address)).ReadAsync<ShowVisitFileResponse>()));
        Assert.Equal(200, (int)(await care.DeleteAsync(address)).StatusCode);
        Assert.Equal("done 40: 40 0 0 0", Care.Counts(await care.ImportAsync("R-1", File(Rows("F-1", 40)))));
        var late = await care.DeleteAsync(address);
        Assert.Equal((422, "already-read"), ((int)late.StatusCode, await late.CodeAsync()));
    }
}
