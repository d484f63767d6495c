using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Isf.Hosting;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// The same 5,000 visits, written in every format, encoding, separator and order, through the whole chain: each holder
/// has the same books, to the penny and the minute.
/// </summary>
public sealed class Formats_come_to_the_same_books
{
    private const int Funds = 20, Weeks = 25, VisitsOfAWeek = 10;

    private static readonly LocalDate First = new(2026, 4, 6);

    /// <summary>A visit as each format can say it: planned, and given from its start on for so many minutes.</summary>
    private sealed record Care(string FundId, LocalDate On, int Hour, int Planned, int Given);

    [Fact]
    public async Task Visits_come_to_the_same_books_however_they_are_written()
    {
        await using var host = await TestHost.StartAsync(new()
        {
            Now = Instant.FromUtc(2026, 10, 5, 9, 0), LookAgainFor = TimeSpan.FromSeconds(30),
        });
        var visits = Visits().ToList();
        Assert.Equal(5000, visits.Count);
        var shuffled = visits.OrderBy(visit => Cause.Id("order", "test", $"{visit}")).ToList();
        var ways = new Dictionary<string, (string Format, byte[] Bytes)>
        {
            ["ours"] = ("visits-csv", Encoding.UTF8.GetBytes(Ours(visits, ','))),
            ["shuffled"] = ("visits-csv", Utf16(Ours(shuffled, ';').ReplaceLineEndings("\r\n"))),
            ["portal"] = ("abacus-csv", Encoding.Latin1.GetBytes(Portal(visits, '\t'))),
            ["portal-packed"] = ("abacus-csv", Gzip(Encoding.BigEndianUnicode.GetBytes(Portal(shuffled, '|')))),
            ["weeks"] = ("actuals-csv", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(OfWeeks(visits))]),
        };
        foreach (var holder in ways.Keys)
            await OpenAsync(host.As(Role.HolderAdmin, holder));
        await host.QuietAsync(TimeSpan.FromMinutes(5));
        foreach (var (holder, (format, bytes)) in ways)
        {
            var file = await host.As(Role.HolderCare, holder).ReadFileAsync("R-1", bytes, "", format);
            var rows = format == "actuals-csv" ? Funds * Weeks : 5000;
            Assert.Equal($"{holder} done {rows}: {rows} 0 0 0", $"{holder} {Support.Care.Counts(file)}");
        }
        await host.QuietAsync(TimeSpan.FromMinutes(10));
        var books = new Dictionary<string, string>();
        foreach (var holder in ways.Keys)
            books[holder] = await BooksAsync(host.As(Role.HolderAdmin, holder));
        var expected = visits.Sum(visit => (long)visit.Given);
        Assert.Contains($"{expected} minutes", books["ours"], StringComparison.Ordinal);
        foreach (var (holder, told) in books)
            Assert.Equal($"{holder}: {books["ours"]}", $"{holder}: {told}");
    }

    // Most weeks go as planned; in some the last visit is missed, in some it is ten minutes short.
    private static IEnumerable<Care> Visits() =>
        from fund in Enumerable.Range(0, Funds)
        from week in Enumerable.Range(0, Weeks)
        from number in Enumerable.Range(0, VisitsOfAWeek)
        let morning = number % 2 == 0
        let planned = morning ? 45 : 30
        let isLast = number == VisitsOfAWeek - 1
        select new Care($"F-{fund}", First.PlusDays((week * 7) + (number / 2)), morning ? 8 : 18, planned,
            !isLast || (fund + week) % 4 < 2 ? planned : (fund + week) % 4 == 2 ? 0 : planned - 10);

    private static string Ours(IEnumerable<Care> visits, char by) =>
        Text("visitId,fundId,lineId,plannedStart,plannedMinutes,start,end,outcome,note", by, visits.Select(visit =>
        {
            var start = visit.On + new LocalTime(visit.Hour, 0);
            return visit.Given == 0
                ? $"{Id(visit)},{visit.FundId},L-{visit.FundId},{start:uuuu-MM-dd HH:mm},{visit.Planned},,,"
                    + "missed-by-provider,Zoë"
                : $"{Id(visit)},{visit.FundId},L-{visit.FundId},{start:uuuu-MM-dd HH:mm},{visit.Planned},"
                    + $"{start:dd/MM/uuuu HH:mm:ss},{start.PlusMinutes(visit.Given):uuuu-MM-dd'T'HH:mm:ss},"
                    + "delivered,Zoë";
        }));

    private static string Id(Care visit) => $"{visit.FundId}.{visit.On:uuuuMMdd}.{visit.Hour}";

    private static string Portal(IEnumerable<Care> visits, char by) =>
        Text("FileReference,ServiceUserDetails,WeekEnding,ContractNumber,ServiceUserRef,ServiceType,VisitDate,"
            + "StartTimeClaimed,DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers", by,
            visits.Select(visit => $"FR-1,Zoë,{visit.On.PlusDays(7 - (int)visit.On.DayOfWeek):dd/MM/uuuu},"
                + $"L-{visit.FundId},{visit.FundId},HOME CARE,{visit.On:dd/MM/uuuu},{visit.Hour:00}:00:00,"
                + $"00:{visit.Planned}:00,{visit.Hour:00}:00:00,00:{visit.Given:00}:00,False,1"));

    private static string OfWeeks(IEnumerable<Care> visits) =>
        Text("fundId,lineId,weekEnding,quantity,unit,missed,extra,frustrated,comment", ',', visits
            .GroupBy(visit => (visit.FundId, On: visit.On.PlusDays(7 - (int)visit.On.DayOfWeek)))
            .Select(week =>
            {
                var (given, planned) = (week.Sum(visit => visit.Given), week.Sum(visit => visit.Planned));
                return $"{week.Key.FundId},L-{week.Key.FundId},{week.Key.On:dd/MM/uuuu},{given},minutes,"
                    + $"{planned - given},0,0,{(given == planned ? "" : "Zoë was away")}";
            }));

    private static string Text(string header, char by, IEnumerable<string> rows) =>
        string.Join('\n', rows.Prepend(header)).Replace(',', by) + "\n";

    private static byte[] Utf16(string text) => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static async Task<string> BooksAsync(HttpClient admin)
    {
        var told = new StringBuilder();
        var minutes = 0L;
        foreach (var fund in Enumerable.Range(0, Funds))
        {
            var balance = await admin.GetJsonAsync($"/v1/funds/F-{fund}/balance?effectiveOn=2026-10-05");
            told.Append(CultureInfo.InvariantCulture, $"\nF-{fund} {balance["money"]!.ToJsonString()} ")
                .Append(balance["promise"]!.ToJsonString()).Append(balance["time"]!.ToJsonString());
            minutes += (long)balance["time"]!["deliveredMinutes"]!;
            var hours = await admin.GetJsonAsync($"/v1/funds/F-{fund}/hours?from=2026-04-06&to=2026-09-27");
            told.Append(hours["totals"]!.ToJsonString()).Append(hours["weeks"]!.ToJsonString());
        }
        return $"{minutes} minutes{told}";
    }

    private static async Task OpenAsync(HttpClient admin)
    {
        await (await admin.PutAsync("/v1/people/P-1",
            new { name = "Ada Example", nation = "england", format = "plain", language = "en" })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/providers/V-1",
            new { name = "Brook Care", kind = "agency", vat = new { registered = false } })).NeedsAsync(201);
        foreach (var fund in Enumerable.Range(0, Funds).Select(number => $"F-{number}"))
        {
            await (await admin.PutAsync($"/v1/funds/{fund}", new
            {
                personId = "P-1", councilId = "E10000009", kind = "isf", opensOn = "2026-03-30",
                agreement = new
                {
                    signedOn = "2026-03-30", parties = new[] { "person" },
                    payment = new { every = "week", firstOn = "2026-04-06" },
                    contribution = "to-council", spendOrder = "person-first",
                },
            })).NeedsAsync(201);
            await (await admin.PutAsync($"/v1/funds/{fund}/budgets/B-{fund}", new
            {
                from = "2026-03-30", weeklyPence = 50_000,
                sources = new object[] { new { source = "council", weeklyPence = 50_000 } },
                deployment = new object[] { new { @as = "isf", weeklyPence = 50_000 } },
            })).NeedsAsync(201);
            await (await admin.PutAsync($"/v1/funds/{fund}/allocations/A-{fund}", new
            {
                providerId = "V-1", kind = "regular", from = "2026-03-30", to = "2027-03-28", weeklyPence = 50_000,
                claim = "on-delivery", priceList = new
                {
                    rates = new object[]
                    {
                        new { code = "day", unit = "hour", pence = 2401 },
                        new { code = "evening", unit = "hour", pence = 2753,
                            when = new { days = new[] { "mon", "wed", "fri" }, from = "18:00", to = "22:00" } },
                    },
                },
            })).NeedsAsync(201);
            await (await admin.PutAsync($"/v1/funds/{fund}/plans/N-{fund}", new
            {
                from = "2026-04-06",
                lines = new object[]
                {
                    new
                    {
                        lineId = $"L-{fund}", allocationId = $"A-{fund}", purpose = "getting up and to bed", carers = 1,
                        schedule = new object[]
                        {
                            new { days = Weekdays, start = "08:00", minutes = 45 },
                            new { days = Weekdays, start = "18:00", minutes = 30 },
                        },
                    },
                },
            })).NeedsAsync(201);
        }
    }

    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri"];
}
