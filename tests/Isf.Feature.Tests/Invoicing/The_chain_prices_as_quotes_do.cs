using System.Text.Json;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Domain.Tests.Invoicing;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using QuotePriceQuote = Isf.Client.QuotePriceQuote;

namespace Isf.Tests.Invoicing;

/// <summary>
/// Each of 10,000 random visits, with random price lists, costs in the chain what a quote of the same visit says.
/// </summary>
public sealed class The_chain_prices_as_quotes_do(PricingHost pricing) : IClassFixture<PricingHost>
{
    private const int Funds = 20;
    private const int VisitsOfAFund = 500;

    [Fact]
    public async Task Ten_thousand_visits_cost_the_same_in_the_chain_and_in_a_quote()
    {
        var scene = pricing.Scene();
        var cases = Enumerable.Range(0, Funds).Select(fund => Case(fund, new RandomPrices(7_000 + fund))).ToArray();
        foreach (var (fund, list, visits) in cases)
            await RecordAsync(scene, fund, list, visits);
        await scene.UntilIdleAsync();
        var chain = (await scene.PublishedAsync()).SelectMany(message => message.Message["visits"]!.AsArray())
            .Select(visit => visit.Deserialize<PricedVisit>(IsfJson.Options)!)
            .GroupBy(visit => visit.VisitId)
            .ToDictionary(versions => versions.Key, versions => versions.MaxBy(visit => visit.Version)!);
        Assert.Equal(Funds * VisitsOfAFund, chain.Count);
        foreach (var (_, list, visits) in cases)
        {
            foreach (var quoted in (await QuoteAsync(list, visits)).Visits)
            {
                var priced = chain[quoted.Id];
                Assert.Equal((priced.Pence, priced.ChargedMinutes, priced.Because),
                    (quoted.Pence, quoted.ChargedMinutes, quoted.Because));
                Assert.Equal(priced.Parts.Select(part => (part.RateCode, part.Minutes, part.Pence)),
                    quoted.Parts.Select(part => (part.RateCode, part.Minutes, part.Pence)));
            }
        }
    }

    [Fact]
    public async Task A_closed_week_and_its_adjustments_sum_to_the_quote_of_the_week()
    {
        var scene = pricing.Scene();
        var monday = new LocalDate(2026, 4, 6);
        var random = new RandomPrices(4_711);
        foreach (var (fund, i) in Enumerable.Range(0, 12).Select(i => ($"F-{i}", i)))
        {
            var list = WithWeeklyTerms(random, i);
            var week = Enumerable.Range(0, 400).Select(n => Recorded(random.Visit(), $"V-{i}-{n}", fund))
                .Where(visit => CarePeriod.MondayOf(visit.CareOn) == monday && visit.Miles is null).ToArray();
            await RecordAsync(scene, fund, list, [.. week.Skip(2)]);
            await scene.UntilIdleAsync();
            await scene.CloseAsync(fund, "2026-04-06");
            await scene.RecordAsync("late " + fund, [.. week.Take(2)]);
            await scene.UntilIdleAsync();
            Assert.Equal((await QuoteAsync(list, week)).TotalPence, await ChargedAsync(scene, fund));
        }
    }

    private static PriceList WithWeeklyTerms(RandomPrices random, int number) => random.List() with
    {
        Round = new(random.Pick(RoundAt.Visit, RoundAt.Invoice)),
        WeeklySetOff = number % 2 == 0,
        Minimum = number % 3 == 0 ? new(random.Pick(MinimumPer.Day, MinimumPer.Week), 40_000) : null,
    };

    private static async Task RecordAsync(PricingScene scene, string fund, PriceList list, RecordedVisit[] visits)
    {
        await scene.OpenAsync(fund);
        await scene.AllocateAsync(fund, "A-" + fund, list, setOn: "2025-12-01");
        await scene.RecordAsync("file " + fund, visits);
    }

    // The prices of the fund's visits, and the last version of each price adjustment.
    private static async Task<long> ChargedAsync(PricingScene scene, string fund)
    {
        var published = (await scene.PublishedAsync())
            .ToLookup(entry => entry.Urn == "isf:invoicing:price-adjusted:v1");
        var prices = published[false].SelectMany(entry => entry.Message["visits"]!.AsArray())
            .Where(visit => (string)visit!["fundId"]! == fund).Sum(visit => (long)visit!["pence"]!);
        var adjusted = published[true].Where(entry => (string)entry.Message["fundId"]! == fund)
            .GroupBy(entry => (string)entry.Message["kind"]!)
            .Sum(kind => (long)kind.MaxBy(entry => (int)entry.Message["version"]!).Message["pence"]!);
        return prices + adjusted;
    }

    private async Task<QuotePriceQuote> QuoteAsync(PriceList list, RecordedVisit[] visits)
    {
        var client = pricing.Host.As(Role.HolderCare);
        var response = await client.PostAsync("/v1/quotes", new
        {
            nation = "england", priceList = list,
            visits = visits.Select(visit => new
            {
                id = visit.VisitId, visit.Service, visit.WorkerId, visit.PlannedStart, visit.PlannedMinutes,
                visit.Start, visit.End, visit.Carers, visit.Outcome, visit.NoticeHours, visit.Miles, visit.Quantity,
                visit.Disturbances,
            }),
        });
        return await (await response.NeedsAsync(200)).ReadAsync<QuotePriceQuote>();
    }

    private static (string Fund, PriceList List, RecordedVisit[] Visits) Case(int fund, RandomPrices random)
    {
        var list = random.List() with { Round = null, WeeklySetOff = null, Minimum = null };
        var visits = Enumerable.Range(0, VisitsOfAFund)
            .Select(i => Odd(i, Recorded(random.Visit(), $"V-{fund}-{i:000}", $"F-{fund}")));
        return ($"F-{fund}", list, [.. visits]);
    }

    // Some visits begin and end in the same minute, and some are of a service that no price list contains.
    private static RecordedVisit Odd(int n, RecordedVisit visit) => (n % 16) switch
    {
        3 when visit.Start is not null => visit with { End = visit.Start, Disturbances = null },
        7 => visit with { Service = "unheard-of" },
        _ => visit,
    };

    /// <summary>
    /// A visit as Support publishes it. Each worker works for one fund only, so a quote for the fund knows all miles of
    /// its workers.
    /// </summary>
    private static RecordedVisit Recorded(VisitToPrice visit, string id, string fund)
    {
        var (start, end) = visit.Start < visit.End && visit.End - visit.Start <= Duration.FromHours(24)
            ? (visit.Start, visit.End) : (visit.Moment, visit.Moment + Duration.FromMinutes(61));
        var given = visit.Outcome == "delivered";
        var woken = new List<Woken>();
        foreach (var item in (visit.Disturbances ?? []).OrderBy(entry => entry.Start))
        {
            if (item.Start >= start && item.End <= end && (woken.Count == 0 || woken[^1].End <= item.Start))
                woken.Add(item);
        }
        return new RecordedVisit
        {
            VisitId = id, Version = 1, FundId = fund, LineId = "L-1", AllocationId = "A-" + fund,
            Service = visit.Service, CareOn = London.DayOf(given ? start!.Value : visit.Moment!.Value),
            WorkerId = visit.WorkerId is { } worker ? $"{worker}-{fund}" : null,
            PlannedStart = At(given ? visit.PlannedStart : visit.Moment), PlannedMinutes = visit.PlannedMinutes,
            Start = At(given ? start : visit.Start is null ? null : start),
            End = At(given ? end : visit.Start is null ? null : end),
            Carers = visit.Carers, Outcome = visit.Outcome, NoticeHours = visit.NoticeHours, Miles = visit.Miles,
            Quantity = visit.Quantity, AnswersMinutes = 0, ExtraMinutes = 0,
            Disturbances = woken.Count == 0 ? null
                : [.. woken.Select(item => new Disturbance(At(item.Start)!.Value, At(item.End)!.Value))],
        };
    }

    private static OffsetDateTime? At(Instant? moment) => moment?.InZone(London.Zone).ToOffsetDateTime();
}
