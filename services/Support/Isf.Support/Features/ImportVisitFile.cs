using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using Isf.Support.Persistence;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Reads a stored file of visits, a thousand rows in one transaction: each row new, updated, unchanged or rejected by
/// itself. Hears VisitFileStored; says VisitsRecorded and VisitCorrected. How far it has come is saved with what it
/// took, so that a restart goes on behind the last saved row. A dry run does the same, over tables of its own, and
/// says nothing.
/// </summary>
public static class ImportVisitFile
{
    /// <summary>Rows in one transaction.</summary>
    public const int RowsAtATime = 1000;

    /// <summary>
    /// How many rows of a batch go together: a visit that the batch has changed already begins the next one.
    /// </summary>
    public static int Decide(IReadOnlyList<VisitWords?> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var seen = new Dictionary<string, VisitWords>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is { } words && !seen.TryAdd(words.VisitId, words) && !seen[words.VisitId].SameAs(words))
                return i;
        }
        return rows.Count;
    }

    internal sealed record Row(SourceRow Source, VisitWords? Words, RowFault? Fault);

    internal sealed class Run(Sessions sessions, IClock clock, string holderId, string fileId, Guid? fact,
        CancellationToken stop)
    {
        private bool lookedForFunds;

        /// <summary>Reads the file to its end.</summary>
        public async Task ReadAsync(VisitFile file)
        {
            await using var stored = new StoredFile(sessions, holderId, fileId);
            var (reader, refusal) = await RowReader.OpenAsync(stored, await stored.PeekAsync(stop), stop);
            var header = reader is null ? null : await reader.NextAsync(stop);
            VisitsCsv? csv = null;
            if (header is not null)
                (csv, refusal) = VisitsCsv.Read(header);
            if (csv is null)
            {
                await EndAsync(file, VisitFileState.Refused,
                    refusal ?? new("empty-file", "The file is empty. Send it with its header row and its visits."));
                return;
            }
            file = file with { IgnoredColumns = csv.Ignored, Separator = reader!.Separator.ToString() };
            var waiting = new List<Row>(RowsAtATime);
            while (await reader.NextAsync(stop) is { } source)
            {
                if (source.Line <= file.Line)
                    continue;
                var (words, fault) = csv.Row(source);
                waiting.Add(new Row(source, words, fault));
                while (waiting.Count >= RowsAtATime)
                    file = await TakeAsync(file with { Encoding = reader.Encoding }, waiting);
            }
            while (waiting.Count > 0)
                file = await TakeAsync(file with { Encoding = reader.Encoding }, waiting);
            await EndAsync(file with { Encoding = reader.Encoding }, VisitFileState.Done, reader.CutShort
                ? new("file-cut-short",
                    "The file breaks off. What was whole was taken: send the whole file under a new reference.")
                : null);
        }

        // One transaction: the rows that go together are taken from the front of those that wait.
        private async Task<VisitFile> TakeAsync(VisitFile file, List<Row> waiting)
        {
            var count = Decide([.. waiting.Select(row => row.Words)]);
            var rows = waiting[..count];
            await using var session = sessions.Open("support", holderId, fact, stop);
            var stored = await session.LoadAsync<VisitFile>(fileId);
            if (stored is null || stored.Line != file.Line || stored.Attempt != file.Attempt)
                throw new ConcurrencyException($"File {fileId} is being read elsewhere.");
            var (taken, funds) = await RecordAsync(session, file, rows);
            var rejections = new List<Rejection>();
            foreach (var (row, result) in rows.Zip(taken))
            {
                if ((row.Fault ?? (result?.Fault is { } fault ? RowFault.Of(fault) : null)) is { } refused)
                    rejections.Add(new(row.Source.Line, refused.Field, refused.Code, refused.PlainWords,
                        row.Source.Original.Replace('\0', '\uFFFD')));
            }
            FileRows.KeepRejections(session, fileId, rejections);
            file = file with
            {
                Line = rows[^1].Source.Line,
                Read = file.Read + rows.Count,
                New = file.New + taken.Count(one => one?.As == TakenAs.New),
                Updated = file.Updated + taken.Count(one => one?.As == TakenAs.Updated),
                Unchanged = file.Unchanged + taken.Count(one => one?.As == TakenAs.Unchanged),
                Rejected = file.Rejected + rejections.Count,
            };
            session.Store(file);
            var cause = $"file/{file.Id}/{file.Attempt}/{rows[0].Source.Line}";
            var changes = taken.OfType<Taken>().Where(one => one.As is TakenAs.New or TakenAs.Updated).ToList();
            if (file.DryRun)
                await new VisitRows(session, fileId).WriteAsync([.. changes.Select(one => one.Visit!)]);
            else
                await CareSaid.RecordAsync(session, cause, changes, funds);
            await session.SaveChangesAsync();
            waiting.RemoveRange(0, count);
            return file;
        }

        private async Task<(List<Taken?> Taken, Dictionary<string, KnownFund> Funds)> RecordAsync(
            Session session, VisitFile file, List<Row> rows)
        {
            var offered = rows.Where(row => row.Words is not null).Select(row => row.Words!).ToList();
            string[] fundIds = [.. offered.Select(words => words.FundId).Distinct(StringComparer.Ordinal)];
            // A fund that was opened a moment ago may not be known here yet: once in a file, that is waited for.
            if (!lookedForFunds && await UnknownAsync(session, fundIds) is { } unknown)
            {
                lookedForFunds = true;
                await session.LookForAsync<Fund>(unknown);
            }
            // Locks are taken in one order, so that two files with the same funds cannot wait for each other.
            await session.LockAsync([.. fundIds.Select(FundRows.Lock)]);
            var funds = await FundRows.KnownAsync(session, fundIds);
            var visits = new VisitRows(session, file.DryRun ? fileId : null);
            var ids = offered.Select(words => words.VisitId).Distinct(StringComparer.Ordinal);
            var known = await visits.KnownAsync([.. ids]);
            var answering = await visits.AnsweringAsync([.. offered.SelectMany(Recording.DaysAsked).Distinct()]);
            var recording = new Recording(funds, known, answering);
            var now = clock.GetCurrentInstant();
            return ([.. rows.Select(row => row.Words is null ? null : recording.Take(row.Words, now))], funds);
        }

        private static async Task<string?> UnknownAsync(Session session, string[] fundIds)
        {
            var known = await session.LoadManyAsync<Fund>(fundIds);
            return fundIds.Except(known.Select(fund => fund.Id), StringComparer.Ordinal).FirstOrDefault();
        }

        private async Task EndAsync(VisitFile file, VisitFileState state, FileRefusal? problem)
        {
            await using var session = sessions.Open("support", holderId, fact, stop);
            var stored = await session.LoadAsync<VisitFile>(fileId);
            if (stored is null || stored.Line != file.Line || stored.Attempt != file.Attempt)
                throw new ConcurrencyException($"File {fileId} is being read elsewhere.");
            session.Store(file with { State = state, Problem = problem, DoneAt = clock.GetCurrentInstant() });
            await FileRows.DropPartsAsync(session, fileId);
            await FileRows.DropTrialAsync(session, fileId);
            await session.SaveChangesAsync();
        }
    }

    internal static string KeyOf(string fileId) => "visit-file/" + fileId;
}

/// <summary>
/// Hears that a file was stored. A message that comes again while the file is being read waits until it has been, so
/// that a file is read once at a time and never given up.
/// </summary>
internal sealed class ImportVisitFileConsumer(Sessions sessions, IClock clock) : IHear<VisitFileStored>
{
    public async Task<Heard> HearAsync(VisitFileStored message, Session session, CancellationToken stop)
    {
        // Held by an open, idle transaction of its own for as long as the file is read; it ends with this process.
        await using var turn = sessions.Open("support", message.HolderId, session.Fact, stop);
        var mine = await turn.RowsAsync("select pg_try_advisory_xact_lock(hashtextextended($1, 0))",
            row => row.GetBoolean(0), $"support/reading/{message.HolderId}/{message.FileId}");
        if (!mine[0])
            return Heard.Needs(ImportVisitFile.KeyOf(message.FileId));
        VisitFile? file;
        await using (var look = sessions.Open("support", message.HolderId, session.Fact, stop))
            file = await look.LoadAsync<VisitFile>(message.FileId);
        if (file is { State: VisitFileState.Reading })
        {
            var run = new ImportVisitFile.Run(sessions, clock, message.HolderId, file.Id, session.Fact, stop);
            await run.ReadAsync(file);
        }
        // In the own transaction of the message: it holds the row of a parked one, for which another would wait.
        session.TakeUp(ImportVisitFile.KeyOf(message.FileId));
        return Heard.Done;
    }
}
