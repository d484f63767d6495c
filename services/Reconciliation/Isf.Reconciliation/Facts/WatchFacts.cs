using System.Globalization;
using Isf.Contracts.Reconciliation;
using Isf.Hosting.Data;
using Isf.Hosting.Jobs;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Books;
using Isf.Reconciliation.Domain;
using Isf.Reconciliation.Exceptions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Isf.Reconciliation.Facts;

/// <summary>
/// Every hour, and after a message was discarded, checks the messages between services through the database role that
/// sees them. It looks for facts deferred for more than an hour, facts that failed, and differences in Statements'
/// copies, which Statements cannot publish. Each becomes an exception, which is resolved when its cause is gone or
/// somebody discards the message. Consumes ReconciliationRunAsked; publishes ExceptionRaised and ExceptionResolved.
/// Source: design §2, §5.
/// </summary>
public static class WatchFacts
{
    /// <summary>The schedule's name.</summary>
    public const string Schedule = "watch-facts";

    /// <summary>Seven minutes past every hour.</summary>
    public const string Cron = "0 7 * * * ?";

    /// <summary>How long a fact may be deferred before it is an exception.</summary>
    public static readonly Duration Patience = Duration.FromHours(1);

    /// <summary>The finding about a fact that is deferred or has failed.</summary>
    public static Finding FindingFrom(DeferredFact fact, Instant now)
    {
        var fundId = fact.FundIds.Count == 1 ? fact.FundIds[0] : null;
        var message = fact.Urn.Split(':')[^2];
        var since = $"{fact.Since.InZone(London.Zone):d MMMM uuuu HH:mm}";
        var text = fact.Failed
            ? $"{message} could not be taken in by {fact.Queue} of {fact.Service}, since {since}: {fact.LastError} "
                + "See the runbook error-queue."
            : $"{message} has waited in {fact.Queue} of {fact.Service} since {since} for {fact.WaitsFor}. "
                + "See the runbook error-queue.";
        var about = new Difference(fact.Failed ? DifferenceCode.FactFailed : DifferenceCode.FactDeferred, fundId,
            $"{fact.Service}/{fact.Queue}/{fact.MessageId}", text,
        [
            new("service", fact.Service), new("queue", fact.Queue), new("message", message),
            new("messageId", fact.MessageId.ToString()), new("fact", fact.Fact.ToString()),
            new(fact.Failed ? "lastError" : "waitsFor", (fact.Failed ? fact.LastError : fact.WaitsFor) ?? ""),
            new("tries", fact.Tries.ToString(CultureInfo.InvariantCulture)),
        ]);
        return new Finding(about, now.ToUnixTimeMilliseconds(), true, $"{Schedule}/{fact.MessageId}");
    }

    internal static async Task<int> LookAsync(Session session, WatchedFacts watch, Instant now, CancellationToken stop)
    {
        var findings = new List<Finding>();
        findings.AddRange((await watch.DeferredAsync(session.HolderId, Patience, stop)).Select(fact => FindingFrom(fact,
            now)));
        findings.AddRange((await watch.CopyDifferencesAsync("statements", session.HolderId, stop)).Select(difference =>
            RaiseCopyDifferences.FindingFrom("statements", difference, now, exists: true)));
        foreach (var finding in findings)
            await ExceptionTable.FollowAsync(session, finding, now);
        var current = findings.Select(finding => finding.About.Key).ToHashSet();
        var persisting = await ExceptionTable.PersistingAsync(
            session, DifferenceCode.CopiesDiffer, DifferenceCode.FactDeferred, DifferenceCode.FactFailed);
        foreach (var resolved in persisting
            .Where(difference => IsOurs(difference) && !current.Contains(difference.Key)))
        {
            var discard = resolved.Subject.Split('/') is [var service, var queue, var id]
                && Guid.TryParse(id, out var message)
                ? await watch.DiscardAsync(session.HolderId, service, queue, message, stop) : null;
            await ExceptionTable.FollowAsync(
                session, new Finding(resolved, now.ToUnixTimeMilliseconds(), false, Schedule), now, discard);
        }
        return findings.Count;
    }

    // The differences in the copies of other services arrive in those services' own messages.
    private static bool IsOurs(Difference difference) =>
        difference.Code != DifferenceCode.CopiesDiffer
        || difference.Subject.StartsWith("statements/", StringComparison.Ordinal);
}

/// <summary>
/// Requests a check soon after somebody has discarded a message. The exception about the message is resolved by that
/// check, and should not stay open until the next hour. However many processes see the discard, it causes one check.
/// </summary>
internal sealed class FollowDiscards(WatchedFacts watch, Sessions sessions, IClock clock, ILogger<FollowDiscards> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Each look goes back this far before the latest decision seen, because a decision can be committed after another
    // one that was taken later.
    private static readonly Duration MayCommitLater = Duration.FromMinutes(1);

    // The first look goes back this far, to find decisions made while no process ran. The hourly check finds older
    // ones.
    private static readonly Duration Before = Duration.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Instant? since = null;
        var requests = new HashSet<(Guid, Instant)>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                since ??= await watch.NowAsync(stoppingToken) - Before;
                foreach (var (holder, message, at) in await watch.DiscardsAsync(since.Value, stoppingToken))
                {
                    if (!requests.Contains((message, at)))
                        await RequestAsync(holder, message, at, stoppingToken);
                    requests.Add((message, at));
                    since = Instant.Max(since.Value, at - MayCommitLater);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning("Discarded messages will be looked for again: {Fault}", fault.Message);
            }
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RequestAsync(string holderId, Guid message, Instant at, CancellationToken stop)
    {
        var cause = $"discard-{message:N}-{at.ToUnixTimeTicks()}";
        await using var session = sessions.Open("reconciliation", holderId, null, stop);
        session.Publish(CheckBooks.ToMessage(new(holderId, WatchFacts.Schedule, London.Today(clock), cause)),
            $"{WatchFacts.Schedule}/{cause}");
        await session.SaveChangesAsync();
    }
}

/// <summary>Runs the check every hour, and on request.</summary>
internal sealed class WatchFactsConsumer(WatchedFacts watch, IClock clock, ScheduledRuns runs)
    : IConsume<ReconciliationRunAsked>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(ReconciliationRunAsked message, Session session,
        CancellationToken stop)
    {
        return message.Schedule != WatchFacts.Schedule ? ConsumeResult.Done
            : await runs.RunAsync(session, message.Schedule, message.AskedBy, async () =>
            {
                var found = await WatchFacts.LookAsync(session, watch, clock.GetCurrentInstant(), stop);
                return new(found, found);
            });
    }
}
