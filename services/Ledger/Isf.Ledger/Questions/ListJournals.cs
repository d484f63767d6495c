using System.Globalization;
using System.Text;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Microsoft.AspNetCore.Http;

namespace Isf.Ledger.Questions;

/// <summary>
/// Lists a fund's journals that are effective on the days of ?from= to ?to=, in order of position. The answer is a
/// page of them as JSON, or all of them as a plain-text journal for hledger (text/x-hledger) or Beancount
/// (text/x-beancount). In JSON, a reversed journal names its reversal, and a journal posted by hand shows its reason
/// until the words are erased.
/// </summary>
public static class ListJournals
{
    private const string HledgerType = "text/x-hledger", BeancountType = "text/x-beancount";

    /// <summary>Answers GET /v1/funds/{fundId}/journals.</summary>
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
            new { fundId, position = fund.Position, items, next });
    }

    private static long AfterOf(Page page, long last) => page.After is null ? 0
        : long.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var after) && after <= last
            ? after : throw Page.BadAfter();

    private static object ToJson(
        Journal journal, IReadOnlyDictionary<Guid, string> texts, IReadOnlyDictionary<Guid, Guid> reversals) => new
        {
            journalId = journal.JournalId,
            position = journal.Position,
            kind = journal.Entry.Kind,
            effectiveOn = journal.Entry.EffectiveOn,
            careOn = journal.Entry.CareOn,
            recordedAt = journal.RecordedAt,
            cause = new { message = journal.Entry.Cause.Message, id = journal.Entry.Cause.Id },
            reverses = journal.Entry.Reverses,
            reversedBy = reversals.TryGetValue(journal.JournalId, out var by) ? by : (Guid?)null,
            personMinutes = journal.Entry.PersonMinutes,
            reason = texts.GetValueOrDefault(journal.JournalId),
            commitment = journal.Entry.Commitment,
            hash = Convert.ToHexStringLower(journal.Hash.Span),
            moves = journal.Entry.Moves.Select(move => new
            {
                book = move.Book.WireName(), from = move.From.Path, to = move.To.Path, amount = move.Amount,
            }),
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
