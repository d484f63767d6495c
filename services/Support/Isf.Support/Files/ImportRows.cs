using Isf.Hosting.Data;
using Isf.Support.Checks;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using JasperFx;
using NodaTime;

namespace Isf.Support.Files;

/// <summary>
/// Reads the rows of one stored file, from the first unread row to the last. A batch is computed and written while
/// earlier batches are still being written, unless they share a fund or a visit.
/// </summary>
internal static class ImportRows
{
    /// <summary>The largest number of rejected rows that are kept of a file with their text; all are counted.</summary>
    public const int RejectionsMax = 10_000;

    internal sealed record Row(SourceRow Source, ParsedRow? Parsed, RowFault? Fault);

    /// <summary>The result of a row: its visits, or its fault.</summary>
    internal sealed record RowResult(IReadOnlyList<RecordResult> Visits, RowFault? Fault)
    {
        /// <summary>
        /// The known visit that the row moves to another day or line. The visits made from a row of a whole week are
        /// never moved.
        /// </summary>
        public RecordResult? Moved { get; init; }

        /// <summary>The known visit that the row names for another fund; the row is rejected because of that.</summary>
        public Visit? Elsewhere { get; init; }

        // A row of a week counts as updated if one of its visits is corrected, or is new beside known visits.
        public RecordOutcome As => Fault is not null ? RecordOutcome.Rejected
            : Visits.All(visit => visit.Outcome == RecordOutcome.Unchanged) ? RecordOutcome.Unchanged
            : Visits.All(visit => visit.Outcome == RecordOutcome.New) ? RecordOutcome.New : RecordOutcome.Updated;
    }

    internal sealed class Run(Sessions sessions, IClock clock, string holderId, string fileId, Guid? fact,
        CancellationToken stop)
    {
        private readonly Queue<(Task Done, HashSet<string> About)> writing = [];
        private bool lookedForFunds;
        private string? unknownFund;

        /// <summary>Reads the file to its end.</summary>
        public async Task ReadAsync(VisitFile file)
        {
            try
            {
                await ReadRowsAsync(file);
            }
            finally
            {
                // An interrupted read starts again only when pending writes have either committed or failed.
                await Task.WhenAll(writing.Select(entry => entry.Done))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private async Task ReadRowsAsync(VisitFile file)
        {
            if (file.Problem is { } foundBefore)
            {
                await EndAsync(file, VisitFileState.Refused, foundBefore);
                return;
            }
            var readBy = new ReadBy(sessions, holderId, fact, stop);
            var terms = await readBy.TermsAsync(file);
            await using var stored = new StoredFile(sessions, holderId, fileId);
            file = file with { MonthFirst = file.MonthFirst ?? await readBy.MonthFirstAsync(file, terms) };
            var begun = await readBy.BeginAsync(stored, file, terms);
            if (FileRefusal.From(begun) is { } refusal)
            {
                await EndAsync(file, VisitFileState.Refused, refusal);
                return;
            }
            var (reader, reading) = begun.Value;
            VisitFile Now() => file with
            {
                IgnoredColumns = reading.Ignored,
                Separator = reader.Separator.ToString(),
                Gzip = reader.Gzip,
                Encoding = reader.Encoding,
                ByteOrderMark = reader.ByteOrderMark,
                Forms = reading.Found,
                FileReference = reading.FileReference,
                BytesRead = Math.Max(file.BytesRead, stored.BytesRead),
            };
            var waiting = new List<Row>();
            var (from, atATime) = (file.Line,
                terms.Format.IsWeeks ? ImportVisitFile.WeeksAtATime : ImportVisitFile.RowsAtATime);
            // The next rows are read while earlier rows are written.
            Task<List<Row>> Read() => Task.Run(() => NextAsync(reader, reading, from, atATime), stop);
            for (var (next, ended) = (Read(), false); !ended;)
            {
                waiting.AddRange(await next);
                ended = reader.Ended;
                file = Now();
                if (!ended)
                    next = Read();
                while (waiting.Count >= (ended ? 1 : atATime))
                    file = await RecordFrontAsync(file, waiting, !ended);
            }
            await WrittenAsync(0);
            await EndAsync(Now() with { BytesRead = file.Bytes }, VisitFileState.Done, reader.CutShort
                ? new("file-cut-short",
                    "The file breaks off. What was whole was taken: send the whole file under a new reference.")
                : null);
        }

        private async Task<List<Row>> NextAsync(RowReader reader, FileReading reading, long behind, int max)
        {
            var rows = new List<Row>(max);
            while (rows.Count < max && await reader.NextAsync(stop) is { } source)
            {
                if (source.Line <= behind)
                    continue;
                var (parsed, fault) = reading.Row(source);
                rows.Add(new Row(source, parsed, fault));
            }
            return rows;
        }

        // Records the first rows of the queue that can share a transaction, and removes them from the queue.
        private async Task<VisitFile> RecordFrontAsync(VisitFile file, List<Row> waiting, bool more)
        {
            var count = ImportVisitFile.BatchLength([.. waiting.Select(row => row.Parsed)], more);
            var rows = waiting[..count];
            var about = rows.Select(row => row.Parsed).OfType<ParsedRow>()
                .SelectMany(parsed => new[] { "fund/" + parsed.FundId, parsed.Key }).ToHashSet(StringComparer.Ordinal);
            if (writing.Any(entry => about.Overlaps(entry.About)))
                await WrittenAsync(0);
            var session = sessions.Open("support", holderId, fact, stop);
            session.UseCustomPlans();
            try
            {
                var (results, funds) = await RecordAsync(session, file, rows);
                // A fund that was just opened may not be known here yet, so the reading waits for it, once a file.
                if (unknownFund is { } unknown && !lookedForFunds)
                {
                    lookedForFunds = true;
                    await session.DisposeAsync();
                    await using (var look = sessions.Open("support", holderId, fact, stop))
                        await look.LoadEventuallyAsync<Fund>(unknown);
                    return await RecordFrontAsync(file, waiting, more);
                }
                await WrittenAsync(1);
                var before = writing.LastOrDefault().Done ?? Task.CompletedTask;
                var after = After(file, rows, results);
                writing.Enqueue((WriteAsync(session, file, after, rows, results, funds, before), about));
                waiting.RemoveRange(0, count);
                return after;
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }

        // Waits until at most max batches are being written. The timeout ends a deadlock with another file.
        private async Task WrittenAsync(int max)
        {
            while (writing.Count > max)
            {
                await writing.Peek().Done.WaitAsync(TimeSpan.FromMinutes(2), stop);
                writing.Dequeue();
            }
        }

        private async Task CheckAsync(Session session, VisitFile file)
        {
            var stored = await session.LoadAsync<VisitFile>(fileId);
            if (stored is not { State: VisitFileState.Reading } || stored.Line != file.Line
                || stored.Attempt != file.Attempt)
            {
                throw new ConcurrencyException($"File {fileId} is being read elsewhere.");
            }
        }

        private static VisitFile After(VisitFile file, List<Row> rows, List<RowResult> results) => file with
        {
            Line = rows[^1].Source.Line,
            Read = file.Read + rows.Count,
            New = file.New + results.Count(result => result.As == RecordOutcome.New),
            Updated = file.Updated + results.Count(result => result.As == RecordOutcome.Updated),
            Unchanged = file.Unchanged + results.Count(result => result.As == RecordOutcome.Unchanged),
            Rejected = file.Rejected + results.Count(result => result.As == RecordOutcome.Rejected),
            RejectionsKept = Math.Min(Math.Max(RejectionsMax, SavedOf(file)),
                SavedOf(file) + results.Count(result => result.As == RecordOutcome.Rejected)),
            Moved = file.Moved + results.Count(result => (result.Moved, result.Elsewhere) is not (null, null)),
            EndsNextDay = file.EndsNextDay + rows.Zip(results)
                .Count(both => both.Second.Fault is null && both.First.Parsed!.EndsNextDay),
        };

        private static long SavedOf(VisitFile file) => file.RejectionsKept ?? file.Rejected;

        // Writes a batch in parallel with earlier batches, and commits it after them.
        private async Task WriteAsync(Session session, VisitFile from, VisitFile file, List<Row> rows,
            List<RowResult> results, Dictionary<string, FundCare> funds, Task before)
        {
            await using var ends = session;
            var rejections = new List<Rejection>();
            foreach (var (row, result) in rows.Zip(results))
            {
                if (result.Fault is { } refused)
                {
                    rejections.Add(new(row.Source.Line, refused.Field, refused.Code, refused.PlainWords,
                        row.Source.Original.Replace('\0', '\uFFFD')));
                }
            }
            FileTable.SaveRejections(session, fileId, rejections[..(int)(SavedOf(file) - SavedOf(from))]);
            var cause = $"file/{file.Id}/{file.Attempt}/{rows[0].Source.Line}";
            var changes = results.SelectMany(row => row.Visits)
                .Where(recordResult => recordResult.Outcome is RecordOutcome.New or RecordOutcome.Updated).ToList();
            if (file.DryRun)
                await new VisitTable(session, fileId).WriteAsync([.. changes.Select(change => change.Visit!)]);
            else
                await CareAnnouncements.RecordAsync(session, cause, changes, funds);
            var moves = rows.Zip(results).Select(both => MoveOf(file, both.First, both.Second)).OfType<CareFlag>()
                .ToList();
            if (moves.Count > 0 && !file.DryRun)
                await FlagTable.SaveFlagsAsync(session, [], moves, clock.GetCurrentInstant());
            await before.WaitAsync(TimeSpan.FromMinutes(2), stop);
            await CheckAsync(session, from);
            session.Store(file);
            await session.SaveChangesAsync();
        }

        private static CareFlag? MoveOf(VisitFile file, Row row, RowResult result) =>
            result.Moved is { } moved ? CareChecks.Moved(moved, file.Reference, row.Source.Line)
            : result.Elsewhere is { } elsewhere
                ? CareChecks.Elsewhere(elsewhere, row.Parsed!.FundId, file.Reference, row.Source.Line) : null;

        private async Task<(List<RowResult> Results, Dictionary<string, FundCare> Funds)> RecordAsync(
            Session session, VisitFile file, List<Row> rows)
        {
            var offered = rows.Where(row => row.Parsed is not null).Select(row => row.Parsed!).ToList();
            string[] fundIds = [.. offered.Select(row => row.FundId).Distinct(StringComparer.Ordinal)];
            // Locks are taken in one order, so that two files with the same funds cannot wait for each other.
            await session.LockAsync([.. fundIds.Select(FundTable.Lock)]);
            var notGiven = offered.Where(row => row.MayBeNotGiven).Select(row => row.FundId);
            var funds = await FundTable.CareAsync(session, fundIds, [.. notGiven.Distinct(StringComparer.Ordinal)]);
            unknownFund = fundIds.FirstOrDefault(id => !funds.ContainsKey(id));
            if (unknownFund is not null && !lookedForFunds)
                return ([], funds);
            var visits = new VisitTable(session, file.DryRun ? fileId : null);
            var fulfilling = await visits.FulfillingAsync([.. offered.SelectMany(row => row.DaysToFulfil).Distinct()]);
            var ofFund = fulfilling.ToLookup(visit => visit.Record.FundId, StringComparer.Ordinal);
            var meant = rows.ConvertAll(row => row.Parsed is not { } parsed ? ([], row.Fault)
                : parsed.Visits(funds.GetValueOrDefault(parsed.FundId), ofFund[parsed.FundId]));
            var ids = rows.Zip(meant).SelectMany(both => both.Second.Visits.Select(record => record.VisitId)
                .Concat(both.Second.Fault is null ? both.First.Parsed!.LeftOver(both.Second.Visits) : []));
            var storedVisits = await visits.ByIdAsync([.. ids.Distinct(StringComparer.Ordinal)]);
            var recording = new VisitRecorder(funds, storedVisits, fulfilling);
            var now = clock.GetCurrentInstant();
            return ([.. rows.Zip(meant, (row, means) => means.Fault is { } fault ? new RowResult([], fault)
                : Record(recording, row.Parsed!, means.Visits, now))], funds);
        }

        private static RowResult Record(VisitRecorder recording, ParsedRow row, IReadOnlyList<VisitRecord> visits,
            Instant now)
        {
            var left = row.LeftOver(visits).Select(recording.Find).OfType<Visit>()
                .Select(visit => visit.Record with
                {
                    PlannedStart = visit.Record.PlannedStart ?? visit.Record.Start,
                    Start = null,
                    End = null,
                    Outcome = VisitOutcome.CancelledByProvider,
                });
            var (results, fault) = recording.RecordAll([.. left, .. visits], now);
            return new RowResult(results, fault is null ? null : row.FaultOf(fault))
            {
                Moved = row is VisitRow ? results.FirstOrDefault(recordResult => recordResult.IsMoved) : null,
                Elsewhere = row is not VisitRow ? null : visits.Select(record => recording.Find(record.VisitId))
                    .FirstOrDefault(visit => visit is not null && visit.Record.FundId != row.FundId),
            };
        }

        private async Task EndAsync(VisitFile file, VisitFileState state, FileRefusal? problem)
        {
            await using var session = sessions.Open("support", holderId, fact, stop);
            await CheckAsync(session, file);
            FileTable.End(session, file with
            {
                State = state,
                Problem = problem,
                DoneAt = clock.GetCurrentInstant(),
            });
            await session.SaveChangesAsync();
        }
    }
}
