using System.Net;
using System.Text.Json.Nodes;
using Isf.Client;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Invoicing.Quotes;

namespace Isf.Tests.Invoicing;

/// <summary>
/// Tests QuotePrice over HTTP with worked figures, against the prices of the chain, and for every refusal.
/// </summary>
public sealed class Quotes_say_what_the_chain_will_charge(PricingHost pricing) : IClassFixture<PricingHost>
{
    private static readonly object Rates = new
    {
        rates = new object[]
        {
            new { code = "weekday", unit = "hour", pence = 2400 },
            new
            {
                code = "holiday", when = new { publicHoliday = true }, unit = "hour", pence = 4800, from = "2026-04-01",
            },
        },
    };

    private static object Request(object visit, object? list = null, string nation = "england") =>
        new { nation, priceList = list ?? Rates, visits = new[] { visit } };

    private static object Easter(string id = "V-1", int? carers = null) => new
    {
        id, start = "2026-04-06T09:00:00+01:00", end = "2026-04-06T09:45:00+01:00", carers,
    };

    private async Task<QuotePriceQuote> QuoteAsync(object request)
    {
        var response = await pricing.Host.As(Role.HolderFinance).PostAsync("/v1/quotes", request);
        return await (await response.NeedsAsync(200)).ReadAsync<QuotePriceQuote>();
    }

    [Fact]
    public async Task A_quote_has_its_total_its_parts_and_its_reason()
    {
        var host = pricing.Host;
        var client = host.As(Role.HolderFinance);
        var response = await client.PostAsync("/v1/quotes", Request(Easter(carers: 2)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""
            {"totalPence":7200,"warnings":[],"visits":[{"id":"V-1","pence":7200,"chargedMinutes":45,"carerMinutes":90,
            "parts":[{"rateCode":"holiday","minutes":45,"pence":7200}],
            "because":"45 minutes with two carers on Easter Monday at £48.00 an hour each 
            (bank holiday rate from 1 April 2026)"}]}
            """.ReplaceLineEndings(""), await response.Content.ReadAsStringAsync());
        Assert.Equal(1800, (await QuoteAsync(Request(Easter(), nation: "scotland"))).TotalPence);
        var nothing = await client.PostAsync(
            "/v1/quotes", new { nation = "wales", priceList = Rates, visits = Array.Empty<object>() });
        Assert.Equal("""{"totalPence":0,"warnings":[],"visits":[]}""", await nothing.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_no_rate_or_no_calendar_covers_is_priced_as_it_would_be_and_named()
    {
        var none = await QuoteAsync(Request(new
        {
            id = "V-1", service = "sleep-in", start = "2026-04-06T22:00:00+01:00", end = "2026-04-07T07:00:00+01:00",
        }));
        Assert.Equal((0, "service-not-priced"), (none.TotalPence, none.Warnings[0].Code));
        var far = await QuoteAsync(Request(new
        {
            id = "V-1", start = "2031-04-07T09:00:00+01:00", end = "2031-04-07T10:00:00+01:00",
        }));
        Assert.Equal((2400, "holidays-not-known"), (far.TotalPence, far.Warnings[0].Code));
    }

    [Fact]
    public async Task A_stay_that_begins_before_the_first_rate_is_quoted_for_the_days_that_have_one()
    {
        var quote = await QuoteAsync(Request(
            new { id = "V-1", start = "2026-04-05T00:00:00+01:00", end = "2026-05-04T00:00:00+01:00" },
            new
            {
                rates = new object[] { new { code = "live-in", unit = "week", pence = 42_000, from = "2026-04-06" } },
            }));
        Assert.Equal((168_000, "no-rate"), (quote.TotalPence, quote.Warnings[0].Code));
        Assert.EndsWith("the price list has no rate for another day of the stay", quote.Visits[0].Because);
    }

    private static readonly object SetOffList = new
    {
        weeklySetOff = true,
        rates = new object[]
        {
            new { code = "weekday", unit = "hour", pence = 2400 },
            new { code = "sleep-in", service = "sleep-in", unit = "night", pence = 8000 },
        },
    };

    [Fact]
    public async Task A_quoted_set_off_says_itself_and_a_sleep_in_makes_no_room_in_it()
    {
        var quote = await QuoteAsync(new
        {
            nation = "england",
            priceList = SetOffList,
            visits = new object[]
            {
                new { id = "V-1", plannedMinutes = 60, start = "2026-04-08T09:00:00+01:00",
                    end = "2026-04-08T11:00:00+01:00" },
                new { id = "V-2", service = "sleep-in", plannedMinutes = 540, start = "2026-04-08T22:00:00+01:00",
                    end = "2026-04-09T07:00:00+01:00" },
            },
        });
        Assert.Equal((10_400, 60), (quote.TotalPence, quote.Visits[0].ChargedMinutes));
        Assert.Equal("1 hour (2 hours given, set off within the week’s planned minutes) on Wednesday 8 April 2026 at "
            + "£24.00 an hour", quote.Visits[0].Because);
    }

    public static TheoryData<string, string, string> Lists => new()
    {
        { "/priceList/band", "no-band", """{"basis":"banded","rates":[{"code":"a","unit":"hour","pence":1}]}""" },
        { "/priceList/rates/0/disturbances/then", "no-such-rate",
            """{"rates":[{"code":"a","unit":"night","pence":1,"disturbances":{"free":2,"then":"b"}}]}""" },
        { "/priceList/rates", "rates-leave-a-gap",
            """{"rates":[{"code":"a","when":{"days":["mon"]},"unit":"hour","pence":1}]}""" },
        { "/priceList/rates/1", "rates-overlap",
            """{"rates":[{"code":"a","unit":"hour","pence":1},{"code":"b","unit":"hour","pence":2}]}""" },
        { "/priceList/rates/0/pence", "absurd-rate", """{"rates":[{"code":"a","unit":"hour","pence":-1}]}""" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_price_list_that_cannot_be_applied_is_refused_with_its_place(
        string pointer, string code, string list)
    {
        var host = pricing.Host;
        var response = await host.As(Role.HolderFinance)
            .PostAsync("/v1/quotes", Request(Easter(), JsonNode.Parse(list)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.Equal(ProblemException.CodeOf(QuotePrice.Refusal.PriceListCannotBeApplied), (string)problem["code"]!);
        Assert.Contains(problem["errors"]!.AsArray(), error =>
            (string)error!["pointer"]! == pointer && (string)error["code"]! == code);
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "/visits/0/start", "visit-refused", """{"id":"V"}""" },
        { "/visits/0/end", "visit-refused", """{"id":"V","start":"2026-04-06T10:00:00+01:00"}""" },
        { "/visits/0/end", "visit-refused", Timed("2026-04-06T10:00:00+01:00", "2026-04-06T09:59:00+01:00") },
        { "/visits/0/end", "visit-refused", Timed("2026-04-06T10:00:00+01:00", "2026-04-07T11:01:00+01:00") },
        { "/visits/0/carers", "visit-refused", Timed(more: "\"carers\":0") },
        { "/visits/0/id", "visit-refused", Timed(id: "a b") },
        { "/visits/0/service", "visit-refused", Timed(more: "\"service\":\"\"") },
        { "/visits/0/plannedMinutes", "visit-refused", Timed(more: "\"plannedMinutes\":0") },
        { "/visits/0/absenceDay", "visit-refused", Timed(more: "\"absenceDay\":0") },
        { "/visits/0/noticeHours", "visit-refused", Timed(more: "\"noticeHours\":1.005") },
        { "/visits/0/miles", "visit-refused", Timed(more: "\"miles\":-1") },
        { "/visits/0/disturbances/0", "visit-refused",
            Timed(more: """
                "disturbances":[{"start":"2026-04-06T09:10:00+01:00","end":"2026-04-06T10:20:00+01:00"}]
                """) },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_be_priced_is_refused_with_its_place(string pointer, string code, string visit)
    {
        var host = pricing.Host;
        var request = new { nation = "england", priceList = Rates, visits = new[] { JsonNode.Parse(visit) } };
        var response = await host.As(Role.HolderFinance).PostAsync("/v1/quotes", request);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.Equal((code, pointer), ((string)problem["code"]!, (string)problem["errors"]![0]!["pointer"]!));
    }

    [Fact]
    public async Task What_was_not_given_needs_its_day_only_where_the_price_depends_on_it()
    {
        var late = new { id = "V-1", outcome = "cancelled-by-person", noticeHours = 23.5, plannedMinutes = 60 };
        object[] steps = [new { noticeHoursUnder = 24, percent = 100 }];
        object[] always = [new { code = "all", unit = "hour", pence = 4000 }];
        object[] dated = [new { code = "all", unit = "hour", pence = 4000, from = "2026-04-06" }];
        var quote = await QuoteAsync(Request(late, new { rates = always, cancellation = steps }));
        const string because =
            "1 hour planned at £40.00 an hour, charged for a visit that the person cancelled";
        Assert.Equal((4000, because), (quote.TotalPence, quote.Visits[0].Because));
        var refused = await (await pricing.Host.As(Role.HolderFinance).PostAsync(
            "/v1/quotes", Request(late, new { rates = dated, cancellation = steps }))).JsonAsync();
        Assert.Equal("/visits/0/plannedStart", (string)refused["errors"]![0]!["pointer"]!);
        Assert.Equal(0, (await QuoteAsync(Request(late, new { rates = dated }))).TotalPence);
    }

    private static readonly object RoundedOnTheInvoice = new
    {
        round = new { at = "invoice" },
        rates = new object[]
        {
            new { code = "weekday", unit = "hour", pence = 2213 },
            new { code = "mileage", service = "mileage", unit = "mile", pence = 55, yearlyMiles = 100, thenPence = 25 },
        },
    };

    private static object TwentyMinutes(int number) => new
    {
        id = $"V-{number}", start = "2026-04-08T09:00:00+01:00", end = "2026-04-08T09:20:00+01:00",
    };

    [Fact]
    public async Task A_quote_has_all_that_depends_on_more_than_one_visit_and_says_what_is_to_be_known()
    {
        var quote = await QuoteAsync(new
        {
            nation = "england",
            priceList = RoundedOnTheInvoice,
            agreement = new
            {
                hospital = new { paidDays = 14 }, banking = new { keep = "money", expiresAfterWeeks = 12 },
            },
            soFar = new { miles = new[] { new { workerId = "W-1", miles = 90 } } },
            visits = Enumerable.Range(0, 20).Select(TwentyMinutes).Append(new
            {
                id = "M", service = "mileage", workerId = "W-1", miles = 20, plannedStart = "2026-04-08T09:00:00+01:00",
            }).Append(new { id = "H", outcome = "hospital", absenceDay = 14, plannedMinutes = 60 }),
        });
        Assert.Equal(14_753 + 800 + 2_213, quote.TotalPence);
        Assert.Equal(quote.TotalPence, quote.Visits.Sum(visit => visit.Pence));
        Assert.Equal("under-direct-cost", quote.Warnings[0].Code);
        Assert.Equal([("mileage", 0, 550), ("mileage", 0, 250)],
            quote.Visits[20].Parts.Select(part => (part.RateCode, part.Minutes, part.Pence)));
    }

    [Fact]
    public async Task Clauses_that_cannot_be_are_refused_with_their_places()
    {
        var clauses = await (await pricing.Host.As(Role.HolderFinance).PostAsync("/v1/quotes", new
        {
            nation = "england", priceList = Rates, visits = new[] { Easter() },
            agreement = new
            {
                hospital = new { paidDays = -1 }, banking = new { keep = "minutes", expiresAfterWeeks = 0 },
            },
            soFar = new
            {
                miles = new object[]
                {
                    new { workerId = "W-1", miles = 30.5 }, new { workerId = "W-1", miles = 1 },
                    new { workerId = "W-2", miles = 0.001 },
                },
            },
        })).JsonAsync();
        Assert.Equal(ProblemException.CodeOf(QuotePrice.Refusal.TermsRefused), (string)clauses["code"]!);
        Assert.Equal(["/agreement/hospital/paidDays", "/agreement/banking/expiresAfterWeeks",
            "/soFar/miles/1/workerId", "/soFar/miles/2/miles"],
            clauses["errors"]!.AsArray().Select(error => (string)error!["pointer"]!));
    }

    [Fact]
    public async Task A_visit_twice_a_misspelt_field_and_an_unknown_nation_are_refused()
    {
        var client = pricing.Host.As(Role.HolderFinance);
        var twice = await client.PostAsync("/v1/quotes",
            new { nation = "england", priceList = Rates, visits = new[] { Easter(), Easter() } });
        Assert.Equal("visit-refused", await twice.CodeAsync());
        var misspelt = await client.PostAsync("/v1/quotes",
            Request(Easter(), new { rates = new[] { new { code = "a", unit = "hour", pence = 1, form = "today" } } }));
        Assert.Equal((HttpStatusCode.BadRequest, "unknown-field"), (misspelt.StatusCode, await misspelt.CodeAsync()));
        var nowhere = await client.PostAsync("/v1/quotes", Request(Easter(), nation: "france"));
        Assert.Equal(HttpStatusCode.BadRequest, nowhere.StatusCode);
    }

    [Fact]
    public async Task Strangers_and_people_ask_for_no_quote()
    {
        var stranger = await pricing.Host.Http.PostAsync("/v1/quotes", Request(Easter()));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        var person = await pricing.Host.As(Role.Person, person: "P-1").PostAsync("/v1/quotes", Request(Easter()));
        Assert.Equal(HttpStatusCode.Forbidden, person.StatusCode);
    }

    private static string Timed(
        string start = "2026-04-06T09:00:00+01:00", string end = "2026-04-06T10:00:00+01:00",
        string id = "V", string more = "") =>
        $$"""{"id":"{{id}}","start":"{{start}}","end":"{{end}}"{{(more.Length > 0 ? "," + more : "")}}}""";
}
