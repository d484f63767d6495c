using System.Globalization;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using NodaTime;
using static Isf.Tests.Ledger.Plain_text_is_read_by_hledger;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// The real hledger and Beancount read the exported funds of a random history. Both accept the export and agree with
/// the books on every account's balance at several dates.
/// </summary>
public sealed class Plain_text_of_a_random_fund_is_read
{
    private const StringSplitOptions Shortened = StringSplitOptions.RemoveEmptyEntries;

    [Fact]
    public async Task Hledger_and_beancount_agree_with_the_books_account_by_account()
    {
        var commands = Commands.Arbitrary(250, isCut: false).Generator
            .Sample(1, new FsCheck.Rnd(20_260_406), 1).Single();
        await using var ledger = await LedgerHost.StartAsync();
        var run = new Run(ledger);
        await run.ReplayAsync(HistoryBuilder.Of(commands));
        foreach (var fund in run.World.Funds)
        {
            var days = fund.Posts.Select(post => post.On).Distinct().Order().ToList();
            await AgreesAsync(ledger, fund.Id,
                [days[0].PlusDays(-1), days[0], days[days.Count / 3], days[days.Count * 2 / 3], days[^1]]);
        }
    }

    private static async Task AgreesAsync(LedgerHost ledger, string fund, LocalDate[] days)
    {
        var file = Path.Combine(Path.GetTempPath(), $"isf-{Guid.CreateVersion7()}");
        try
        {
            await File.WriteAllTextAsync(file + ".hledger", await TextAsync(ledger, "text/x-hledger", fund: fund));
            await RunAsync("hledger", "-f", file + ".hledger", "check");
            await File.WriteAllTextAsync(file + ".bean", await TextAsync(ledger, "text/x-beancount", fund: fund));
            Assert.Equal("", await RunAsync("bean-check", file + ".bean"));
            foreach (var day in days)
            {
                var ours = await OursAsync(ledger, day, PlainTextBooks.HledgerAccount, fund);
                Assert.Equal(ours, await HledgerBalancesAsync(file + ".hledger", day));
                ours = await OursAsync(ledger, day, PlainTextBooks.BeancountAccount, fund);
                Assert.Equal(ours, await BeancountBalancesAsync(file + ".bean", day));
            }
        }
        finally
        {
            File.Delete(file + ".hledger");
            File.Delete(file + ".bean");
        }
    }

    private static async Task<SortedDictionary<string, string>> BeancountBalancesAsync(string file, LocalDate day)
    {
        var csv = await RunAsync("bean-query", "-f", "csv", file, string.Create(CultureInfo.InvariantCulture,
            $"select account, sum(position) where date <= {day:uuuu-MM-dd} group by account"));
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(row => row.Trim().Split(',').Select(field => field.Trim()).ToList())
            .Where(row => row[1].Length > 0);
        return new SortedDictionary<string, string>(
            rows.ToDictionary(row => row[0], row => string.Join(' ', row[1].Split(' ', Shortened))),
            StringComparer.Ordinal);
    }
}
