using System.Globalization;
using System.Text;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// The same 5,000 visits go through the whole chain in every format, encoding, separator and order. Each holder has the
/// same books, to the penny and the minute.
/// </summary>
public sealed class Formats_come_to_the_same_books
{
    private const int Funds = 20, Weeks = 25, VisitsOfAWeek = 10;

    private static readonly LocalDate First = new(2026, 4, 6);

    /// <summary>
    /// A visit that every format can express. It is planned for one number of minutes and delivered from its start for
    /// another, which is 0 if the visit was missed.
    /// </summary>
    private sealed record Care(string FundId, LocalDate On, int Hour, int Planned, int Given);

    [Fact]
    public async Task Visits_come_to_the_same_books_however_they_are_written()
    {
        await using var host = await StartAsync();
        var visits = Visits(Funds).ToList();
        Assert.Equal(5000, visits.Count);
        var ways = WaysToWrite(visits, Shuffled(visits));
        foreach (var holder in ways.Keys)
            await OpenAsync(host.As(Role.HolderAdmin, holder), Funds);
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        foreach (var (holder, (format, bytes)) in ways)
            await AllIsNewAsync(host.As(Role.HolderCare, holder), holder, format, bytes);
        await host.UntilIdleAsync(TimeSpan.FromMinutes(10));
        var books = new Dictionary<string, string>();
        foreach (var holder in ways.Keys)
            books[holder] = await BooksAsync(host.As(Role.HolderAdmin, holder), Funds);
        var expected = visits.Sum(visit => (long)visit.Given);
        Assert.Contains($"{expected} minutes", books["ours"], StringComparison.Ordinal);
        foreach (var (holder, text) in books)
            Assert.Equal($"{holder}: {books["ours"]}", $"{holder}: {text}");
        foreach (var holder in new[] { "ours", "portal", "weeks" })
            await NothingIsNewAsync(host.As(Role.HolderCare, holder), ways[holder].Format, visits);
    }

    // The format and the bytes of each holder's file.
    private static Dictionary<string, (string Format, byte[] Bytes)> WaysToWrite(
        List<Care> visits, List<Care> shuffled) => new()
        {
            ["ours"] = ("visits-csv", Encoding.UTF8.GetBytes(Ours(visits))),
            ["shuffled"] = ("visits-csv", Utf16(Ours(shuffled).Replace(',', ';').ReplaceLineEndings("\r\n"))),
            ["portal"] = ("abacus-csv", Western.GetBytes(Portal(visits).Replace(',', '\t'))),
            ["portal-packed"] = ("abacus-csv", Support.Care.Gzip(Portal(shuffled).Replace(',', '|'))),
            ["weeks"] = ("actuals-csv", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(OfWeeks(visits))]),
        };

    private static async Task AllIsNewAsync(HttpClient care, string holder, string format, byte[] bytes)
    {
        var file = await care.ImportAsync("R-1", bytes, "", format);
        Assert.Equal($"{holder} done {RowsOf(format)}: {RowsOf(format)} 0 0 0",
            $"{holder} {Support.Care.Counts(file)}");
    }

    // Sends the same visits again in every encoding and with every separator, each time in another order; none is new.
    private static async Task NothingIsNewAsync(HttpClient care, string format, List<Care> visits)
    {
        var orders = new[] { visits, Shuffled(visits), [.. visits.AsEnumerable().Reverse()] };
        var number = 0;
        foreach (var (name, write) in Encodings)
        {
            foreach (var by in ",;\t|")
            {
                var text = Written(format, orders[number % 3]).Replace(',', by);
                var bytes = write(number % 2 == 0 ? text : text.ReplaceLineEndings("\r\n"));
                var file = await care.ImportAsync($"again {++number}", bytes, "", format);
                Assert.Equal($"{name} {by} done {RowsOf(format)}: 0 0 {RowsOf(format)} 0",
                    $"{file.Encoding} {file.Separator} {Support.Care.Counts(file)}");
            }
        }
    }

    [Theory]
    [InlineData("visits-csv", 1000)]
    [InlineData("abacus-csv", 1000)]
    [InlineData("actuals-csv", 100)]
    public async Task A_file_cut_anywhere_is_completed_by_the_whole_one(string format, int every)
    {
        await using var host = await StartAsync();
        var visits = Visits(2).ToList();
        var whole = Encoding.UTF8.GetBytes(Written(format, visits));
        var (once, cut) = (host.As(Role.HolderAdmin, "once"), host.As(Role.HolderAdmin, "cut"));
        await OpenAsync(once, 2);
        await OpenAsync(cut, 2);
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        var rows = whole.Count(item => item == '\n') - 1;
        var first = await once.ImportAsync("whole", whole, "", format);
        Assert.Equal($"done {rows}: {rows} 0 0 0", Support.Care.Counts(first));
        for (var length = every; length < whole.Length; length += every)
            await WholeRowsAreAcceptedAsync(cut, whole[..length], format);
        var last = await cut.ImportAsync("whole", whole, "", format);
        Assert.Equal((rows, 0), (last.Read, last.Rejected));
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(await BooksAsync(once, 2), await BooksAsync(cut, 2));
    }

    // The rows up to the last whole one are accepted; a truncated row is accepted only if it reaches its last value.
    private static async Task WholeRowsAreAcceptedAsync(HttpClient care, byte[] cut, string format)
    {
        var file = await care.ImportAsync($"cut {cut.Length}", cut, "", format);
        var ends = cut.Count(item => item == '\n') - 1;
        Assert.InRange(file.Read - file.Rejected, ends, ends + 1);
        Assert.InRange(file.Updated, 0, 1);
        Assert.InRange(file.Rejected, 0, 1);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(new()
    {
        Now = Instant.FromUtc(2026, 10, 5, 9, 0), LookupRetryTime = TimeSpan.FromSeconds(30),
    });

    private static int RowsOf(string format) => format == "actuals-csv" ? Funds * Weeks : 5000;

    private static List<Care> Shuffled(List<Care> visits) =>
        [.. visits.OrderBy(visit => DeterministicGuid.From("order", "test", $"{visit}"))];

    private static string Written(string format, IEnumerable<Care> visits) => format switch
    {
        "visits-csv" => Ours(visits),
        "abacus-csv" => Portal(visits),
        _ => OfWeeks(visits),
    };

    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static readonly (string Name, Func<string, byte[]> Write)[] Encodings =
    [
        ("utf-8", Encoding.UTF8.GetBytes),
        ("utf-8", text => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]),
        ("utf-8", text => Support.Care.Gzip(text)),
        ("utf-16le", Utf16),
        ("utf-16le", Encoding.Unicode.GetBytes),
        ("utf-16be", text => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]),
        ("utf-16be", Encoding.BigEndianUnicode.GetBytes),
        ("windows-1252", Western.GetBytes),
    ];

    // Half of the weeks go as planned. In each of the others the last visit is missed or ten minutes short.
    private static IEnumerable<Care> Visits(int funds) =>
        from fund in Enumerable.Range(0, funds)
        from week in Enumerable.Range(0, Weeks)
        from number in Enumerable.Range(0, VisitsOfAWeek)
        let morning = number % 2 == 0
        let planned = morning ? 45 : 30
        let isLast = number == VisitsOfAWeek - 1
        select new Care($"F-{fund}", First.PlusDays((week * 7) + (number / 2)), morning ? 8 : 18, planned,
            !isLast || (fund + week) % 4 < 2 ? planned : (fund + week) % 4 == 2 ? 0 : planned - 10);

    private static string Ours(IEnumerable<Care> visits) =>
        Text("visitId,fundId,lineId,plannedStart,plannedMinutes,start,end,outcome,note", visits.Select(visit =>
        {
            var start = visit.On + new LocalTime(visit.Hour, 0);
            return visit.Given == 0
                ? $"{Id(visit)},{visit.FundId},L-{visit.FundId},{start:uuuu-MM-dd HH:mm},{visit.Planned},,,"
                    + "missed-by-provider,Zoë – €0"
                : $"{Id(visit)},{visit.FundId},L-{visit.FundId},{start:uuuu-MM-dd HH:mm},{visit.Planned},"
                    + $"{start:dd/MM/uuuu HH:mm:ss},{start.PlusMinutes(visit.Given):uuuu-MM-dd'T'HH:mm:ss},"
                    + "delivered,Zoë – “fine”";
        }));

    private static string Id(Care visit) => $"{visit.FundId}.{visit.On:uuuuMMdd}.{visit.Hour}";

    private static string Portal(IEnumerable<Care> visits) =>
        Text("FileReference,ServiceUserDetails,WeekEnding,ContractNumber,ServiceUserRef,ServiceType,VisitDate,"
            + "StartTimeClaimed,DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers",
            visits.Select(visit => $"FR-1,Zoë’s,{visit.On.PlusDays(7 - (int)visit.On.DayOfWeek):dd/MM/uuuu},"
                + $"L-{visit.FundId},{visit.FundId},HOME CARE,{visit.On:dd/MM/uuuu},{visit.Hour:00}:00:00,"
                + $"00:{visit.Planned}:00,{visit.Hour:00}:00:00,00:{visit.Given:00}:00,False,1"));

    private static string OfWeeks(IEnumerable<Care> visits) =>
        Text("fundId,lineId,weekEnding,quantity,unit,missed,extra,frustrated,comment", visits
            .GroupBy(visit => (visit.FundId, On: visit.On.PlusDays(7 - (int)visit.On.DayOfWeek)))
            .Select(week =>
            {
                var (given, planned) = (week.Sum(visit => visit.Given), week.Sum(visit => visit.Planned));
                return $"{week.Key.FundId},L-{week.Key.FundId},{week.Key.On:dd/MM/uuuu},{given},minutes,"
                    + $"{planned - given},0,0,{(given == planned ? "" : "Zoë – away")}";
            }));

    private static string Text(string header, IEnumerable<string> rows) =>
        string.Join('\n', rows.Prepend(header)) + "\n";

    private static byte[] Utf16(string text) => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];

    private static async Task<string> BooksAsync(HttpClient admin, int funds)
    {
        var text = new StringBuilder();
        var minutes = 0L;
        foreach (var fund in Enumerable.Range(0, funds))
        {
            var balance = await admin.Typed().ShowBalanceGetAsync($"F-{fund}", effectiveOn: new LocalDate(2026, 10, 5));
            text.Append(CultureInfo.InvariantCulture, $"\nF-{fund} {IsfJson.Write(balance.Money)} ")
                .Append(IsfJson.Write(balance.Promise)).Append(IsfJson.Write(balance.Time));
            minutes += balance.Time.DeliveredMinutes;
            var hours = await admin.Typed().ShowHoursGetAsync($"F-{fund}", from: new(2026, 4, 6), to: new(2026, 9, 27));
            text.Append(IsfJson.Write(hours.Totals)).Append(IsfJson.Write(hours.Weeks));
        }
        return $"{minutes} minutes{text}";
    }

    private static async Task OpenAsync(HttpClient admin, int funds)
    {
        await (await admin.PutAsync("/v1/people/P-1", Sample.Person)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/providers/V-1", Sample.Provider)).NeedsAsync(201);
        foreach (var fund in Enumerable.Range(0, funds).Select(number => $"F-{number}"))
        {
            await (await admin.PutAsync($"/v1/funds/{fund}", Fund)).NeedsAsync(201);
            await (await admin.PutAsync($"/v1/funds/{fund}/budgets/B-{fund}", Budget)).NeedsAsync(201);
            await (await admin.PutAsync($"/v1/funds/{fund}/allocations/A-{fund}", Allocation)).NeedsAsync(201);
            await (await admin.PutAsync($"/v1/funds/{fund}/plans/N-{fund}", Plan(fund))).NeedsAsync(201);
        }
    }

    private static readonly object Fund = new
    {
        personId = "P-1", councilId = "E10000009", kind = "isf", opensOn = "2026-03-30",
        agreement = new
        {
            signedOn = "2026-03-30", parties = new[] { "person" },
            payment = new { every = "week", firstOn = "2026-04-06" },
            contribution = "to-council", spendOrder = "person-first",
        },
    };

    private static readonly object Budget = new
    {
        from = "2026-03-30", weeklyPence = 50_000,
        sources = new object[] { new { source = "council", weeklyPence = 50_000 } },
        deployment = new object[] { new { @as = "isf", weeklyPence = 50_000 } },
    };

    private static readonly object Allocation = new
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
    };

    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri"];

    private static object Plan(string fund) => new
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
    };
}
