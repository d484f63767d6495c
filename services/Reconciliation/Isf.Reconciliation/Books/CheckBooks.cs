using Isf.Contracts.Reconciliation;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Copies;
using Isf.Reconciliation.Domain;
using Isf.Reconciliation.Exceptions;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Reconciliation.Books;

/// <summary>
/// Checks the latest books that the Ledger stated completely, every night and on request. The check adds up
/// Reconciliation's own copy of each fund's journals and compares every account, the identities, the chain of hashes,
/// the head and the positions. It waits for stated journals that have not arrived, unless they are overdue. Publishes
/// RunCompleted and ExceptionRaised. Source: design.md §2, §4.
/// </summary>
public static class CheckBooks
{
    /// <summary>Why a run is refused, in the order of the checks.</summary>
    public enum Refusal
    {
        /// <summary>Only the books can be checked so far.</summary>
        [Problem(422, "This kind of run is not made here.")]
        KindNotRun = 1,

        /// <summary>The Ledger has stated nothing yet.</summary>
        [Problem(422, "The Ledger has not stated its books yet.")]
        NoBooksStated = 2,

        /// <summary>Journals that the Ledger stated are still on their way.</summary>
        [Problem(503, "Journals that were stated have not all arrived.", RetryAfterSeconds = 2)]
        JournalsOnTheirWay = 3,
    }

    /// <summary>Why a run is not shown.</summary>
    public enum ShowRefusal
    {
        /// <summary>No run of this id has been completed.</summary>
        [Problem(404, "There is no such run.")]
        UnknownRun = 1,
    }

    /// <summary>The run to make.</summary>
    /// <param name="Kind">What is compared; only books so far.</param>
    /// <param name="UpTo">The day up to which the run is asked for, at most 366 days ahead.</param>
    public sealed record Request(RunKind Kind, LocalDate UpTo);

    /// <summary>A run and its result. Each difference is an exception.</summary>
    public sealed record Response
    {
        /// <summary>The id of the run.</summary>
        public required string RunId { get; init; }

        /// <summary>What was compared.</summary>
        public required RunKind Kind { get; init; }

        /// <summary>The day up to which the run was asked for.</summary>
        public required LocalDate UpTo { get; init; }

        /// <summary>The day up to which the Ledger had stated the books that were compared.</summary>
        public required LocalDate StatedUpTo { get; init; }

        /// <summary>Always done.</summary>
        public required string State { get; init; }

        /// <summary>The number of comparisons.</summary>
        public required long Checked { get; init; }

        /// <summary>The number of comparisons that agreed.</summary>
        public required long Agreed { get; init; }

        /// <summary>The number of comparisons that differed.</summary>
        public required long Differences { get; init; }

        /// <summary>When the run was completed.</summary>
        public required Instant CompletedAt { get; init; }
    }

    /// <summary>The result of a run, before it is recorded.</summary>
    public sealed record Findings(BooksStatement Statement, long Checked, IReadOnlyList<Difference> Differences);

    /// <summary>The schedule's name.</summary>
    public const string Schedule = "reconcile-books";

    /// <summary>Every night at 02:30, London time, an hour after the Ledger states its books.</summary>
    public const string Cron = "0 30 2 * * ?";

    private const long JournalsAtOnce = 20_000;

    /// <summary>The run, or the refusal.</summary>
    public static Decision<Run, Refusal> Decide(string id, Request request, Findings? found, Instant now)
    {
        if (request.Kind != RunKind.Books)
            return (Refusal.KindNotRun, "Ask for a run of kind books.");
        if (found is null)
            return (Refusal.NoBooksStated, "POST /v1/schedules/state-books/run first, or wait for the night.");
        var differences = found.Differences.Count;
        return new Run
        {
            Id = id,
            Kind = request.Kind,
            UpTo = request.UpTo,
            StatingId = found.Statement.StatingId,
            StatedUpTo = found.Statement.UpTo,
            Checked = found.Checked,
            Agreed = found.Checked - differences,
            Differences = differences,
            CompletedAt = now,
        };
    }

    /// <summary>The message that the schedule publishes when it is due.</summary>
    public static ReconciliationRunAsked ToMessage(RunRequest request)
    {
        return new ReconciliationRunAsked
        {
            Schedule = request.Schedule, UpTo = request.UpTo, AskedBy = request.RunId,
        };
    }

    /// <summary>Checks the books that the Ledger last stated, and raises an exception for each difference.</summary>
    /// <param name="id">The id of the run, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(
        string id, JsonBody<Request> body, IdempotentPut put, Session session, IClock clock, HostSettings settings,
        HttpContext http)
    {
        if (body.Value.Kind == RunKind.Books && await session.LoadAsync<Run>(id) is null)
            await WaitForStatedAsync(session, clock.GetCurrentInstant(), settings.WaitForFactsFor, http.RequestAborted);
        await session.EndReadingAsync();
        return await put.CreateAsync<Run, Refusal, Response>(session, id, [],
            same: stored => (stored.Kind, stored.UpTo) == (body.Value.Kind, body.Value.UpTo),
            decide: async () =>
            {
                var now = clock.GetCurrentInstant();
                DayBounds.Run(body.Value.UpTo, London.DayOf(now));
                var (found, waitsFor) = body.Value.Kind == RunKind.Books
                    ? await FindAsync(session, now) : (null, null);
                if (waitsFor == CopyJournals.JournalsArrived)
                    throw OnTheirWay();
                var decided = Decide(id, body.Value, found, now);
                if (decided.Refusal is null)
                    await ExceptionTable.RaiseAsync(session, id, found!.Differences, now);
                return decided;
            },
            publish: run => Publish(session, run),
            show: ToJson);
    }

    /// <summary>Shows a run and its result.</summary>
    /// <param name="id">The id of the run.</param>
    public static async Task<ShowResult<Response>> GetAsync(string id, Session session, HttpContext http)
    {
        var run = await session.LoadAsync<Run>(id)
            ?? throw ProblemException.For(ShowRefusal.UnknownRun, $"No run {id} has been completed.");
        return IdempotentPut.Show(http, 1, ToJson(run));
    }

    /// <summary>
    /// The differences in the latest complete set of stated books. If there is none yet, or journals that it counts may
    /// still arrive, the differences are null, and WaitsFor is the key for which the check waits.
    /// </summary>
    internal static async Task<(Findings? Found, string? WaitsFor)> FindAsync(Session session, Instant now)
    {
        if (await StatedBooksTable.LatestAsync(session) is not { } statement)
            return (null, CopyStatedBooks.Stated);
        var funds = await StatedBooksTable.FundsAsync(session, statement, now);
        if (funds.Any(fund => fund is { HasArrived: false, LongDue: false }))
            return (null, CopyJournals.JournalsArrived);
        var notStated = await StatedBooksTable.NotStatedAsync(session, statement);
        var found = notStated.Select(fund => FundCheck.NotStated(fund.FundId, fund.Position))
            .Concat(funds.Where(fund => !fund.HasArrived)
                .Select(fund => FundCheck.NotArrived(fund.FundId, fund.Position, fund.Journals))).ToList();
        var chunk = new List<StatedFundRow>();
        foreach (var fund in funds.Where(fund => fund.HasArrived))
        {
            chunk.Add(fund);
            if (chunk.Sum(row => row.Position + 1) >= JournalsAtOnce)
                found.AddRange(await CheckAsync(session, statement, chunk));
        }
        found.AddRange(await CheckAsync(session, statement, chunk));
        return (new Findings(
            statement, found.Sum(fund => fund.Checked), [.. found.SelectMany(fund => fund.Differences)]), null);
    }

    internal static void Publish(Session session, Run run) => session.Publish(new RunCompleted
    {
        RunId = run.Id,
        Kind = ProblemException.CodeOf(run.Kind),
        UpTo = run.UpTo,
        CompletedAt = run.CompletedAt,
        Checked = run.Checked,
        Agreed = run.Agreed,
        Differences = run.Differences,
    }, run.Id);

    private static async Task<IReadOnlyList<FundChecked>> CheckAsync(
        Session session, BooksStatement statement, List<StatedFundRow> chunk)
    {
        var funds = chunk.Select(fund => fund.FundId).ToArray();
        chunk.Clear();
        var journals = await JournalTable.OfFundsAsync(session, funds);
        var stated = await StatedBooksTable.StatedAsync(session, statement, funds);
        return [.. stated.Select(fund => FundCheck.Compare(fund.Books,
            [.. journals[fund.Books.FundId].Where(journal => journal.Position <= fund.Books.Position)], fund.Before))];
    }

    // Stated journals may still be on their way. So this method looks for them again and again, without holding a
    // connection in between, and refuses the caller only when the time given has passed.
    private static async Task WaitForStatedAsync(
        Session session, Instant now, TimeSpan atMost, CancellationToken stop)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (await StatedBooksTable.LatestAsync(session) is { } statement
            && (await StatedBooksTable.FundsAsync(session, statement, now))
                .Any(fund => fund is { HasArrived: false, LongDue: false }))
        {
            if (watch.Elapsed > atMost)
                throw OnTheirWay();
            await session.EndReadingAsync();
            await Task.Delay(100, stop);
        }
    }

    private static ProblemException OnTheirWay() => ProblemException.For(Refusal.JournalsOnTheirWay,
        "Ask again in a few seconds: nothing was compared, so that nothing is found that is not there.");

    private static Response ToJson(Run run) => new()
    {
        RunId = run.Id,
        Kind = run.Kind,
        UpTo = run.UpTo,
        StatedUpTo = run.StatedUpTo,
        State = "done",
        Checked = run.Checked,
        Agreed = run.Agreed,
        Differences = run.Differences,
        CompletedAt = run.CompletedAt,
    };
}

/// <summary>Consumes the request for a run of Reconciliation, scheduled or by hand.</summary>
internal sealed class CheckBooksConsumer(IClock clock, ScheduledRuns runs) : IConsume<ReconciliationRunAsked>
{
    // A scheduled run reports a difference if the latest stated books end more than this many days before the run's own
    // day. A run is a scheduled one if its AskedBy is a date.
    private const int NightsLate = 2;

    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(ReconciliationRunAsked message, Session session,
        CancellationToken stop)
    {
        return message.Schedule != CheckBooks.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy, () => CheckAsync(message, session));
    }

    private async Task<RunOutcome> CheckAsync(ReconciliationRunAsked message, Session session)
    {
        var now = clock.GetCurrentInstant();
        var (found, waitsFor) = await CheckBooks.FindAsync(session, now);
        if (waitsFor is not null)
            return new() { WaitsFor = waitsFor };
        if (NodaTime.Text.LocalDatePattern.Iso.Parse(message.AskedBy).Success
            && found!.Statement.UpTo < message.UpTo.PlusDays(-NightsLate))
        {
            found = found with
            {
                Checked = found.Checked + 1,
                Differences = [.. found.Differences, NotStated(found.Statement)],
            };
        }
        var id = $"{message.Schedule}-{message.AskedBy}";
        var run = CheckBooks.Decide(id, new(RunKind.Books, message.UpTo), found, now).OrRefuse();
        await ExceptionTable.RaiseAsync(session, id, found!.Differences, now);
        session.Store(run);
        CheckBooks.Publish(session, run);
        return new(run.Checked, run.Differences);
    }

    private static Difference NotStated(BooksStatement latest) => new(DifferenceCode.BooksNotStated, null, "books",
        $"The Ledger last stated its books up to {latest.UpTo:d MMMM uuuu}: the nights since then cannot be checked.",
        [new("statedUpTo", $"{latest.UpTo:uuuu-MM-dd}")]);
}
