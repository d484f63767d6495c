using System.Net.Http.Headers;
using System.Text.Json;
using Isf.Client;
using Isf.Hosting.Http;
using Isf.Tests.Reconciliation;
using Npgsql;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

/// <summary>
/// A holder can have its own setting of a schedule, beside the installation's (api.md: schedules are a holder's own).
/// </summary>
public sealed class A_schedule_is_a_holders_own
{
    private const string Books = "state-books";
    private const string Path = $"/v1/schedules/{Books}";

    private static object At(int hour, bool enabled = true) =>
        new { cron = $"0 0 {hour} * * ?", zone = "Europe/London", enabled };

    [Fact]
    public async Task It_is_made_changed_by_its_version_and_taken_back()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin, user: "Kim");
        Assert.Equal(("installation", "0 30 1 * * ?"), await SettingAsync(admin));
        Assert.Equal("\"1\"", Tag(await (await admin.PutAsync(Path, At(3))).NeedsAsync(201)));
        Assert.Equal("\"1\"", Tag(await (await admin.PutAsync(Path, At(3))).NeedsAsync(200)));
        Assert.Equal("if-match-needed", await (await (await admin.PutAsync(Path, At(4))).NeedsAsync(428)).CodeAsync());
        Assert.Equal("\"2\"", Tag(await (await admin.PutAsync(Path, At(4), version: 1)).NeedsAsync(200)));
        Assert.Equal("has-moved-on",
            await (await (await admin.PutAsync(Path, At(5), version: 1)).NeedsAsync(412)).CodeAsync());
        Assert.Equal(("holder", "0 0 4 * * ?"), await SettingAsync(admin));
        Assert.Equal(("installation", "0 30 1 * * ?"), await SettingAsync(host.As(Role.HolderAdmin, "moonlight")));
        await (await admin.DeleteAsync(Path)).NeedsAsync(200);
        await (await admin.DeleteAsync(Path)).NeedsAsync(200);
        Assert.Equal(("installation", "0 30 1 * * ?"), await SettingAsync(admin));
        // No version is used twice. Otherwise a caller who saw the first setting could change the setting that was
        // made after the first was removed.
        Assert.Equal("\"4\"", Tag(await (await admin.PutAsync(Path, At(6))).NeedsAsync(201)));
        var changes = (await admin.Typed().ScheduleListChangesAsync(Books)).Items;
        Assert.Equal(["1 Kim 01:30-03:00", "2 Kim 03:00-04:00", "3 Kim 04:00-01:30", "4 Kim 01:30-06:00"],
            changes.Select(TextOf));
        Assert.Empty((await host.As(Role.Auditor, "moonlight").Typed().ScheduleListChangesAsync(Books)).Items);
    }

    [Fact]
    public async Task The_installations_is_everybodys_who_has_set_none()
    {
        await using var host = await TestHost.StartAsync();
        var (admin, all) = (host.As(Role.HolderAdmin), host.As(Role.Operator));
        const string path = "/v1/operator/schedules/state-books";
        Assert.Equal("if-match-needed", await (await (await all.PutAsync(path, At(5))).NeedsAsync(428)).CodeAsync());
        var seen = Tag(await admin.GetAsync(Path));
        await (await all.PutAsync(path, At(5), version: 1)).NeedsAsync(200);
        await (await all.PutAsync(path, At(6), version: 1)).NeedsAsync(412);
        Assert.Equal("\"2\"", Tag(await all.GetAsync(path)));
        Assert.Equal(("installation", "0 0 5 * * ?"), await SettingAsync(admin));
        // The version that the holder saw is no longer the current one.
        Assert.Equal(412, await PutSeenAsync(admin, At(7), seen));
        Assert.Equal(201, await PutSeenAsync(admin, At(7), Tag(await admin.GetAsync(Path))));
        Assert.Equal("operator: 0 30 1 * * ? to 0 0 5 * * ?", await host.ValueAsync<string>("""
            select changed_by || ': ' || (was ->> 'cron') || ' to ' || (became ->> 'cron')
            from ledger.schedule_changes where holder_id = '*'
            """));
    }

    [Fact]
    public async Task One_that_cannot_be_placed_at_once_is_placed_as_soon_as_it_can_be()
    {
        await using var host = await StartAsync(null);
        await Until.HoldsAsync(async () => await host.ValueAsync<long>(Clocks) > 0);
        await using (var other = new NpgsqlConnection(host.Database))
        {
            await other.OpenAsync();
            await using var held = await other.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table reconciliation_jobs.lock", other, held);
            await hold.ExecuteNonQueryAsync();
            await SetAsync(host.As(Role.HolderAdmin), "schedules", "0 0 3 * * ?");
            Assert.DoesNotContain("/sunrise", await PlacedAsync(host), StringComparison.Ordinal);
        }
        await Until.HoldsAsync(async () => (await PlacedAsync(host)).Contains("/sunrise", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_process_lists_the_schedules_of_every_service()
    {
        await using var ledger = await TestHost.StartAsync(new() { Services = "ledger" });
        await using var funds = await TestHost.StartAsync(new() { Services = "funds", Database = ledger.Database });
        await (await ledger.As(Role.HolderAdmin).PutAsync(Path, At(3))).NeedsAsync(201);
        await (await funds.As(Role.HolderAdmin).PutAsync(Path, At(4), version: 1)).NeedsAsync(404);
        var items = (await funds.As(Role.Auditor).Typed().ScheduleListAsync()).Items;
        var names = Isf.Host.IsfHost.AllServices()
            .SelectMany(service => service.ScheduleTerms, (service, terms) => (service.Name, terms.Name));
        Assert.Equal(names, items.Select(schedule => (schedule.Service, schedule.Name)));
        Assert.Equal("holder", items.Single(schedule => schedule.Name == Books).Source);
    }

    [Fact]
    public async Task Its_runs_come_by_it_and_the_others_by_the_installations()
    {
        await using var host = await StartAsync(null);
        await SetAsync(host, CronAt(Now.PlusHours(-2)));
        foreach (var holder in new[] { "sunrise", "moonlight", "twilight" })
            await host.PublishAsync("ledger", holder, BooksScene.Stated("S-1", host.Clock.GetCurrentInstant()), "S-1");
        await host.UntilIdleAsync();
        await SetAsync(host.As(Role.HolderAdmin, "twilight"), "schedules", "0 0 3 * * ?", enabled: false);
        var night = await SoonAsync(host, cron => SetAsync(host.As(Role.HolderAdmin), "schedules", cron));
        await ComesAsync(host, 1);
        await SoonAsync(host, cron => SetAsync(host, cron));
        await ComesAsync(host, 2);
        await IdleAsync(host);
        Assert.Equal(OfNight(night), await RequestedAsync(host, "sunrise"));
        Assert.Equal(OfNight(night), await RequestedAsync(host, "moonlight"));
        Assert.Equal("", await RequestedAsync(host, "twilight"));
        Assert.Equal("reconcile-books, reconcile-books/sunrise, watch-facts", await PlacedAsync(host));
        await (await host.As(Role.HolderAdmin).DeleteAsync($"/v1/schedules/{Schedule}")).NeedsAsync(200);
        await Until.HoldsAsync(async () => await PlacedAsync(host) == "reconcile-books, watch-facts");
    }

    [Fact]
    public async Task A_host_that_starts_places_it_and_one_run_makes_up_for_the_nights_it_missed()
    {
        var anHourAgo = Now.PlusHours(-1);
        await using var before = await StoppedAsync(CronAt(Now.PlusHours(-2)), "sunrise", "moonlight");
        await before.FalsifyAsync($"""
            insert into reconciliation.holder_schedules
            values ('sunrise', '{Schedule}', '{CronAt(anHourAgo)}', 'Europe/London', true)
            """);
        await using (var placing = await StartAsync(before.Database))
        {
            await Until.HoldsAsync(
                async () => (await PlacedAsync(placing)).Contains("sunrise", StringComparison.Ordinal));
        }
        Assert.Equal(1, await MissedAsync(before, $"{Schedule}/sunrise", nights: 5));
        await using var first = await StartAsync(before.Database);
        await using var second = await StartAsync(before.Database);
        await ComesAsync(first, 1);
        await IdleAsync(first);
        Assert.Equal(OfNight(anHourAgo.Date), await RequestedAsync(first, "sunrise"));
        Assert.Equal("", await RequestedAsync(first, "moonlight"));
    }

    private static async Task<(string, string)> SettingAsync(HttpClient client)
    {
        var schedule = await client.Typed().ScheduleShowAsync(Books);
        return (schedule.Source, schedule.Cron);
    }

    private static string Tag(HttpResponseMessage response) => response.Headers.ETag!.Tag;

    private static async Task<int> PutSeenAsync(HttpClient client, object setting, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = Json(setting) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue(tag));
        return (int)(await client.SendAsync(request)).StatusCode;
    }

    private static StringContent Json(object setting) =>
        new(JsonSerializer.Serialize(setting), null, "application/json");

    private static string TextOf(ScheduleChange change)
    {
        // The description leaves open what a setting is.
        static string TimeOf(object setting) => ((JsonElement)setting).GetProperty("cron").GetString()!.Split(' ')
            is var at ? $"{at[2],2}:{at[1],2}".Replace(' ', '0') : "";
        return $"{change.Version} {change.By} {TimeOf(change.From)}-{TimeOf(change.To)}";
    }
}
