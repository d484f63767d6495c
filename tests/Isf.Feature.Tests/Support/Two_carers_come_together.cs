using Isf.Client;
using NodaTime;
using static Isf.Tests.Support.PlannedWeeks;

namespace Isf.Tests.Support;

/// <summary>
/// Two carers with different times are two records of one group. The time book counts the minutes of both, and the
/// person's own minutes count once (api.md, visitGroup, personMinutes).
/// </summary>
public sealed class Two_carers_come_together
{
    [Fact]
    public async Task And_the_person_has_their_time_once_whatever_is_corrected_later()
    {
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-06", Line(Daily));
        await using var _ = host;
        await RecordAsync(admin, "V-1", "09:00", "09:45");
        await RecordAsync(admin, "V-2", "09:00", "09:40");
        Assert.Equal("85 45 | 85 45", await DeliveredAndPersonalAsync(host, admin));
        Assert.Equal((45, 0),
            ((await admin.VisitAsync("V-1")).PersonMinutes, (await admin.VisitAsync("V-2")).PersonMinutes));
        // The first carer never came, so the second visit alone is the person's time, and is corrected accordingly.
        await RecordAsync(admin, "V-1", "", "", version: 1, outcome: "missed-by-provider");
        Assert.Equal("40 40 | 40 40", await DeliveredAndPersonalAsync(host, admin));
        await RecordAsync(admin, "V-2", "09:10", "09:50", version: 2);
        await RecordAsync(admin, "V-1", "09:00", "09:45", version: 2);
        Assert.Equal("85 50 | 85 50", await DeliveredAndPersonalAsync(host, admin));
    }

    // Records one carer's part of the visit. A correction may change the person's minutes of the other part.
    private static async Task RecordAsync(
        HttpClient admin, string id, string from, string to, int? version = null, string outcome = "delivered")
    {
        var response = await admin.PutAsync("/v1/visits/" + id, new
        {
            fundId = "F-1", lineId = "L-1", visitGroup = "G-1", workerId = "W-" + id, outcome,
            plannedStart = "2026-04-06T09:00:00+01:00",
            start = outcome == "delivered" ? $"2026-04-06T{from}:00+01:00" : null,
            end = outcome == "delivered" ? $"2026-04-06T{to}:00+01:00" : null,
        }, version);
        var visit = await (await response.NeedsAsync(200, 201)).ReadAsync<ShowVisitResponse>();
        Assert.Equal((await admin.VisitAsync(id)).PersonMinutes, visit.PersonMinutes);
    }

    // The minutes delivered and the person's own, by the Ledger and by Support.
    private static async Task<string> DeliveredAndPersonalAsync(TestHost host, HttpClient admin)
    {
        await host.UntilIdleAsync();
        var (from, to) = (new LocalDate(2026, 4, 6), new LocalDate(2026, 4, 12));
        var posted = (await HoursAsync(admin, from, to)).Totals;
        var recorded = (await admin.Typed().ShowCareHoursGetOfHolderAsync(from, to)).Totals;
        return $"{posted.DeliveredMinutes} {posted.PersonMinutes} | "
            + $"{recorded.DeliveredMinutes} {recorded.PersonMinutes}";
    }
}
