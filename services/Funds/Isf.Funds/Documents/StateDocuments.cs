using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Contracts.Funds;
using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Holders;
using Isf.Funds.People;
using Isf.Funds.Providers;
using Isf.Funds.Receipts;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Marten;
using NodaTime;

namespace Isf.Funds.Documents;

/// <summary>
/// Every night, publishes the version and the hashes of every document that other services copy, so that these services
/// can compare their copies. The documents of the funds come first, then people, providers and the holder's settings. A
/// run that is interrupted starts again; the repeated messages have the same ids. Consumes FundsRunAsked; publishes
/// DocumentsStated. Source: design §2.
/// </summary>
public static class StateDocuments
{
    /// <summary>The schedule's name.</summary>
    public const string Schedule = "state-documents";

    /// <summary>Every night at 01:00, London time.</summary>
    public const string Cron = "0 0 1 * * ?";

    private const int FundsAtATime = 50;
    private const int OthersAtATime = 500;

    /// <summary>The message that the schedule publishes when it is due.</summary>
    public static FundsRunAsked ToMessage(RunRequest request)
    {
        return new FundsRunAsked
        {
            Schedule = request.Schedule, UpTo = request.UpTo, AskedBy = request.RunId,
        };
    }

    /// <summary>
    /// A fund's documents, each with the fields of the message that published it. All receipts of the fund are one
    /// document.
    /// </summary>
    internal static IEnumerable<Stated> Restate(OfFund documents)
    {
        var (fund, version) = documents.Fund;
        yield return new(fund.Id, "fund", fund.Id, 1, FieldHashes.FieldsOf(OpenFund.Opened(fund)));
        yield return new(fund.Id, "agreement", fund.Id, version,
            FieldHashes.FieldsOf(OpenFund.ToMessage(fund, version)));
        foreach (var (budget, at) in documents.Budgets)
            yield return new(fund.Id, "budget", budget.Id, at, FieldsOf(SetBudget.Fact(budget, at)));
        foreach (var (allocation, at) in documents.Allocations)
        {
            yield return new(fund.Id, "allocation", allocation.Id, at,
                FieldHashes.FieldsOf(AllocateToProvider.Terms(allocation, at)));
        }
        foreach (var consent in documents.Consents)
        {
            yield return new(fund.Id, "consent", consent.Id, consent.Withdrawn ? 2 : 1,
                FieldsOf(GiveConsent.Fact(consent), consent.Withdrawn));
        }
        if (documents.Closure is { } closure)
            yield return new(fund.Id, "closure", fund.Id, 1, FieldHashes.FieldsOf(CloseFund.Fact(closure)));
        if (documents.Receipts.Count > 0)
        {
            yield return new(fund.Id, "receipts", fund.Id, documents.Receipts.Count,
                FieldsOf(documents.Receipts.Select(receipt => ReceiveMoney.Fact(receipt))));
        }
    }

    /// <summary>A fund's documents, each with its version if its terms may change.</summary>
    internal sealed record OfFund(
        (Fund Document, int Version) Fund, IReadOnlyList<(Budget Document, int Version)> Budgets,
        IReadOnlyList<(Allocation Document, int Version)> Allocations, IReadOnlyList<Consent> Consents,
        Closure? Closure, IReadOnlyList<Receipt> Receipts);

    /// <summary>A document with its version and the fields of the message that published it.</summary>
    internal sealed record Stated(string? FundId, string Kind, string Id, int Version, JsonObject Fields);

    internal static async Task<RunOutcome> StateAsync(
        Sessions sessions, FundsRunAsked request, Guid? fact, IClock clock, CancellationToken stop)
    {
        var stated = 0;
        await StateEachAsync<Fund>(FundsAtATime, async (session, funds) =>
        {
            var ids = funds.Select(fund => fund.Id).ToArray();
            return (ids, await OfFundsAsync(session, funds, ids));
        });
        await StateEachAsync<Person>(OthersAtATime, (session, people) => OfNoFund(people.Select(person => new Stated(
            null, "person", person.Id, session.VersionOf<Person>(person.Id), FieldHashes.FieldsOf(
                RegisterPerson.Fact(person, session.VersionOf<Person>(person.Id)))))));
        await StateEachAsync<Provider>(OthersAtATime, (session, some) => OfNoFund(some.Select(provider => new Stated(
            null, "provider", provider.Id, session.VersionOf<Provider>(provider.Id), FieldHashes.FieldsOf(
                RegisterProvider.Fact(provider, session.VersionOf<Provider>(provider.Id)))))));
        await StateEachAsync<Holder>(OthersAtATime, (session, some) => OfNoFund(some.Select(holder => new Stated(
            null, "holder", holder.Id, session.VersionOf<Holder>(holder.Id), FieldHashes.FieldsOf(
                SetHolder.Fact(holder.Details, session.VersionOf<Holder>(holder.Id)))))));
        return new(stated);

        async Task StateEachAsync<T>(
            int atATime, Func<Session, IReadOnlyList<T>, Task<(string[] FundIds, List<Stated> Documents)>> read)
            where T : class
        {
            for (var after = ""; ;)
            {
                await using var session = sessions.Open("funds", request.HolderId, fact, stop);
                var page = await session.Query<T>().After(after).Take(atATime).ToListAsync();
                if (page.Count == 0)
                    return;
                var now = clock.GetCurrentInstant();
                var (fundIds, documents) = await read(session, page);
                Publish(session, request, $"{typeof(T).Name}/{after}", now, fundIds, documents);
                await session.SaveChangesAsync();
                after = IdOf(page[^1]);
                stated += documents.Count;
            }
        }
    }

    private static string IdOf<T>(T document) where T : notnull => document switch
    {
        Fund fund => fund.Id,
        Person person => person.Id,
        Provider provider => provider.Id,
        Holder holder => holder.Id,
        _ => throw new InvalidOperationException($"{typeof(T).Name} is not stated."),
    };

    private static Task<(string[] FundIds, List<Stated> Documents)> OfNoFund(IEnumerable<Stated> documents) =>
        Task.FromResult((Array.Empty<string>(), documents.ToList()));

    private static async Task<List<Stated>> OfFundsAsync(Session session, IReadOnlyList<Fund> funds, string[] ids)
    {
        var budgets = (await session.Query<Budget>().Where(budget => budget.FundId.IsOneOf(ids))
            .OrderBy(budget => budget.Id).ToListAsync()).ToLookup(budget => budget.FundId);
        var allocations = (await session.Query<Allocation>().Where(allocation => allocation.FundId.IsOneOf(ids))
            .OrderBy(allocation => allocation.Id).ToListAsync()).ToLookup(allocation => allocation.FundId);
        var consents = (await session.Query<Consent>().Where(consent => consent.FundId.IsOneOf(ids))
            .OrderBy(consent => consent.Id).ToListAsync()).ToLookup(consent => consent.FundId);
        var receipts = (await session.Query<Receipt>().Where(receipt => receipt.FundId.IsOneOf(ids))
            .OrderBy(receipt => receipt.Id).ToListAsync()).ToLookup(receipt => receipt.FundId);
        var closures = (await session.LoadManyAsync<Closure>(ids)).ToDictionary(closure => closure.Id);
        return
        [
            .. funds.SelectMany(fund => Restate(
                new((fund, session.VersionOf<Fund>(fund.Id)),
                    [.. budgets[fund.Id].Select(budget => (budget, session.VersionOf<Budget>(budget.Id)))],
                    [.. allocations[fund.Id].Select(allocation =>
                        (allocation, session.VersionOf<Allocation>(allocation.Id)))],
                    [.. consents[fund.Id]], closures.GetValueOrDefault(fund.Id), [.. receipts[fund.Id]]))),
        ];
    }

    private static void Publish(Session session, FundsRunAsked request, string part, Instant now, string[] fundIds,
        List<Stated> documents) => session.Publish(new DocumentsStated
        {
            StatedAt = now,
            FundIds = fundIds,
            Fields =
            [
                .. documents.GroupBy(document => document.Kind).Select(kind =>
                    new DocumentFields(kind.Key, [.. kind.First().Fields.Select(field => field.Key)])),
            ],
            Documents =
            [
                .. documents.Select(document => FieldHashes.State(
                    document.FundId, document.Kind, document.Id, document.Version, document.Fields)),
            ],
        }, $"{request.AskedBy}/{part}");

    // The field oneOffPence is for the Ledger, whose copy of one-off money has the source and the pence but not the
    // purpose.
    private static JsonObject FieldsOf(BudgetSet budget)
    {
        var fields = FieldHashes.FieldsOf(budget);
        fields["oneOffPence"] = JsonSerializer.SerializeToNode(
            budget.OneOff.Select(once => new { once.Source, once.Pence }), IsfJson.Options);
        return fields;
    }

    // A withdrawn consent is stated without its terms, because nobody may see anything by it any longer.
    private static JsonObject FieldsOf(ConsentGiven consent, bool withdrawn)
    {
        var fields = FieldHashes.FieldsOf(consent);
        if (withdrawn)
            (fields["supporter"], fields["sees"], fields["to"]) = (null, new JsonArray(), null);
        return fields;
    }

    private static JsonObject FieldsOf(IEnumerable<MoneyReceived> receipts) => new()
    {
        ["receipts"] = new JsonArray([.. receipts.OrderBy(receipt => receipt.ReceiptId, StringComparer.Ordinal)
            .Select(FieldHashes.FieldsOf)]),
    };
}

/// <summary>Consumes requests for a run of the nightly statement of documents, by the clock or by hand.</summary>
internal sealed class StateDocumentsConsumer(Sessions sessions, IClock clock,
    ScheduledRuns runs) : IConsume<FundsRunAsked>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(FundsRunAsked message, Session session, CancellationToken stop)
    {
        return await runs.RunAsync(session, message.Schedule, message.AskedBy,
            () => StateDocuments.StateAsync(sessions, message, session.Fact, clock, stop));
    }
}
