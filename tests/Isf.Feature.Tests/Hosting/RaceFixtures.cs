using System.Globalization;
using static Isf.Tests.Hosting.RaceBodies;

namespace Isf.Tests.Hosting;

/// <summary>
/// A service's copy of the raced document. Sql selects one text for a holder ($1). Reads is the text expected after the
/// change that won, with {v} for the version of that change and {n} for its number among all requests.
/// </summary>
internal sealed record Held(string Service, string Sql, string Reads);

/// <summary>
/// A race on a route that accepts If-Match, with the path, the body by number, and all services that keep a copy.
/// </summary>
internal sealed record RaceFixture(string Route, string Path, Func<int, string> Body, params Held[] Holds)
{
    /// <summary>The expected response to a request with other content and without If-Match.</summary>
    public (int Status, string Code) Unnamed { get; init; } = (409, "id-used-for-something-else");

    /// <summary>Whether a plan must exist first.</summary>
    public bool FollowsAPlan { get; init; }

    /// <summary>
    /// The role that changes the document, which is a holder's admin, or the operator for settings of the whole
    /// installation.
    /// </summary>
    public string Role { get; init; } = Isf.Hosting.Http.Role.HolderAdmin;

    /// <summary>The number of different requests. Request numbers begin again at 0 after the last of them.</summary>
    public const int Numbers = 2_000;

    /// <summary>One fixture for each route.</summary>
    public static readonly RaceFixture[] All =
    [
        new("/v1/holder", "/v1/holder", Holder,
            Document("funds", "holder", "data #>> '{details,complaints}'"),
            StatementFact("holder", "data ->> 'complaints'"),
            new("ledger", "select data ->> 'version' from ledger.mt_doc_periodcalendar where tenant_id = $1", "{v}")),
        new("/v1/people/{id}", "/v1/people/P-R", Person,
            Document("funds", "person", "data #>> '{details,councilRef}'", "P-R"),
            StatementFact("person", "data ->> 'councilRef'", "P-R"),
            Latest("reconciliation", "knownperson", "data ->> 'councilRef'", "data ->> 'personId' = 'P-R'")),
        new("/v1/providers/{id}", "/v1/providers/V-R", n =>
            $$"""{"name":"{{n}}","kind":"agency","vat":{"registered":false} }""",
            Document("funds", "provider", "data #>> '{details,name}'", "V-R"),
            StatementFact("provider", "data ->> 'name'", "V-R")),
        new("/v1/funds/{fundId}", "/v1/funds/F-R", Fund,
            Document("funds", "fund", "data #>> '{details,agreement,hospital,paidDays}'", "F-R"),
            new("support", """
                select (data #>> '{versions,-1,version}') || ' ' || (data #>> '{versions,-1,hospitalPaidDays}')
                from support.mt_doc_agreement where tenant_id = $1 and id = 'F-R'
                """, "{v} {n}"),
            new("ledger", "select max(version)::text from ledger.agreements where holder_id = $1 and fund_id = 'F-R'",
                "{v}"),
            Latest("reconciliation", "knownagreement", "'of it'", "data ->> 'fundId' = 'F-R'", "{v} of it"),
            new("statements", """
                select max(version)::text from statements.kept
                where holder_id = $1 and kind = 'agreement' and fund_id = 'F-R'
                """, "{v}")),
        new("/v1/funds/{fundId}/budgets/{id}", "/v1/funds/F-2/budgets/B-R", Budget,
            Document("funds", "budget", Past(100_000, "data #>> '{details,weeklyPence}'"), "B-R"),
            StatementFact("budget", Past(100_000, "data ->> 'weeklyPence'"), "B-R"),
            Latest("reconciliation", "knownbudget", Past(100_000, "data ->> 'isfWeeklyPence'"),
                "data ->> 'budgetId' = 'B-R'"),
            Promised("F-2", "B-R", Moved("budget/council", "-{0} / 52 - 100000", "fund_id = 'F-2'"))),
        new("/v1/funds/{fundId}/allocations/{id}", "/v1/funds/F-1/allocations/A-R", Allocation,
            Document("funds", "allocation", Past(10_000, "data #>> '{details,weeklyPence}'"), "A-R"),
            new("support", """
                select a.data ->> 'version' || ' ' || (p.data #>> '{versions,-1,version}')
                from support.mt_doc_allocation a join support.mt_doc_agreedprices p using (tenant_id, id)
                where tenant_id = $1 and id = 'A-R'
                """, "{v} {v}"),
            new("invoicing", """
                select max(version)::text from invoicing.allocation_terms
                where holder_id = $1 and allocation_id = 'A-R'
                """, "{v}"),
            StatementFact("allocation", Past(10_000, "data ->> 'weeklyPence'"), "A-R"),
            Promised("F-1", "A-R", Moved("promised/A-R", "{0} / 52 - 10000"))),
        new("/v1/funds/{fundId}/plans/{id}", "/v1/funds/F-1/plans/PL-1", Plan,
            Document("support", "plan", "data #>> '{versions,-1,lines,0,purpose}'", "PL-1"),
            StatementFact("plan", "data #>> '{0,purpose}'", "PL-1"),
            new("ledger", Moved("planned/L-1", "{0} - 1000", "effective_on = '2026-06-08'"), "{n}")),
        new("/v1/funds/{fundId}/absences/{id}", "/v1/funds/F-1/absences/X-R", Absence,
            Document("support", "absence", "(data ->> 'to')::date - date '2026-07-01'", "X-R")),
        new("/v1/visits/{id}", "/v1/visits/W-R", Visit,
            new("support", "select version || ' ' || note from support.visit where holder_id = $1", "{v} {n}"),
            new("invoicing", """
                select visit_version || ' ' || (answers_minutes + extra_minutes - 15) from invoicing.priced_visits
                where holder_id = $1 order by version desc limit 1
                """, "{v} {m}"),
            new("ledger", Moved("delivered/L-1", "{0} - 15"), "{m}"))
        { FollowsAPlan = true, Unnamed = (428, "version-needed") },
        new("/v1/check-terms", "/v1/check-terms", n =>
            $$"""{"travelMinutes":{{n % 121}},"workerHoursADay":{{1 + (n / 121)}} }""",
            Document("support", "checkterms",
                "(data ->> 'travelMinutes')::int + 121 * ((data ->> 'workerHoursADay')::int - 1)")),
        new("/v1/visit-file-profiles/{id}", "/v1/visit-file-profiles/R", n =>
            $$$"""{"format":"visits-csv","description":"{{{n}}}","fields":{"note":{"from":"{Remarks}"} } }""",
            Document("support", "visitfileprofile", "data ->> 'description'", "R")),
        new("/v1/schedules/{name}", "/v1/schedules/close-weeks", Setting,
            new Held("support", $"""
                select (select max(version) from support.schedule_changes where holder_id = $1) || ' ' || {CronNumber}
                from support.holder_schedules where holder_id = $1
                """, "{v} {n}"))
        { Unnamed = (428, "if-match-needed") },
        new("/v1/operator/schedules/{name}", "/v1/operator/schedules/plan-ahead", Setting,
            new Held("support", $"""
                select (version + 1) || ' ' || {CronNumber} from support.schedules
                where $1 <> '' and schedule = 'plan-ahead'
                """, "{v} {n}"))
        { Role = Isf.Hosting.Http.Role.Operator },
    ];

    /// <summary>
    /// Selects the number of journals in the Ledger, and of their copies in Statements and in Reconciliation.
    /// </summary>
    public static readonly Held Journals = new("copies of journals", """
        select (select count(*) from ledger.journals where holder_id = $1)
          || ' ' || (select count(*) from statements.journals where holder_id = $1)
          || ' ' || (select count(*) from reconciliation.journals where holder_id = $1)
        """, "");

    private const string CronNumber =
        "(split_part(cron, ' ', 1)::int + 60 * split_part(cron, ' ', 2)::int)";

    // Selects the document in the service that owns it.
    private static Held Document(string service, string document, string number, string? id = null) => new(service,
        $"""
        select mt_version || ' ' || ({number}) from {service}.mt_doc_{document}
        where tenant_id = $1 and id = {(id is null ? "id" : $"'{id}'")}
        """, "{v} {n}");

    // Selects the copy in Statements.
    private static Held StatementFact(string kind, string number, string? id = null) => new("statements",
        $"""
        select version || ' ' || ({number}) from statements.kept
        where holder_id = $1 and kind = '{kind}' and id = {(id is null ? "$1" : $"'{id}'")}
        """, "{v} {n}");

    // Selects the latest version of a copy, in a service that stores each version as a document of its own.
    private static Held Latest(
        string service, string document, string number, string which, string reads = "{v} {n}") => new(service,
        $"""
        select (data ->> 'version') || ' ' || ({number}) from {service}.mt_doc_{document}
        where tenant_id = $1 and {which} order by (data ->> 'version')::int desc limit 1
        """, reads);

    // Selects the version of the terms that the Ledger posted last, and the amount posted for one of its 52 weeks.
    private static Held Promised(string fund, string id, string posted) => new("ledger", $"""
        select (select max(version) from ledger.promises
          where holder_id = $1 and fund_id = '{fund}' and promise_id = '{id}') || ' ' || ({posted})
        """, "{v} {n}");

    // Returns SQL for the net amount moved to an account.
    private static string Moved(string account, string number, string which = "true")
    {
        var sum = $"(coalesce(sum(amount) filter (where to_place = '{account}'), 0)"
            + $" - coalesce(sum(amount) filter (where from_place = '{account}'), 0))";
        return $"select ({string.Format(CultureInfo.InvariantCulture, number, sum)})::bigint::text "
            + $"from ledger.moves where holder_id = $1 and {which}";
    }

    private static string Past(int pence, string text) => $"({text})::int - {pence}";
}
