using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Ledger.Books;
using Isf.Ledger.Periods;
using Isf.Ledger.Posting;
using Isf.Measures;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Isf.Ledger.Export;

/// <summary>
/// States the books of each fund of a holder, once a night and on request. A statement has the last position and its
/// hash, and the balance of each account up to a day, without accounts at zero. Reconciliation compares the statement
/// with its own copy of the journals. The run first posts the years of open-ended promises that have begun. It also
/// rebuilds the last closing of each fund from its moves; a closing that differs is logged as an error. Publishes
/// BooksStated, 500 funds a part, and ReturnedBeyondHeld for an earlier return if neither its source nor its fund is
/// below zero any more.
/// </summary>
public static class StateBooks
{
    /// <summary>The schedule's name.</summary>
    public const string Schedule = "state-books";

    /// <summary>Every night at 01:30, London time.</summary>
    public const string Cron = "0 30 1 * * ?";

    private const int FundsInPart = 500;

    /// <summary>The message by which the schedule asks the Ledger for a run.</summary>
    public static LedgerRunAsked ToMessage(RunRequest request)
    {
        return new LedgerRunAsked
        {
            Schedule = request.Schedule, UpTo = request.UpTo, AskedBy = request.RunId,
        };
    }

    internal static async Task<RunOutcome> StateAsync(
        LedgerRunAsked message, Session session, IClock clock, ILogger log)
    {
        await Promises.PostDueAsync(session, clock, London.Today(clock));
        await ReturnedBeyond.RoseAsync(session);
        var funds = await HeadTable.FundsAsync(session);
        var stated = clock.GetCurrentInstant();
        var id = DeterministicGuid.From("books-stated", session.HolderId, message.AskedBy).ToString("N");
        var chunks = funds.Count == 0 ? [[]] : funds.Chunk(FundsInPart).ToList();
        var wrong = 0;
        for (var part = 0; part < chunks.Count; part++)
        {
            foreach (var (fundId, to) in await PeriodClosingTable.WrongAsync(session, chunks[part], all: false))
            {
                wrong++;
                log.LogError("The closing of {Fund} to {To} is not the sum of its moves: see GET …/integrity and the "
                    + "next run of reconcile-books", fundId, to);
            }
            session.Publish(
                new BooksStated
                {
                    StatingId = id,
                    StatedAt = stated,
                    UpTo = message.UpTo,
                    Part = part + 1,
                    Parts = chunks.Count,
                    Funds = await HeadTable.StatedAsync(session, chunks[part], message.UpTo),
                },
                $"{message.AskedBy}/{part + 1}", chunks[part]);
        }
        return new(funds.Count, wrong);
    }
}

/// <summary>Consumes the requests for a run of the Ledger.</summary>
public sealed class StateBooksConsumer(IClock clock, ScheduledRuns runs, ILogger<StateBooksConsumer> log)
    : IConsume<LedgerRunAsked>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(LedgerRunAsked message, Session session, CancellationToken stop)
    {
        if (message.Schedule != StateBooks.Schedule)
            throw new InvalidOperationException($"The Ledger has no schedule “{message.Schedule}”.");
        return await runs.RunAsync(session, message.Schedule, message.AskedBy,
            () => StateBooks.StateAsync(message, session, clock, log));
    }
}
