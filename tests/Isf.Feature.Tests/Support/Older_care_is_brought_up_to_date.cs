using Isf.Hosting.Http;
using Isf.Support;

namespace Isf.Tests.Support;

/// <summary>Each migration of Support upgrades care left by the one before it.</summary>
public sealed class Older_care_is_brought_up_to_date
{
    private const string BeforeWeeksClosed = """
        insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'F-1',
          '{"id": "F-1", "personId": "P-1", "councilId": "E10000009", "opensOn": "2026-04-06"}', 'Fund');
        insert into support.plan_horizon (holder_id, fund_id, planned_to) values ('sunrise', 'F-1', '2026-08-24');
        insert into support.visit (holder_id, visit_id, version, fund_id, line_id, allocation_id, service, start_at,
          end_at, carers, outcome, care_on, occurrence, occurrence_minutes, occurrence_carers, places,
          answers_minutes, extra_minutes)
        values ('sunrise', 'V-1', 1, 'F-1', 'L-1', 'A-1', 'support', '2026-04-06 07:00Z', '2026-04-06 07:45Z', 1,
          'delivered', '2026-04-06', '2026-04-06 08:00', 60, 1, 1, 45, 0)
        """;

    [Fact]
    public async Task Visits_and_funds_from_before_weeks_closed_are_read_and_closed()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 2);
        await older.RunAsync(BeforeWeeksClosed);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "support", Database = older.Owner });
        var scene = new Scene(host, "sunrise");
        var visit = await scene.As(Role.HolderCare).VisitAsync("V-1");
        Assert.Equal((45, 0), (visit.AnswersMinutes, visit.ChargedNotGivenMinutes));
        var run = await (await scene.As(Role.HolderAdmin).PostAsync(
            "/v1/schedules/close-weeks/run", new { upTo = "2026-04-19" })).NeedsAsync(202);
        Assert.NotEmpty(run.Headers.GetValues("Isf-Fact"));
        await Care.UntilIdleAsync(scene);
        Assert.Equal("1 short 15", await older.RunAsync("""
            select concat_ws(' ', version, lines #>> '{0,missed,0,reason}', lines #>> '{0,missed,0,released}')
            from support.closed_week
            """));
        Assert.Equal("2026-04-12", await older.RunAsync("select closed_to::text from support.plan_horizon"));
    }

    [Fact]
    public async Task Visits_from_before_the_checks_can_be_corrected_and_are_looked_at_then()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 3);
        await older.RunAsync("""
            insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'F-1',
              '{"id": "F-1", "personId": "P-1", "councilId": "E10000009", "opensOn": "2026-03-30"}', 'Fund');
            insert into support.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'A-1',
              '{"id": "A-1", "fundId": "F-1", "version": 1, "from": "2026-04-06", "to": "2027-04-04"}', 'Allocation');
            insert into support.visit (holder_id, visit_id, version, fund_id, line_id, allocation_id, service,
              worker_id, start_at, end_at, carers, outcome, care_on, occurrence_minutes, occurrence_carers, places,
              answers_minutes, extra_minutes)
            values ('sunrise', 'V-1', 1, 'F-1', 'L-1', 'A-1', 'support', 'W-1', '2026-04-06 09:00Z',
              '2026-04-06 09:45Z', 1, 'delivered', '2026-04-06', 0, 0, 0, 0, 45)
            """);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "support", Database = older.Owner });
        var scene = new Scene(host, "sunrise");
        var care = scene.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-1",
            Care.Visit("2026-04-07T10:00:00+01:00", "2026-04-07T10:45:00+01:00"), version: 1)).NeedsAsync(200);
        await Care.UntilIdleAsync(scene);
        Assert.Equal("outside-plan V-1",
            await older.RunAsync("select concat_ws(' ', kind, visits[1]) from support.care_flag"));
    }

    [Fact]
    public async Task Visits_that_were_charged_though_not_given_stay_charged()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 5);
        await older.RunAsync("""
            insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'F-1',
              '{"id": "F-1", "personId": "P-1", "councilId": "E10000009", "opensOn": "2026-03-30"}', 'Fund');
            insert into support.visit (holder_id, visit_id, version, fund_id, line_id, allocation_id, service,
              planned_start, planned_minutes, carers, outcome, care_on, occurrence, occurrence_minutes,
              occurrence_carers, places, answers_minutes, extra_minutes, charged_minutes)
            values ('sunrise', 'V-1', 1, 'F-1', 'L-1', 'A-1', 'support', '2026-04-06 07:00Z', 45, 1, 'no-access',
              '2026-04-06', '2026-04-06 08:00', 45, 1, 1, 0, 0, 45)
            """);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "support", Database = older.Owner });
        var visit = await new Scene(host, "sunrise").As(Role.HolderCare).VisitAsync("V-1");
        Assert.Equal((45, true), (visit.ChargedNotGivenMinutes, visit.ChargedNotGiven));
    }

    private const string StayOfF2 = """
        insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type)
        select 'sunrise', id, jsonb_build_object('id', id, 'personId', 'P-1', 'councilId', 'E10000009',
          'opensOn', '2026-03-30'), 'Fund' from unnest(array['F-1', 'F-2']) id;
        insert into support.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type)
        values ('sunrise', 'A-1', '{"id": "A-1", "fundId": "F-1", "version": 1, "from": "2026-04-06",
            "to": "2027-04-04"}', 'Allocation'),
          ('sunrise', 'A-2', '{"id": "A-2", "fundId": "F-2", "version": 1, "from": "2026-04-06",
            "to": "2027-04-04", "untimed": [{"service": "support", "isStay": true}]}', 'Allocation');
        insert into support.visit (holder_id, visit_id, version, fund_id, line_id, allocation_id, service,
          worker_id, start_at, end_at, carers, outcome, care_on, occurrence_minutes, occurrence_carers, places,
          answers_minutes, extra_minutes)
        values ('sunrise', 'S-1', 1, 'F-2', 'L-1', 'A-2', 'support', 'W-1', '2026-04-06 09:00Z',
          '2026-05-03 23:00Z', 1, 'delivered', '2026-04-06', 0, 0, 0, 0, 0)
        """;

    [Fact]
    public async Task A_stay_that_began_weeks_before_meets_a_visit_of_its_worker_elsewhere()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 6);
        await older.RunAsync(StayOfF2);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "support", Database = older.Owner });
        var scene = new Scene(host, "sunrise");
        var care = scene.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(201);
        foreach (var (id, day, worker) in new[] { ("V-1", 20, "W-1"), ("V-2", 22, "W-2"), ("V-3", 24, "W-1") })
        {
            await (await care.PutAsync("/v1/visits/" + id, new
            {
                fundId = "F-1", lineId = "L-1", workerId = worker, outcome = "delivered",
                start = $"2026-04-{day}T08:00:00+01:00", end = $"2026-04-{day}T08:45:00+01:00",
            })).NeedsAsync(201);
        }
        await Care.UntilIdleAsync(scene);
        Assert.Equal("worker-overlap V-1 S-1, worker-overlap V-3 S-1", await older.RunAsync("""
            select string_agg(concat_ws(' ', kind, visits[1], visits[2]), ', ' order by visits)
            from support.care_flag
            """));
    }

    private const string Priced = """
        insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'F-1',
          '{"id": "F-1", "personId": "P-1", "councilId": "E10000009", "opensOn": "2026-03-30"}', 'Fund');
        insert into support.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'A-1',
          '{"id": "A-1", "fundId": "F-1", "version": 1, "from": "2026-04-06", "to": "2027-04-04"}', 'Allocation');
        insert into support.mt_doc_agreedprices (tenant_id, id, data, mt_dotnet_type)
        select 'sunrise', 'A-' || n, jsonb_build_object('id', 'A-' || n, 'fundId', 'F-1', 'versions',
          jsonb_build_array(jsonb_build_object('version', 1, 'setOn', '2026-04-01', 'list',
            jsonb_build_object('rates', rates::jsonb)))), 'AgreedPrices'
        from (values (1, '[{"code": "d", "unit": "hour", "pence": 2400, "to": "2026-04-30"}]'),
          (2, '[{"code": "d", "unit": "hour", "pence": 2400}]'), (3, '[]'),
          (4, '[{"code": "d", "unit": "hour", "pence": 2400, "from": "2026-05-01"},
                {"code": "m", "service": "mileage", "unit": "mile", "pence": 45, "to": "2026-04-30"}]')) a(n, rates)
        """;

    [Fact]
    public async Task Lists_from_before_tell_on_which_days_all_their_services_have_a_rate()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 10);
        await older.RunAsync(Priced);
        await older.UpgradeAsync();
        Assert.Equal("(,2026-05-01) | (,) | empty | empty", (string)(await older.RunAsync("""
            select string_agg(replace(replace(priced_days::text, '[-infinity', '('), 'infinity]', ')'), ' | '
              order by id)
            from support.mt_doc_agreedprices
            """))!);
        await using var host = await TestHost.StartAsync(new() { Services = "support", Database = older.Owner });
        var scene = new Scene(host, "sunrise");
        var care = scene.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(201);
        foreach (var day in new[] { "04-29", "05-11" })
        {
            await (await care.PutAsync($"/v1/visits/V-{day}",
                Care.Visit($"2026-{day}T08:00:00+01:00", $"2026-{day}T08:45:00+01:00"))).NeedsAsync(201);
        }
        await Care.UntilIdleAsync(scene);
        Assert.Equal("service-not-priced V-05-11",
            await older.RunAsync("select string_agg(concat_ws(' ', kind, visits[1]), ', ') from support.care_flag"));
    }

    [Fact]
    public async Task A_flag_for_each_pair_of_visits_becomes_one_for_each_visit_and_answers_stay()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 7);
        await older.RunAsync("""
            insert into support.care_flag (holder_id, flag_id, kind, fund_id, worker_id, care_on, visits, evidence,
              state, found_at)
            select 'sunrise', gen_random_uuid(), 'worker-overlap', 'F-1', 'W-1', '2026-04-06',
              array['V-' || late, 'V-' || early], 'Both.', case late when 2 then 'resolved' else 'open' end, now()
            from generate_series(1, 14) late, generate_series(1, 14) early where early < late;
            insert into support.care_flag_visit
            select holder_id, visit_id, flag_id from support.care_flag, unnest(visits) visit_id on conflict do nothing
            """);
        await older.UpgradeAsync();
        Assert.Equal("13 104 10 1", await older.RunAsync("""
            select concat_ws(' ', count(*), sum(count), max(cardinality(visits)),
              count(*) filter (where state = 'resolved')) from support.care_flag
            """));
        Assert.Equal("V-14 V-1 The same goes for 12 more visits.", await older.RunAsync("""
            select concat(visits[1], ' ', visits[2], substr(evidence, 6)) from support.care_flag where count = 14
            """));
        Assert.Equal(0L, await older.RunAsync("""
            select count(*) from support.care_flag_visit v where not exists (
              select from support.care_flag f where f.flag_id = v.flag_id and v.visit_id = any(f.visits))
            """));
    }
}
