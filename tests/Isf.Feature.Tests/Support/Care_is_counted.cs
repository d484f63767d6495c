using Isf.Hosting;

namespace Isf.Tests.Support;

/// <summary>Hours of a holder and of a provider, and care that is far from its plan.</summary>
public sealed class Care_is_counted(SupportHost shared) : IClassFixture<SupportHost>
{
    [Fact]
    public async Task Hours_of_the_holder_and_of_a_provider_are_one_account_of_the_weeks()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await care.ReadFileAsync("R-1", Care.File(Care.Rows(9)));
        await Care.QuietAsync(host);
        foreach (var path in new[] { "/v1/hours", "/v1/providers/V-1/hours" })
        {
            var hours = await care.GetJsonAsync(path + "?from=2026-04-08&to=2026-04-22&limit=2");
            Assert.Equal(("2026-04-06", "2026-04-26"), ((string)hours["from"]!, (string)hours["to"]!));
            // Three weeks of 3 × 45 in L-1, of which 9 × 40 were given, and of 600 in L-2.
            Assert.Equal((2_205, 360, 1_845), ((int)hours["totals"]!["plannedMinutes"]!,
                (int)hours["totals"]!["deliveredMinutes"]!, (int)hours["totals"]!["outstandingMinutes"]!));
            Assert.Equal(2, hours["items"]!.AsArray().Count);
            var next = await care.GetJsonAsync($"{path}?from=2026-04-08&to=2026-04-22&after={hours["next"]}");
            Assert.Equal(4, next["items"]!.AsArray().Count);
            Assert.Equal("V-1 A-1", $"{next["items"]![0]!["providerId"]} {next["items"]![0]!["allocationId"]}");
        }
        var csv = await care.GetStringAsync("/v1/hours?from=2026-04-06&to=2026-04-26&format=csv");
        Assert.Equal(7, csv.Trim().Split('\n').Length);
        Assert.Contains("2026-04-06,F-1,L-1,A-1,V-1,3,135,0,120,", csv, StringComparison.Ordinal);
        var nobody = await care.GetJsonAsync("/v1/providers/V-9/hours?from=2026-04-06&to=2026-04-26");
        Assert.Empty(nobody["items"]!.AsArray());
        Assert.Equal(400, (int)(await care.GetAsync("/v1/hours?from=2026-04-06&to=2026-04-01")).StatusCode);
        Assert.Equal(400, (int)(await care.GetAsync("/v1/hours?from=2024-04-06&to=2026-04-01")).StatusCode);
        var odd = await care.GetAsync("/v1/hours?from=2026-04-06&to=2026-04-26&after=F-1/L-1/soon");
        Assert.Equal((400, "bad-after"), ((int)odd.StatusCode, await odd.CodeAsync()));
    }

    [Fact]
    public async Task Care_far_from_its_plan_is_listed()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        // Ten of the twelve visits of April's four weeks, none in those that follow; the pool of L-2 is never used.
        await care.ReadFileAsync("R-1", Care.File(Care.Rows(12).Take(10)));
        await Care.QuietAsync(host);
        async Task<string> ListedAsync(string question) => string.Join(" | ",
            (await care.GetJsonAsync("/v1/deliveries/" + question))["items"]!.AsArray().Select(line =>
                $"{line!["lineId"]} {line["percent"]!.ToJsonString()}"));
        // 400 of 540 minutes are 74 per cent.
        Assert.Equal("L-1 [74] | L-2 [0]", await ListedAsync("under?to=2026-05-03&periods=1"));
        Assert.Equal("L-2 [0]", await ListedAsync("under?to=2026-05-03&periods=1&percent=74"));
        Assert.Equal("L-1 [0,74] | L-2 [0,0]", await ListedAsync("under?to=2026-05-31"));
        var csv = await care.GetStringAsync("/v1/deliveries/under?to=2026-05-31&format=csv");
        Assert.Equal(
            ["fundId,lineId,unit,planned,delivered,percent", "F-1,L-1,minutes,\"540; 540\",\"0; 400\",\"0; 74\""],
            csv.TrimStart('\uFEFF').Split("\r\n").Take(2));
        Assert.Equal("L-2 [0]", await ListedAsync("none?to=2026-05-03"));
        Assert.Equal("L-1 [0] | L-2 [0]", await ListedAsync("none?to=2026-05-31"));
        Assert.Equal("", await ListedAsync("over?to=2026-05-03"));
        await (await care.PutAsync("/v1/visits/X-1",
            Care.Visit("2026-04-06T12:00:00+01:00", "2026-04-06T17:00:00+01:00"))).NeedsAsync(201);
        await Care.QuietAsync(host);
        Assert.Equal("L-1 [129]", await ListedAsync("over?to=2026-05-03"));
        Assert.Equal(400, (int)(await care.GetAsync("/v1/deliveries/under?percent=many")).StatusCode);
        var page = await care.GetJsonAsync("/v1/deliveries/none?to=2026-05-31&limit=1");
        var rest = await care.GetJsonAsync($"/v1/deliveries/none?to=2026-05-31&after={page["next"]}");
        Assert.Equal("L-2", (string)Assert.Single(rest["items"]!.AsArray())!["lineId"]!);
    }
}
