using System.Text.Json.Nodes;
using Isf.Client;
using Isf.Contracts.Funds;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>Tests the hours of a holder and of a provider, and the lists of care that is far from its plan.</summary>
public sealed class Care_is_counted(SupportHost shared) : IClassFixture<SupportHost>
{
    private async Task<HttpClient> ThreeWeeksAsync()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await care.ImportAsync("R-1", Care.File(Care.Rows(9)));
        await Care.UntilIdleAsync(host);
        return care;
    }

    [Fact]
    public async Task Hours_of_the_holder_and_of_a_provider_are_one_account_of_the_weeks()
    {
        var client = (await ThreeWeeksAsync()).Typed();
        var (from, to) = (new LocalDate(2026, 4, 8), new LocalDate(2026, 4, 22));
        foreach (var pageAsync in new Func<int?, string?, Task<ShowCareHoursResponse>>[]
        {
            (limit, after) => client.ShowCareHoursGetOfHolderAsync(from, to, limit, after),
            (limit, after) => client.ShowCareHoursGetOfProviderAsync("V-1", from, to, limit, after),
        })
        {
            var hours = await pageAsync(2, null);
            Assert.Equal((new(2026, 4, 6), new(2026, 4, 26), 2), (hours.From, hours.To, hours.Items.Count));
            // Each of three weeks has 3 × 45 planned minutes in L-1 and 600 in L-2; 9 × 40 were delivered in L-1.
            Assert.Equal((2_205, 360, 1_845),
                (hours.Totals.PlannedMinutes, hours.Totals.DeliveredMinutes, hours.Totals.OutstandingMinutes));
            var next = (await pageAsync(null, hours.Next)).Items;
            Assert.Equal((4, "V-1", "A-1"), (next.Count, next[0].ProviderId, next[0].AllocationId));
        }
        Assert.Empty((await client.ShowCareHoursGetOfProviderAsync("V-9", from, to)).Items);
    }

    [Fact]
    public async Task Hours_come_whole_as_csv()
    {
        var care = await ThreeWeeksAsync();
        var csv = await care.GetStringAsync("/v1/hours?from=2026-04-06&to=2026-04-26&format=csv");
        Assert.Equal(7, csv.Trim().Split('\n').Length);
        Assert.Contains("2026-04-06,F-1,L-1,A-1,V-1,3,135,0,120,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_of_days_and_pages_that_cannot_be_are_refused()
    {
        var care = (await shared.OpenAsync()).As(Role.HolderCare);
        Assert.Equal(400, (int)(await care.GetAsync("/v1/hours?from=2026-04-06&to=2026-04-01")).StatusCode);
        Assert.Equal(400, (int)(await care.GetAsync("/v1/hours?from=2024-04-06&to=2026-04-01")).StatusCode);
        var odd = await care.GetAsync("/v1/hours?from=2026-04-06&to=2026-04-26&after=F-1/L-1/soon");
        Assert.Equal((400, "bad-after"), ((int)odd.StatusCode, await odd.CodeAsync()));
    }

    // The file has ten of the twelve visits of April's four weeks, and none later; the pool of L-2 is never used.
    private static async Task<HttpClient> TenOfTwelveAsync(Scene host)
    {
        var care = await Care.PlannedAsync(host);
        await care.ImportAsync("R-1", Care.File(Care.Rows(12).Take(10)));
        await Care.UntilIdleAsync(host);
        return care;
    }

    [Fact]
    public async Task Care_far_from_its_plan_is_listed()
    {
        var host = await shared.OpenAsync();
        var care = await TenOfTwelveAsync(host);
        async Task<string> ListedAsync(string question) => string.Join(" | ",
            (await care.DeliveriesAsync(question)).Select(line => $"{line.LineId} [{string.Join(',', line.Percent)}]"));
        // 400 of 540 minutes are 74 percent.
        Assert.Equal("L-1 [74] | L-2 [0]", await ListedAsync("under?to=2026-05-03&periods=1"));
        Assert.Equal("L-2 [0]", await ListedAsync("under?to=2026-05-03&periods=1&percent=74"));
        Assert.Equal("L-1 [0,74] | L-2 [0,0]", await ListedAsync("under?to=2026-05-31"));
        Assert.Equal("L-2 [0]", await ListedAsync("none?to=2026-05-03"));
        Assert.Equal("L-1 [0] | L-2 [0]", await ListedAsync("none?to=2026-05-31"));
        Assert.Equal("", await ListedAsync("over?to=2026-05-03"));
        await (await care.PutAsync("/v1/visits/X-1",
            Care.Visit("2026-04-06T12:00:00+01:00", "2026-04-06T17:00:00+01:00"))).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        Assert.Equal("L-1 [129]", await ListedAsync("over?to=2026-05-03"));
    }

    [Fact]
    public async Task The_list_comes_page_by_page_and_whole_as_csv()
    {
        var care = await TenOfTwelveAsync(await shared.OpenAsync());
        var csv = await care.GetStringAsync("/v1/deliveries/under?to=2026-05-31&format=csv");
        Assert.Equal(
            ["fundId,lineId,unit,planned,delivered,percent", "F-1,L-1,minutes,\"540; 540\",\"0; 400\",\"0; 74\""],
            csv.TrimStart('\uFEFF').Split("\r\n").Take(2));
        Assert.Equal(400, (int)(await care.GetAsync("/v1/deliveries/under?percent=many")).StatusCode);
        var page = await care.Typed().ShowDeliveriesGetNoneAsync(new(2026, 5, 31), limit: 1);
        var rest = await care.Typed().ShowDeliveriesGetNoneAsync(new(2026, 5, 31), after: page.Next);
        Assert.Equal("L-2", Assert.Single(rest.Items).LineId);
    }

    [Fact]
    public async Task What_was_recorded_before_an_end_was_known_is_asked_about_and_nothing_is_planned_behind_it()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        foreach (var (id, day, hour) in new[] { ("V-1", 8, 8), ("V-2", 8, 12), ("V-3", 10, 8) })
        {
            await (await care.PutAsync("/v1/visits/" + id, Care.Visit($"2026-04-{day:00}T{hour:00}:00:00+01:00",
                $"2026-04-{day:00}T{hour:00}:45:00+01:00"))).NeedsAsync(201);
        }
        await CloseOn8AprilAt10Async(host);
        Assert.Equal("V-2, V-3", await AfterEndAsync(care));
        // By the correction, the second visit began three hours earlier, which is before the fund's end.
        await (await care.PutAsync("/v1/visits/V-2",
            Care.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:45:00+01:00"), version: 1)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.Equal("V-3", await AfterEndAsync(care));
        var hours = (await care.Typed().ShowCareHoursGetOfHolderAsync(new(2026, 4, 13), new(2026, 5, 31))).Totals;
        Assert.Equal((0, 0), (hours.PlannedMinutes, hours.OutstandingMinutes));
        Assert.Empty(await care.DeliveriesAsync("none?to=2026-05-31"));
    }

    private static async Task CloseOn8AprilAt10Async(Scene host)
    {
        await host.PublishAsync("funds", new FundClosed
        {
            HolderId = host.Holder, FundId = "F-1", Version = 1, On = new(2026, 4, 8), At = new(10, 0), Reason = "died",
            SetOn = new(2026, 5, 1), Notice = [],
        }, "closure", "F-1");
        await Care.UntilIdleAsync(host);
    }

    private static async Task<string> AfterEndAsync(HttpClient care) => string.Join(", ",
        (await care.FlagsAsync("kind=after-end&state=open")).Select(flag => flag.Visits[0]).Order());

    [Fact]
    public async Task An_absence_is_seen_in_what_was_to_be_expected_from_the_day_it_is_known()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/funds/F-1/absences/AB-1",
            new { from = "2026-06-10", to = "2026-06-11", kind = "holiday" })).NeedsAsync(201);
        Assert.Equal(["to-come", "holiday", "to-come"], await care.BecameAsync("2026-06-08", "2026-06-14"));
    }

    [Fact]
    public async Task A_flag_is_of_the_worker_and_the_day_that_its_visit_now_has()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        object Sent(string worker, string day, string end) => new
        {
            fundId = "F-1", lineId = "L-1", workerId = worker, outcome = "delivered",
            start = $"2026-04-{day}T12:00:00+01:00", end = $"2026-04-{day}T{end}:00+01:00",
        };
        await (await care.PutAsync("/v1/visits/V-1", Sent("W-1", "07", "15:00"))).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Sent("W-2", "14", "12:30"), version: 1)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.Empty(await care.FlagsAsync("workerId=W-1"));
        var flag = Assert.Single(await care.FlagsAsync("workerId=W-2"));
        Assert.Equal(new(2026, 4, 14), flag.CareOn);
        Assert.StartsWith("30 min", flag.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_follow_the_allocation_of_the_last_version_that_holds_the_week()
    {
        var host = await shared.OpenAsync();
        await Care.OpenAsync(host, "F-1", "A-2");
        await Care.UntilIdleAsync(host);
        var care = await Care.PlannedAsync(host);
        var plan = Care.Plan(allocationId: "A-2", from: "2026-06-01");
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", plan, version: 1)).NeedsAsync(200);
        // The third version of the plan begins before the second, and replaces all of it.
        plan = Care.Plan(start: "09:00", from: "2026-05-04");
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", plan, version: 2)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.All(await WeeksOfJuneAsync(care), week => Assert.Equal("A-1", week.AllocationId));
        // The plan ends. Another plan, at its first version, continues the same lines under another allocation.
        var ending = JsonNode.Parse(IsfJson.Write(Care.Plan(start: "09:00", from: "2026-05-04")))!;
        ending["to"] = "2026-06-14";
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", ending, version: 3)).NeedsAsync(200);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-2", Care.Plan(allocationId: "A-2", from: "2026-06-15")))
            .NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        Assert.Equal(["2026-06-01 A-1", "2026-06-08 A-1", "2026-06-15 A-2", "2026-06-22 A-2"],
            (await WeeksOfJuneAsync(care)).Where(week => week.LineId == "L-1")
                .Select(week => $"{week.WeekFrom:uuuu-MM-dd} {week.AllocationId}"));
    }

    private static async Task<IReadOnlyList<ShowCareHoursItem>> WeeksOfJuneAsync(HttpClient care) =>
        (await care.Typed().ShowCareHoursGetOfHolderAsync(new(2026, 6, 1), new(2026, 6, 28))).Items;

    [Fact]
    public async Task A_holder_with_many_funds_has_each_of_their_weeks_once()
    {
        var host = await shared.OpenAsync();
        await PlanInManyFundsAsync(host);
        var care = host.As(Role.HolderCare);
        var csv = await care.GetStringAsync("/v1/hours?from=2026-04-06&to=2026-04-12&format=csv");
        Assert.Equal((1204, 1204), (csv.Trim().Split('\n').Length, csv.Trim().Split('\n').Distinct().Count()));
        var hours = await care.Typed().ShowCareHoursGetOfHolderAsync(new(2026, 4, 6), new(2026, 4, 12));
        Assert.Equal(1203 * 60, hours.Totals.PlannedMinutes);
        var found = new HashSet<string>();
        for (var (isLast, after) = (false, (string?)null); !isLast;)
        {
            var page = await care.Typed().ShowDeliveriesGetNoneAsync(new(2026, 4, 12), 1, 500, after);
            Assert.All(page.Items, line => Assert.True(found.Add(line.FundId)));
            (isLast, after) = (page.Next is null, page.Next);
        }
        Assert.Equal(1203, found.Count);
    }

    private static async Task PlanInManyFundsAsync(Scene host)
    {
        var source = host.Host.Owner;
        await using var many = source.CreateCommand("""
            with ids as (select 'G-' || n as id from generate_series(1, 1203) n), funds as (
              insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type)
              select $1, id, jsonb_build_object('id', id, 'personId', 'P', 'councilId', 'C', 'opensOn', '2026-03-30'),
                'Fund' from ids)
            insert into support.planned_day (holder_id, fund_id, on_day, revision, lines, minutes)
            select $1, id, '2026-04-07', 1, '{L-1}', '{60}' from ids
            """);
        many.Parameters.Add(new() { Value = host.Holder });
        await many.ExecuteNonQueryAsync();
    }
}
