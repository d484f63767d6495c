using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Support.Domain;
using Isf.Support.Plans;
using Marten;
using NodaTime;

namespace Isf.Support.Documents;

/// <summary>
/// Every night, publishes the version and hashes of every plan, fund by fund, so that services with copies can compare
/// them. Consumes SupportRunAsked; publishes DocumentsStated. Source: design §2.
/// </summary>
public static class StateDocuments
{
    /// <summary>The schedule's name.</summary>
    public const string Schedule = "state-plans";

    /// <summary>The time of the run: every night at 01:00, London time.</summary>
    public const string Cron = "0 0 1 * * ?";

    private const int FundsAtATime = 200;

    internal static async Task<RunOutcome> StateAsync(
        Sessions sessions, SupportRunAsked message, Guid? fact, IClock clock, CancellationToken stop)
    {
        for (var (after, stated) = ("", 0); ;)
        {
            await using var session = sessions.Open("support", message.HolderId, fact, stop);
            var funds = await session.Query<Fund>().After(after).Take(FundsAtATime).ToListAsync();
            if (funds.Count == 0)
                return new(stated);
            var now = clock.GetCurrentInstant();
            var ids = funds.Select(fund => fund.Id).ToArray();
            var plans = await session.Query<Plan>().Where(plan => plan.FundId.IsOneOf(ids))
                .OrderBy(plan => plan.FundId).ThenBy(plan => plan.Id).ToListAsync();
            session.Publish(Stated(now, ids, plans), $"{message.AskedBy}/{after}");
            await session.SaveChangesAsync();
            (after, stated) = (ids[^1], stated + plans.Count);
        }
    }

    private static Contracts.Support.DocumentsStated Stated(
        Instant now, string[] fundIds, IReadOnlyList<Plan> plans)
    {
        var stated = plans.Select(plan =>
            (Plan: plan, Fields: FieldHashes.FieldsOf(ApprovePlan.Approved(plan)))).ToList();
        return new()
        {
            StatedAt = now,
            FundIds = fundIds,
            Fields = stated.Count == 0 ? []
                : [new DocumentFields("plan", [.. stated[0].Fields.Select(field => field.Key)])],
            Documents =
            [
                .. stated.Select(entry => FieldHashes.State(
                    entry.Plan.FundId, "plan", entry.Plan.Id, entry.Plan.Latest.Version, entry.Fields)),
            ],
        };
    }
}

/// <summary>Consumes the request for a run of the nightly statement of plans, scheduled or by hand.</summary>
internal sealed class StateDocumentsConsumer(Sessions sessions, IClock clock, ScheduledRuns runs)
    : IConsume<SupportRunAsked>
{
    public async Task<ConsumeResult> ConsumeAsync(SupportRunAsked message, Session session, CancellationToken stop) =>
        message.Schedule != StateDocuments.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy,
                () => StateDocuments.StateAsync(sessions, message, session.Fact, clock, stop));
}
