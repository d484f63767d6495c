using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Copies;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Reconciliation.Councils;

/// <summary>A council's feed as issued; its bytes are stored separately.</summary>
public sealed record Feed(
    string Id, string CouncilId, LocalDate From, LocalDate To, Instant IssuedAt, int People,
    IReadOnlyDictionary<string, string> Sha256);

/// <summary>
/// Issues a council's feed. For each fund of the council's people, the feed states the money received, spent, owed and
/// left, and the hours of a period. The figures come from Reconciliation's own copy of the journals, so that the
/// council need not trust the holder. The feed is a full snapshot, frozen once issued. Publishes FeedIssued. Source:
/// api.md, Reconciliation; design.md §1, §4.
/// </summary>
public static class IssueFeed
{
    /// <summary>Why a feed is not issued, in the order of the checks.</summary>
    public enum Refusal
    {
        /// <summary>The period ends before it begins.</summary>
        [Problem(422, "The period ends before it begins.")]
        EndsBeforeItBegins = 1,

        /// <summary>The figures of the period would still change.</summary>
        [Problem(422, "The period is not over.")]
        PeriodNotOver = 2,

        /// <summary>No fund is held for this council's people.</summary>
        [Problem(422, "There is no such council.")]
        UnknownCouncil = 3,

        /// <summary>The figures would leave out journals that are still on their way.</summary>
        [Problem(503, "Journals have not all arrived.", RetryAfterSeconds = 2)]
        JournalsOnTheirWay = 4,
    }

    /// <summary>Why a feed is not shown.</summary>
    public enum ShowRefusal
    {
        /// <summary>The council has no feed of this id, or the caller may not see it.</summary>
        [Problem(404, "There is no such feed.")]
        UnknownFeed = 1,
    }

    /// <summary>A feed as issued.</summary>
    /// <param name="FeedId">The id of the feed.</param>
    /// <param name="CouncilId">The council.</param>
    /// <param name="From">The first day of the period.</param>
    /// <param name="To">The last day of the period.</param>
    /// <param name="IssuedAt">When the feed was issued.</param>
    /// <param name="People">The number of funds in the feed.</param>
    /// <param name="Sha256">The hash of each file, by its format: json, csv and zip.</param>
    public sealed record Response(
        string FeedId, string CouncilId, LocalDate From, LocalDate To, Instant IssuedAt, int People,
        IReadOnlyDictionary<string, string> Sha256);

    /// <summary>The period of a feed.</summary>
    /// <param name="From">The first day of the period.</param>
    /// <param name="To">The last day of the period, which must be over.</param>
    public sealed record Request(LocalDate From, LocalDate To);

    /// <summary>The period, or the refusal.</summary>
    public static Decision<CarePeriod, Refusal> Decide(string councilId, Request request, int funds, LocalDate today)
    {
        if (request.To < request.From)
            return (Refusal.EndsBeforeItBegins, $"Look at /to: it lies before {request.From:d MMMM uuuu}.");
        if (request.To >= today)
            return (Refusal.PeriodNotOver, $"A feed is frozen once issued: ask after {request.To:d MMMM uuuu}.");
        return funds == 0 ? (Refusal.UnknownCouncil, $"No fund is held for people of {councilId}.")
            : new CarePeriod(request.From, request.To);
    }

    /// <summary>Issues a council's feed for a period; once issued, a feed never changes.</summary>
    /// <param name="councilId">The council.</param>
    /// <param name="id">The id of the feed, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(string councilId, string id, JsonBody<Request> body,
        IdempotentPut put, Session session, IClock clock, MessageTracker tracker, HostSettings settings,
        CancellationToken stop)
    {
        if (await session.LoadAsync<Feed>(id) is null)
        {
            var funds = await session.LoadEventuallyAsync(async () =>
                await FundsOfAsync(session, councilId) is { Count: > 0 } some ? some : null) ?? [];
            // A request that is refused in any case is refused here at once. Otherwise everything is checked again when
            // all facts have arrived.
            Decide(councilId, body.Value, funds.Count, London.DayOf(clock.GetCurrentInstant())).OrRefuse();
            var opensOn = funds.Min(fund => fund.OpensOn);
            DayBounds.NotBefore(body.Value.From, opensOn.PlusYears(-1), "/from",
                $"the council's first fund opens on {opensOn.ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}, "
                    + "and money is dated at most a year before it does");
            await session.EndReadingAsync();
            await WaitForFactsAsync(session.HolderId, tracker, funds, settings.WaitForFactsFor, stop);
        }
        await session.EndReadingAsync();
        return await put.CreateAsync<Feed, Refusal, Response>(session, id, [],
            same: stored => (stored.CouncilId, stored.From, stored.To) == (councilId, body.Value.From, body.Value.To),
            decide: async () =>
            {
                var now = clock.GetCurrentInstant();
                var funds = await FundsOfAsync(session, councilId);
                var decided = Decide(councilId, body.Value, funds.Count, London.DayOf(now));
                if (decided.Refusal is { } why)
                    return (why, decided.Detail);
                await RefuseGapsAsync(session, funds);
                var lines = await CouncilFundTable.LinesAsync(session, funds, decided.Value);
                return Freeze(session, new Feed(id, councilId, body.Value.From, body.Value.To, now, lines.Count,
                    new Dictionary<string, string>()), lines);
            },
            publish: feed => session.Publish(new FeedIssued
            {
                CouncilId = councilId,
                FeedId = feed.Id,
                From = feed.From,
                To = feed.To,
                Sha256 = feed.Sha256["zip"],
            }, feed.Id),
            show: ToJson);
    }

    /// <summary>Shows a feed as issued, with the hashes of its files.</summary>
    /// <param name="councilId">The council.</param>
    /// <param name="id">The id of the feed.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string councilId, string id, Session session, Caller caller, HttpContext http) =>
        IdempotentPut.Show(http, 1, ToJson(await VisibleAsync(councilId, id, session, caller)));

    /// <summary>Downloads a feed's JSON file as issued.</summary>
    /// <param name="councilId">The council.</param>
    /// <param name="id">The id of the feed.</param>
    public static Task<IResult> GetJsonAsync(
        string councilId, string id, Session session, Caller caller, HttpContext http) =>
        FileAsync("json", councilId, id, session, caller, http);

    /// <summary>Downloads a feed's CSV file as issued.</summary>
    /// <param name="councilId">The council.</param>
    /// <param name="id">The id of the feed.</param>
    public static Task<IResult> GetCsvAsync(
        string councilId, string id, Session session, Caller caller, HttpContext http) =>
        FileAsync("csv", councilId, id, session, caller, http);

    /// <summary>Downloads a feed's ZIP file as issued: both files, and a manifest of their hashes.</summary>
    /// <param name="councilId">The council.</param>
    /// <param name="id">The id of the feed.</param>
    public static Task<IResult> GetZipAsync(
        string councilId, string id, Session session, Caller caller, HttpContext http) =>
        FileAsync("zip", councilId, id, session, caller, http);

    private static async Task<IResult> FileAsync(
        string format, string councilId, string id, Session session, Caller caller, HttpContext http)
    {
        var feed = await VisibleAsync(councilId, id, session, caller);
        var bytes = await FeedFileTable.LoadAsync(session, id, format);
        http.Response.Headers.ETag = IfMatch.Tag(feed.Sha256[format]);
        return Results.Bytes(bytes, FeedFiles.ContentTypeOf(format), $"{feed.Id}.{format}");
    }

    private static async Task<Feed> VisibleAsync(string councilId, string id, Session session, Caller caller)
    {
        var feed = await session.LoadAsync<Feed>(id);
        var mine = caller.Role != Role.Council || caller.CouncilId == councilId;
        return feed is not null && feed.CouncilId == councilId && mine ? feed
            : throw ProblemException.For(ShowRefusal.UnknownFeed,
                $"No feed {id} of this council is known here, or it is not yours to see.");
    }

    private static Feed Freeze(Session session, Feed feed, IReadOnlyList<FeedLine> lines)
    {
        var files = FeedFiles.Write(feed, lines);
        foreach (var (format, bytes) in files)
            FeedFileTable.Save(session, feed.Id, format, bytes);
        return feed with
        {
            Sha256 = files.ToDictionary(
                file => file.Format, file => Convert.ToHexStringLower(SHA256.HashData(file.Bytes))),
        };
    }

    private static Task<IReadOnlyList<FundCopy>> FundsOfAsync(Session session, string councilId) =>
        session.Query<FundCopy>().Where(fund => fund.CouncilId == councilId).OrderBy(fund => fund.Id).ToListAsync();

    // Waits, at most for the time given, until no fact about any of the funds is still on its way, because a feed is
    // frozen once issued.
    private static async Task WaitForFactsAsync(
        string holderId, MessageTracker facts, IReadOnlyList<FundCopy> funds, TimeSpan atMost, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        foreach (var fund in funds)
        {
            var left = atMost - watch.Elapsed;
            await facts.WaitForFundAsync(holderId, fund.Id, left > TimeSpan.Zero ? left : TimeSpan.Zero, stop);
        }
    }

    private static async Task RefuseGapsAsync(Session session, IReadOnlyList<FundCopy> funds)
    {
        var gaps = await JournalTable.WithGapsAsync(session, [.. funds.Select(fund => fund.Id)]);
        if (gaps.Count > 0)
        {
            throw ProblemException.For(Refusal.JournalsOnTheirWay,
                $"Ask again in a few seconds. The first fund that lacks some is {gaps[0]}.");
        }
    }

    private static Response ToJson(Feed feed) =>
        new(feed.Id, feed.CouncilId, feed.From, feed.To, feed.IssuedAt, feed.People, feed.Sha256);
}
