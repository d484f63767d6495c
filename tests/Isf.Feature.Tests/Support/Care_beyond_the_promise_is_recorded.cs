using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// Care on a day that its allocation does not cover is recorded as extra care. It is priced, drawn from no promise,
/// and flagged. The books are the same whether the allocation's days change before or after the care.
/// </summary>
public sealed class Care_beyond_the_promise_is_recorded
{
    [Fact]
    public async Task As_extra_at_the_nearest_price_from_nobodys_promise_with_a_flag()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await ArrangeAsync(admin);
        await GiveAsync(admin, "V-1", "2026-04-01");
        await GiveAsync(admin, "V-2", "2026-04-06");
        await host.UntilIdleAsync();
        Assert.Equal("planned 60 extra 60 delivered 120 accrued 4800 used/A-1 2400 used/none 2400",
            await BooksAsync(admin));
        Assert.Equal(["beyond-weekly-minutes V-2", "day-not-covered V-1"], await FlagsAsync(admin));
        // The visit is corrected to a covered day, and back.
        await GiveAsync(admin, "V-1", "2026-04-13", 1);
        await host.UntilIdleAsync();
        Assert.DoesNotContain("day-not-covered V-1", await FlagsAsync(admin));
        await GiveAsync(admin, "V-1", "2026-04-01", 2);
        await host.UntilIdleAsync();
        Assert.Contains("day-not-covered V-1", await FlagsAsync(admin));
        Assert.Equal("planned 60 extra 60 delivered 120 accrued 4800 used/A-1 2400 used/none 2400",
            await BooksAsync(admin));
    }

    [Fact]
    public async Task And_whenever_the_days_change_the_books_are_those_of_having_known_it_at_once()
    {
        var books = new List<string>();
        foreach (var late in new[] { false, true })
        {
            await using var host = await TestHost.StartAsync();
            var admin = host.As(Role.HolderAdmin);
            await ArrangeAsync(admin);
            if (!late)
                await CoverAsync(host, admin);
            foreach (var (id, on) in new[] { ("V-1", "2026-04-01"), ("V-2", "2026-04-06"), ("V-3", "2026-04-27") })
                await GiveAsync(admin, id, on);
            await host.UntilIdleAsync();
            if (late)
                await CoverAsync(host, admin);
            await (await admin.PostAsync("/v1/schedules/close-weeks/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
            await host.UntilIdleAsync();
            var hours = await PlannedWeeks.HoursAsync(admin, new(2026, 3, 30), new(2026, 5, 3));
            books.Add($"{await BooksAsync(admin)} {IsfJson.Write(hours.Totals)} "
                + string.Join(',', await FlagsAsync(admin)));
            Assert.True((await admin.Typed().CheckIntegrityGetAsync("F-1")).Whole);
        }
        Assert.Equal(books[0], books[1]);
        Assert.Contains("day-not-covered V-3", books[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_week_is_within_its_minutes_again_when_care_turns_out_not_to_have_been_given()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await ArrangeAsync(admin);
        await GiveAsync(admin, "V-1", "2026-04-06");
        await host.UntilIdleAsync();
        Assert.Equal(["beyond-weekly-minutes V-1"], await FlagsAsync(admin));
        await (await admin.PutAsync("/v1/visits/V-1", new
        {
            fundId = "F-1", lineId = "L-1", plannedStart = "2026-04-06T08:00:00+01:00", outcome = "missed-by-provider",
        }, 1)).NeedsAsync(200);
        await host.UntilIdleAsync();
        Assert.Empty(await FlagsAsync(admin));
    }

    [Fact]
    public async Task It_is_shown_as_such_and_whoever_is_asked_says_whether_it_was_authorised()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await ArrangeAsync(admin);
        await GiveAsync(admin, "V-1", "2026-04-01");
        await GiveAsync(admin, "V-2", "2026-04-06");
        await host.UntilIdleAsync();
        async Task<(bool Unplanned, bool NotCovered, bool? Authorised)> ShownAsync(string id) =>
            await admin.VisitAsync(id) is var visit ? (visit.IsUnplanned, visit.NotCovered, visit.Authorised) : default;
        var flag = (await admin.FlagsAsync("kind=day-not-covered"))[0].FlagId;
        Assert.Equal(((true, true, null), (false, false, null)), (await ShownAsync("V-1"), await ShownAsync("V-2")));
        await (await admin.PostAsync($"/v1/care-flags/{flag}/resolution",
            new { code = "not-authorised", note = "Nobody was asked." })).NeedsAsync(200);
        Assert.Equal((true, true, false), await ShownAsync("V-1"));
        var unplanned = Assert.Single((await admin.ExpectedAsync("2026-03-30", "2026-04-12")).Unplanned);
        Assert.Equal(("V-1", true, false), (unplanned.VisitId, unplanned.NotCovered, unplanned.Authorised));
    }

    [Fact]
    public async Task In_every_format_but_not_after_the_funds_closure()
    {
        await using var host = await TestHost.StartAsync();
        var (admin, care) = (host.As(Role.HolderAdmin), host.As(Role.HolderCare));
        await ArrangeAsync(admin);
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", Allocation("2026-04-06", "2026-04-19"), 2))
            .NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/closure", new { on = "2026-05-10", reason = "moved" }))
            .NeedsAsync(200, 201);
        await host.UntilIdleAsync();
        var rows = await care.ImportAsync("rows", Care.File(
            "V-1,F-1,L-1,,2026-04-27T08:00,2026-04-27T09:00,1,delivered,",
            "V-2,F-1,L-1,,2026-05-11T08:00,2026-05-11T09:00,1,delivered,"));
        Assert.Equal("done 2: 1 0 0 1", Care.Counts(rows));
        var weeks = await care.ImportAsync("weeks", Weeks, "", "actuals-csv");
        Assert.Equal("done 2: 1 0 0 1", Care.Counts(weeks));
        await host.UntilIdleAsync();
        Assert.Equal(2, (await FlagsAsync(admin)).Count(flag => flag.StartsWith("day-not", StringComparison.Ordinal)));
        Assert.Contains("accrued 4800 used/none 4800", await BooksAsync(admin), StringComparison.Ordinal);
    }

    private const string Weeks = """
        fundId,lineId,weekEnding,quantity,unit,missed,extra,frustrated,comment
        F-1,L-1,2026-05-10,1.00,hour,0,1.00,0,a fall
        F-1,L-1,2026-05-17,1.00,hour,0,1.00,0,a fall

        """;

    [Fact]
    public async Task A_stay_beyond_its_last_day_costs_the_nearest_rate_on_each_day()
    {
        var rates = new object[]
        {
            new { code = "one", unit = "day", pence = 6_000, to = "2026-04-12" },
            new { code = "two", unit = "day", pence = 7_000, from = "2026-04-13", to = "2026-04-15" },
        };
        var (host, admin) = await PlannedWeeks.OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-06",
            PlannedWeeks.Line(PlannedWeeks.Daily), new { rates });
        await using var _ = host;
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", new
        {
            providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2026-04-15", weeklyPence = 200_000,
            claim = "on-delivery", priceList = new { rates },
        }, 1)).NeedsAsync(200);
        await host.UntilIdleAsync();
        await (await admin.PutAsync("/v1/visits/S-1", new
        {
            fundId = "F-1", lineId = "L-1", outcome = "delivered", start = "2026-04-11T09:00:00+01:00",
            end = "2026-04-18T00:00:00+01:00",
        })).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Contains("accrued 47000 used/none 47000", await BooksAsync(admin), StringComparison.Ordinal);
        Assert.Contains("day-not-covered S-1", await FlagsAsync(admin));
    }

    // Revises the allocation so that it covers only 1 to 20 April.
    private static async Task CoverAsync(TestHost host, HttpClient admin)
    {
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", Allocation("2026-04-01", "2026-04-20"), 2))
            .NeedsAsync(200);
        await host.UntilIdleAsync();
    }

    private static async Task ArrangeAsync(HttpClient admin)
    {
        await Sample.OpenAsync(admin);
        var budget = System.Text.Json.JsonSerializer.SerializeToNode(Sample.Budget)!;
        budget["from"] = "2026-03-30";
        await (await admin.PutAsync("/v1/funds/F-1/budgets/B-1", budget, 1)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", Allocation("2026-04-06", "2027-04-04"), 1))
            .NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1", new
        {
            from = "2026-04-06",
            lines = new object[]
            {
                new { lineId = "L-1", allocationId = "A-1", purpose = "help", service = "support", carers = 1,
                    schedule = new object[] { new { days = new[] { "mon" }, start = "08:00", minutes = 60 } } },
            },
        })).NeedsAsync(201);
    }

    private static object Allocation(string from, string to) => new
    {
        providerId = "V-1", kind = "regular", from, to, weeklyMinutes = 30, weeklyPence = 24000, claim = "on-delivery",
        priceList = new
        {
            rates = new object[] { new { code = "weekday", unit = "hour", pence = 2400, from = "2026-04-06" } },
        },
    };

    private static async Task GiveAsync(HttpClient admin, string id, string on, int? version = null) =>
        await (await admin.PutAsync($"/v1/visits/{id}", new
        {
            fundId = "F-1", lineId = "L-1", start = $"{on}T08:00:00+01:00", end = $"{on}T09:00:00+01:00",
            outcome = "delivered",
        }, version)).NeedsAsync(200, 201);

    // Returns the hours up to 12 April, the amount accrued for care, and the use of each promise.
    private static async Task<string> BooksAsync(HttpClient admin)
    {
        var client = admin.Typed();
        var time = (await client.ShowBalanceGetAsync("F-1", effectiveOn: new LocalDate(2026, 4, 12))).Time;
        var money = (await client.ShowBalanceGetAsync("F-1")).Money;
        var used = (await client.ListJournalsGetAsync("F-1", limit: 500)).Items.SelectMany(journal => journal.Moves)
            .SelectMany(move => new (string Account, long Pence)[]
            {
                (move.To, move.Amount), (move.From, -move.Amount),
            })
            .Where(end => end.Account.StartsWith("used/", StringComparison.Ordinal)).GroupBy(end => end.Account)
            .Select(account => $"{account.Key} {account.Sum(end => end.Pence)}").Order(StringComparer.Ordinal);
        return $"planned {time.PlannedMinutes} extra {time.ExtraMinutes} delivered {time.DeliveredMinutes} "
            + $"accrued {money.AccruedPence} {string.Join(' ', used)}";
    }

    private static async Task<IReadOnlyList<string>> FlagsAsync(HttpClient admin) =>
    [
        .. (await admin.FlagsAsync("state=open&limit=500")).Select(flag => $"{flag.Kind} {flag.Visits[0]}")
            .Order(StringComparer.Ordinal),
    ];
}
