using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Client;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime.Text;

namespace Isf.Tests.Hosting;

/// <summary>
/// A host whose fund F-1 is open and whose fund F-C closed on 31 May 2026; the clock shows 1 June 2026.
/// </summary>
public sealed class HostWithTwoFunds : IAsyncLifetime
{
    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync(new() { LookupRetryTime = TimeSpan.FromMilliseconds(300) });
        var admin = Host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        var closed = JsonNode.Parse(DateFields.Bodies["PUT /v1/funds/{fundId}"])!;
        await (await admin.PutAsync("/v1/funds/F-C", closed)).NeedsAsync(201);
        await Host.UntilIdleAsync();
        await (await admin.PutAsync("/v1/funds/F-C/closure", new { on = "2026-05-31", reason = "ended" }))
            .NeedsAsync(201);
        await Host.UntilIdleAsync();
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>
/// Every date in bodies and URLs is tried with days on both sides of every bound and centuries away. No request
/// crashes, and nothing accepted fails later.
/// </summary>
public sealed class Days_are_bounded_everywhere(HostWithTwoFunds shared) : IClassFixture<HostWithTwoFunds>
{
    private static readonly string[] Days =
    [
        "0001-01-01", "1899-12-31", "1900-01-01", "2000-01-01", "2026-03-30", "2026-06-01", "2026-07-03", "2027-06-02",
        "2199-12-31", "2200-01-01", "9999-12-30", "9999-12-31",
    ];

    private readonly TestHost host = shared.Host;
    private static int made;

    private IEnumerable<RouteEndpoint> Routes =>
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    [Fact]
    public void Every_body_with_a_date_has_one_here_that_names_all_its_dates()
    {
        foreach (var route in Routes)
        {
            var type = route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
            var needed = type is null ? [] : DateFields.Of(type).ToHashSet();
            var named = DateFields.Bodies.TryGetValue(route.Named(), out var body)
                ? DateFields.In(JsonNode.Parse(body)!).Select(day => DateFields.Plain(day.GetPath())).ToHashSet() : [];
            Assert.True(needed.IsSubsetOf(named), $"{route.Named()} needs {string.Join(", ", needed.Except(named))}");
        }
    }

    [Fact]
    public async Task No_date_of_any_body_fails_now_or_later()
    {
        foreach (var route in Routes.Where(route => DateFields.Bodies.ContainsKey(route.Named())))
        {
            foreach (var day in Days)
                await TryEveryPlaceAsync(route, day);
        }
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        var messages = await host.Services.GetRequiredService<MessageDecisions>().ListAsync(DateTime.UnixEpoch);
        Assert.Empty(messages.Where(message => message.State == "failed")
            .Select(message => $"{message.Service} {message.Urn}: {message.LastError}"));
    }

    private async Task TryEveryPlaceAsync(RouteEndpoint route, string day)
    {
        var count = DateFields.In(JsonNode.Parse(DateFields.Bodies[route.Named()])!).Count();
        for (var at = 0; at < count; at++)
        {
            var body = JsonNode.Parse(DateFields.Bodies[route.Named()])!;
            var place = DateFields.In(body).ElementAt(at);
            var (path, name) = (place.GetPath(), place.FieldName());
            place.ReplaceWith(day + place.GetValue<string>()[10..]);
            var response = await SendAsync(route, body);
            var what = $"{route.Named()} {path} {day}: {await response.Content.ReadAsStringAsync()}";
            Assert.True((int)response.StatusCode < 500, what);
            // The day 9999-12-31 means an open end, which only some ranges may have.
            if (day == "9999-12-31" && name is "to" or "endsOn")
                continue;
            var isInRange = AcceptedDays.Holds(LocalDatePattern.Iso.Parse(day).Value);
            Assert.True(isInRange || await response.CodeAsync() == "date-out-of-range", what);
            Assert.True(!isInRange || !what.Contains("date-out-of-range", StringComparison.Ordinal), what);
        }
    }

    [Fact]
    public async Task No_date_of_any_address_fails()
    {
        foreach (var route in Routes)
        {
            foreach (var (name, day) in from name in QueryOptions.Of(route)
                                        from day in Days
                                        where DateFields.IsOption(name)
                                        select (name, day))
            {
                var value = name == "knownAt" ? day + "T12:00:00Z" : day;
                var response = await SendAsync(route, null, $"?{name}={value}");
                var what = $"{route.Named()} {name} {day}: {await response.Content.ReadAsStringAsync()}";
                Assert.True((int)response.StatusCode < 500, what);
                var isInRange = AcceptedDays.Holds(LocalDatePattern.Iso.Parse(day).Value)
                    || (day, name) == ("9999-12-31", "to");
                Assert.Equal(!isInRange, what.Contains("date-out-of-range", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("PUT /v1/funds/{fundId}", "opensOn", "1999-12-31", "2000-01-01", "2027-06-01", "2027-06-02")]
    [InlineData("PUT /v1/funds/{fundId}/budgets/{id}", "from", "2026-03-29", "2026-03-30", null, null)]
    [InlineData("PUT /v1/funds/{fundId}/allocations/{id}", "from", "2026-03-29", "2026-03-30", null, null)]
    [InlineData("PUT /v1/funds/{fundId}/plans/{id}", "from", "2026-03-29", "2026-03-30", null, null)]
    [InlineData("PUT /v1/funds/{fundId}/absences/{id}", "from", "2026-03-29", "2026-03-30", null, null)]
    [InlineData("PUT /v1/funds/{fundId}/adjustments/{id}", "effectiveOn", "2026-03-29", "2026-03-30", null, null)]
    [InlineData("PUT /v1/funds/{fundId}/receipts/{id}", "receivedOn", "2025-03-29", "2025-03-30", "2026-07-02",
        "2026-07-03")]
    [InlineData("PUT /v1/funds/{fundId}/returns/{id}", "paidOn", "2025-03-29", "2025-03-30", "2026-07-02",
        "2026-07-03")]
    [InlineData("PUT /v1/funds/{fundId}/fees/{id}", "to", null, null, "2026-07-26", "2026-07-27")]
    [InlineData("PUT /v1/funds/{fundId}/closure", "on", null, null, "2026-09-01", "2026-09-02")]
    [InlineData("PUT /v1/runs/{id}", "upTo", null, null, "2027-06-02", "2027-06-03")]
    [InlineData("POST /v1/schedules/{name}/run", "upTo", null, null, "2027-06-02", "2027-06-03")]
    public async Task A_day_beyond_its_bound_is_refused_and_the_bound_is_named(
        string route, string field, string? early, string? first, string? last, string? late)
    {
        foreach (var (day, code, bound) in new[]
            { (early, "day-too-early", first), (late, "day-too-late", last), (first, null, null), (last, null, null) })
        {
            if (day is null)
                continue;
            var body = JsonNode.Parse(DateFields.Bodies[route])!;
            body[field] = day;
            var response = await SendAsync(Routes.Single(item => item.Named() == route), body);
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal(code is not null, text.Contains("day-too-", StringComparison.Ordinal));
            if (code is null)
                continue;
            Assert.Equal((422, code, "/" + field), ((int)response.StatusCode, await response.CodeAsync(),
                (string)(await response.JsonAsync())["errors"]![0]!["pointer"]!));
            Assert.Contains(LocalDatePattern.Iso.Parse(bound!).Value.ToString("d MMMM uuuu",
                CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2024-03-01", "2025-02-28", "2025-03-01", "/to", "28 February 2025: a fee is for at most a year")]
    [InlineData("2024-02-29", "2025-02-27", "2025-02-28", "/to", "27 February 2025: a fee is for at most a year")]
    [InlineData("2025-04-06", "2026-04-05", "2026-04-06", "/to", "5 April 2026: a fee is for at most a year")]
    [InlineData("2026-05-01", "2026-07-26", "2026-07-27", "/to", "26 July 2026: the next payment period ends")]
    [InlineData("2026-05-01", "2026-06-30", "2026-07-01", "/to", "30 June 2026: the agreement ends", "2026-06-30")]
    [InlineData("2024-01-14", null, "2024-02-01", "/from", "15 January 2024: the fund opens")]
    public async Task A_fee_is_for_at_most_a_year_within_the_agreement_and_the_next_period(string from, string? last,
        string beyond, string pointer, string detail, string endsOn = "2029-03-29")
    {
        var admin = host.As(Role.HolderAdmin);
        var fund = JsonNode.Parse(DateFields.Bodies["PUT /v1/funds/{fundId}"])!;
        fund["opensOn"] = "2024-01-15";
        fund["agreement"]!["endsOn"] = endsOn;
        fund["agreement"]!["managementFee"]!["from"] = "2024-01-01";
        var address = $"/v1/funds/F-fee-{Interlocked.Increment(ref made)}";
        await (await admin.PutAsync(address, fund)).NeedsAsync(201);
        var refused = await admin.PutAsync($"{address}/fees/FEE-{made}", new { from, to = beyond });
        var json = await refused.JsonAsync();
        Assert.Contains(detail, (string)json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(pointer, (string)json["errors"]![0]!["pointer"]!);
        if (last is not null)
            await (await admin.PutAsync($"{address}/fees/FEE-{made}", new { from, to = last })).NeedsAsync(201);
    }

    [Theory]
    [InlineData("PUT /v1/funds/{fundId}/budgets/{id}", "from")]
    [InlineData("PUT /v1/funds/{fundId}/allocations/{id}", "from")]
    [InlineData("PUT /v1/funds/{fundId}/plans/{id}", "from")]
    [InlineData("PUT /v1/funds/{fundId}/absences/{id}", "from")]
    [InlineData("PUT /v1/funds/{fundId}/adjustments/{id}", "effectiveOn")]
    public async Task Nothing_begins_after_a_fund_closed(string route, string field)
    {
        var body = JsonNode.Parse(DateFields.Bodies[route])!;
        body[field] = "2026-06-01";
        var response = await SendAsync(Routes.Single(item => item.Named() == route), body, fund: "F-C");
        Assert.Equal("day-too-late", await response.CodeAsync());
        Assert.Contains("31 May 2026", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_end_is_read_and_shown_as_none()
    {
        var admin = host.As(Role.HolderAdmin);
        var fund = JsonNode.Parse(DateFields.Bodies["PUT /v1/funds/{fundId}"])!;
        fund["agreement"]!["endsOn"] = "9999-12-31";
        var opened = await (await admin.PutAsync("/v1/funds/F-open", fund)).NeedsAsync(201);
        Assert.Null((await opened.ReadAsync<OpenFundResponse>()).Agreement.EndsOn);
        await (await admin.PutAsync("/v1/funds/F-open", fund)).NeedsAsync(200);
    }

    private Task<HttpResponseMessage> SendAsync(
        RouteEndpoint route, JsonNode? body, string query = "", string fund = "F-1") =>
        host.SendAsync(route, body, query, fund);
}
