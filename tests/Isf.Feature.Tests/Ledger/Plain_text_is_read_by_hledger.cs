using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Isf.Contracts.Funds;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>The real hledger reads the export and finds the Ledger's balance of every account.</summary>
public sealed class Plain_text_is_read_by_hledger
{
    private static readonly Fact[] Life =
    [
        .. Opened(), Received("R-1", "council", 144_005, "2026-04-06"), Received("R-2", "top-up", 18_000, "2026-04-07"),
        Received("R-3", "nhs", 500, "2026-04-08"), Voided("R-3"), Returned("X-1", "council", 1_000, "2026-04-20"),
        Budget("B-1", 1, "2026-03-30", "2026-04-06", null, 36_000),
        Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2027-04-04", 24_001),
        Planned("2026-04-07", 1, ("L-1", 120), ("l.2_x", 45)), Unplanned("2026-04-07", 2, ("l.2_x", 45)),
        Priced(
            Visit("V-1", "2026-04-07", 60, 1_475), Visit("V-2", "2026-04-09", 60, 2_400, extra: 15, line: "l.2_x"),
            Visit("V-3", "2026-04-10", 0, 0),
            Visit("V-4", "2026-04-11", 30, 101, fundedBy: [new FundingShare("nhs", 50)])),
        Repriced(Visit("V-2", "2026-04-10", 45, 1_801, version: 2, line: "l.2_x")),
    ];

    [Fact]
    public async Task Hledger_agrees_account_by_account_at_every_date()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        var file = Path.Combine(Path.GetTempPath(), $"isf-{Guid.CreateVersion7()}.hledger");
        try
        {
            await File.WriteAllTextAsync(file, await TextAsync(ledger, "text/x-hledger"));
            await RunAsync("hledger", "-f", file, "check");
            foreach (var day in new[] { "2026-04-05", "2026-04-06", "2026-04-07", "2026-04-09", "2026-04-10",
                "2026-04-30", "2027-12-31" })
            {
                var theirs = await HledgerBalancesAsync(file, Day(day));
                Assert.Equal(await OursAsync(ledger, Day(day), PlainTextBooks.HledgerAccount), theirs);
            }
            Assert.Equal("-1430.05 GBP",
                (await HledgerBalancesAsync(file, Day("2026-04-30")))["money:outside:council"]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_range_is_exported_by_effective_day_and_beancount_accounts_are_opened_first()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        var some = await TextAsync(ledger, "text/x-hledger", "?from=2026-04-07&to=2026-04-07");
        Assert.Equal(4, some.Split('\n').Count(line => line.StartsWith("2026-04-07 * ", StringComparison.Ordinal)));
        Assert.DoesNotContain("2026-04-06 *", some, StringComparison.Ordinal);
        var beancount = await TextAsync(ledger, "text/x-beancount");
        var lines = beancount.Split('\n').ToList();
        var accounts = lines.Where(line => line.StartsWith("  Assets:", StringComparison.Ordinal))
            .Select(line => line.Trim().Split("  ")[0]);
        Assert.All(accounts.Distinct(), account => Assert.Contains(lines, line =>
            line.StartsWith($"0001-01-01 open {account} ", StringComparison.Ordinal)));
    }

    internal static async Task<string> TextAsync(
        LedgerHost ledger, string type, string query = "", string fund = "F-1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/funds/{fund}/journals{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        var response = await (await ledger.Finance.SendAsync(request)).NeedsAsync(200);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    internal static async Task<SortedDictionary<string, string>> OursAsync(
        LedgerHost ledger, LocalDate day, Func<Account, string> nameOf, string fund = "F-1")
    {
        await using var session = ledger.Session();
        var flows = await BooksTable.SumsAsync(session, fund, day, long.MaxValue);
        var ours = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (account, amount) in flows.Balances.Where(balance => balance.Value != 0))
        {
            ours[nameOf(account)] = account.Book == Book.Time
                ? $"{amount} MIN"
                : string.Create(CultureInfo.InvariantCulture, $"{amount / 100m:0.00} GBP");
        }
        return ours;
    }

    internal static async Task<SortedDictionary<string, string>> HledgerBalancesAsync(string file, LocalDate day)
    {
        var end = day.PlusDays(1).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        var csv = await RunAsync("hledger", "-f", file, "balance", "--flat", "-N", "-e", end, "-O", "csv");
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(row => row.Trim('"').Split("\",\""));
        return new SortedDictionary<string, string>(rows.ToDictionary(row => row[0], row => row[1]),
            StringComparer.Ordinal);
    }

    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LANG"] = "C.UTF-8";
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await errors}");
        return output;
    }
}
