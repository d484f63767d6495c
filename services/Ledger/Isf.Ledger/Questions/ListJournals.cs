using System.Globalization;
using System.Text;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Questions;

/// <summary>
/// Lists a fund's journals that are effective on the days of ?from= to ?to=, in order of position. The answer is a
/// page of them as JSON, or all of them as a plain-text journal for hledger (text/x-hledger) or Beancount
/// (text/x-beancount). In JSON, a reversed journal names its reversal, and a journal posted by hand shows its reason
/// until the words are erased.
/// </summary>
public static class ListJournals
{
    /// <summary>The media types of the plain-text journals.</summary>
    internal const string HledgerType = "text/x-hledger", BeancountType = "text/x-beancount";

    /// <summary>A page of a fund's journals.</summary>
    /// <param name="FundId">The fund.</param>
    /// <param name="Position">The position up to which the answer counts.</param>
    /// <param name="Items">The journals, in order of position.</param>
    /// <param name="Next">The position after which the next page begins (?after=); null on the last page.</param>
    public sealed record Response(string FundId, long Position, IReadOnlyList<Item> Items, string? Next);

    /// <summary>A journal.</summary>
    public sealed record Item
    {
        /// <summary>The id of the journal.</summary>
        public required Guid JournalId { get; init; }

        /// <summary>Its number in the fund's journal.</summary>
        public required long Position { get; init; }

        /// <summary>What it is posted for, such as money-received or visit-priced.</summary>
        public required string Kind { get; init; }

        /// <summary>The day on which it counts.</summary>
        public required LocalDate EffectiveOn { get; init; }

        /// <summary>The day that it is about; null if it is the day on which it counts.</summary>
        public required LocalDate? CareOn { get; init; }

        /// <summary>When it was recorded.</summary>
        public required Instant RecordedAt { get; init; }

        /// <summary>The fact for which it is posted.</summary>
        public required ItemCause Cause { get; init; }

        /// <summary>The journal that it reverses; null if it reverses none.</summary>
        public required Guid? Reverses { get; init; }

        /// <summary>The journal that reverses it; null if none does.</summary>
        public required Guid? ReversedBy { get; init; }

        /// <summary>The minutes that the person was given; null if it moves no time.</summary>
        public required long? PersonMinutes { get; init; }

        /// <summary>The reason of a posting by hand; null for others, and once the words are erased.</summary>
        public required string? Reason { get; init; }

        /// <summary>The hash that binds the journal to words about a person; null if there are none.</summary>
        public required string? Commitment { get; init; }

        /// <summary>The hash of the journal and of the one before it.</summary>
        public required string Hash { get; init; }

        /// <summary>The moves.</summary>
        public required IReadOnlyList<ItemMove> Moves { get; init; }
    }

    /// <summary>The fact for which a journal is posted: the name of its message, and its id there.</summary>
    /// <param name="Message">The name of the message, such as VisitsPriced.</param>
    /// <param name="Id">The id of the fact there, such as V-1/v1.</param>
    public sealed record ItemCause(string Message, string Id);

    /// <summary>A move between two accounts of a book; the amount is in whole pence or carer-minutes.</summary>
    /// <param name="Book">One of money, promise and time.</param>
    /// <param name="From">The account that it leaves, such as held/drawn.</param>
    /// <param name="To">The account that it reaches.</param>
    /// <param name="Amount">Whole pence, or carer-minutes in the book of time.</param>
    public sealed record ItemMove(string Book, string From, string To, long Amount);

    /// <summary>
    /// Lists a fund's journals, in order of position: as JSON, or as plain text for accounting tools.
    /// </summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<IResult> GetAsync(
        string fundId, AsAtQuery asAt, Page page, Caller caller, Session session, HttpContext http,
        CancellationToken stop)
    {
        var fund = await asAt.FundAsync(session, caller, fundId);
        var range = asAt.Range();
        var after = AfterOf(page, fund.Position);
        var accepted = http.Request.Headers.Accept.ToString();
        http.Response.Headers.Vary = "Accept";
        if (accepted.Contains(HledgerType, StringComparison.OrdinalIgnoreCase))
            return Text(HledgerType, writer => WriteHledgerAsync(writer, session, fund, range, after, stop));
        if (accepted.Contains(BeancountType, StringComparison.OrdinalIgnoreCase))
            return Text(BeancountType, writer => WriteBeancountAsync(writer, session, fund, range, after, stop));
        var some = await BooksTable.JournalsAsync(session, fundId, range, after, fund.Position, page.Limit + 1);
        var texts = await PersonalTextTable.OfAsync(session, fundId, some);
        var reversals = await PersonalTextTable.ReversalsAsync(
            session, fundId, [.. some.Select(journal => journal.JournalId)], fund.Position);
        var items = some.Take(page.Limit).Select(journal => ToJson(journal, texts, reversals)).ToList();
        var next = some.Count > page.Limit
            ? some[page.Limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return IdempotentPut.Show(http, checked((int)fund.Position),
            new Response(fundId, fund.Position, items, next));
    }

    private static long AfterOf(Page page, long last) => page.After is null ? 0
        : long.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var after) && after <= last
            ? after : throw Page.BadAfter();

    private static Item ToJson(
        Journal journal, IReadOnlyDictionary<Guid, string> texts, IReadOnlyDictionary<Guid, Guid> reversals) => new()
        {
            JournalId = journal.JournalId,
            Position = journal.Position,
            Kind = journal.Entry.Kind,
            EffectiveOn = journal.Entry.EffectiveOn,
            CareOn = journal.Entry.CareOn,
            RecordedAt = journal.RecordedAt,
            Cause = new(journal.Entry.Cause.Message, journal.Entry.Cause.Id),
            Reverses = journal.Entry.Reverses,
            ReversedBy = reversals.TryGetValue(journal.JournalId, out var by) ? by : null,
            PersonMinutes = journal.Entry.PersonMinutes,
            Reason = texts.GetValueOrDefault(journal.JournalId),
            Commitment = journal.Entry.Commitment,
            Hash = Convert.ToHexStringLower(journal.Hash.Span),
            Moves =
            [
                .. journal.Entry.Moves.Select(move =>
                    new ItemMove(move.Book.WireName(), move.From.Path, move.To.Path, move.Amount)),
            ],
        };

    private static async Task WriteHledgerAsync(
        StreamWriter writer, Session session, FundRow fund, CareRange range, long after, CancellationToken stop)
    {
        await writer.WriteAsync($"; Fund {fund.FundId}, its journal up to position {fund.Position}\n\n");
        await foreach (var journal in BooksTable.AllAsync(session, fund.FundId, range, after, fund.Position, stop))
            await writer.WriteAsync(PlainTextBooks.Hledger(journal));
    }

    private static async Task WriteBeancountAsync(
        StreamWriter writer, Session session, FundRow fund, CareRange range, long after, CancellationToken stop)
    {
        await writer.WriteAsync($"; Fund {fund.FundId}, its journal up to position {fund.Position}\n\n");
        foreach (var place in await BooksTable.AccountsAsync(session, fund.FundId, range, after, fund.Position))
            await writer.WriteAsync(PlainTextBooks.BeancountOpen(place));
        await writer.WriteAsync("\n");
        await foreach (var journal in BooksTable.AllAsync(session, fund.FundId, range, after, fund.Position, stop))
            await writer.WriteAsync(PlainTextBooks.Beancount(journal));
    }

    private static IResult Text(string type, Func<StreamWriter, Task> write) => Results.Stream(
        async body =>
        {
            await using var writer = new StreamWriter(body, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            await write(writer);
        },
        type + "; charset=utf-8");
}
