using System.Text.RegularExpressions;
using Isf.Hosting.Http;
using Isf.Tests.Reconciliation;
using Isf.Tests.Statements;
using Isf.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>One fund with data behind every route, and callers who may or may not see it.</summary>
public sealed partial class RightsScene : IAsyncLifetime
{
    private const string Holder = "?holder=sunrise";
    private string fileId = "";

    public TestHost Host { get; private set; } = null!;

    /// <summary>The caller for each letter of the table, and the query that they add to the URL.</summary>
    public IReadOnlyDictionary<char, (HttpClient Client, string Query)> Owners { get; private set; } = null!;

    /// <summary>Callers with the same role for whom the fund does not exist.</summary>
    public ILookup<char, (string Who, HttpClient Client, string Query)> Strangers { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync(new() { LookupRetryTime = TimeSpan.FromMilliseconds(100) });
        await Host.LiveAprilAsync();
        await RecordCareAsync(Host.As(Role.HolderCare));
        await GiveConsentsAsync(Host.As(Role.HolderAdmin));
        await Host.UntilIdleAsync();
        await IssueDocumentsAsync(Host.As(Role.HolderAdmin));
        await Host.UntilIdleAsync();
        Owners = FindOwners();
        Strangers = FindStrangers();
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    private async Task RecordCareAsync(HttpClient care)
    {
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/VI-1", Care.Visit())).NeedsAsync(201);
        await (await care.PutAsync("/v1/funds/F-1/absences/AB-1",
            new { from = "2026-05-11", to = "2026-05-12", kind = "hospital" })).NeedsAsync(201);
        var file = await care.ImportAsync("rights", Care.File(Care.Rows(1)));
        fileId = file.Id;
    }

    private static async Task GiveConsentsAsync(HttpClient admin)
    {
        foreach (var (id, sees, to) in new[] { ("statements", "statements", "2030-01-01"),
            ("visits", "visits", "2030-01-01"), ("expired", "both", "2026-05-31"),
            ("withdrawn", "both", "2030-01-01") })
        {
            await (await admin.PutAsync($"/v1/funds/F-1/consents/{id}", new
            { supporter = id, to, sees = sees == "both" ? ["statements", "visits"] : new[] { sees } }))
                .NeedsAsync(201);
        }
        await (await admin.PostAsync("/v1/funds/F-1/consents/withdrawn/withdraw", new { })).NeedsAsync(200);
    }

    private async Task IssueDocumentsAsync(HttpClient admin)
    {
        await Host.IssueAsync("S-1", StatementSample.April);
        await (await admin.PutAsync("/v1/councils/E10000009/feeds/FE-1",
            new { from = "2026-04-06", to = "2026-05-03" })).NeedsAsync(201);
        await Host.StateAsync("2026-05-31");
        await Host.CheckAsync("RU-1", "2026-05-31");
    }

    /// <summary>Every route of the running host, by method and path.</summary>
    public IEnumerable<string> Routes =>
        from route in Host.Routes
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}";

    /// <summary>
    /// Returns the path with the ids of the scene. If <paramref name="there"/> is false, unknown ids replace those
    /// that belong to people.
    /// </summary>
    internal string PathOf(Right right, bool there = true) => Placeholder().Replace(right.Path, placeholder =>
        placeholder.Groups[1].Value + "/" + (placeholder.Groups[1].Value switch
        {
            "funds" => there ? "F-1" : "F-NONE",
            "visits" => there ? "VI-1" : "VI-NONE",
            "feeds" => there ? "FE-1" : "FE-NONE",
            "statements" => "S-1",
            "plans" => "PL-1",
            "absences" => "AB-1",
            "people" => there ? "P-1" : "P-NONE",
            "providers" => there ? "V-1" : "V-NONE",
            "councils" => "E10000009",
            "visit-files" => there ? fileId : "NONE",
            "runs" => there ? "RU-1" : "RU-NONE",
            "schedules" => "state-books",
            "operator" => "ledger",
            "care-flags" => "7b0e2f52-0000-4000-8000-000000000000",
            _ => "X-1",
        }));

    private HttpClient Council(string council) => Host.As(Role.Council, null!, council: council);

    private HttpClient Supporter(string user) => Host.As(Role.Supporter, user: user);

    private Dictionary<char, (HttpClient, string)> FindOwners() => new()
    {
        ['A'] = (Host.As(Role.HolderAdmin), ""), ['F'] = (Host.As(Role.HolderFinance), ""),
        ['C'] = (Host.As(Role.HolderCare), ""), ['a'] = (Host.As(Role.Auditor), ""),
        ['p'] = (Host.As(Role.Person, person: "P-1"), ""), ['c'] = (Council("E10000009"), Holder),
        ['s'] = (Supporter("statements"), ""), ['v'] = (Supporter("visits"), ""),
        ['o'] = (Host.As(Role.Operator), ""),
    };

    private ILookup<char, (string Who, HttpClient Client, string Query)> FindStrangers() =>
        new (char Letter, string Who, HttpClient Client, string Query)[]
        {
            ('A', "another holder", Host.As(Role.HolderAdmin, "moonrise"), ""),
            ('F', "another holder", Host.As(Role.HolderFinance, "moonrise"), ""),
            ('C', "another holder", Host.As(Role.HolderCare, "moonrise"), ""),
            ('a', "another holder", Host.As(Role.Auditor, "moonrise"), ""),
            ('p', "another person", Host.As(Role.Person, person: "P-8"), ""),
            ('p', "another holder's", Host.As(Role.Person, "moonrise", person: "P-1"), ""),
            ('p', "nobody", Host.As(Role.Person), ""), ('c', "another council", Council("E10000014"), Holder),
            ('c', "their council, of another holder", Council("E10000009"), "?holder=moonrise"),
            ('c', "no council", Host.As(Role.Council, null!), Holder),
            ('s', "the other consent", Supporter("visits"), ""),
            ('v', "the other consent", Supporter("statements"), ""),
        }.Concat(
            from letter in "sv" from user in new[] { "expired", "withdrawn", "nobody" }
            select (letter, user, Supporter(user), ""))
        .ToLookup(entry => entry.Item1, entry => (entry.Item2, entry.Item3, entry.Item4));

    [GeneratedRegex(@"([a-z-]+)/\{\w+\}")]
    private static partial Regex Placeholder();
}
