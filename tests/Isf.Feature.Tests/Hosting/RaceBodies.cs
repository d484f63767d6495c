using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// The request bodies of the races, as JSON with a number from 0 to 1999, and the requests that must come before every
/// race.
/// </summary>
internal static class RaceBodies
{
    private const string PriceList = """{"rates":[{"code":"weekday","unit":"hour","pence":2400}]}""";

    /// <summary>The requests before every race, in order.</summary>
    public static readonly (string Path, string Body)[] Before =
    [
        ("/v1/people/P-1", Person(0)),
        ("/v1/providers/V-1", """{"name":"Brook Care","kind":"agency","vat":{"registered":false}}"""),
        ("/v1/funds/F-1", Fund(1)),
        ("/v1/funds/F-2", Fund(1)),
        ("/v1/funds/F-1/budgets/B-1", Budget(0)),
        ("/v1/funds/F-1/allocations/A-1", Allocation(0)),
    ];

    public static string Holder(int n) => $$$"""
        {"name":"Sunrise Support","address":"1 High Street","phone":"01632 960001","email":"ask@sunrise.example",
         "complaints":"{{{n}}}","periods":{"every":"4-weeks","firstOn":"2026-04-06"},
         "payments":{"sortCode":"000000","accountNumber":"00000000","accountName":"SUNRISE"},
         "tolerances":{"minutes":15,"pence":100,"percent":2}}
        """;

    public static string Person(int n) =>
        $$"""{"name":"Ada Example","nation":"england","format":"plain","language":"en","councilRef":"{{n}}"}""";

    public static string Fund(int n) => $$$"""
        {"personId":"P-1","councilId":"E10000009","kind":"isf","opensOn":"2026-03-30","agreement":{
          "signedOn":"2026-03-30","parties":["person","holder","council"],
          "payment":{"every":"4-weeks","firstOn":"2026-04-06"},"contribution":"to-holder",
          "spendOrder":"person-first","hospital":{"paidDays":{{{n}}} } } }
        """;

    public static string Budget(int n) => $$"""
        {"from":"2026-04-06","to":"2027-04-04","weeklyPence":{{100_000 + n}},"weeklyMinutes":10000,
         "sources":[{"source":"council","weeklyPence":{{100_000 + n}} }],
         "deployment":[{"as":"isf","weeklyPence":{{100_000 + n}} }]}
        """;

    public static string Allocation(int n) => $$"""
        {"providerId":"V-1","kind":"regular","from":"2026-04-06","to":"2027-04-04","weeklyMinutes":600,
         "weeklyPence":{{10_000 + n}},"claim":"on-delivery","priceList":{{PriceList}} }
        """;

    public static string Plan(int n) => $$"""
        {"from":"2026-04-06","to":"2027-04-04","lines":[
          {"lineId":"L-1","allocationId":"A-1","purpose":"{{n}}","weeklyMinutes":{{1_000 + n}} }]}
        """;

    public static string Setting(int n) =>
        $$"""{"cron":"{{n % 60}} {{n / 60}} 3 * * ?","zone":"Europe/London","enabled":true}""";

    public static string Absence(int n) =>
        $$"""{"from":"2026-07-01","to":"{{new LocalDate(2026, 7, 1).PlusDays(n):uuuu-MM-dd}}","kind":"holiday"}""";

    public static string Visit(int n) => $$"""
        {"fundId":"F-1","lineId":"L-1","start":"2026-04-06T08:00:00+01:00",
         "end":"{{new LocalTime(8, 15).PlusMinutes(n % 60):'2026-04-06T'HH:mm:ss}}+01:00",
         "outcome":"delivered","note":"{{n}}"}
        """;
}
