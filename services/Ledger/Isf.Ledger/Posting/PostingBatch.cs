using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Thrown if the same fact arrives again with other content. The fact's journal stays as posted; the new message fails
/// for good, and waits for an operator's decision.
/// </summary>
public sealed class ConflictingContentException(string message) : Exception(message);

/// <summary>
/// The books of some funds, locked for posting: their heads are locked until the commit, always in the same order.
/// Entries get their positions in memory; three SQL statements then write journals, moves and heads, whatever the
/// number of journals.
/// </summary>
public sealed class PostingBatch
{
    private const int JournalsInMessage = 500;
    private readonly Session session;
    private readonly Instant now;
    private readonly Dictionary<string, (Head Head, FundLeft Left)> heads;
    private readonly Dictionary<string, FundEnds> ends;
    private readonly Dictionary<Guid, Journal> existing = [];
    private readonly Dictionary<Entry, Guid> ids = new(ReferenceEqualityComparer.Instance);
    private readonly List<Journal> posted = [];
    private int written;

    private PostingBatch(Session session, Instant now, Dictionary<string, (Head Head, FundLeft Left)> heads,
        Dictionary<string, FundEnds> ends, string? unknownFund, LocalDate? closedTo)
    {
        (this.session, this.now, this.heads, this.ends, UnknownFund) = (session, now, heads, ends, unknownFund);
        ClosedTo = closedTo;
    }

    /// <summary>The first of the given funds whose books do not exist yet; null if all exist.</summary>
    public string? UnknownFund { get; }

    /// <summary>
    /// The holder's last closed day, which cannot change before the commit; null if no period was closed yet, or if
    /// none of the funds has books.
    /// </summary>
    public LocalDate? ClosedTo { get; }

    /// <summary>Locks the heads of the funds, and keeps periods from closing until the commit.</summary>
    public static async Task<PostingBatch> BeginAsync(Session session, IClock clock,
        IReadOnlyCollection<string> fundIds)
    {
        var ids = fundIds.Distinct().ToArray();
        var opened = await HeadTable.OpenAsync(session, ids);
        var heads = opened.ToDictionary(books => books.Head.FundId, books => (books.Head, books.Left));
        var ends = opened.ToDictionary(
            books => books.Head.FundId, books => new FundEnds(books.ClosedOn, books.AttributedTo));
        return new PostingBatch(session, clock.GetCurrentInstant(), heads, ends,
            ids.FirstOrDefault(id => !heads.ContainsKey(id)), opened.Count == 0 ? null : opened[0].ClosedTo);
    }

    /// <summary>
    /// Reads the existing journals with these ids, so that they are not posted twice and can be reversed.
    /// </summary>
    public async Task LoadExistingAsync(IReadOnlyCollection<(string FundId, Guid JournalId)> ids)
    {
        foreach (var journal in await BooksTable.ByIdAsync(session, ids))
            existing[journal.JournalId] = journal;
    }

    /// <summary>A journal that this batch has read or added; null if it has none with this id.</summary>
    public Journal? Find(Guid journalId) => existing.GetValueOrDefault(journalId);

    /// <summary>Reads the journals that were posted for these entries before.</summary>
    public Task LoadExistingAsync(IEnumerable<Entry> entries) =>
        LoadExistingAsync([.. entries.Select(entry => (entry.FundId, IdOf(entry)))]);

    /// <summary>
    /// Adds the entry at the next position, or finds the journal that was posted for it before. An entry on a closed
    /// day counts on the first open day.
    /// </summary>
    /// <exception cref="ConflictingContentException">The entry was posted before with other content.</exception>
    public Journal Post(Entry entry)
    {
        var id = IdOf(entry);
        if (existing.TryGetValue(id, out var before))
        {
            // Only a closed period can have moved the journal to another day than that of the entry.
            var day = before.Entry.EffectiveOn == entry.EffectiveOn || entry.EffectiveOn <= ClosedTo;
            return day && before.Entry.HasSameContentAs(entry) ? before : throw new ConflictingContentException(
                $"{entry.Cause.Message} {entry.Cause.Id} of fund {entry.FundId} stands at position "
                + $"{before.Position} with "
                + "other words. What was posted is corrected by a new version at its source, "
                + "never by another under its id.");
        }
        var (head, left) = heads[entry.FundId];
        var journal = HashChain.Append(head, entry.OnOpenDay(ClosedTo), id, now);
        left.Add(entry);
        heads[entry.FundId] = (head.After(journal), left);
        existing[id] = journal;
        posted.Add(journal);
        return journal;
    }

    /// <summary>A fund's last day; null while it is not closed.</summary>
    public LocalDate? ClosedOn(string fundId) => ends[fundId].ClosedOn;

    /// <summary>
    /// Makes the batch work out the fund's attribution again when it completes, whatever entries were added, because a
    /// new spend order, budget or closure may change it. For a closure, <paramref name="closedOn"/> is the fund's last
    /// day.
    /// </summary>
    public void Reattribute(string fundId, LocalDate? closedOn = null) =>
        ends[fundId] = ends[fundId] with { Reattributes = true, ClosedOn = closedOn ?? ends[fundId].ClosedOn };

    /// <summary>
    /// Writes the added journals and the journals that follow from them, and publishes all of them with the commit.
    /// <paramref name="cause"/> names the published messages if no consumed message caused the posting.
    /// </summary>
    public async Task CompleteAsync(string cause = "")
    {
        await PostConsequencesAsync();
        // The database writes the journals while the messages about them are built.
        var writing = WriteAsync();
        try
        {
            PublishJournals(cause);
        }
        finally
        {
            await writing;
        }
        await PublishOverdrawnAsync();
    }

    /// <summary>
    /// Publishes once more the message that the first request published, so that the answer to a repeated request
    /// names that message. The session must not be saved.
    /// </summary>
    public static void NameFactAgain(Session session, string cause)
    {
        session.Publish(new JournalsPosted { Journals = [], Heads = [] }, $"/{cause}/0");
    }

    /// <summary>
    /// Completes one part of a transaction that posts in several parts: writes the part's journals and the journals
    /// that follow from them, and publishes them. <paramref name="cause"/> names the messages of the part.
    /// </summary>
    public async Task CompleteNowAsync(string cause)
    {
        await PostConsequencesAsync();
        await WriteAsync();
        PublishJournals(cause);
        await PublishOverdrawnAsync();
    }

    // Closure and attribution read the journals back, so the journals are written first.
    private async Task PostConsequencesAsync()
    {
        var touched = posted.ToLookup(journal => journal.Entry.FundId, journal => journal.Entry.EffectiveOn);
        foreach (var (fundId, end) in ends.ToList())
        {
            var isTouched = end.Reattributes || touched.Contains(fundId);
            if (end.ClosedOn is { } closedOn && isTouched)
            {
                await WriteAsync();
                await PostEntriesAsync(await Closings.RefusedAsync(session, fundId, closedOn));
                await PostEntriesAsync(await Closings.HoursAsync(session, fundId, closedOn));
            }
            if (end.Reattributes || touched[fundId].Any(day => day <= end.AttributedTo))
            {
                await WriteAsync();
                var (attributions, to) = await Closings.AttributionsAsync(session, fundId);
                await PostEntriesAsync(attributions);
                if (to != end.AttributedTo)
                    HeadTable.SaveAttributedTo(session, fundId, to);
            }
        }
    }

    private async Task PostEntriesAsync(IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
            Post(entry);
        await WriteAsync();
    }

    private Task WriteAsync()
    {
        var some = posted[written..];
        written = posted.Count;
        return some.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(JournalTable.InsertStatements(some, fundId => heads[fundId]));
    }

    // A journal's id is needed twice, to find the journal and to add it, so the id is calculated once and kept.
    private Guid IdOf(Entry entry)
    {
        if (!ids.TryGetValue(entry, out var id))
            ids[entry] = id = JournalId.From(session.HolderId, entry.FundId, entry.Kind, entry.Cause);
        return id;
    }

    private void PublishJournals(string cause)
    {
        var part = 0;
        foreach (var journals in posted.Chunk(JournalsInMessage))
        {
            var last = journals.GroupBy(journal => journal.Entry.FundId).Select(fund => fund.Last()).ToList();
            session.Publish(
                new JournalsPosted
                {
                    Journals = [.. journals.Select(PostedJournals.From)],
                    Heads = [.. last.Select(end =>
                        new FundHead(end.Entry.FundId, end.Position, PostedJournals.HexOf(end)))],
                },
                $"{session.MessageId}/{cause}/{part++}",
                [.. last.Select(end => end.Entry.FundId)]);
        }
        posted.Clear();
        written = 0;
    }

    // Publishes one message for each time that the money held, or the amount left of an allocation, falls below zero
    // or rises back to zero or more (decision 0016).
    private async Task PublishOverdrawnAsync()
    {
        foreach (var (fundId, (head, left)) in heads)
        {
            foreach (var crossing in left.Crossed())
                await Overdrawn.PublishAsync(session, fundId, head.Position, crossing);
        }
    }

    // The fund's last day, the last day whose postings change its attribution, and whether the attribution is worked
    // out again even if no added journal counts by that day.
    private sealed record FundEnds(LocalDate? ClosedOn, LocalDate? AttributedTo, bool Reattributes = false);
}
