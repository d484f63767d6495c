using Isf.Client;
using Isf.Hosting.Http;
using Isf.Support;

namespace Isf.Tests.Support;

/// <summary>Tests SetVisitFileProfile, ShowVisitFileProfiles and the councils' formats over HTTP.</summary>
public sealed class Visit_files_are_read_by_profiles(SupportHost shared) : IClassFixture<SupportHost>
{
    private const string Portal = "FileReference,Description,Created,ProviderRef,ContractNumber,ServiceUserRef,"
        + "ServiceUserDetails,WeekEnding,OurRef,ServiceUserContribution,PaymentClaimed,ServiceType,VisitDate,"
        + "StartTimeClaimed,DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers,A,B,C,D,E\n";

    private static readonly object Contracts = new
    {
        format = "abacus-csv", description = "the council's portal",
        fields = new
        {
            fundId = new { from = "{ServiceUserRef}", values = new Dictionary<string, string> { ["SU 1"] = "F-1" } },
            lineId = new
            {
                from = "{ContractNumber}|{ServiceType}",
                values = new Dictionary<string, string> { ["C/7|HOME CARE"] = "L-1" },
            },
        },
    };

    private static string Claim(string day, string duration = "00:45:00", string reference = "FR-1",
        string person = "SU 1") =>
        $"{reference},April,2026-04-13T09:00:00,P-1,C/7,{person},\"Ada, Leeds\",12/04/2026,,0,100.00,HOME CARE,{day},"
        + $"08:00:00,00:45:00,08:00:00,{duration},False,1,,,,,\n";

    private static readonly string Return = Portal + Claim("06/04/2026") + Claim("08/04/2026", "00:00:00")
        + Claim("10/04/2026", "00:30:00") + Claim("10/04/2026", reference: "FR-2")
        + Claim("10/04/2026", person: "SU 2");

    [Fact]
    public async Task A_profile_is_created_changed_shown_and_listed()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        await (await care.PutAsync("/v1/visit-file-profiles/portal", Contracts)).NeedsAsync(201);
        await (await care.PutAsync("/v1/visit-file-profiles/portal", Contracts)).NeedsAsync(200);
        var other = new { format = "visits-csv", fields = new { note = new { from = "{Remarks}" } } };
        var second = await care.PutAsync("/v1/visit-file-profiles/portal", other);
        Assert.Equal((409, "id-used-for-something-else"), ((int)second.StatusCode, await second.CodeAsync()));
        await (await care.PutAsync("/v1/visit-file-profiles/portal", other, version: 1)).NeedsAsync(200);
        var late = await care.PutAsync("/v1/visit-file-profiles/portal", Contracts, version: 1);
        Assert.Equal((412, "has-moved-on"), ((int)late.StatusCode, await late.CodeAsync()));
        await (await care.PutAsync("/v1/visit-file-profiles/agency", Contracts)).NeedsAsync(201);
        var shown = await host.As(Role.HolderFinance).GetAsync("/v1/visit-file-profiles/portal");
        Assert.Equal(("\"2\"", "{Remarks}"),
            (shown.Headers.ETag!.Tag, (await shown.ReadAsync<VisitFileProfile>()).Fields["note"].From));
        var list = await care.Typed().ShowVisitFileProfilesListAsync(limit: 1);
        Assert.Equal(("agency", "agency"), (list.Items[0].Id, list.Next));
        Assert.Equal("unknown-profile", await (await care.GetAsync("/v1/visit-file-profiles/none")).CodeAsync());
        Assert.Equal(403, (int)(await host.As(Role.HolderFinance)
            .PutAsync("/v1/visit-file-profiles/portal", Contracts)).StatusCode);
    }

    [Fact]
    public async Task A_tab_can_be_the_separator_of_a_profile()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visit-file-profiles/tabs",
            new { format = "visits-csv", separator = "\t", fields = new { } })).NeedsAsync(201);
        var text = Care.File(Care.Rows(2)).Replace(',', '\t');
        Assert.Equal("done 2: 2 0 0 0", Care.Counts(await care.ImportAsync("R-1", text, "&profile=tabs")));
    }

    [Fact]
    public async Task A_profile_that_cannot_work_is_refused_with_its_place()
    {
        var host = await shared.OpenAsync();
        var response = await host.As(Role.HolderCare).PutAsync("/v1/visit-file-profiles/p", new
        {
            format = "visits-csv", fields = new { outcome = new { from = "{Status}", otherwise = "done" } },
        });
        var problem = await (await response.NeedsAsync(422)).JsonAsync();
        Assert.Equal("cannot-work /fields/outcome/otherwise",
            $"{problem["code"]} {problem["errors"]![0]!["pointer"]}");
        var unknown = await host.As(Role.HolderCare).PutAsync("/v1/visit-file-profiles/p",
            new { format = "visits-csv", fields = new { note = new { from = "{Remarks}", form = "" } } });
        Assert.Equal("unknown-field", await unknown.CodeAsync());
    }

    [Fact]
    public async Task A_councils_return_is_read_by_its_profile()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visit-file-profiles/portal", Contracts)).NeedsAsync(201);
        var file = await care.ImportAsync("R-1", Return, "&profile=portal", "abacus-csv");
        Assert.Equal("done 5: 3 0 0 2", Care.Counts(file));
        Assert.Equal("abacus-csv portal FR-1 dd/mm/yyyy hh:mm:ss hh:mm:ss",
            $"{file.Format} {file.Profile} {file.FileReference} {file.Dates[0]} {file.Times[0]} {file.Durations[0]}");
        Assert.Equal(["A", "B", "C", "D", "E"], file.IgnoredColumns);
        Assert.Equal(file.Bytes, file.BytesRead);
        Assert.Equal([(5, "FileReference", "other-file-reference"), (6, "ServiceUserRef", "unknown-value")],
            (await care.Typed().ShowRejectionsGetAsync(file.Id)).Items.Select(row => (row.Line, row.Field, row.Code)));
        var expected = await care.ExpectedAsync("2026-04-06", "2026-04-10");
        Assert.Equal([("delivered", 45), ("missed-by-provider", 0), ("delivered", 30)],
            expected.Items.Select(item => (item.Became, item.AnsweredMinutes)));
    }

    // The file was stored under the first version of the profile; sent again, it is the same file.
    [Fact]
    public async Task A_councils_return_that_is_sent_again_counts_once_although_the_profile_has_changed()
    {
        var care = await Care.PlannedAsync(await shared.OpenAsync());
        await (await care.PutAsync("/v1/visit-file-profiles/portal", Contracts)).NeedsAsync(201);
        await care.ImportAsync("R-1", Return, "&profile=portal", "abacus-csv");
        await (await care.PutAsync("/v1/visit-file-profiles/portal", new { format = "abacus-csv", fields = new { } },
            version: 1)).NeedsAsync(200);
        Assert.Equal(200, (int)(await care.SendFileAsync("R-1", Return, "&profile=portal", "abacus-csv")).StatusCode);
        var otherwise = await care.SendFileAsync("R-1", Return, "", "abacus-csv");
        Assert.Equal((409, "reference-used"), ((int)otherwise.StatusCode, await otherwise.CodeAsync()));
        Assert.Equal("done 5: 0 0 0 5",
            Care.Counts(await care.ImportAsync("R-2", Return, "&profile=portal", "abacus-csv")));
        var wrong = await care.SendFileAsync("R-3", Return, "&profile=portal");
        Assert.Equal((422, "profile-of-other-format"), ((int)wrong.StatusCode, await wrong.CodeAsync()));
    }

    private const string BeforeProfiles = """
        insert into support.mt_doc_visitfile (tenant_id, id, data, mt_last_modified, mt_dotnet_type, mt_version)
        values ('sunrise', 'f1', '{"id":"f1","reference":"R-1","format":"visits-csv","dryRun":false,"attempt":1,
          "sha256":"x","bytes":1,"storedAt":"2026-05-31T08:00:00Z","state":"done","line":2,"read":1,"new":1,
          "updated":0,"unchanged":0,"rejected":0,"ignoredColumns":[],"encoding":"utf-8","separator":","}', now(),
          'VisitFile', 1);
        insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'F-1',
          '{"id": "F-1", "personId": "P-1", "councilId": "E10000009", "opensOn": "2026-04-06"}', 'Fund');
        insert into support.mt_doc_plan (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'PL-1',
          '{"id": "PL-1", "fundId": "F-1", "versions": [{"version": 1, "from": "2026-04-06", "lines": []}]}', 'Plan')
        """;

    [Fact]
    public async Task A_database_from_before_profiles_reads_its_waiting_files()
    {
        await using var older = await OlderDatabase.AsOfAsync(SupportService.Describe(), 1);
        await older.RunAsync(BeforeProfiles);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "support", Database = older.Owner });
        var care = host.As(Role.HolderCare);
        Assert.Equal("done 1: 1 0 0 0", Care.Counts(await care.Typed().ShowVisitFileGetAsync("f1")));
        await (await care.PutAsync("/v1/visit-file-profiles/portal", Contracts)).NeedsAsync(201);
        // The fifth migration added a fund column, by which plans are found.
        var plans = await care.Typed().ShowPlansListAsync("F-1");
        Assert.Equal("PL-1", Assert.Single(plans.Items).PlanId);
    }
}
