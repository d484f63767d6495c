using System.Text;
using System.Text.Json.Nodes;
using Isf.Contracts.Statements;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Statements.Access;
using Isf.Statements.Copies;
using Isf.Statements.Domain;
using Isf.Statements.Rendering;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Statements.Statements;

/// <summary>
/// Issues the statement of a fund for a period. A statement is issued once: its bytes are made here in every format
/// and are never made again. The request first waits until no fact of the fund is on its way, so that everything
/// recorded before the request is included. Publishes StatementIssued. Source: api.md, Statements; design §4.
/// </summary>
public static class IssueStatement
{
    /// <summary>Why a statement is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(422, "The period ends before it starts.")]
        EndsBeforeItStarts = 1,

        [Problem(422, "The period is not over yet.")]
        ToIsNotPast = 2,

        [Problem(422, "A statement starts on the day after the one before it ended.")]
        NotTheDayAfterTheLast = 3,
    }

    /// <summary>The period of a statement.</summary>
    public sealed record Request
    {
        /// <summary>The first day, which follows the last day of the statement before.</summary>
        public required LocalDate From { get; init; }

        /// <summary>The last day, which must be over.</summary>
        public required LocalDate To { get; init; }
    }

    /// <summary>
    /// The requested period, if it is past and begins on the day after the last statement's end. <paramref
    /// name="lastTo"/> is that end; null for a fund's first statement.
    /// </summary>
    public static Decision<Request, Refusal> Decide(Request request, LocalDate? lastTo, LocalDate today)
    {
        if (request.To < request.From)
            return (Refusal.EndsBeforeItStarts, "Look at /to: it lies before /from.");
        if (request.To >= today)
        {
            return (Refusal.ToIsNotPast,
                $"/to is {PlainWords.Day(request.To)}: ask again on a later day, or end it earlier.");
        }
        if (lastTo is { } last && request.From != last.PlusDays(1))
        {
            return (Refusal.NotTheDayAfterTheLast,
                $"The last one ends on {PlainWords.Day(last)}: start this one on {PlainWords.Day(last.PlusDays(1))}.");
        }
        return request;
    }

    /// <summary>
    /// Checks that a fund's first statement ends no earlier than the day on which the fund opens, and begins at most a
    /// year before that day, because money may be dated that early. A statement cannot be withdrawn, and every later
    /// one follows on from it.
    /// </summary>
    private static void FirstWithin(Request request, LocalDate opensOn)
    {
        DayBounds.NotBefore(request.To, opensOn, "/to", "the fund opens on that day");
        DayBounds.NotBefore(request.From, opensOn.PlusYears(-1), "/from",
            $"the fund opens on {PlainWords.Day(opensOn)}, and money is dated at most a year before it does");
    }

    /// <summary>Issues the statement of a fund for a period; once issued, a statement never changes.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the statement, which the caller chooses.</param>
    public static async Task<IResult> PutAsync(
        string fundId, string id, JsonBody<Request> body, IdempotentPut put, Session session, IClock clock,
        MessageTracker tracker, HostSettings settings, CancellationToken stop)
    {
        var copy = await session.LoadEventuallyAsync<FundCopy>(fundId) ?? throw ProblemException.UnknownFund(fundId);
        var isNew = await session.LoadAsync<IssuedStatement>(id) is null;
        // A request that must be refused is refused at once. The period of any other request is checked again once
        // every fact has arrived.
        if (isNew)
        {
            var lastTo = (await LastAsync(session, fundId))?.To;
            Decide(body.Value, lastTo, London.Today(clock)).OrRefuse();
            if (lastTo is null)
                FirstWithin(body.Value, copy.OpensOn);
        }
        await session.EndReadingAsync();
        if (isNew)
            await tracker.WaitForFundAsync(session.HolderId, fundId, settings.WaitForFactsFor, stop);
        byte[] response = [];
        return await put.CreateAsync<IssuedStatement, Refusal>(session, id, [LockKey.Fund(fundId)],
            same: async stored =>
            {
                response = await StatementFileTable.LoadAsync(session, id, Format.Json);
                return stored.FundId == fundId && stored.From == body.Value.From && stored.To == body.Value.To;
            },
            decide: async () =>
            {
                var last = await LastAsync(session, fundId);
                var decision = Decide(body.Value, last?.To, London.Today(clock));
                if (decision.Refusal is { } why)
                    return (why, decision.Detail);
                var fund = (await session.LoadAsync<FundCopy>(fundId))!;
                var (facts, journals) = await StatementAccess.AllAsync(session, fund);
                var statement = StatementBuilder.Build(facts, journals, last?.Carried, new StatementRequest(
                    id, body.Value.From, body.Value.To, journals.Count, Microseconds(clock.GetCurrentInstant())));
                response = Encoding.UTF8.GetBytes(IsfJson.Write(StatementBody.Create(statement)));
                StatementFileTable.Save(session, id, Format.Json, response);
                StatementFileTable.Save(session, id, Format.Html, Encoding.UTF8.GetBytes(HtmlPage.Render(statement,
                    facts)));
                StatementFileTable.Save(session, id, Format.Text, Encoding.UTF8.GetBytes(TextPage.Render(statement,
                    facts)));
                return IssuedStatement.Create(statement);
            },
            publish: issued => session.Publish(Fact(issued), issued.Id, fundId),
            show: _ => JsonNode.Parse(response)!);
    }

    /// <summary>The fund's last statement; null if none was issued.</summary>
    internal static async Task<IssuedStatement?> LastAsync(Session session, string fundId) =>
        await session.Query<IssuedStatement>().Where(issued => issued.FundId == fundId)
            .OrderByDescending(issued => issued.From).FirstOrDefaultAsync();

    // PostgreSQL stores whole microseconds, and the printed moment must equal the stored one.
    private static Instant Microseconds(Instant moment) =>
        Instant.FromUnixTimeTicks(moment.ToUnixTimeTicks() / 10 * 10);

    private static StatementIssued Fact(IssuedStatement issued) => new()
    {
        FundId = issued.FundId,
        StatementId = issued.Id,
        From = issued.From,
        To = issued.To,
        Position = issued.Position,
        IssuedAt = issued.IssuedAt,
        ClosingPence = issued.ClosingPence,
    };
}
