using Isf.Hosting.Http;

namespace Isf.Tests.Support;

/// <summary>Tests refusals of Support over HTTP; Isf.Domain.Tests tests the rules.</summary>
public sealed class Care_that_cannot_be_is_refused(SupportHost shared) : IClassFixture<SupportHost>
{
    private static object Line(string lineId, string allocationId = "A-1") =>
        new { lineId, allocationId, purpose = "company", weeklyMinutes = 600 };

    private static object Plan(string? to, params object[] lines) => new { from = "2026-04-06", to, lines };

    public static TheoryData<string, object> Plans => new()
    {
        { "lines-out-of-range", Plan(null) },
        { "line-twice", Plan(null, Line("L-1"), Line("L-1")) },
        { "ends-before-it-starts", Plan("2026-04-05", Line("L-1")) },
        { "allocation-of-another-fund", Plan(null, Line("L-1", "A-2")) },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task A_plan_is_refused(string code, object plan)
    {
        var care = await WithTwoFundsAsync();
        var refused = await care.PutAsync("/v1/funds/F-1/plans/PL-9", plan);
        Assert.Equal((422, code), ((int)refused.StatusCode, await refused.CodeAsync()));
    }

    [Theory]
    [InlineData("funds/F-1/plans/none", "unknown-plan")]
    [InlineData("funds/F-1/absences/none", "unknown-absence")]
    [InlineData("visits/none", "unknown-visit")]
    public async Task What_is_not_there_is_not_shown(string path, string code)
    {
        var response = await (await shared.OpenAsync()).As(Role.HolderCare).GetAsync("/v1/" + path);
        Assert.Equal((404, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task A_plan_an_absence_and_a_visit_stay_with_their_fund()
    {
        var care = await WithTwoFundsAsync();
        async Task StaysAsync(string path, object body, object moved, string movedPath, string refusal)
        {
            await (await care.PutAsync("/v1/" + path, body)).NeedsAsync(201);
            var refused = await care.PutAsync("/v1/" + movedPath, moved, version: 1);
            Assert.Equal(refusal, $"{(int)refused.StatusCode} {await refused.CodeAsync()}");
        }
        await StaysAsync("funds/F-1/plans/PL-1", Care.Plan(), Care.Plan(allocationId: "A-2"), "funds/F-2/plans/PL-1",
            "409 plan-of-another-fund");
        var absence = new { from = "2026-05-04", kind = "holiday" };
        await StaysAsync("funds/F-1/absences/AB-1", absence, absence, "funds/F-2/absences/AB-1",
            "409 absence-of-another-fund");
        await StaysAsync("visits/V-1", Care.Visit(), Care.Visit(fundId: "F-2"), "visits/V-1", "422 fund-changed");
    }

    [Fact]
    public async Task An_absence_from_an_unknown_fund_is_refused()
    {
        var care = (await shared.OpenAsync()).As(Role.HolderCare);
        var refused = await care.PutAsync(
            "/v1/funds/F-9/absences/AB-1", new { from = "2026-05-04", kind = "holiday" });
        Assert.Equal((404, "unknown-fund"), ((int)refused.StatusCode, await refused.CodeAsync()));
    }

    [Fact]
    public async Task Rejected_rows_come_as_JSON_or_CSV_alone()
    {
        var care = await Care.PlannedAsync(await shared.OpenAsync());
        var file = await care.ImportAsync("R-1", Care.File(Care.Rows(1)));
        var refused = await care.GetAsync($"/v1/visit-files/{file.Id}/rejections?format=xml");
        Assert.Equal((400, "unknown-format"), ((int)refused.StatusCode, await refused.CodeAsync()));
    }

    [Theory]
    [InlineData("funds/F-1/continuity?", "lineId,visits,workers,wantedVisits,wantedPercent,lateVisits,")]
    [InlineData("providers/V-1/hours?", "weekFrom,fundId,lineId,allocationId,providerId,visits,plannedMinutes,")]
    [InlineData("deliveries/none?", "fundId,lineId,unit,planned,delivered,percent\r\n")]
    [InlineData("deliveries/over?percent=100&", "fundId,lineId,unit,planned,delivered,percent\r\n")]
    public async Task A_table_has_the_fields_of_its_items_as_columns(string path, string columns)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        // Line L-1 gets more care than planned on the Monday, and line L-2 none.
        await (await care.PutAsync("/v1/visits/V-1",
            Care.Visit("2026-05-25T08:00:00+01:00", "2026-05-25T20:00:00+01:00"))).NeedsAsync(201);
        var text = await care.GetStringAsync($"/v1/{path}to=2026-05-31&format=csv");
        Assert.StartsWith(columns, text.TrimStart('\uFEFF'), StringComparison.Ordinal);
        await Care.UntilIdleAsync(host);
    }

    private async Task<HttpClient> WithTwoFundsAsync()
    {
        var host = await shared.OpenAsync();
        await Care.OpenAsync(host, "F-2", "A-2");
        await Care.UntilIdleAsync(host);
        return host.As(Role.HolderCare);
    }
}
