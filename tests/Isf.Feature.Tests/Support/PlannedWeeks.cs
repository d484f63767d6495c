using Isf.Client;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// Steps for tests with one fund whose line L-1 is planned from a Monday. They record its visits, close its weeks and
/// read its hours.
/// </summary>
internal static class PlannedWeeks
{
    public static readonly object Minutes = new { keep = "minutes", expiresAfterWeeks = 12 };
    public static readonly object Daily =
        new { days = new[] { "mon", "tue", "wed", "thu", "fri", "sat", "sun" }, start = "09:00", minutes = 120 };

    private static readonly object Budget = new
    {
        from = "2026-04-06", weeklyPence = 200_000,
        sources = new object[] { new { source = "council", weeklyPence = 200_000 } },
        deployment = new[] { new { @as = "isf", weeklyPence = 200_000 } },
    };

    public static Dictionary<string, object> Line(object? schedule = null, int? weeklyMinutes = null)
    {
        var line = new Dictionary<string, object>
        {
            ["lineId"] = "L-1", ["allocationId"] = "A-1", ["purpose"] = "a good start",
        };
        if (schedule is not null)
            line["schedule"] = new[] { schedule };
        if (weeklyMinutes is not null)
            line["weeklyMinutes"] = weeklyMinutes;
        return line;
    }

    public static object WeekDays(int minutes, params string[] days) => new { days, start = "09:00", minutes };

    public static Dictionary<string, object> HourlyPrices(int pence, Dictionary<string, object>? more = null)
    {
        var list = more ?? [];
        list["rates"] = new object[] { new { code = "weekday", unit = "hour", pence } };
        return list;
    }

    private static object Fund(object? banking) => new
    {
        personId = "P-1", councilId = "E10000009", kind = "isf", opensOn = "2026-03-30",
        agreement = new
        {
            signedOn = "2026-03-30", parties = new[] { "person", "holder", "council" },
            payment = new { every = "4-weeks", firstOn = "2026-04-06" }, contribution = "to-council",
            spendOrder = "person-first", banking, hospital = new { paidDays = 14 },
        },
    };

    /// <summary>The body of allocation A-1 with a price list.</summary>
    public static object Allocation(object priceList) => new
    {
        providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2027-04-04", weeklyPence = 200_000,
        claim = "on-delivery", priceList,
    };

    /// <summary>Opens a host on a given day with fund F-1, whose line L-1 is planned from a Monday.</summary>
    public static async Task<(TestHost Host, HttpClient Admin)> OpenAsync(
        Instant now, string from, object plan, object? prices = null, object? banking = null)
    {
        var host = await TestHost.StartAsync(new() { Now = now });
        var admin = host.As(Role.HolderAdmin);
        foreach (var (path, body) in new (string, object)[]
        {
            ("people/P-1", Sample.Person), ("providers/V-1", Sample.Provider),
            ("funds/F-1", Fund(banking)), ("funds/F-1/budgets/B-1", Budget),
            ("funds/F-1/allocations/A-1", Allocation(prices ?? HourlyPrices(2400))),
            ("funds/F-1/plans/PL-1", new { from, lines = new[] { plan } }),
        })
        {
            await (await admin.PutAsync("/v1/" + path, body)).NeedsAsync(201);
        }
        return (host, admin);
    }

    public static Task<HttpResponseMessage> GivenAsync(
        HttpClient admin, string id, LocalDateTime start, int minutes, string offset = "+01:00") =>
        admin.PutAsync("/v1/visits/" + id, new
        {
            fundId = "F-1", lineId = "L-1", outcome = "delivered", start = $"{start:uuuu-MM-dd'T'HH:mm}:00{offset}",
            end = $"{start.PlusMinutes(minutes):uuuu-MM-dd'T'HH:mm}:00{offset}",
        });

    public static async Task CloseAsync(TestHost host, HttpClient admin, string upTo)
    {
        await (await admin.PostAsync("/v1/schedules/close-weeks/run", new { upTo })).NeedsAsync(202);
        await host.UntilIdleAsync();
    }

    public static async Task<ShowHoursResponse> HoursAsync(HttpClient admin, LocalDate from, LocalDate to)
    {
        var hours = await admin.Typed().ShowHoursGetAsync("F-1", from: from, to: to);
        var totals = hours.Totals;
        Assert.Equal(totals.PlannedMinutes + totals.ExtraMinutes, totals.DeliveredMinutes + totals.MissedMinutes
            + totals.BankedMinutes + totals.ReleasedMinutes + totals.OutstandingMinutes);
        return hours;
    }

    /// <summary>The text of a range's hours.</summary>
    public static async Task<string> TotalsAsync(HttpClient admin, LocalDate from, LocalDate to) =>
        TextOf((await HoursAsync(admin, from, to)).Totals);

    /// <summary>The pence that are accrued as at a day.</summary>
    public static async Task<long> AccruedAsync(HttpClient admin, LocalDate effectiveOn) =>
        (await admin.Typed().ShowBalanceGetAsync("F-1", effectiveOn: effectiveOn)).Money.AccruedPence;

    public static string TextOf(TimeBalance time) =>
        $"planned {time.PlannedMinutes} extra {time.ExtraMinutes} delivered {time.DeliveredMinutes} "
        + $"missed {time.MissedMinutes} charged {time.ChargedNotDeliveredMinutes} banked {time.BankedMinutes} "
        + $"released {time.ReleasedMinutes} outstanding {time.OutstandingMinutes}";

    public static string TextOf(ShowHoursLineFigures hours) =>
        $"planned {hours.PlannedMinutes} extra {hours.ExtraMinutes} delivered {hours.DeliveredMinutes} "
        + $"missed {hours.MissedMinutes} charged {hours.ChargedNotDeliveredMinutes} banked {hours.BankedMinutes} "
        + $"released {hours.ReleasedMinutes} outstanding {hours.OutstandingMinutes}";
}
