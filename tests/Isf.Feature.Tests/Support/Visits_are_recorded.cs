using Isf.Client;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// Tests RecordVisit and ShowVisit over HTTP; Isf.Domain.Tests tests the reasons of VisitCheck one by one.
/// </summary>
public sealed class Visits_are_recorded(SupportHost shared) : IClassFixture<SupportHost>
{
    [Fact]
    public async Task A_visit_is_recorded_and_the_same_again_is_done_already()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var first = await (await care.PutAsync("/v1/visits/V-1", Care.Visit())).NeedsAsync(201);
        Assert.Equal("\"1\"", first.Headers.ETag!.Tag);
        var shown = await first.ReadAsync<ShowVisitResponse>();
        Assert.Equal((45, 0, new LocalDate(2026, 4, 6), "A-1"),
            (shown.AnswersMinutes, shown.ExtraMinutes, shown.CareOn, shown.AllocationId));
        var repeated = await (await care.PutAsync("/v1/visits/V-1", Care.Visit("2026-04-06T07:00:00Z")))
            .NeedsAsync(200);
        Assert.Equal(first.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        Assert.Equal(404, (int)(await care.GetAsync("/v1/visits/V-2")).StatusCode);
        Assert.Equal(404,
            (int)(await host.Host.As(Role.HolderCare, "sunset").GetAsync("/v1/visits/V-1")).StatusCode);
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task A_visit_is_corrected_by_those_who_name_its_version()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Care.Visit())).NeedsAsync(201);
        var longer = Care.Visit(end: "2026-04-06T09:00:00+01:00");
        var unnamed = await care.PutAsync("/v1/visits/V-1", longer);
        Assert.Equal((428, "version-needed"), ((int)unnamed.StatusCode, await unnamed.CodeAsync()));
        var stale = await care.PutAsync("/v1/visits/V-1", longer, version: 2);
        Assert.Equal((412, "has-moved-on"), ((int)stale.StatusCode, await stale.CodeAsync()));
        var corrected = await (await care.PutAsync("/v1/visits/V-1", longer, version: 1)).NeedsAsync(200);
        Assert.Equal("\"2\"", corrected.Headers.ETag!.Tag);
        var read = await care.VisitAsync("V-1");
        Assert.Equal((2, 45, 15), (read.Version, read.AnswersMinutes, read.ExtraMinutes));
        await Care.UntilIdleAsync(host);
    }

    public static readonly TheoryData<object, int, string, string> Bad = new()
    {
        { Care.Visit("2026-03-29T08:00:00+01:00", "2026-03-29T09:00:00+01:00"), 422, "before-fund-opens", "/start" },
        { Care.Visit(fundId: "F-9"), 422, "unknown-fund", "/fundId" },
        { Care.Visit(lineId: "L-9"), 422, "unknown-line", "/lineId" },
        { Care.Visit("2026-06-01T09:30:00+01:00", "2026-06-01T10:30:00+01:00"), 422, "in-the-future", "/end" },
        { Care.Visit(end: "2026-04-07T09:01:00+01:00"), 422, "visit-too-long", "/end" },
        { Care.Visit(end: "2026-04-06T07:59:00+01:00"), 422, "ends-before-it-starts", "/end" },
        { Care.Visit("2025-10-26T01:30:00", "2025-10-26T03:00:00Z"), 400, "ambiguous-time", "/start" },
        { Care.Visit("2026-04-06T08:00:00"), 400, "offset-missing", "/start" },
        { Care.Visit("2026-03-29T01:30:00", "2026-03-29T03:00:00+01:00"), 400, "skipped-time", "/start" },
        { Care.Visit("tomorrow"), 400, "not-a-time", "/start" },
        { Care.Visit(note: new string('a', 2001)), 400, "text-too-long", "/note" },
        { Care.Visit(outcome: ""), 400, "field-missing", "/outcome" },
        { Care.Visit(outcome: "done"), 400, "unknown-outcome", "/outcome" },
        { new { fundId = "F-1", lineId = "L-1", outcome = "no-access" }, 422, "day-not-known", "/plannedStart" },
        { new { fundId = "F-1", lineId = "L-1", outcome = "delivered" }, 422, "start-and-end-needed", "/start" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_visit_gets_its_own_refusal(object visit, int status, string code, string pointer)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var response = await care.PutAsync("/v1/visits/V-1", visit);
        var problem = await response.JsonAsync();
        Assert.Equal((status, code, pointer),
            ((int)response.StatusCode, (string)problem["code"]!, (string)problem["errors"]![0]!["pointer"]!));
        Assert.Equal(404, (int)(await care.GetAsync("/v1/visits/V-1")).StatusCode);
    }

    [Fact]
    public async Task Many_who_send_one_visit_at_once_record_it_once()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var responses = await Task.WhenAll(Enumerable.Range(0,
            8).Select(_ => care.PutAsync("/v1/visits/V-1", Care.Visit())));
        Assert.Single(responses, response => (int)response.StatusCode == 201);
        Assert.Equal(7, responses.Count(response => (int)response.StatusCode == 200));
    }

    [Fact]
    public async Task A_correction_that_moves_away_gives_its_occurrence_back()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Care.Visit())).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-1",
            Care.Visit("2026-04-08T08:00:00+01:00", "2026-04-08T08:45:00+01:00"), version: 1)).NeedsAsync(200);
        var second = await (await care.PutAsync("/v1/visits/V-2", Care.Visit())).NeedsAsync(201);
        Assert.Equal(45, (await second.ReadAsync<ShowVisitResponse>()).AnswersMinutes);
        await Care.UntilIdleAsync(host);
    }
}
